//! Lines out of a stream that arrives in pieces.

use std::borrow::Cow;

/// Longest line that is kept; the rest of a longer one is dropped. Web servers stop at 8 to 64 KiB.
pub(in crate::protocols) const LINE_MAX: usize = 65_536;

/// The beginning of a line whose end has not come.
#[derive(Default)]
pub(in crate::protocols) struct Lines {
    partial: Vec<u8>,
    cut: bool,
}

impl Lines {
    /// Takes the next line off `bytes`, without its line feed; `None` takes them all and waits for its end.
    pub(in crate::protocols) fn take<'a>(&mut self, bytes: &mut &'a [u8]) -> Option<Cow<'a, [u8]>> {
        let Some(end) = memchr::memchr(b'\n', bytes) else {
            self.hold(bytes);
            *bytes = &[];
            return None;
        };
        let line = &bytes[..end];
        *bytes = &bytes[end + 1..];
        if self.partial.is_empty() {
            return Some(Cow::Borrowed(&line[..line.len().min(LINE_MAX)]));
        }
        self.hold(line);
        Some(Cow::Owned(std::mem::take(&mut self.partial)))
    }

    fn hold(&mut self, bytes: &[u8]) {
        let room = LINE_MAX.saturating_sub(self.partial.len());
        self.cut |= bytes.len() > room;
        self.partial.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    /// No line has begun.
    pub(in crate::protocols) fn is_empty(&self) -> bool {
        self.partial.is_empty()
    }

    /// The line that has begun, at the end of the stream.
    pub(in crate::protocols) fn rest(&mut self) -> Vec<u8> {
        self.cut = false;
        std::mem::take(&mut self.partial)
    }

    /// Whether a line was longer than [`LINE_MAX`] since the last time of asking.
    pub(in crate::protocols) fn was_cut(&mut self) -> bool {
        std::mem::take(&mut self.cut)
    }
}
