use proptest::prelude::*;
use tls_parser::{TlsMessage, TlsMessageHandshake, parse_tls_extensions, parse_tls_plaintext};

use super::fingerprints::{Layer, ja3, ja3_string, ja4};
use super::hello::{ClientHello, ServerHello};
use super::records::HEADER_BYTES;
use super::{Tls, ciphers, names, probe};
use crate::protocols::{Direction, Opening, Outcome, Verdict};
use crate::testing::{Harness, ReadableEvent};

mod identity;

fn two(number: usize) -> [u8; 2] {
    u16::try_from(number).expect("two bytes").to_be_bytes()
}

fn vector16(content: &[u8]) -> Vec<u8> {
    [&two(content.len()), content].concat()
}

fn vector8(content: &[u8]) -> Vec<u8> {
    [&[u8::try_from(content.len()).expect("one byte")], content].concat()
}

fn vector24(content: &[u8]) -> Vec<u8> {
    [&u32::try_from(content.len()).expect("short").to_be_bytes()[1..], content].concat()
}

fn list(values: &[u16]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_be_bytes()).collect()
}

fn record(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind, 3, 3], vector16(body).as_slice()].concat()
}

fn handshake(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind], vector24(body).as_slice()].concat()
}

fn extension(kind: u16, body: &[u8]) -> Vec<u8> {
    [&kind.to_be_bytes(), vector16(body).as_slice()].concat()
}

fn server_name(name: &str) -> Vec<u8> {
    extension(0, &vector16(&[&[0], vector16(name.as_bytes()).as_slice()].concat()))
}

fn alpn(protocols: &[&str]) -> Vec<u8> {
    extension(16, &vector16(&protocols.iter().flat_map(|p| vector8(p.as_bytes())).collect::<Vec<_>>()))
}

fn client_hello(version: u16, session: &[u8], ciphers: &[u16], extensions: &[Vec<u8>]) -> Vec<u8> {
    let mut body = version.to_be_bytes().to_vec();
    body.extend_from_slice(&[7; 32]);
    body.extend(vector8(session));
    body.extend(vector16(&list(ciphers)));
    body.extend([1, 0]);
    body.extend(vector16(&extensions.concat()));
    handshake(1, &body)
}

fn server_hello(version: u16, session: &[u8], cipher: u16, extensions: &[Vec<u8>]) -> Vec<u8> {
    let mut body = version.to_be_bytes().to_vec();
    body.extend_from_slice(&[8; 32]);
    body.extend(vector8(session));
    body.extend(cipher.to_be_bytes());
    body.push(0);
    body.extend(vector16(&extensions.concat()));
    handshake(2, &body)
}

fn browser_hello() -> Vec<u8> {
    let extensions = [
        extension(0x1a1a, &[]),
        server_name("WWW.Example.org"),
        extension(10, &vector16(&list(&[0x2a2a, 4588, 29, 23]))),
        extension(11, &vector8(&[0])),
        alpn(&["h2", "http/1.1"]),
        extension(13, &vector16(&list(&[0x0403, 0x0804]))),
        extension(43, &vector8(&list(&[0x3a3a, 0x0304, 0x0303]))),
        extension(0xfe0d, &[0, 1, 2]),
    ];
    client_hello(0x0303, &[9; 32], &[0x0a0a, 0x1301, 0xc02f], &extensions)
}

fn certificates(chain: &[&[u8]]) -> Vec<u8> {
    handshake(11, &vector24(&chain.iter().flat_map(|one| vector24(one)).collect::<Vec<_>>()))
}

/// A server's flight of TLS 1.2 with an ECDHE suite on x25519, and how both sides begin to encrypt.
fn flight_1_2(chain: &[&[u8]]) -> Vec<u8> {
    let hello = server_hello(0x0303, &[1; 32], 0xc02f, &[alpn(&["h2"])]);
    let messages = [hello, certificates(chain), handshake(12, &[3, 0, 29, 32, 1, 2, 3]), handshake(14, &[])];
    record(22, &messages.concat())
}

fn encrypted_start() -> Vec<u8> {
    [record(20, &[1]), record(22, &[0xee; 40])].concat()
}

fn flow() -> Harness {
    Harness::new(Box::new(Tls::default()))
}

fn get<'a>(event: &'a ReadableEvent, field: &str) -> &'a str {
    event.get(field).map_or("", String::as_str)
}

fn check(event: &ReadableEvent, expected: &[(&str, &str)]) {
    for (field, value) in expected {
        assert_eq!(get(event, field), *value, "{field}");
    }
}

fn certificate() -> Vec<u8> {
    let names = vec!["www.example.org".to_owned()];
    rcgen::generate_simple_self_signed(names).expect("a certificate").cert.der().to_vec()
}

#[test]
fn tells_a_full_handshake_of_1_2() {
    let certificate = certificate();
    let mut flow = flow();
    flow.client(&record(22, &browser_hello())).server(&flight_1_2(&[&certificate, b"no certificate"]));
    flow.client(&[record(22, &handshake(16, &[5; 33])), encrypted_start()].concat());
    assert_eq!(flow.stopped, None);
    flow.server(&encrypted_start());
    assert_eq!(flow.stopped, Some(Outcome::Done), "reassembly may stop once both encrypt");
    assert_eq!(flow.anomalies(), ["x509-malformed"]);
    let events = flow.finish();
    assert_eq!(events.len(), 3);
    check(
        &events[0],
        &[
            ("event.dataset", "tls"),
            ("@timestamp", "1000000000000"),
            ("tls.version", "1.2"),
            ("tls.cipher", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
            ("tls.curve", "x25519"),
            ("tls.established", "true"),
            ("tls.resumed", "false"),
            ("tls.next_protocol", "h2"),
            ("tls.client.server_name", "www.example.org"),
            ("tls.client.supported_ciphers", "[1301, c02f]"),
            ("vonggac.tls.client.alpn", "[h2, http/1.1]"),
            ("vonggac.tls.client.version", "1.3"),
            ("vonggac.tls.client.ech", "true"),
            ("vonggac.tls.server.chain_length", "2"),
            ("vonggac.tls.server.self_signed", "true"),
            ("tls.server.x509.alternative_names", "[www.example.org]"),
            ("tls.server.x509.public_key_algorithm", "EC"),
            ("tls.server.x509.public_key_size", "256"),
        ],
    );
    assert_eq!(get(&events[0], "tls.client.ja4").split('_').next(), Some("t13d0207h2"));
    check(
        &events[1],
        &[("event.dataset", "x509"), ("vonggac.x509.position", "0"), ("x509.version_number", "3")],
    );
    assert_eq!(get(&events[1], "file.hash.sha256"), get(&events[0], "tls.server.hash.sha256"));
    check(&events[2], &[("event.dataset", "x509"), ("vonggac.x509.position", "1")]);
    assert!(!events[2].contains_key("x509.subject.distinguished_name"));
}

#[test]
fn tells_1_3_with_a_retry_and_resumption() {
    let mut retry =
        server_hello(0x0303, &[9; 32], 0x1301, &[extension(43, &[3, 4]), extension(51, &[0, 23])]);
    let random = [
        0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2,
        0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
    ];
    retry[6..38].copy_from_slice(&random);
    let share = extension(51, &[vec![0, 23], vector16(&[4; 65])].concat());
    let hello =
        server_hello(0x0303, &[9; 32], 0x1301, &[extension(43, &[3, 4]), share, extension(41, &[0, 0])]);
    let mut flow = flow();
    flow.client(&record(22, &browser_hello()));
    flow.server(&[record(22, &retry), record(20, &[1])].concat());
    flow.client(&[record(20, &[1]), record(22, &browser_hello())].concat());
    flow.server(&[record(22, &hello), record(23, &[6; 100])].concat());
    flow.client(&record(23, &[6; 50]));
    assert_eq!(flow.stopped, Some(Outcome::Done));
    let events = flow.finish();
    assert_eq!(events.len(), 1);
    check(
        &events[0],
        &[
            ("tls.version", "1.3"),
            ("tls.cipher", "TLS_AES_128_GCM_SHA256"),
            ("tls.curve", "secp256r1"),
            ("tls.established", "true"),
            ("tls.resumed", "true"),
        ],
    );
}

#[test]
fn tells_resumption_of_1_2_refusal_and_one_sided_flows() {
    let mut resumed = flow();
    resumed.client(&record(22, &browser_hello()));
    resumed.server(&[record(22, &server_hello(0x0303, &[9; 32], 0xc02f, &[])), encrypted_start()].concat());
    resumed.client(&encrypted_start());
    check(&resumed.finish()[0], &[("tls.resumed", "true"), ("tls.established", "true")]);

    let mut refused = flow();
    refused.client(&record(22, &browser_hello())).server(&record(21, &[2, 40]));
    check(
        &refused.finish()[0],
        &[("vonggac.tls.last_alert", "handshake_failure"), ("tls.established", "false")],
    );

    let mut server_only = flow();
    server_only.server(&flight_1_2(&[&certificate()]));
    let events = server_only.finish();
    check(&events[0], &[("tls.version", "1.2"), ("vonggac.tls.server.chain_length", "1")]);
    assert!(!events[0].contains_key("tls.client.ja3"));

    let mut midstream = flow();
    midstream.client(&record(23, &[1; 99])).server(&record(23, &[1; 99]));
    assert!(midstream.finish().is_empty(), "no hello, no handshake to tell");
}

#[test]
fn a_cut_hello_gives_what_stands_before_the_cut() {
    let whole = record(22, &browser_hello());
    let mut flow = flow();
    flow.client(&whole[..whole.len() - 20]);
    let events = flow.finish();
    check(&events[0], &[("tls.client.server_name", "www.example.org"), ("tls.established", "false")]);
    assert!(!events[0].contains_key("tls.client.ja3"), "the fingerprint of half a hello is nobody's");
}

#[test]
fn survives_gaps() {
    let certificate = certificate();
    let flight = flight_1_2(&[&certificate]);
    let mut inside = flow();
    inside.client(&record(22, &browser_hello())).server(&flight[..200]);
    inside.gap(Direction::ToClient, 50).server(&flight[250..]);
    inside.client(&encrypted_start()).server(&encrypted_start());
    let events = inside.finish();
    check(&events[0], &[("tls.established", "true"), ("tls.curve", "x25519"), ("tls.resumed", "false")]);

    let mut across = flow();
    across.client(&record(22, &browser_hello())).server(&flight[..200]);
    across.gap(Direction::ToClient, 10_000).server(b"rest of a record").server(&encrypted_start());
    across.client(&encrypted_start());
    check(&across.finish()[0], &[("tls.established", "true"), ("tls.version", "1.2")]);
}

#[test]
fn reads_ssl_2() {
    let mut hello = vec![0x80, 0, 1, 0, 2, 0, 6, 0, 0, 0, 16, 1, 0, 0x80, 0, 0, 0x2f];
    hello.extend_from_slice(&[5; 16]);
    hello[1] = u8::try_from(hello.len() - 2).expect("short");
    assert_eq!(probe(&opening(&hello)), Verdict::Mine);
    let certificate = certificate();
    let mut answer = vec![4, 0, 1, 0, 2];
    answer.extend(two(certificate.len()));
    answer.extend([0, 3, 0, 16]);
    answer.extend(&certificate);
    answer.extend([1, 0, 0x80]);
    answer.extend([6; 16]);
    let mut answer = vector16(&answer);
    answer[0] |= 0x80;
    let mut flow = flow();
    flow.client(&hello).server(&answer);
    assert_eq!(flow.stopped, Some(Outcome::Done));
    assert_eq!(flow.anomalies(), ["tls-ssl2-hello"]);
    let events = flow.finish();
    check(&events[0], &[("tls.version", "SSLv2"), ("vonggac.tls.client.version", "SSLv2")]);
    check(&events[0], &[("tls.client.supported_ciphers", "[010080, 00002f]")]);
    assert_eq!(events.len(), 2);
}

#[test]
fn names_hostile_records() {
    let mut broken = flow();
    broken.client(&record(22, &browser_hello())).client(b"GET / HTTP/1.1\r\n");
    assert_eq!(broken.stopped, Some(Outcome::Malformed("tls-bad-record")));
    assert_eq!(broken.finish().len(), 1, "what came before is told");

    let mut bleeding = flow();
    bleeding.client(&record(22, &browser_hello())).client(&record(24, &[1, 0x40, 0]));
    assert_eq!(bleeding.anomalies(), ["tls-heartbeat-overread"]);

    let mut bad = flow();
    bad.client(&record(22, &handshake(1, &browser_hello()[4..100])));
    assert_eq!(bad.anomalies(), ["tls-bad-hello"]);
}

#[test]
fn messages_are_bounded() {
    let mut flow = flow();
    flow.server(&record(22, &server_hello(0x0303, &[], 0xc02f, &[])));
    flow.server(&record(22, &[11, 0xff, 0xff, 0xff]));
    for _ in 0..40 {
        flow.server(&record(22, &[0; 16_000]));
    }
    assert_eq!(flow.stopped, None);
    for _ in 0..40 {
        flow.server(&record(22, &[0; 16_000]));
    }
    assert_eq!(flow.stopped, Some(Outcome::Done), "a handshake without end is given up");
    assert_eq!(flow.anomalies(), ["tls-oversized-handshake"]);
    assert_eq!(flow.finish().len(), 1);
}

fn opening(bytes: &[u8]) -> Opening<'_> {
    Opening { direction: Direction::ToServer, bytes, ports: (50_000, 8_443) }
}

#[test]
fn is_recognised_by_content() {
    let hello = record(22, &browser_hello());
    for length in 1..=HEADER_BYTES {
        assert_eq!(probe(&opening(&hello[..length])), Verdict::Unsure, "{length}");
    }
    assert_eq!(probe(&opening(&hello[..6])), Verdict::Mine);
    assert_eq!(probe(&opening(&record(22, &server_hello(0x0303, &[], 0xc02f, &[])))), Verdict::Mine);
    assert_eq!(probe(&opening(&record(23, &[1; 30]))), Verdict::Mine);
    for other in
        [b"GET / HTTP/1.1\r\n".as_slice(), b"SSH-2.0-x\r\n", &[0x16, 3, 1, 0, 9, 7], &[0x80; 30], &[0x16, 5]]
    {
        assert_eq!(probe(&opening(other)), Verdict::NotMine, "{other:?}");
    }
}

#[test]
fn fingerprints_match_the_published_examples() {
    // From the description of JA3.
    let hello = ClientHello {
        version: 769,
        ciphers: vec![47, 53, 5, 10, 49_161, 49_162, 49_171, 49_172, 50, 56, 19, 4],
        extensions: vec![0, 10, 11],
        groups: vec![23, 24, 25],
        point_formats: vec![0],
        ..ClientHello::default()
    };
    assert_eq!(ja3(&ja3_string(&hello)), "ada70206e40642a3e4461f35503241d5");
    let bare = ClientHello {
        version: 769,
        ciphers: vec![4, 5, 10, 9, 100, 98, 3, 6, 19, 18, 99],
        ..ClientHello::default()
    };
    assert_eq!(ja3(&ja3_string(&bare)), "de350869b8c85de67a350c8d186f11e6");
    // From the description of JA4.
    let hello = ClientHello {
        version: 0x0303,
        ciphers: vec![
            0x5a5a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014,
            0x009c, 0x009d, 0x002f, 0x0035,
        ],
        extensions: vec![
            0x1a1a, 0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d, 0x000d, 0x0005, 0x0023, 0x0012,
            0x002b, 0xff01, 0x000b, 0x000a, 0x0015,
        ],
        signature_algorithms: vec![0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601],
        versions: vec![0x7a7a, 0x0304, 0x0303],
        alpn: vec![b"h2".to_vec()],
        ..ClientHello::default()
    };
    assert_eq!(ja4(&hello, Layer::Stream), "t13d1516h2_8daaf6152771_e5627efa2ab1");
    let odd = ClientHello { version: 0x0301, alpn: vec![vec![0xab, 0x12]], ..ClientHello::default() };
    assert_eq!(ja4(&odd, Layer::Stream), "t10i0000a2_000000000000_000000000000");
}

#[test]
fn names_suites_groups_and_versions() {
    assert_eq!(ciphers::name(0x1301), "TLS_AES_128_GCM_SHA256");
    assert_eq!(ciphers::name(0xcca9), "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256");
    assert_eq!(ciphers::name(0xfafa), "0xfafa");
    for suite in 0..=u16::MAX {
        if let Some(theirs) = tls_parser::TlsCipherSuite::from_id(suite) {
            assert_eq!(ciphers::name(suite), theirs.name);
        }
    }
    assert_eq!((names::group(4588), names::version(0x7f17)), ("X25519MLKEM768".into(), "1.3-draft23".into()));
    assert!(names::is_grease(0xfafa) && !names::is_grease(0xfa0a) && !names::is_grease(0x0a1a));
}

#[test]
fn reads_a_server_hello_of_an_early_draft() {
    let body = [vec![0x7f, 18], vec![1; 32], vec![0x13, 1], vector16(&extension(51, &[0, 29]))].concat();
    let hello = ServerHello::read(&body);
    assert!(hello.complete);
    assert_eq!((hello.agreed_version(), hello.cipher, hello.group), (0x7f12, 0x1301, Some(29)));
    // Before the 16th they claimed to be 1.3 itself.
    assert_eq!(ServerHello::read(&[&[3, 4], &body[2..]].concat()).cipher, 0x1301);
}

prop_compose! {
    fn any_hello()(
        version in 0x0300..0x0304_u16,
        session in proptest::collection::vec(any::<u8>(), 0..=32),
        ciphers in proptest::collection::vec(any::<u16>(), 1..40),
        groups in proptest::collection::vec(any::<u16>(), 1..10),
        name in "[a-z]{1,20}\\.example",
        protocol in "[ -~]{1,10}",
        others in proptest::collection::vec((100..60_000_u16, proptest::collection::vec(any::<u8>(), 0..20)), 0..8),
    ) -> (Vec<u16>, Vec<u16>, String, Vec<u8>) {
        let mut extensions = vec![server_name(&name), extension(10, &vector16(&list(&groups))), alpn(&[&protocol])];
        extensions.extend(others.iter().map(|(kind, body)| extension(*kind, body)));
        let hello = client_hello(version, &session, &ciphers, &extensions);
        (ciphers, groups, name, hello)
    }
}

fn split(flow: &mut Harness, direction: Direction, bytes: &[u8], cuts: &[prop::sample::Index]) {
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len())).collect();
    cuts.extend([0, bytes.len()]);
    cuts.sort_unstable();
    for pair in cuts.windows(2) {
        flow.feed(direction, &bytes[pair[0]..pair[1]]);
    }
}

proptest! {
    #[test]
    fn agrees_with_another_implementation((ciphers, groups, name, hello) in any_hello()) {
        let ours = ClientHello::read(Layer::Stream, &hello[4..]);
        prop_assert!(ours.complete);
        prop_assert_eq!((&ours.ciphers, &ours.groups, ours.server_name.as_deref()), (&ciphers, &groups, Some(name.as_str())));
        let bytes = record(22, &hello);
        let (_, theirs) = parse_tls_plaintext(&bytes).expect("a record");
        let TlsMessage::Handshake(TlsMessageHandshake::ClientHello(theirs)) = &theirs.msg[0] else { panic!("a hello") };
        prop_assert_eq!(ours.version, theirs.version.0);
        prop_assert_eq!(&ours.session, theirs.session_id.unwrap_or_default());
        prop_assert_eq!(ours.ciphers, theirs.ciphers.iter().map(|c| c.0).collect::<Vec<_>>());
        if let Ok((_, list)) = parse_tls_extensions(theirs.ext.unwrap_or_default()) {
            prop_assert_eq!(ours.extensions.len(), list.len());
        }
    }

    #[test]
    fn any_split_gives_the_same_events(
        (_, _, _, hello) in any_hello(),
        size in 1..400_usize,
        cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let certificate = certificate();
        let mut client: Vec<u8> = hello.chunks(size).flat_map(|part| record(22, part)).collect();
        let server = [flight_1_2(&[&certificate]), record(21, &[1, 0]), encrypted_start(), record(21, &[2, 80])].concat();
        let (mut whole, mut pieces) = (flow(), flow());
        whole.client(&client);
        split(&mut pieces, Direction::ToServer, &client, &cuts);
        client = encrypted_start();
        whole.client(&client).server(&server);
        split(&mut pieces, Direction::ToServer, &client, &cuts);
        split(&mut pieces, Direction::ToClient, &server, &cuts);
        prop_assert_eq!(whole.anomalies(), pieces.anomalies());
        let events = whole.finish();
        prop_assert_eq!(events.len(), 2);
        prop_assert_eq!(events, pieces.finish());
    }

    #[test]
    fn arbitrary_bytes_never_panic(parts in proptest::collection::vec((any::<bool>(), proptest::collection::vec(any::<u8>(), 0..200), 0..100_u64), 0..8)) {
        let mut flow = flow();
        for (up, bytes, missing) in &parts {
            let direction = if *up { Direction::ToServer } else { Direction::ToClient };
            flow.feed(direction, bytes);
            flow.feed(direction, &record(22, bytes));
            if *missing > 0 {
                flow.gap(direction, *missing);
            }
            let _ = probe(&opening(bytes));
        }
        flow.finish();
        for (_, bytes, _) in &parts {
            let (_, _) = (ClientHello::read(Layer::Stream, bytes), ServerHello::read(bytes));
        }
    }

    /// What the fuzz target does.
    #[test]
    fn arbitrary_scripts_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        flow().script(&bytes);
    }

    /// One bit of a good conversation turned over.
    #[test]
    fn damaged_conversations_never_panic(at: prop::sample::Index, bit in 0..8_u8) {
        let mut server = flight_1_2(&[&certificate()]);
        let at = at.index(server.len());
        server[at] ^= 1 << bit;
        let mut flow = flow();
        flow.client(&record(22, &browser_hello())).server(&server);
        prop_assert!(!flow.finish().is_empty());
    }
}
