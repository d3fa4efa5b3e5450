//! The endpoint mapper: which interface is asked for, and where it is served (C706 appendix L and O, MS-RPCE §2.2.1.2).

use std::net::Ipv4Addr;

use super::ndr::Reader;
use super::pdu::Order;
use super::uuid::Uuid;
use crate::text;

/// Interface of the mapper itself.
pub const MAPPER: Uuid =
    Uuid([0xe1, 0xaf, 0x83, 0x08, 0x5d, 0x1f, 0x11, 0xc9, 0x91, 0xa4, 0x08, 0x00, 0x2b, 0x14, 0xa0, 0xfa]);

/// The operation that asks where an interface is served.
pub const MAP: u16 = 3;

/// Towers read of one answer: clients ask for four.
const TOWERS_MAX: usize = 8;

/// Floors of one tower: five or six are real.
const FLOORS_MAX: usize = 8;

/// Identifiers of protocols in the floors of a tower (C706 appendix I).
mod floor {
    pub const UUID: u8 = 0x0d;
    pub const TCP: u8 = 0x07;
    pub const UDP: u8 = 0x08;
    pub const IP: u8 = 0x09;
    pub const PIPE: u8 = 0x0f;
    pub const LOCAL: u8 = 0x10;
    pub const NETBIOS: u8 = 0x11;
    pub const HTTP: u8 = 0x1f;
}

/// What one tower says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Tower {
    interface: Option<Uuid>,
    transport: &'static str,
    host: String,
    endpoint: String,
}

/// The interface that a request asks for.
#[must_use]
pub fn asked(arguments: &[u8], order: Order, wide: bool) -> Option<Uuid> {
    let mut reader = Reader::new(arguments, order, wide);
    if reader.pointer()? {
        reader.take(16)?;
    }
    if !reader.pointer()? {
        return None;
    }
    tower(&mut reader)?.interface
}

/// Where the answer says that it is served: `ncacn_ip_tcp:10.0.0.1[49664]`.
#[must_use]
pub fn answered(arguments: &[u8], order: Order, wide: bool) -> Vec<String> {
    let mut places = Vec::new();
    let mut reader = Reader::new(arguments, order, wide);
    let mut read = || -> Option<()> {
        reader.handle()?;
        reader.u32()?;
        let (_, _, count) = (reader.size()?, reader.size()?, reader.size()?);
        let mut given = 0;
        for _ in 0..count.min(TOWERS_MAX) {
            given += usize::from(reader.pointer()?);
        }
        for _ in 0..given {
            let place = tower(&mut reader)?.place();
            if !places.contains(&place) {
                places.push(place);
            }
        }
        Some(())
    };
    // What is cut off leaves what came before.
    let _ = read();
    places
}

/// Floors of a left and a right part, all numbers in little endian.
fn tower(reader: &mut Reader<'_>) -> Option<Tower> {
    let (_, length) = (reader.size()?, reader.u32()?);
    let bytes = reader.take(usize::try_from(length).ok()?)?;
    let mut floors = Reader::new(bytes, Order::Little, false);
    let mut tower = Tower { transport: "ncacn", ..Tower::default() };
    let count = short(&mut floors)?;
    for index in 0..count.min(FLOORS_MAX) {
        let length = short(&mut floors)?;
        let left = floors.take(length)?;
        let length = short(&mut floors)?;
        let right = floors.take(length)?;
        tower.add(index, left, right);
    }
    Some(tower)
}

/// A number of 16 bits, wherever it stands.
fn short(floors: &mut Reader<'_>) -> Option<usize> {
    let bytes = *floors.take(2)?.first_chunk()?;
    Some(usize::from(u16::from_le_bytes(bytes)))
}

impl Tower {
    fn add(&mut self, index: usize, left: &[u8], right: &[u8]) {
        let port =
            || right.first_chunk().map(|port| u16::from_be_bytes(*port).to_string()).unwrap_or_default();
        let name = || text::lossless(right.split(|byte| *byte == 0).next().unwrap_or_default()).into_owned();
        match left.split_first() {
            Some((&floor::UUID, rest)) if index == 0 => self.interface = Uuid::read(rest, Order::Little),
            Some((&floor::TCP, _)) => (self.transport, self.endpoint) = ("ncacn_ip_tcp", port()),
            Some((&floor::UDP, _)) => (self.transport, self.endpoint) = ("ncadg_ip_udp", port()),
            Some((&floor::HTTP, _)) => (self.transport, self.endpoint) = ("ncacn_http", port()),
            Some((&floor::PIPE, _)) => (self.transport, self.endpoint) = ("ncacn_np", name()),
            Some((&floor::LOCAL, _)) => (self.transport, self.endpoint) = ("ncalrpc", name()),
            Some((&floor::NETBIOS, _)) => self.host = name(),
            Some((&floor::IP, _)) => {
                self.host =
                    right.first_chunk::<4>().map(|ip| Ipv4Addr::from(*ip).to_string()).unwrap_or_default();
            }
            _ => {}
        }
    }

    fn place(&self) -> String {
        format!("{}:{}[{}]", self.transport, self.host, self.endpoint)
    }
}
