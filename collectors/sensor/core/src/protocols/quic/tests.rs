//! What connections of QUIC become, with the published examples of protected packets.

use super::packet::{self, Header};
use super::protection::Keys;
use super::version::Version;
use super::{UDP, probe};
use crate::protocols::Direction::{self, ToClient, ToServer};
use crate::protocols::{Opening, Outcome, Verdict};
use crate::testing::robustness::stands;
use crate::testing::{Harness, ReadableEvent, unhex};

/// The connection id of the examples in RFC 9001 and RFC 9369.
const ID: [u8; 8] = [0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08];

/// The server's Initial of RFC 9001 §A.3.
const SERVER_1: &str = "cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a5816b6394100f37a1c69797554780bb3\
    8cc5a99f5ede4cf73c3ec2493a1839b3dbcba3f6ea46c5b7684df3548e7ddeb9c3bf9c73cc3f3bded74b562bfb19fb84022f8ef4cdd93795d77d06\
    edbb7aaf2f58891850abbdca3d20398c276456cbc42158407dd074ee";

/// The server's Initial of RFC 9369 §A.3.
const SERVER_2: &str = "dc6b3343cf0008f067a5502a4262b5004075d92faaf16f05d8a4398c47089698baeea26b91eb761d9b89237bbf872630\
    17915358230035f7fd3945d88965cf17f9af6e16886c61bfc703106fbaf3cb4cfa52382dd16a393e42757507698075b2c984c707f0a0812d8cd5a6\
    881eaf21ceda98f4bd23f6fe1a3e2c43edd9ce7ca84bed8521e2e140";

fn two(bytes: &[u8]) -> Vec<u8> {
    [&u16::try_from(bytes.len()).expect("short").to_be_bytes(), bytes].concat()
}

fn one(bytes: &[u8]) -> Vec<u8> {
    [&[u8::try_from(bytes.len()).expect("short")], bytes].concat()
}

fn extension(kind: u16, body: &[u8]) -> Vec<u8> {
    [&kind.to_be_bytes()[..], &two(body)].concat()
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind, 0][..], &two(body)].concat()
}

fn client_hello() -> Vec<u8> {
    let agent = [&[0x71, 0x29][..], &one(b"dev quic/1.0")].concat();
    let extensions = [
        extension(0, &two(&[&[0][..], &two(b"www.example.org")].concat())),
        extension(16, &two(&one(b"h3"))),
        extension(43, &one(&[3, 4])),
        extension(57, &agent),
    ];
    let body = [&[3, 3][..], &[7; 32], &[0, 0, 2, 0x13, 1, 1, 0], &two(&extensions.concat())].concat();
    message(1, &body)
}

fn server_hello() -> Vec<u8> {
    let extensions = [extension(43, &[3, 4]), extension(51, &[&[0, 29][..], &two(&[9; 32])].concat())];
    message(2, &[&[3, 3][..], &[9; 32], &[0, 0x13, 1, 0], &two(&extensions.concat())].concat())
}

/// A varint of two bytes.
fn length(value: usize) -> [u8; 2] {
    (0x4000 | u16::try_from(value).expect("short")).to_be_bytes()
}

fn crypto(offset: usize, data: &[u8]) -> Vec<u8> {
    [&[6][..], &length(offset), &length(data.len()), data].concat()
}

/// An Initial packet filled to the size of a first datagram.
fn initial(
    direction: Direction,
    version: u32,
    keys: &[u8],
    ids: [&[u8]; 2],
    number: u32,
    frames: &[u8],
) -> Vec<u8> {
    let kind = if version == 0x6b33_43cf { 0xd3 } else { 0xc3 };
    let mut payload = frames.to_vec();
    payload.resize(1_200, 0);
    let [to, from] = ids;
    let header = [
        &[kind][..],
        &version.to_be_bytes(),
        &one(to),
        &one(from),
        &[0],
        &length(4 + payload.len() + 16),
        &number.to_be_bytes(),
    ]
    .concat();
    Keys::initial(Version::of(version), keys).expect("known").seal(direction, &header, &payload)
}

fn short() -> Vec<u8> {
    vec![0x4d; 40]
}

fn told(conversation: &[(Direction, Vec<u8>)]) -> (Vec<ReadableEvent>, Option<Outcome>, Vec<&'static str>) {
    let mut harness = Harness::datagrams((UDP.decoder)(), 443);
    for (direction, datagram) in conversation {
        harness.feed(*direction, datagram);
    }
    let stopped = harness.stopped;
    (harness.finish(), stopped, harness.anomalies())
}

fn event<'a>(events: &'a [ReadableEvent], dataset: &str) -> &'a ReadableEvent {
    events.iter().find(|event| event["event.dataset"] == dataset).expect("told")
}

fn conversation(version: u32) -> Vec<(Direction, Vec<u8>)> {
    let hello = client_hello();
    let (begin, rest) = hello.split_at(40);
    let second = [crypto(40, rest), vec![1, 0, 0]].concat();
    vec![
        (ToServer, initial(ToServer, version, &ID, [&ID, b""], 0, &crypto(20, &begin[20..]))),
        (
            ToServer,
            initial(ToServer, version, &ID, [&ID, b""], 1, &[second, crypto(0, &begin[..20])].concat()),
        ),
        (ToClient, initial(ToClient, version, &ID, [b"", b"server"], 0, &crypto(0, &server_hello()))),
        (ToClient, short()),
        (ToServer, short()),
    ]
}

#[test]
fn published_packets_are_opened() {
    for (packet, version) in [(SERVER_1, Version::One), (SERVER_2, Version::Two)] {
        let bytes = unhex(packet);
        let Some((Header::Long(long), [])) = packet::read(&bytes) else { panic!("a long header") };
        assert_eq!(long.version, version);
        let keys = Keys::initial(version, &ID).expect("known");
        let opened = keys.open(ToClient, &long, None).expect("the right keys");
        assert_eq!(opened.number, 1);
        // An acknowledgement, then CRYPTO with a ServerHello.
        assert_eq!(opened.payload[..10], [2, 0, 0, 0, 0, 6, 0, 0x40, 0x5a, 2]);
        assert_eq!(keys.open(ToServer, &long, None), None);
    }
}

/// The CRYPTO frame of the client's Initial of RFC 9001 §A.2; 917 bytes of padding follow.
const CLIENT_HELLO: &str = "060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e86804fe3a47f06a2b69484c00000413\
    011302010000c000000010000e00000b6578616d706c652e636f6dff01000100000a00080006001d0017001800100007000504616c706e00050005\
    0100000000003300260024001d00209370b2c9caa47fbabaf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b0003020304000d001000\
    0e0403050306030203080408050806002d00020101001c00024001003900320408ffffffffffffffff05048000ffff07048000ffff080110010480\
    0075300901100f088394c8f03e51570806048000ffff";

#[test]
fn the_published_packet_of_the_client_is_the_one_that_is_read() {
    let header = unhex("c300000001088394c8f03e5157080000449e00000002");
    let mut frames = unhex(CLIENT_HELLO);
    frames.resize(1_162, 0);
    let packet = Keys::initial(Version::One, &ID).expect("known").seal(ToServer, &header, &frames);
    // As published: the protected header, the sample behind it, and the last bytes.
    assert_eq!(
        packet[..38],
        unhex("c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11d242b123dc9b")
    );
    assert_eq!(packet[1_184..], unhex("e221af44860018ab0856972e194cd934"));
    let (events, _, _) = told(&[(ToServer, packet)]);
    assert_eq!(event(&events, "tls")["tls.client.server_name"], "example.com");
}

#[test]
fn a_connection_is_told_by_its_hellos() {
    for (version, name) in [(1, "1"), (0x6b33_43cf, "2"), (0xff00_001d, "draft-29")] {
        let (events, stopped, anomalies) = told(&conversation(version));
        assert_eq!(stopped, Some(Outcome::Done));
        assert!(anomalies.is_empty(), "{anomalies:?}");
        let quic = event(&events, "quic");
        assert_eq!(quic["vonggac.quic.version"], name);
        assert_eq!(quic["user_agent.original"], "dev quic/1.0");
        assert_eq!(quic["vonggac.quic.destination_id_length"], "8");
        assert_eq!(quic["vonggac.quic.established"], "true");
        let tls = event(&events, "tls");
        assert_eq!(tls["network.protocol"], "quic");
        assert_eq!(tls["tls.client.server_name"], "www.example.org");
        assert_eq!(tls["tls.cipher"], "TLS_AES_128_GCM_SHA256");
        assert_eq!(tls["tls.curve"], "x25519");
        assert_eq!(tls["tls.version"], "1.3");
        assert_eq!(tls["tls.established"], "true");
        assert!(tls["tls.client.ja4"].starts_with("q13d0104h3_"), "{}", tls["tls.client.ja4"]);
    }
}

#[test]
fn a_retry_changes_the_keys() {
    let retry = [&[0xff, 0, 0, 0, 1, 0, 4][..], b"next", b"token", &[0; 16]].concat();
    let hello = crypto(0, &client_hello());
    let (events, _, anomalies) = told(&[
        (ToServer, initial(ToServer, 1, &ID, [&ID, b""], 0, &crypto(0, &client_hello()[..30]))),
        (ToClient, retry),
        (ToServer, initial(ToServer, 1, b"next", [b"next", b""], 1, &hello)),
        (ToClient, initial(ToClient, 1, b"next", [b"", b"server"], 0, &crypto(0, &server_hello()))),
    ]);
    assert!(anomalies.is_empty(), "{anomalies:?}");
    assert_eq!(event(&events, "quic")["vonggac.quic.retry"], "true");
    assert_eq!(event(&events, "tls")["tls.client.server_name"], "www.example.org");
    assert_eq!(event(&events, "tls")["tls.version"], "1.3");
}

#[test]
fn versions_are_negotiated() {
    let grease = [&[0xc0, 0x1a, 0x2a, 0x3a, 0x4a][..], &one(&ID), &[0], &[0; 1_200]].concat();
    let offer = [&[0x80, 0, 0, 0, 0, 0][..], &one(&ID), &[0, 0, 0, 1], &[0xff, 0, 0, 0x1d]].concat();
    let hello = crypto(0, &client_hello());
    let (events, _, _) = told(&[
        (ToServer, grease.clone()),
        (ToClient, offer),
        (ToServer, initial(ToServer, 1, b"another", [b"another", b""], 0, &hello)),
    ]);
    let quic = event(&events, "quic");
    assert_eq!(quic["vonggac.quic.version"], "1");
    assert_eq!(quic["vonggac.quic.server_versions"], "[1, draft-29]");
    assert_eq!(event(&events, "tls")["tls.client.server_name"], "www.example.org");
    assert_eq!(probed(&grease), Verdict::Mine);
    assert_eq!(probed(&grease[..1_000]), Verdict::NotMine);
}

fn google_hello() -> Vec<u8> {
    let values = [&b"www.example.org"[..], b"Chrome/70 Windows"];
    let mut hello = b"CHLO\x02\0\0\0".to_vec();
    let mut end = 0;
    for (tag, value) in [b"SNI\0", b"UAID"].iter().zip(values) {
        end += u32::try_from(value.len()).expect("short");
        hello.extend_from_slice(&[&tag[..], &end.to_le_bytes()].concat());
    }
    [hello, values.concat()].concat()
}

#[test]
fn older_quic_of_google_is_told_by_its_hello() {
    let old = [&[9][..], &ID, b"Q043\x01", &[0x5a; 12], &[0xa0, 1, 0, 4], &google_hello()].concat();
    let newer =
        [&[0xc3][..], b"Q046\x50", &ID, &[0, 0, 0, 1], &[0x5a; 12], &[0xa0, 1, 0, 4], &google_hello()];
    let frames = [&[8][..], &length(0), &length(google_hello().len()), &google_hello()].concat();
    let sealed = initial(ToServer, u32::from_be_bytes(*b"Q050"), &ID, [&ID, b""], 1, &frames);
    for (datagram, version) in [(old, "Q043"), (newer.concat(), "Q046"), (sealed, "Q050")] {
        assert_eq!(probed(&datagram), Verdict::Mine, "{version}");
        let (events, stopped, _) = told(&[(ToServer, datagram)]);
        assert_eq!(stopped, Some(Outcome::Done));
        let quic = event(&events, "quic");
        assert_eq!(quic["vonggac.quic.version"], version);
        assert_eq!(quic["tls.client.server_name"], "www.example.org");
        assert_eq!(quic["user_agent.original"], "Chrome/70 Windows");
        assert!(events.iter().all(|event| event["event.dataset"] != "tls"));
    }
}

#[test]
fn a_server_alone_is_told_by_its_version() {
    let answer = initial(ToClient, 1, &ID, [b"", b"server"], 0, &crypto(0, &server_hello()));
    let (events, _, anomalies) = told(&[(ToClient, answer)]);
    assert_eq!((events.len(), anomalies.len()), (1, 0));
    assert_eq!(event(&events, "quic")["vonggac.quic.version"], "1");
}

#[test]
fn what_never_ends_is_given_up() {
    let far = crypto(16_000, b"x");
    let mut conversation = Vec::new();
    for number in 0..100 {
        conversation.push((ToServer, initial(ToServer, 1, &ID, [&ID, b""], number, &far)));
    }
    let (events, stopped, _) = told(&conversation);
    assert_eq!(stopped, Some(Outcome::Done));
    assert_eq!(events.len(), 1);
}

fn probed(bytes: &[u8]) -> Verdict {
    probe(&Opening { direction: ToServer, bytes, ports: (50_000, 443) })
}

#[test]
fn is_recognised_by_content() {
    let first = initial(ToServer, 1, &ID, [&ID, b""], 0, &[]);
    assert_eq!(probed(&first), Verdict::Mine);
    // The fixed bit, the length, an unknown version, a packet of a connection under way.
    assert_eq!(probed(&[&[first[0] & !0x40], &first[1..]].concat()), Verdict::NotMine);
    assert_eq!(probed(&first[..1_000]), Verdict::NotMine);
    assert_eq!(probed(&[&[0xc3, 9, 9, 9, 9], &first[5..]].concat()), Verdict::NotMine);
    assert_eq!(probed(&short()), Verdict::NotMine);
    // DNS, and the first message of WireGuard.
    assert_eq!(
        probed(&unhex("c1230100000100000000000003777777076578616d706c65036f72670000010001")),
        Verdict::NotMine
    );
    assert_eq!(probed(&[&[1, 0, 0, 0][..], &[0x77; 144]].concat()), Verdict::NotMine);
}

#[test]
fn stands_any_cut_and_noise() {
    let mut small = conversation(1);
    small.truncate(3);
    stands(&UDP, &small);
}
