//! The classic capture file (draft-ietf-opsawg-pcap): a header, then records of a time, two lengths and the bytes.

use super::FRAME_MAX;
use super::bytes::Order;
use super::capture::{Record, Step};
use super::window::Window;
use crate::time::Micros;

/// Bytes of the file header.
pub(super) const HEADER: usize = 24;
const MICROSECONDS: u32 = 0xa1b2_c3d4;
const NANOSECONDS: u32 = 0xa1b2_3c4d;
/// Kuznetzov's variant, written by old Linux distributions: eight more bytes in each record header.
const MODIFIED: u32 = 0xa1b2_cd34;

/// State of a file being read: what its header says.
pub(super) struct Pcap {
    order: Order,
    nanoseconds: bool,
    record_header: usize,
    lengths: Lengths,
    link_type: u16,
}

/// Where the two lengths stand in a record header.
#[derive(Clone, Copy)]
enum Lengths {
    CapturedFirst,
    /// Before version 2.3.
    OriginalFirst,
    /// Version 2.3 wrote either; what was captured is never the larger one.
    Either,
}

impl Pcap {
    /// Recognises the first four bytes.
    pub(super) fn order(head: &[u8]) -> Option<Order> {
        [Order::Little, Order::Big].into_iter().find(|order| {
            head.len() >= 4 && matches!(order.u32(head, 0), MICROSECONDS | NANOSECONDS | MODIFIED)
        })
    }

    /// Reads the file header, which the caller has checked to be there and consumes.
    pub(super) fn new(order: Order, header: &[u8]) -> Self {
        let magic = order.u32(header, 0);
        let lengths = match (order.u16(header, 4), order.u16(header, 6)) {
            (2, 0..=2) => Lengths::OriginalFirst,
            (2, 3) => Lengths::Either,
            _ => Lengths::CapturedFirst,
        };
        // The upper half tells of a frame check sequence at the end of frames; Ethernet trailers are ignored anyway.
        let link_type = u16::try_from(order.u32(header, 20) & 0xffff).unwrap_or(u16::MAX);
        let record_header = if magic == MODIFIED { 24 } else { 16 };
        Self { order, nanoseconds: magic == NANOSECONDS, record_header, lengths, link_type }
    }

    /// The next record.
    #[inline]
    pub(super) fn step(&mut self, window: &mut Window) -> Step {
        if !window.have(self.record_header) {
            return if window.is_empty() { Step::End } else { Step::Cut };
        }
        let header = window.bytes();
        let (captured, length) = self.lengths(header);
        if captured > FRAME_MAX {
            return Step::Damaged("the length of a record is impossible");
        }
        let fraction = i64::from(self.order.u32(header, 4));
        let time = i64::from(self.order.u32(header, 0)) * 1_000_000
            + if self.nanoseconds { fraction / 1_000 } else { fraction };
        if !window.have(self.record_header + captured) {
            return Step::Cut;
        }
        Step::Record(Record {
            time: Micros(time),
            link_type: self.link_type,
            start: self.record_header,
            captured,
            length,
            size: self.record_header + captured,
        })
    }

    #[inline]
    fn lengths(&self, header: &[u8]) -> (usize, u32) {
        let (first, second) = (self.order.u32(header, 8), self.order.u32(header, 12));
        let (captured, original) = match self.lengths {
            Lengths::OriginalFirst => (second, first),
            Lengths::Either if first > second => (second, first),
            Lengths::CapturedFirst | Lengths::Either => (first, second),
        };
        (usize::try_from(captured).unwrap_or(usize::MAX), original)
    }
}
