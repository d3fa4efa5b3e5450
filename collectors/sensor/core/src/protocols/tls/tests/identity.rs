//! Who the client is, and what the connection is for.

use super::{
    alpn, browser_hello, certificate, certificates, check, client_hello, encrypted_start, extension,
    flight_1_2, flow, get, handshake, list, record, server_hello, vector8,
};
use crate::testing::packets::{Connection, play};
use crate::testing::{engine, events};
use crate::transport::flag;

#[test]
fn a_client_that_proves_who_it_is_is_told() {
    let (server, client) = (certificate(), certificate());
    let mut flow = flow();
    flow.client(&record(22, &browser_hello())).server(&flight_1_2(&[&server]));
    let answer = [certificates(&[&client]), handshake(16, &[5; 33])].concat();
    flow.client(&[record(22, &answer), encrypted_start()].concat()).server(&encrypted_start());
    let events = flow.finish();
    assert_eq!(events.len(), 3);
    check(
        &events[0],
        &[("tls.client.subject", "CN=rcgen self signed cert"), ("vonggac.tls.server.chain_length", "1")],
    );
    assert_ne!(get(&events[0], "tls.client.hash.sha1"), get(&events[0], "tls.server.hash.sha1"));
    check(&events[1], &[("event.dataset", "x509"), ("vonggac.x509.client", "false")]);
    check(&events[2], &[("vonggac.x509.client", "true"), ("vonggac.x509.position", "0")]);
}

#[test]
fn fingerprints_can_be_read() {
    let mut flow = flow();
    flow.client(&record(22, &browser_hello()));
    let hello = server_hello(0x0303, &[], 0x1301, &[extension(43, &[3, 4]), extension(51, &[0, 29])]);
    flow.server(&record(22, &hello));
    let events = flow.finish();
    check(
        &events[0],
        &[
            ("network.protocol", "tls"),
            ("vonggac.tls.client.ja3_string", "771,4865-49199,0-10-11-16-13-43-65037,4588-29-23,0"),
            ("vonggac.tls.server.ja3s_string", "771,4865,43-51"),
        ],
    );
}

#[test]
fn drafts_without_numbers_are_no_final_version() {
    let mut flow = flow();
    flow.client(&record(22, &client_hello(0x0304, &[], &[0x1301], &[])));
    // Drafts before the 22nd have neither session nor compression.
    let body = [&[3, 4][..], &[8; 32], &[0x13, 1]].concat();
    flow.server(&record(22, &handshake(2, &body)));
    check(&flow.finish()[0], &[("tls.version", "1.3-draft<16"), ("tls.cipher", "TLS_AES_128_GCM_SHA256")]);
}

/// The protocol of the flow, and of its handshake.
fn named(port: u16, hello: &[u8]) -> [String; 2] {
    let mut engine = engine();
    let mut connection = Connection::to_port(port);
    play(&mut engine, &connection.open());
    play(&mut engine, &[connection.packet(true, flag::ACK, &record(22, hello))]);
    engine.finish();
    let events = events(&mut engine);
    ["flow", "tls"].map(|dataset| {
        let event = events.iter().find(|event| event["event.dataset"] == dataset).expect("told");
        get(event, "network.protocol").to_owned()
    })
}

#[test]
fn questions_of_dns_inside_are_told_where_that_is_certain() {
    let versions = extension(43, &vector8(&list(&[0x0304])));
    let says = client_hello(0x0303, &[], &[0x1301], &[alpn(&["dot"]), versions.clone()]);
    let silent = client_hello(0x0303, &[], &[0x1301], &[versions]);
    assert_eq!(named(4_433, &says), ["dot", "dot"]);
    assert_eq!(named(853, &silent), ["dot", "dot"]);
    assert_eq!(named(443, &silent), ["tls", "tls"]);
}
