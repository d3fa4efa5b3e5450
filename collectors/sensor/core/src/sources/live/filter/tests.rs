//! The kernel itself is the judge: a program is put before a datagram socket, and frames that pass come out.

use std::io::ErrorKind;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram;

use super::Program;
use crate::sources::live::socket;

/// Addresses, protocol and ports of a frame, written out by the formats' rules.
fn ipv4(
    protocol: u8,
    addresses: ([u8; 4], [u8; 4]),
    ports: (u16, u16),
    fragment: u16,
    options: u8,
) -> Vec<u8> {
    let mut frame = vec![0; 12];
    frame.extend([0x08, 0x00, 0x45 + options, 0, 0, 60, 0, 1]);
    frame.extend(fragment.to_be_bytes());
    frame.extend([64, protocol, 0, 0]);
    frame.extend([addresses.0, addresses.1].concat());
    frame.extend(vec![1; usize::from(options) * 4]);
    frame.extend([ports.0.to_be_bytes(), ports.1.to_be_bytes()].concat());
    frame.extend([0; 20]);
    frame
}

fn ipv6(next_header: u8, last: (u8, u8), ports: (u16, u16)) -> Vec<u8> {
    let mut frame = vec![0; 12];
    frame.extend([0x86, 0xdd, 0x60, 0, 0, 0, 0, 24, next_header, 64]);
    for end in [last.0, last.1] {
        frame.extend([0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, end]);
    }
    frame.extend([ports.0.to_be_bytes(), ports.1.to_be_bytes()].concat());
    frame.extend([0; 20]);
    frame
}

fn arp(sender: [u8; 4], target: [u8; 4]) -> Vec<u8> {
    let mut frame = vec![0; 12];
    frame.extend([0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, 1, 0, 0, 0, 0, 0, 0]);
    frame.extend(sender);
    frame.extend([0; 6]);
    frame.extend(target);
    frame.extend([0; 18]);
    frame
}

/// Which of the frames the kernel lets through.
fn passing(filter: &str, frames: &[Vec<u8>]) -> Vec<bool> {
    let program = Program::parse(filter).unwrap();
    let (sender, receiver) = UnixDatagram::pair().unwrap();
    receiver.set_nonblocking(true).unwrap();
    let handle = OwnedFd::from(receiver.try_clone().unwrap());
    socket::attach(&handle, &program.code).unwrap();
    let mut buffer = [0; 200];
    frames
        .iter()
        .map(|frame| match sender.send(frame).and_then(|_| receiver.recv(&mut buffer)) {
            Ok(_) => true,
            Err(error) if error.kind() == ErrorKind::WouldBlock => false,
            // A filter that refuses a datagram may also tell the sender.
            Err(error) => unreachable!("{error}"),
        })
        .collect()
}

const A: [u8; 4] = [10, 20, 7, 31];
const B: [u8; 4] = [203, 0, 113, 9];

/// Frames that differ in what the tests ask for.
fn frames() -> Vec<Vec<u8>> {
    vec![
        ipv4(6, (A, B), (50_000, 443), 0, 0),
        ipv4(17, (B, A), (53, 40_000), 0, 2),
        ipv4(17, (B, A), (53, 40_000), 0x00b9, 0),
        ipv4(1, (A, [10, 20, 9, 9]), (0x0800, 0), 0, 0),
        arp([10, 20, 7, 1], A),
        ipv6(6, (1, 2), (50_000, 443)),
        ipv6(58, (3, 1), (0x8000, 0)),
    ]
}

/// `expected`: one letter a frame, `x` passes.
fn check(filter: &str, expected: &str) {
    let seen: String = passing(filter, &frames()).iter().map(|pass| if *pass { 'x' } else { '.' }).collect();
    assert_eq!(seen, expected, "{filter}");
}

#[test]
fn every_test_asks_what_it_says() {
    check("ip", "xxxx...");
    check("ip6", ".....xx");
    check("arp", "....x..");
    check("tcp", "x....x.");
    check("udp", ".xx....");
    check("icmp", "...x...");
    check("icmp6", "......x");
    check("proto 58", "......x");
    check("host 10.20.7.31", "xxxxx..");
    check("src host 10.20.7.31", "x..x...");
    check("dst host 10.20.7.31", ".xx.x..");
    check("net 10.20.8.0/23", "...x...");
    check("net 0.0.0.0/0", "xxxxx..");
    check("host 2001:db8::1", ".....xx");
    check("src net 2001:db8::2/127", "......x");
    check("port 443", "x....x.");
    check("port 53", ".x.....");
    check("src port 53", ".x.....");
    check("dst port 53", ".......");
    check("udp port 443", ".......");
    check("tcp dst port 443", "x....x.");
    check("portrange 400-500", "x....x.");
    check("portrange 444-500", ".......");
    check("vlan", ".......");
    check("vlan 20", ".......");
}

#[test]
fn words_join_as_in_tcpdump() {
    check("tcp and port 443 or arp", "x...xx.");
    check("arp or tcp and port 443", "x...xx.");
    check("(arp or tcp) && host 10.20.7.31", "x...x..");
    check("not (arp or ip6)", "xxxx...");
    check("!arp && !ip6 && !udp", "x..x...");
    check("not not arp", "....x..");
    check("not net 10.0.0.0/8 and not vlan", ".....xx");
}

#[test]
fn a_filter_of_many_hosts_stays_within_the_jumps() {
    let hosts: Vec<String> = (0..80).map(|i| format!("src host 10.99.{i}.1")).collect();
    check(&format!("{} or arp", hosts.join(" or ")), "....x..");
}

#[test]
fn takes_the_numbers_of_tcpdump() {
    // tcpdump -ddd arp
    check("4\n40 0 0 12\n21 0 1 2054\n6 0 0 262144\n6 0 0 0\n", "....x..");
    for wrong in ["4\n40 0 0 12", "1 40 0 0", "1\n40 999 0 12", "7"] {
        assert!(Program::parse(wrong).is_err_and(|line| line.contains("tcpdump -ddd")), "{wrong}");
    }
}

#[test]
fn mistakes_are_explained_in_one_line() {
    let cases = [
        ("host web.example", "names are not looked up"),
        ("net 10.1", "write it as 10.20.0.0/16"),
        ("net 10.0.0.0/40", "no network"),
        ("port http", "not a port number"),
        ("port 70000", "not a port number"),
        ("portrange 9-1", "no range"),
        ("tcp src", "needs port"),
        ("(arp", "not closed"),
        ("arp ip", "join tests"),
        ("greater 100", "not known"),
        ("arp and", "ends where"),
        ("vlan 5000", "no VLAN number"),
        ("", "ends where"),
    ];
    for (text, message) in cases {
        let line = Program::parse(text).err().unwrap_or_default();
        assert!(line.contains(message) && !line.contains('\n'), "{text}: {line}");
    }
    assert!(Program::parse(&"not ".repeat(100_000)).is_err_and(|line| line.contains("nested")));
    let hosts = vec!["host 10.0.0.1"; 500].join(" or ");
    assert!(Program::parse(&hosts).is_err_and(|line| line.contains("the kernel takes 4096")));
}
