//! A byte stream put together from pieces that name their offsets: QUIC's CRYPTO frames, fragments of DTLS messages.

/// Pieces that may wait behind holes at a time. Browsers shuffle a hello into some twenty.
const RANGES_MAX: usize = 128;

/// The beginning of a stream, pieces of it in any order.
#[derive(Default)]
pub struct Pieces {
    bytes: Vec<u8>,
    /// Parts that have come: sorted, apart from one another.
    ranges: Vec<(usize, usize)>,
}

impl Pieces {
    /// Takes a piece; false when it lies beyond `limit` or there are too many holes, and is not taken.
    pub fn add(&mut self, offset: usize, piece: &[u8], limit: usize) -> bool {
        let Some(end) = offset.checked_add(piece.len()).filter(|end| *end <= limit) else { return false };
        if piece.is_empty() {
            return true;
        }
        if self.ranges.len() >= RANGES_MAX {
            return false;
        }
        if self.bytes.len() < end {
            self.bytes.resize(end, 0);
        }
        if let Some(place) = self.bytes.get_mut(offset..end) {
            place.copy_from_slice(piece);
        }
        let first = self.ranges.partition_point(|range| range.1 < offset);
        let behind = self.ranges.partition_point(|range| range.0 <= end);
        let mut merged = (offset, end);
        for range in self.ranges.drain(first..behind) {
            merged = (merged.0.min(range.0), merged.1.max(range.1));
        }
        self.ranges.insert(first, merged);
        true
    }

    /// What has come from the start on, without a hole.
    #[must_use]
    pub fn ready(&self) -> &[u8] {
        let end = self.ranges.first().filter(|range| range.0 == 0).map_or(0, |range| range.1);
        self.bytes.get(..end).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_in_any_order_are_put_together() {
        let mut pieces = Pieces::default();
        assert!(pieces.add(6, b"gh", 100) && pieces.ready().is_empty());
        assert!(pieces.add(0, b"ab", 100));
        assert_eq!(pieces.ready(), b"ab");
        assert!(pieces.add(1, b"bcd", 100));
        assert_eq!(pieces.ready(), b"abcd");
        assert!(pieces.add(3, b"defg", 100) && pieces.add(0, b"", 100));
        assert_eq!(pieces.ready(), b"abcdefgh");
    }

    #[test]
    fn what_lies_too_far_or_has_too_many_holes_is_refused() {
        let mut pieces = Pieces::default();
        assert!(!pieces.add(99, b"ab", 100) && !pieces.add(usize::MAX, b"a", 100));
        for index in 0..RANGES_MAX {
            assert!(pieces.add(2 * index, b"x", 4_096));
        }
        assert!(!pieces.add(2 * RANGES_MAX, b"x", 4_096));
    }
}
