//! pcapng (draft-ietf-opsawg-pcapng): blocks in sections, each with its own byte order and interfaces.

use super::FRAME_MAX;
use super::bytes::Order;
use super::capture::{Record, Step};
use super::window::Window;
use crate::time::Micros;

const SECTION: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const OLD_PACKET: u32 = 2;
const SIMPLE_PACKET: u32 = 3;
const STATISTICS: u32 = 5;
const PACKET: u32 = 6;
const BYTE_ORDER: u32 = 0x1a2b_3c4d;

/// Interfaces of one section that are remembered; real files have a handful, a hostile one must not fill memory.
const INTERFACES_MAX: usize = 4_096;
/// Largest block that is looked into: the longest frame with room for its options. Larger ones are skipped.
const BLOCK_MAX: usize = FRAME_MAX + (64 << 10);
/// Years 1 to 9999: a clock outside cannot be written as a date, and sums with it would overflow.
const FIRST_TIME: i64 = -62_135_596_800_000_000;
const LAST_TIME: i64 = 253_402_300_799_999_999;

/// State of a file being read.
pub(super) struct PcapNg {
    order: Order,
    interfaces: Vec<Interface>,
    /// Time of the newest packet: simple packets carry none of their own.
    newest: Micros,
    /// Blocks that carry no packets, or are too large to be true.
    pub(super) skipped: u64,
    finished_drops: u64,
}

#[derive(Clone, Copy)]
struct Interface {
    link_type: u16,
    snap_length: u32,
    clock: Clock,
    drops: u64,
}

/// How the 64-bit times of an interface become microseconds.
#[derive(Clone, Copy)]
struct Clock {
    /// `if_tsresol`: power of ten, or of two where the top bit is set.
    resolution: u8,
    /// `if_tsoffset` in seconds.
    offset: i64,
}

impl Clock {
    fn micros(self, ticks: u64) -> Micros {
        let exponent = u32::from(self.resolution & 0x7f);
        let micros = match self.resolution {
            6 => i128::from(ticks),
            9 => i128::from(ticks / 1_000),
            // 64 bits times a million stay below 2^84: no overflow.
            0x80.. => (i128::from(ticks) * 1_000_000) >> exponent,
            _ => 10_i128.checked_pow(exponent).map_or(0, |unit| i128::from(ticks) * 1_000_000 / unit),
        };
        let shifted = micros + i128::from(self.offset) * 1_000_000;
        let possible = shifted.clamp(i128::from(FIRST_TIME), i128::from(LAST_TIME));
        Micros(i64::try_from(possible).unwrap_or_default())
    }
}

impl PcapNg {
    /// Recognises the first twelve bytes.
    pub(super) fn recognised(head: &[u8]) -> bool {
        head.len() >= 12 && Order::Little.u32(head, 0) == SECTION && byte_order(head).is_some()
    }

    pub(super) fn new() -> Self {
        Self {
            order: Order::Little,
            interfaces: Vec::new(),
            newest: Micros(0),
            skipped: 0,
            finished_drops: 0,
        }
    }

    /// Packets that the capturing program says it lost (`isb_ifdrop` of every interface).
    pub(super) fn drops(&self) -> u64 {
        self.interfaces.iter().fold(self.finished_drops, |sum, one| sum.saturating_add(one.drops))
    }

    /// The next packet; blocks without one are worked on the way.
    pub(super) fn step(&mut self, window: &mut Window) -> Step {
        loop {
            if !window.have(12) {
                return if window.is_empty() { Step::End } else { Step::Cut };
            }
            let kind = self.order.u32(window.bytes(), 0);
            if kind == SECTION {
                match byte_order(window.bytes()) {
                    Some(order) => self.order = order,
                    None => return Step::Damaged("a section has no byte order"),
                }
            }
            let Some(size) = block_size(self.order.length(window.bytes(), 4)) else {
                return Step::Damaged("the length of a block is impossible");
            };
            let wanted =
                matches!(kind, SECTION | INTERFACE | OLD_PACKET | SIMPLE_PACKET | STATISTICS | PACKET);
            if !wanted || size > BLOCK_MAX {
                self.skipped += 1;
                window.consume(size);
                continue;
            }
            if !window.have(size) {
                return Step::Cut;
            }
            let block = &window.bytes()[..size];
            if block_size(self.order.length(block, size - 4)) != Some(size) {
                return Step::Damaged("the two lengths of a block differ");
            }
            match self.block(kind, &block[8..size - 4]) {
                Ok(Some(record)) => return Step::Record(Record { size, start: record.start + 8, ..record }),
                Ok(None) => window.consume(size),
                Err(reason) => return Step::Damaged(reason),
            }
        }
    }

    fn block(&mut self, kind: u32, body: &[u8]) -> Result<Option<Record>, &'static str> {
        match kind {
            SECTION => {
                self.finished_drops = self.drops();
                self.interfaces.clear();
            }
            INTERFACE => self.interface(body),
            STATISTICS => self.statistics(body),
            SIMPLE_PACKET => return self.simple_packet(body).map(Some),
            _ => return self.packet(kind, body).map(Some),
        }
        Ok(None)
    }

    fn interface(&mut self, body: &[u8]) {
        if self.interfaces.len() >= INTERFACES_MAX {
            self.skipped += 1;
            return;
        }
        let mut clock = Clock { resolution: 6, offset: 0 };
        for (code, value) in options(self.order, body.get(8..).unwrap_or_default()) {
            match (code, value.len()) {
                (9, 1..) => clock.resolution = value[0],
                (14, 8..) => clock.offset = self.order.u64(value, 0).cast_signed(),
                _ => {}
            }
        }
        self.interfaces.push(Interface {
            link_type: self.order.u16(body, 0),
            snap_length: self.order.u32(body, 4),
            clock,
            drops: 0,
        });
    }

    fn statistics(&mut self, body: &[u8]) {
        let drops = options(self.order, body.get(12..).unwrap_or_default())
            .find(|(code, value)| *code == 5 && value.len() >= 8)
            .map(|(_, value)| self.order.u64(value, 0));
        let index = self.order.length(body, 0);
        if let (Some(interface), Some(drops)) = (self.interfaces.get_mut(index), drops) {
            interface.drops = drops;
        }
    }

    #[inline]
    fn packet(&mut self, kind: u32, body: &[u8]) -> Result<Record, &'static str> {
        let index =
            if kind == PACKET { self.order.length(body, 0) } else { usize::from(self.order.u16(body, 0)) };
        let interface =
            self.interfaces.get(index).ok_or("a packet names an interface that is not described")?;
        let ticks = u64::from(self.order.u32(body, 4)) << 32 | u64::from(self.order.u32(body, 8));
        let captured = self.order.length(body, 12);
        if captured > body.len().saturating_sub(20) {
            return Err("a packet is longer than its block");
        }
        self.newest = interface.clock.micros(ticks);
        let length = self.order.u32(body, 16);
        Ok(Record { time: self.newest, link_type: interface.link_type, start: 20, captured, length, size: 0 })
    }

    fn simple_packet(&mut self, body: &[u8]) -> Result<Record, &'static str> {
        let interface = self.interfaces.first().ok_or("a packet comes before its interface is described")?;
        let length = self.order.u32(body, 0);
        let snapped = if interface.snap_length == 0 { length } else { length.min(interface.snap_length) };
        let captured = usize::try_from(snapped).unwrap_or(usize::MAX);
        if captured > body.len().saturating_sub(4) {
            return Err("a packet is longer than its block");
        }
        let link_type = interface.link_type;
        Ok(Record { time: self.newest, link_type, start: 4, captured, length, size: 0 })
    }
}

fn byte_order(section: &[u8]) -> Option<Order> {
    [Order::Little, Order::Big].into_iter().find(|order| order.u32(section, 8) == BYTE_ORDER)
}

/// A block's size with its padding (some writers leave it out of the length); `None` when it cannot be one.
fn block_size(claimed: usize) -> Option<usize> {
    (claimed >= 12).then(|| claimed.next_multiple_of(4))
}

/// Options of a block: code and value, up to the end or the first that does not fit.
fn options(order: Order, mut rest: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let (code, length) = (order.u16(rest, 0), usize::from(order.u16(rest, 2)));
        let value = rest.get(4..4 + length)?;
        rest = rest.get(4 + length.next_multiple_of(4)..).unwrap_or_default();
        (code != 0).then_some((code, value))
    })
}
