//! A lease for IPv6, with and without a relay.

use super::{UDP, probe};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::{Opening, Verdict};
use crate::testing::Harness;
use crate::testing::robustness::stands;

const CLIENT: &[u8] = &[0, 1, 0, 14, 0, 1, 0, 1, 1, 2, 3, 4, 0, 0x1b, 0x21, 3, 4, 5];
const SERVER: &[u8] = &[0, 2, 0, 10, 0, 3, 0, 1, 0, 0x1b, 0x21, 9, 9, 9];

fn solicit() -> Vec<u8> {
    let name = b"\0\x27\0\x08\0\x06may-in";
    let vendor = b"\0\x10\0\x0e\0\0\x01\x37\0\x08MSFT 5.0";
    [&[1, 0xab, 0xcd, 0xef][..], CLIENT, name, vendor, &[0, 6, 0, 4, 0, 23, 0, 24]].concat()
}

fn reply() -> Vec<u8> {
    let mut bytes = [&[7, 0xab, 0xcd, 0xef][..], CLIENT, SERVER].concat();
    bytes.extend([0, 3, 0, 40, 0, 0, 0, 1, 0, 0, 0, 9, 0, 0, 0, 9, 0, 5, 0, 24, 0x20, 1, 0xd, 0xb8]);
    bytes.extend([0; 11]);
    bytes.extend([0x31, 0, 0, 0, 9, 0, 0, 0x0e, 0x10]);
    bytes.extend([0, 23, 0, 16, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x53]);
    bytes.extend(b"\0\x18\0\x0e\x06tinhuy\x05local\0");
    bytes
}

fn relayed(message: &[u8]) -> Vec<u8> {
    let link = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    [&[12, 0][..], &link, &[0xfe; 16], &[0, 9, 0, u8::try_from(message.len()).unwrap()], message].concat()
}

#[test]
fn a_lease_and_a_relay() {
    let mut harness = Harness::datagrams((UDP.decoder)(), 547);
    harness.client(&solicit()).server(&reply()).client(&relayed(&solicit()));
    let events = harness.finish();
    assert_eq!(events[0]["vonggac.dhcp.message_type"], "SOLICIT");
    assert_eq!(events[0]["network.protocol"], "dhcpv6");
    assert_eq!(events[0]["vonggac.dhcp.host_name"], "may-in");
    assert_eq!(events[0]["vonggac.dhcp.vendor_class"], "MSFT 5.0");
    assert_eq!(events[0]["vonggac.dhcp.parameters"], "[23, 24]");
    assert_eq!(events[0]["vonggac.dhcp.client_mac"], "00:1b:21:03:04:05");
    assert_eq!(events[0]["vonggac.dhcp.client_duid"], "0001000101020304001b21030405");
    assert_eq!(events[1]["vonggac.dhcp.assigned_ip"], "2001:db8::31");
    assert_eq!(events[1]["vonggac.dhcp.lease_seconds"], "3600");
    assert_eq!(events[1]["vonggac.dhcp.name_servers"], "[2001:db8::53]");
    assert_eq!(events[1]["vonggac.dhcp.domain_name"], "tinhuy.local");
    assert_eq!(events[1]["vonggac.dhcp.server_duid"], "00030001001b21090909");
    assert_eq!(events[2]["vonggac.dhcp.relay_ip"], "2001:db8::1");
    assert_eq!(events[2]["vonggac.dhcp.transaction_id"], "11259375");
}

#[test]
fn port_and_structure_must_agree() {
    let probed = |bytes: &[u8], port| probe(&Opening { direction: ToServer, bytes, ports: (546, port) });
    assert_eq!(probed(&solicit(), 547), Verdict::Mine);
    assert_eq!(probed(&relayed(&solicit()), 547), Verdict::Mine);
    assert_eq!(probed(&solicit()[..20], 547), Verdict::NotMine);
    assert_eq!(probed(b"\x01hello", 547), Verdict::NotMine);
    let elsewhere = Opening { direction: ToServer, bytes: &solicit(), ports: (50_000, 53) };
    assert_eq!(probe(&elsewhere), Verdict::NotMine);
}

#[test]
fn stands_cuts_and_noise() {
    stands(&UDP, &vec![(ToServer, relayed(&solicit())), (ToClient, reply())]);
}
