//! Services of servers: named only.

use super::{Datagrams, Openings, be16, be32, begins, both, either, le32, mine, size};
use crate::protocols::Verdict;
use crate::protocols::Verdict::{Mine, NotMine, Unsure};

/// Longest first line or command that is waited for.
const LINE_LOOK: usize = 256;

/// Operations of MongoDB's wire protocol that begin a connection: query, compressed, message.
const MONGODB_OPERATIONS: [u32; 3] = [2_004, 2_012, 2_013];

/// Java RMI (its specification, §10.2): `JRMI`, a version, and one of three ways to speak.
pub fn rmi(openings: &Openings<'_>) -> Verdict {
    match (begins(openings.client, b"JRMI\0"), openings.client.get(5..7)) {
        (Mine, Some(rest)) => mine(matches!(rest, [1 | 2, 0x4b..=0x4d])),
        (Mine, None) => Unsure,
        (verdict, _) => verdict,
    }
}

/// MongoDB: a message of a plausible length that answers nothing, with a known operation.
pub fn mongodb(openings: &Openings<'_>) -> Verdict {
    let client = openings.client;
    let Some(length) = le32(client, 0) else { return Unsure };
    if !(26..=48 << 20).contains(&length) {
        return NotMine;
    }
    match (le32(client, 8), le32(client, 12)) {
        (Some(answers), Some(operation)) => {
            let document = client.get(20).is_none_or(|kind| operation != 2_013 || *kind <= 1);
            mine(answers == 0 && MONGODB_OPERATIONS.contains(&operation) && document)
        }
        _ => Unsure,
    }
}

/// Redis (its protocol specification): an array of bulk strings, and one of the kinds of answer.
pub fn redis(openings: &Openings<'_>) -> Verdict {
    let command = |bytes: &[u8]| {
        let digits = |bytes: &[u8]| bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if begins(bytes, b"*") != Mine {
            return begins(bytes, b"*");
        }
        let count = digits(&bytes[1..]);
        match (count, begins(bytes.get(1 + count..).unwrap_or_default(), b"\r\n$")) {
            (0, _) if bytes.len() > 1 => NotMine,
            (5.., _) => NotMine,
            (_, verdict) => verdict,
        }
    };
    let answer = |bytes: &[u8]| match bytes.first() {
        None => Unsure,
        Some(b'+' | b'-' | b':' | b'$' | b'*' | b'%' | b'_' | b'#') => {
            let line = memchr::memmem::find(&bytes[..bytes.len().min(LINE_LOOK)], b"\r\n");
            if line.is_some() {
                Mine
            } else if bytes.len() < LINE_LOOK {
                Unsure
            } else {
                NotMine
            }
        }
        Some(_) => NotMine,
    };
    both(command(openings.client), answer(openings.server))
}

/// memcached (`protocol.txt`): a command of its text protocol, and an answer to such.
pub fn memcached_stream(openings: &Openings<'_>) -> Verdict {
    let one_of = |bytes: &[u8], words: &[&[u8]]| {
        words.iter().fold(NotMine, |verdict, word| either_word(verdict, begins(bytes, word)))
    };
    let asks = one_of(
        openings.client,
        &[
            b"get ",
            b"gets ",
            b"set ",
            b"add ",
            b"stats",
            b"version\r\n",
            b"delete ",
            b"incr ",
            b"touch ",
            b"flush_all",
        ],
    );
    let answers = one_of(
        openings.server,
        &[
            b"VALUE ",
            b"END\r\n",
            b"STORED\r\n",
            b"NOT_STORED\r\n",
            b"STAT ",
            b"VERSION ",
            b"DELETED\r\n",
            b"NOT_FOUND\r\n",
            b"TOUCHED\r\n",
            b"OK\r\n",
        ],
    );
    both(asks, answers)
}

fn either_word(one: Verdict, other: Verdict) -> Verdict {
    match (one, other) {
        (Mine, _) | (_, Mine) => Mine,
        (Unsure, _) | (_, Unsure) => Unsure,
        _ => NotMine,
    }
}

/// memcached over UDP: a header of eight bytes in front of the same text (the way of amplified floods).
pub fn memcached_datagram(datagrams: &Datagrams<'_>) -> Verdict {
    let bytes = datagrams.bytes;
    let Some((header, text)) = bytes.split_first_chunk::<8>() else { return NotMine };
    let (number, total) = (be16(header, 2).unwrap_or(0), be16(header, 4).unwrap_or(0));
    let words: [&[u8]; 6] = [b"stats", b"get ", b"gets ", b"set ", b"VALUE ", b"STAT "];
    mine(number < total && header[6..] == [0, 0] && words.iter().any(|word| text.starts_with(word)))
}

/// AJP (AJPv13 specification): a packet to the container with a request to forward, or its answer.
pub fn ajp(openings: &Openings<'_>) -> Verdict {
    let client = openings.client;
    let start = begins(client, &[0x12, 0x34]);
    match (start, client.get(4..6)) {
        (Mine, Some([2, method])) => {
            let length = size(be16(client, 2)).unwrap_or(0);
            let version =
                client.get(6..17).is_none_or(|text| text.starts_with(&[0, 8]) && &text[2..7] == b"HTTP/");
            mine((1..=28).contains(method) && (17..=8_188).contains(&length) && version)
        }
        // A ping of the front end.
        (Mine, Some([10, _])) => mine(be16(client, 2) == Some(1)),
        (Mine, Some(_)) => NotMine,
        (Mine, None) => both(Unsure, begins(openings.server, b"AB")),
        (verdict, _) => verdict,
    }
}

/// JSON-RPC 2.0 without HTTP: an object that names the version, and a method or a result.
pub fn json_rpc(openings: &Openings<'_>) -> Verdict {
    let object = |bytes: &[u8]| {
        if bytes.first().is_some_and(|first| *first != b'{') {
            return NotMine;
        }
        let head = &bytes[..bytes.len().min(1_024)];
        let has = |word: &[u8]| memchr::memmem::find(head, word).is_some();
        match has(b"\"jsonrpc\"") && (has(b"\"method\"") || has(b"\"result\"")) {
            true => Mine,
            false if bytes.len() < 1_024 && std::str::from_utf8(head).is_ok() => Unsure,
            false => NotMine,
        }
    };
    either(object(openings.client), object(openings.server))
}

/// Programs of Sun and of other makers (RFC 5531 annex C); those of one's own are left out.
const PROGRAMS: std::ops::RangeInclusive<u32> = 100_000..=400_299;

/// The program of a call of ONC RPC version 2 (RFC 5531 §9): call, version, program, program version, procedure, and a
/// known kind of credentials.
fn program(call: &[u8]) -> Option<u32> {
    let (kind, version, program) = (be32(call, 4)?, be32(call, 8)?, be32(call, 12)?);
    let (credentials, revision, procedure) = (be32(call, 24)?, be32(call, 16)?, be32(call, 20)?);
    let plausible =
        (1..=16).contains(&revision) && procedure <= 64 && matches!(credentials, 0..=6 | 300_000..=400_000);
    (kind == 0 && version == 2 && plausible && PROGRAMS.contains(&program)).then_some(program)
}

/// ONC RPC over TCP: the port mapper, mounts, locks; NFS has a decoder of its own.
pub fn onc_rpc_stream(openings: &Openings<'_>) -> Verdict {
    let client = openings.client;
    // A record mark: the last fragment, and its length.
    match client.first() {
        None => return Unsure,
        Some(0x80) => {}
        Some(_) => return NotMine,
    }
    match client.get(4..32) {
        Some(call) => mine(program(call).is_some()),
        None if client.get(12..16).is_none_or(|version| version == [0, 0, 0, 2]) => Unsure,
        None => NotMine,
    }
}

/// ONC RPC over UDP.
pub fn onc_rpc_datagram(datagrams: &Datagrams<'_>) -> Verdict {
    mine(program(datagrams.bytes).is_some())
}
