//! Each handshake is recognised, its neighbours and chance are not.

use proptest::prelude::*;

use super::{
    DATAGRAMS, Datagrams, Glimpse, Openings, Recognition, STREAMS, datagrams, is_fully_encrypted, stream,
};
use crate::protocols::Direction::{self, ToClient, ToServer};
use crate::testing::packets::{Connection, give, play, udp};
use crate::testing::{engine, events};
use crate::transport::flag;

/// What a server of something else says.
const MAIL: &[u8] = b"220 mail.example.org ready, say what you like";

fn told(client: &[u8], server: &[u8]) -> Recognition {
    stream(&Openings { client, server })
}

/// What the datagrams of a flow are told to be, one after the other.
fn flow(port: u16, parts: &[(Direction, Vec<u8>)]) -> Recognition {
    let mut earlier = Vec::new();
    let mut answer = Recognition::Foreign;
    for (direction, bytes) in parts {
        let (direction, ports) = (*direction, (50_000, port));
        answer = datagrams(&Datagrams { direction, bytes, earlier: &earlier, ports });
        match answer {
            Recognition::Sure(_) => return answer,
            Recognition::Open => earlier.push(Glimpse::of(direction, bytes)),
            Recognition::Foreign => {}
        }
    }
    answer
}

/// Bytes that look random, the same every time.
fn random(length: usize, seed: u64) -> Vec<u8> {
    let mut state = seed;
    std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    })
    .take(length)
    .collect()
}

fn sized(head: &[u8], length: usize) -> Vec<u8> {
    let mut bytes = head.to_vec();
    bytes.extend(random(length - head.len(), 7));
    bytes
}

fn openvpn_client() -> Vec<u8> {
    [&[0x38][..], &[7; 8], &[0; 5]].concat()
}

fn openvpn_server(acknowledged: u8) -> Vec<u8> {
    [&[0x40][..], &[9; 8], &[1, 0, 0, 0, 0], &[acknowledged; 8], &[0; 4]].concat()
}

fn framed(packet: &[u8]) -> Vec<u8> {
    let length = u16::try_from(packet.len()).expect("short");
    [&length.to_be_bytes()[..], packet].concat()
}

#[test]
fn openvpn_resets_answer_each_other() {
    let (client, server) = (openvpn_client(), openvpn_server(7));
    assert_eq!(told(&framed(&client), b""), Recognition::Open);
    assert_eq!(told(&framed(&client), &framed(&server)), Recognition::Sure("openvpn"));
    assert_eq!(told(&framed(&client), &framed(&openvpn_server(8))), Recognition::Foreign);
    let datagrams = [(ToServer, client.clone()), (ToClient, server)];
    assert_eq!(flow(443, &datagrams), Recognition::Sure("openvpn"));
    assert_eq!(flow(443, &datagrams[..1]), Recognition::Open);
    assert_eq!(flow(443, &[(ToServer, client), (ToClient, openvpn_server(8))]), Recognition::Foreign);
    // Under tls-crypt only the packet numbers are in clear.
    let hidden = |opcode: u8, id: u8| sized(&[&[opcode][..], &[id; 8], &[0, 0, 0, 1]].concat(), 66);
    assert_eq!(
        flow(1_194, &[(ToServer, hidden(0x50, 7)), (ToClient, hidden(0x40, 9))]),
        Recognition::Sure("openvpn")
    );
}

#[test]
fn wireguard_answers_the_index_of_the_initiation() {
    let initiation = |sender: u8| sized(&[1, 0, 0, 0, sender, 2, 3, 4], 148);
    let response = |receiver: u8| sized(&[2, 0, 0, 0, 9, 9, 9, 9, receiver, 2, 3, 4], 92);
    let data = |number: u8| sized(&[4, 0, 0, 0, 5, 6, 7, 8, number, 0, 0, 0, 0, 0, 0, 0], 96);
    assert_eq!(flow(443, &[(ToServer, initiation(1))]), Recognition::Open);
    assert_eq!(
        flow(443, &[(ToServer, initiation(1)), (ToClient, response(1))]),
        Recognition::Sure("wireguard")
    );
    assert_ne!(
        flow(443, &[(ToServer, initiation(1)), (ToClient, response(2))]),
        Recognition::Sure("wireguard")
    );
    assert_eq!(
        flow(443, &[(ToServer, initiation(1)), (ToServer, initiation(2))]),
        Recognition::Sure("wireguard")
    );
    assert_eq!(flow(443, &[(ToServer, data(3)), (ToServer, data(4))]), Recognition::Sure("wireguard"));
    assert_ne!(flow(443, &[(ToServer, data(4)), (ToServer, data(4))]), Recognition::Sure("wireguard"));
    assert_eq!(flow(443, &[(ToServer, sized(&[1, 0, 0, 1], 148))]), Recognition::Foreign);
}

#[test]
fn ipsec_is_told_by_header_and_numbers() {
    let ike = |version: u8, payload: u8, exchange: u8| {
        [&[1; 8][..], &[0; 8], &[payload, version, exchange, 0, 0, 0, 0, 0, 0, 0, 0, 40], &[0; 12]].concat()
    };
    assert_eq!(flow(500, &[(ToServer, ike(0x10, 1, 2))]), Recognition::Sure("ike"));
    let natted = [&[0; 4][..], &ike(0x20, 33, 34)].concat();
    assert_eq!(flow(4_500, &[(ToServer, natted)]), Recognition::Sure("ike"));
    assert_eq!(flow(500, &[(ToServer, ike(0x10, 1, 34))]), Recognition::Foreign);
    let mut long = ike(0x20, 33, 34);
    long.push(0);
    assert_eq!(flow(500, &[(ToServer, long)]), Recognition::Foreign);
    let esp = |number: u8| (ToServer, sized(&[1, 2, 3, 4, 0, 0, 0, number], 96));
    assert_eq!(flow(4_500, &[esp(1), esp(2)]), Recognition::Sure("esp"));
    assert_ne!(flow(4_501, &[esp(1), esp(2)]), Recognition::Sure("esp"));
}

#[test]
fn other_tunnels_have_words_of_their_own() {
    let pptp = [0, 156, 0, 1, 0x1a, 0x2b, 0x3c, 0x4d, 0, 1, 0, 0, 1, 0];
    assert_eq!(told(&pptp, b""), Recognition::Sure("pptp"));
    assert_eq!(told(b"0 hanoi 17.7\n", b"0 hue 17.7\n"), Recognition::Sure("tinc"));
    assert_eq!(told(b"0 hanoi 18\n", MAIL), Recognition::Foreign);
    assert_eq!(flow(41_641, &[(ToServer, sized("TS💬".as_bytes(), 80))]), Recognition::Sure("tailscale"));
}

#[test]
fn remote_control_is_told_by_its_framing() {
    assert_eq!(told(&[0x17, 0x24, 0x0a, 0x20, 0], b""), Recognition::Sure("teamviewer"));
    assert_eq!(told(&[0x17, 0x24, 0x50], b""), Recognition::Open);
    let teamviewer = |counter| (ToServer, sized(&[counter, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0x17, 0x24], 96));
    assert_eq!(flow(36_037, &[teamviewer(0), teamviewer(1)]), Recognition::Sure("teamviewer"));
    // RegisterPeer { id: "123456789", serial: 0 }, RegisterPeerResponse { request_pk: true }
    let register = [&[0x32, 11, 0x0a, 9][..], b"123456789"].concat();
    assert_eq!(flow(21_116, &[(ToServer, register.clone())]), Recognition::Open);
    assert_eq!(
        flow(21_116, &[(ToServer, register), (ToClient, vec![0x3a, 2, 0x10, 1])]),
        Recognition::Sure("rustdesk")
    );
    // TestNatRequest { serial: 5 } and TestNatResponse { port: 500 }, each behind its length.
    let (request, response) = ([5 << 2, 0xa2, 1, 2, 8, 5], [6 << 2, 0xaa, 1, 3, 8, 0xf4, 3]);
    assert_eq!(told(&request, &response), Recognition::Sure("rustdesk"));
    assert_ne!(told(&request, MAIL), Recognition::Sure("rustdesk"));
}

#[test]
fn peers_say_what_they_share_with() {
    assert_eq!(told(b"\x13BitTorrent protocol\0", b""), Recognition::Sure("bittorrent"));
    assert_eq!(told(b"", b"\x13BitTorrent protocol\0"), Recognition::Sure("bittorrent"));
    let syn = [&[0x41, 0, 1, 2][..], &[5; 4], &[0; 4], &[6; 4], &[0, 1, 0, 0]].concat();
    let state = |id| [&[0x21, 0, 1, id][..], &[5; 12], &[0, 8, 0, 1]].concat();
    assert_eq!(
        flow(6_881, &[(ToServer, syn.clone()), (ToClient, state(2))]),
        Recognition::Sure("bittorrent")
    );
    assert_eq!(flow(6_881, &[(ToServer, syn), (ToClient, state(3))]), Recognition::Foreign);
    let tracker = [0, 0, 4, 0x17, 0x27, 0x10, 0x19, 0x80, 0, 0, 0, 0, 1, 2, 3, 4];
    assert_eq!(flow(1_337, &[(ToServer, tracker.to_vec())]), Recognition::Sure("bittorrent"));
    assert_eq!(told(b"GNUTELLA CONNECT/0.6\r\n", b""), Recognition::Sure("gnutella"));
    let ping = |id: &[u8]| [id, &[0, 1, 0, 5, 0, 0, 0], &[1; 5]].concat();
    assert_eq!(flow(6_346, &[(ToServer, ping(&[0; 16]))]), Recognition::Foreign, "zeros are no identifier");
    let ping = ping(&random(16, 3));
    assert_eq!(flow(6_346, &[(ToServer, ping)]), Recognition::Sure("gnutella"));
    let reliable = |number| (ToServer, vec![b'G', b'N', b'D', 0x10, 0, number, 1, 1, 0x54]);
    assert_eq!(flow(6_346, &[reliable(1), reliable(2)]), Recognition::Sure("gnutella"));
    let hash = [1, 1, 1, 1, 1, 0x0e, 1, 1, 1, 1, 1, 1, 1, 1, 0x6f, 1];
    let hello = [&[0xe3, 60, 0, 0, 0, 1, 0x10][..], &hash, &[0; 8]].concat();
    assert_eq!(told(&hello, b""), Recognition::Sure("edonkey"));
    let asked = [&[0xe4, 0x21, 2][..], &[3; 16], &[4; 16]].concat();
    let found = [&[0xe4, 0x29][..], &[3; 16], &[1], &[5; 25]].concat();
    assert_eq!(flow(4_672, &[(ToServer, asked), (ToClient, found)]), Recognition::Sure("edonkey"));
}

#[test]
fn nodes_of_coins_are_told() {
    let version = |word: &[u8]| [&[0xf9, 0xbe, 0xb4, 0xd9][..], word, &[102, 0, 0, 0], &[0; 100]].concat();
    assert_eq!(told(&version(b"version\0\0\0\0\0"), b""), Recognition::Sure("bitcoin"));
    assert_eq!(told(&version(b"version\0\0\0\0x"), MAIL), Recognition::Foreign);
    let ping = |body: u8| {
        let mut bytes = random(98, u64::from(body));
        (bytes[96], bytes[97]) = (1, 1);
        bytes.push(0xc0 + body);
        bytes.extend(random(usize::from(body), 3));
        bytes
    };
    assert_eq!(flow(30_303, &[(ToServer, ping(30)), (ToClient, ping(40))]), Recognition::Sure("ethereum"));
    assert_eq!(flow(30_303, &[(ToServer, ping(30))]), Recognition::Open);
}

#[test]
fn messengers_are_told_by_their_own_handshakes() {
    let hello = [&b"WA\x06\x03\0\0\x24\x12\x22\x0a\x20"[..], &[7; 32]].concat();
    assert_eq!(told(&hello, b""), Recognition::Sure("whatsapp"));
    let routed = [&b"ED\0\x01\0\0\x04abcd"[..], &hello].concat();
    assert_eq!(told(&routed, b""), Recognition::Sure("whatsapp"));
    assert_ne!(told(b"WAIT a moment", MAIL), Recognition::Sure("whatsapp"));
    let words = |count: u8| [&[count][..], &random(4 * usize::from(count), 5)].concat();
    let abridged = [&[0xef][..], &words(10)].concat();
    assert_eq!(told(&abridged, &words(21)), Recognition::Sure("telegram"));
    assert_ne!(told(&abridged, &random(90, 1)), Recognition::Sure("telegram"));
    let length = |head: &[u8]| [head, &40_u32.to_le_bytes(), &random(40, 9)].concat();
    assert_eq!(told(&length(&[0xee; 4]), &length(b"")), Recognition::Sure("telegram"));
}

#[test]
fn voice_and_pictures_are_told() {
    let stun = |kind: u8| vec![0, kind, 0, 0, 0x21, 0x12, 0xa4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    assert_eq!(flow(3_478, &[(ToServer, stun(1))]), Recognition::Sure("stun"));
    assert_eq!(flow(3_478, &[(ToServer, stun(3))]), Recognition::Sure("turn"));
    assert_eq!(told(b"OPTIONS rtsp://cam/1 RTSP/1.0\r\nCSeq: 1\r\n", b""), Recognition::Sure("rtsp"));
    assert_eq!(told(b"OPTIONS / HTTP/1.1\r\n", MAIL), Recognition::Foreign);
    let rtp =
        |number: u8| (ToServer, [&[0x80, 8, 1, number, 0, 0, number, 0][..], &[1; 4], &[3; 160]].concat());
    assert_eq!(flow(30_000, &[rtp(1), rtp(2), rtp(3)]), Recognition::Sure("rtp"));
    assert_eq!(flow(30_000, &[rtp(1), rtp(2)]), Recognition::Open);
    assert_eq!(flow(30_000, &[rtp(1), rtp(9), rtp(17), rtp(25)]), Recognition::Open);
}

#[test]
fn machines_are_told() {
    assert_eq!(told(b"HELF\x38\0\0\0\0\0\0\0", b""), Recognition::Sure("opcua"));
    let session = [&[0x65, 0, 4][..], &[0; 21], &[1, 0, 0, 0]].concat();
    assert_eq!(told(&session, b""), Recognition::Sure("ethernet-ip"));
    assert_eq!(
        flow(47_808, &[(ToServer, vec![0x81, 0x0b, 0, 8, 1, 0x20, 0xff, 0xff])]),
        Recognition::Sure("bacnet")
    );
    assert_eq!(flow(1_000, &[(ToServer, vec![0x81, 0x0b, 0, 8, 1, 0x20, 0xff, 0xff])]), Recognition::Open);
}

#[test]
fn services_are_told() {
    assert_eq!(told(b"JRMI\0\x02K", b""), Recognition::Sure("rmi"));
    let message =
        [&[60, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xdd, 7, 0, 0, 0, 0, 0, 0, 0][..], &[0; 39]].concat();
    assert_eq!(told(&message, b""), Recognition::Sure("mongodb"));
    assert_eq!(told(b"*1\r\n$4\r\nPING\r\n", b"+PONG\r\n"), Recognition::Sure("redis"));
    assert_eq!(told(b"*1\r\n$4\r\nPING\r\n", MAIL), Recognition::Foreign);
    assert_eq!(told(b"stats\r\n", b"STAT pid 1\r\n"), Recognition::Sure("memcached"));
    assert_eq!(told(b"get out of here", MAIL), Recognition::Foreign);
    assert_eq!(
        flow(11_211, &[(ToServer, b"\0\x01\0\0\0\x01\0\0stats\r\n".to_vec())]),
        Recognition::Sure("memcached")
    );
    let call = |program: u8| {
        [&[1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1, 0x86, program][..], &[0, 0, 0, 3, 0, 0, 0, 6], &[0; 16]]
            .concat()
    };
    assert_eq!(told(&[&[0x80, 0, 0, 40][..], &call(0xa5)].concat(), b""), Recognition::Sure("onc-rpc"));
    assert_eq!(flow(111, &[(ToServer, call(0xa0))]), Recognition::Sure("onc-rpc"));
    let ntp =
        [&[0xe3, 0, 6, 0xec, 0, 0, 0, 0, 0, 0, 0, 2, 88, 198, 12, 78][..], &[0; 24], &random(8, 1)].concat();
    assert_ne!(flow(123, &[(ToServer, ntp)]), Recognition::Sure("onc-rpc"));
    let forward = [&[0x12, 0x34, 0, 40, 2, 2, 0, 8][..], b"HTTP/1.1\0"].concat();
    assert_eq!(told(&forward, b""), Recognition::Sure("ajp"));
    assert_eq!(
        told(b"{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"id\":1}\n", b""),
        Recognition::Sure("json-rpc")
    );
}

#[test]
fn only_random_bytes_are_called_encrypted() {
    let (client, server) = (random(200, 11), random(120, 12));
    assert!(is_fully_encrypted(&client, &server));
    assert!(!is_fully_encrypted(&client[..40], &server), "too short to tell");
    assert!(!is_fully_encrypted(&client, b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"));
    let mut zeros = client.clone();
    zeros[8..40].fill(0);
    assert!(!is_fully_encrypted(&zeros, &server), "a header has repeated bytes");
    let start = [&b"SSH-2."[..], &client].concat();
    assert!(!is_fully_encrypted(&start, &server));
    let row = [&client[..60], b"a name of more than twenty letters", &client[60..]].concat();
    assert!(!is_fully_encrypted(&row, &server));
    let seen = (1..=200).filter(|seed| is_fully_encrypted(&random(300, seed * 77), &server)).count();
    assert!(seen >= 190, "{seen} of 200 random payloads");
}

#[test]
fn every_name_is_told_once_for_each_test() {
    for (name, _) in
        STREAMS.iter().map(|(name, _)| (name, ())).chain(DATAGRAMS.iter().map(|(name, _)| (name, ())))
    {
        assert!(
            name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-' || byte.is_ascii_digit()),
            "{name}"
        );
    }
}

/// `network.protocol` of a connection whose sides say this in turn; `begun`: its beginning is seen.
fn connection(begun: bool, parts: &[(bool, &[u8])]) -> Option<String> {
    let mut engine = engine();
    let mut connection = Connection::to_port(8_388);
    let open = connection.open();
    if begun {
        play(&mut engine, &open);
    }
    for (to_server, bytes) in parts {
        for piece in bytes.chunks(1_000) {
            let packet = connection.packet(*to_server, flag::ACK, piece);
            play(&mut engine, &[packet]);
        }
    }
    engine.finish();
    let events = events(&mut engine);
    let flow = events.iter().find(|event| event["event.dataset"] == "flow")?;
    flow.get("network.protocol").cloned()
}

#[test]
fn a_flow_is_named_by_what_both_sides_said() {
    let (client, server) = (framed(&openvpn_client()), framed(&openvpn_server(7)));
    assert_eq!(connection(true, &[(true, &client), (false, &server)]).as_deref(), Some("openvpn"));
    assert_eq!(
        connection(true, &[(true, &client[..1]), (true, &client[1..]), (false, &server)]).as_deref(),
        Some("openvpn")
    );
    assert_eq!(connection(true, &[(false, &server), (true, &client)]).as_deref(), Some("openvpn"));
    assert_eq!(connection(true, &[(true, &client), (false, MAIL)]), None);
    let mut engine = engine();
    let (client, server) = (([10, 0, 0, 1], 50_000).into(), ([10, 0, 0, 2], 443).into());
    give(&mut engine, 0, &udp(true, client, server, &sized(&[1, 0, 0, 0, 9], 148)));
    give(&mut engine, 1, &udp(true, client, server, &sized(&[1, 0, 0, 0, 8], 148)));
    engine.finish();
    assert_eq!(events(&mut engine)[0]["network.protocol"], "wireguard");
}

#[test]
fn encryption_is_only_told_from_the_beginning() {
    let (client, server) = (random(200, 21), random(3_000, 22));
    let said: [(bool, &[u8]); 2] = [(true, &client), (false, &server)];
    assert_eq!(connection(true, &said).as_deref(), Some(super::UNIDENTIFIED));
    assert_eq!(connection(false, &said), None, "the middle of any encrypted connection looks like this");
    let hello = [&[0x16, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3][..], &random(194, 23)].concat();
    assert_ne!(connection(true, &[(true, &hello), (false, &server)]).as_deref(), Some(super::UNIDENTIFIED));
}

proptest! {
    #[test]
    fn chance_is_no_protocol(parts in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..300), 2..6)) {
        prop_assert!(!matches!(told(&parts[0], &parts[1]), Recognition::Sure(_)));
        let parts: Vec<_> = parts.into_iter().enumerate().map(|(index, bytes)| {
            (if index % 2 == 0 { ToServer } else { ToClient }, bytes)
        }).collect();
        prop_assert!(!matches!(flow(4_500, &parts), Recognition::Sure(_)));
    }

    /// First bytes of one protocol with the rest made up: no panic, whatever is said.
    #[test]
    fn nothing_panics(first in proptest::sample::select(vec![0_u8, 1, 3, 0x12, 0x13, 0x17, 0x32, 0x38, 0x40, 0x41, 0x57, 0x63, 0x65, 0x7b, 0x80, 0x81, 0xe3, 0xe4, 0xee, 0xef]), rest in proptest::collection::vec(0..70_u8, 0..140)) {
        let bytes = [&[first][..], &rest].concat();
        for length in 0..bytes.len() {
            told(&bytes[..length], &bytes[length..]);
            flow(44_818, &[(ToServer, bytes[..length].to_vec()), (ToClient, bytes[length..].to_vec()), (ToServer, bytes.clone())]);
        }
    }
}
