//! What is SMB and what is not.

use super::messages::{ask, offer};
use crate::protocols::Direction::{self, ToClient, ToServer};
use crate::protocols::smb::probe;
use crate::protocols::{Opening, Verdict};

fn probed(direction: Direction, bytes: &[u8]) -> Verdict {
    probe(&Opening { direction, bytes, ports: (50_000, 8_080) })
}

/// A session request from `VP-07` to any server.
pub fn session_request() -> Vec<u8> {
    let mut bytes = b"\x81\0\0\x44 CKFDENECFDEFFCFGEFFCCACACACACACA\0 ".to_vec();
    bytes.extend(b"FGFACNDADHCACACACACACACACACACAAA\0");
    bytes
}

#[test]
fn the_first_message_tells_it_on_any_port() {
    assert_eq!(probed(ToServer, &offer(&[0x0202])), Verdict::Mine);
    assert_eq!(probed(ToServer, b"\0\0\0\x54\xffSMB"), Verdict::Mine);
    assert_eq!(probed(ToClient, b"\0\0\0\xff\xfdSMB"), Verdict::Mine);
    assert_eq!(probed(ToServer, &session_request()), Verdict::Mine);
    assert_eq!(probed(ToClient, b"\x82\0\0\0\0\0\0\x54\xffSMB"), Verdict::Mine);
}

#[test]
fn the_beginning_of_it_may_be() {
    let message = ask(13, 1, &[4, 0, 0, 0]);
    for length in 1..8 {
        assert_eq!(probed(ToServer, &message[..length]), Verdict::Unsure, "{length}");
    }
    for length in 1..37 {
        assert_eq!(probed(ToServer, &session_request()[..length]), Verdict::Unsure, "{length}");
    }
    assert_eq!(probed(ToClient, b"\x82\0\0\0"), Verdict::Unsure);
}

#[test]
fn neighbours_are_not() {
    for bytes in [
        &b"GET / HTTP/1.1\r\n"[..],
        b"\x16\x03\x01\x02\0\x01\0",
        b"\0\0\0\x10\xfeSMB",
        b"\0\0\0\x54\xfeSMC",
        b"\0\0\0\x54\x01\x02",
        b"\0\x1d\xab\xcd\x01\0\0\x01",
        b"\x05\0\x0b\x03\x10\0\0\0",
        b"\x03\0\0\x13\x0e\xe0\0\0",
        b"\x81\0\0\x44 ckfdenecfdeffcfgeffc",
        b"\x82\0\0\0GET ",
        b"\x85\0\0\0\x05",
    ] {
        for direction in [ToServer, ToClient] {
            assert_eq!(probed(direction, bytes), Verdict::NotMine, "{bytes:?}");
        }
    }
}
