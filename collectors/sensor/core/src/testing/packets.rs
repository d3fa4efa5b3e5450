//! Packets made by hand for tests: just enough of each header, checksums left at zero as offloading leaves them.

use std::net::{IpAddr, SocketAddr};

use crate::engine::Engine;
use crate::frame::{Frame, Link};
use crate::time::Micros;
use crate::transport::flag;

/// Hardware address of every client in tests.
pub const CLIENT_MAC: [u8; 6] = [0, 0x1b, 0x21, 0, 0, 1];
/// Hardware address of every server in tests.
pub const SERVER_MAC: [u8; 6] = [0, 0x1b, 0x21, 0, 0, 2];

/// Gives an engine an Ethernet frame.
pub fn give(engine: &mut Engine, time: i64, bytes: &[u8]) {
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    engine.frame(&Frame { time: Micros(time), link: Link::Ethernet, bytes, length });
}

/// An Ethernet frame from the client to the server, or back.
#[must_use]
pub fn ethernet(to_server: bool, ethertype: u16, payload: &[u8]) -> Vec<u8> {
    let (source, destination) = if to_server { (CLIENT_MAC, SERVER_MAC) } else { (SERVER_MAC, CLIENT_MAC) };
    [&destination[..], &source, &ethertype.to_be_bytes(), payload].concat()
}

/// An IP packet in an Ethernet frame.
#[must_use]
pub fn ip(to_server: bool, source: IpAddr, destination: IpAddr, protocol: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len()).unwrap_or(0);
    match (source, destination) {
        (IpAddr::V4(source), IpAddr::V4(destination)) => {
            let total = (length + 20).to_be_bytes();
            let header = [0x45, 0, total[0], total[1], 0, 0, 0, 0, 64, protocol, 0, 0];
            let packet = [&header[..], &source.octets(), &destination.octets(), payload].concat();
            ethernet(to_server, 0x0800, &packet)
        }
        (source, destination) => {
            let octets = |address: IpAddr| match address {
                IpAddr::V4(address) => address.to_ipv6_mapped().octets(),
                IpAddr::V6(address) => address.octets(),
            };
            let length = length.to_be_bytes();
            let header = [0x60, 0, 0, 0, length[0], length[1], protocol, 64];
            let packet = [&header[..], &octets(source), &octets(destination), payload].concat();
            ethernet(to_server, 0x86dd, &packet)
        }
    }
}

/// A UDP datagram.
#[must_use]
pub fn udp(to_server: bool, source: SocketAddr, destination: SocketAddr, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 8).unwrap_or(0);
    let ports = [source.port().to_be_bytes(), destination.port().to_be_bytes()].concat();
    let datagram = [&ports[..], &length.to_be_bytes(), &[0, 0], payload].concat();
    ip(to_server, source.ip(), destination.ip(), 17, &datagram)
}

/// A TCP segment.
#[must_use]
pub fn tcp(
    to_server: bool,
    (source, destination): (SocketAddr, SocketAddr),
    flags: u8,
    (sequence, acknowledged): (u32, u32),
    payload: &[u8],
) -> Vec<u8> {
    let mut header = Vec::with_capacity(20 + payload.len());
    header.extend(source.port().to_be_bytes());
    header.extend(destination.port().to_be_bytes());
    header.extend(sequence.to_be_bytes());
    header.extend(acknowledged.to_be_bytes());
    header.extend([0x50, flags, 0xff, 0xff, 0, 0, 0, 0]);
    header.extend_from_slice(payload);
    ip(to_server, source.ip(), destination.ip(), 6, &header)
}

/// A TCP connection that speaks packet by packet.
pub struct Connection {
    /// Client and server.
    pub ends: (SocketAddr, SocketAddr),
    /// Packet time of the next packet, µs.
    pub time: i64,
    /// Time between packets, µs.
    pub pace: i64,
    /// Next sequence numbers of client and server.
    pub next: [u32; 2],
}

impl Connection {
    /// From 10.20.7.31:50000 to this port of 203.0.113.9; initial sequence numbers 1,000 and 5,000.
    #[must_use]
    pub fn to_port(port: u16) -> Self {
        let ends = (([10, 20, 7, 31], 50_000).into(), ([203, 0, 113, 9], port).into());
        Self { ends, time: 1_000_000_000_000, pace: 1_000, next: [1_000, 5_000] }
    }

    /// The next packet of one side; moves sequence numbers and time on.
    pub fn packet(&mut self, to_server: bool, flags: u8, payload: &[u8]) -> (i64, Vec<u8>) {
        let (side, other) = if to_server { (0, 1) } else { (1, 0) };
        let ends = if to_server { self.ends } else { (self.ends.1, self.ends.0) };
        let acknowledged = if flags & flag::ACK == 0 { 0 } else { self.next[other] };
        let bytes = tcp(to_server, ends, flags, (self.next[side], acknowledged), payload);
        let length = u32::try_from(payload.len()).unwrap_or(0);
        let ends = u32::from(flags & (flag::SYN | flag::FIN) != 0);
        self.next[side] = self.next[side].wrapping_add(length + ends);
        let time = self.time;
        self.time += self.pace;
        (time, bytes)
    }

    /// Three packets that open the connection.
    pub fn open(&mut self) -> Vec<(i64, Vec<u8>)> {
        vec![
            self.packet(true, flag::SYN, b""),
            self.packet(false, flag::SYN | flag::ACK, b""),
            self.packet(true, flag::ACK, b""),
        ]
    }

    /// Three packets that close it.
    pub fn close(&mut self) -> Vec<(i64, Vec<u8>)> {
        vec![
            self.packet(true, flag::FIN | flag::ACK, b""),
            self.packet(false, flag::FIN | flag::ACK, b""),
            self.packet(true, flag::ACK, b""),
        ]
    }
}

/// Gives an engine packets with their times.
pub fn play(engine: &mut Engine, packets: &[(i64, Vec<u8>)]) {
    for (time, bytes) in packets {
        give(engine, *time, bytes);
    }
}

/// The same frame of IPv4 and TCP or UDP with its checksums finished (RFC 1071), as it is on the wire.
#[must_use]
pub fn sealed(mut frame: Vec<u8>) -> Vec<u8> {
    let Some((ip, rest)) = frame.get_mut(14..).and_then(|packet| packet.split_at_mut_checked(20)) else {
        return frame;
    };
    let place = if ip[9] == 6 { 16 } else { 6 };
    ip[10..12].fill(0);
    let header = complement(&[ip]);
    ip[10..12].copy_from_slice(&header);
    let length = u16::try_from(rest.len()).unwrap_or(0).to_be_bytes();
    if let Some(field) = rest.get_mut(place..place + 2) {
        field.fill(0);
        let sum = complement(&[&ip[12..20], &[0, ip[9]], &length, rest]);
        rest[place..place + 2].copy_from_slice(&sum);
    }
    frame
}

fn complement(parts: &[&[u8]]) -> [u8; 2] {
    let bytes = parts.concat();
    let words = bytes.chunks(2).map(|two| u32::from(two[0]) << 8 | u32::from(*two.get(1).unwrap_or(&0)));
    let sum: u32 = words.sum();
    let sum = (sum & 0xffff) + (sum >> 16);
    let sum = (sum & 0xffff) + (sum >> 16);
    (!u16::try_from(sum).unwrap_or(0)).to_be_bytes()
}
