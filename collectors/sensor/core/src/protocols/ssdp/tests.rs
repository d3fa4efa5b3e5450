//! Searches, answers and announcements.

use super::{SSDP, probe};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::{Opening, Verdict};
use crate::testing::Harness;
use crate::testing::robustness::stands;

const SEARCH: &[u8] = b"M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\nST: ssdp:all\r\n\
    USER-AGENT: test/1.0\r\n\r\n";
const NOTIFY: &[u8] = b"NOTIFY * HTTP/1.1\r\nHost: 239.255.255.250:1900\r\nNT: upnp:rootdevice\r\nNTS: ssdp:alive\r\n\
    USN: uuid:1::upnp:rootdevice\r\nServer: Linux/3.10 UPnP/1.0 box/2\r\nLocation: http://10.20.7.1:5000/root.xml\r\n\r\n";
const RESPONSE: &[u8] =
    b"HTTP/1.1 200 OK\r\nST: ssdp:all\r\nUSN: uuid:1\r\nSERVER: box\r\nLOCATION: http://10.20.7.1/\r\n\r\n";

#[test]
fn devices_are_told_once() {
    let mut harness = Harness::datagrams((SSDP.decoder)(), 1_900);
    harness.client(SEARCH).client(NOTIFY).client(NOTIFY).server(RESPONSE);
    let events = harness.finish();
    let told: Vec<_> = events.iter().map(|event| event["event.action"].as_str()).collect();
    assert_eq!(told, ["search", "notify", "response"]);
    assert_eq!(events[0]["user_agent.original"], "test/1.0");
    assert_eq!(events[1]["vonggac.ssdp.status"], "alive");
    assert_eq!(events[1]["vonggac.ssdp.location"], "http://10.20.7.1:5000/root.xml");
    assert_eq!(events[1]["vonggac.ssdp.device_ip"], "10.20.7.31");
    assert_eq!(events[2]["vonggac.ssdp.device_ip"], "203.0.113.9");
    assert_eq!(events[2]["vonggac.ssdp.server"], "box");
}

#[test]
fn is_recognised_by_content() {
    let probed = |bytes: &[u8]| probe(&Opening { direction: ToServer, bytes, ports: (50_000, 9) });
    assert_eq!(probed(SEARCH), Verdict::Mine);
    assert_eq!(probed(RESPONSE), Verdict::Mine);
    assert_eq!(probed(b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n"), Verdict::NotMine);
    assert_eq!(probed(b"M-SEARCH"), Verdict::NotMine);
}

#[test]
fn stands_cuts_and_noise() {
    stands(
        &SSDP,
        &vec![(ToServer, SEARCH.to_vec()), (ToClient, RESPONSE.to_vec()), (ToServer, NOTIFY.to_vec())],
    );
}
