//! Arguments of one direction of a call, gathered from its fragments.

use super::pdu::{Order, PRIVACY, Trailer};

/// Bytes of arguments kept of one call: names and command lines stand in front; tasks in XML have some 4 KiB.
pub const KEPT_MAX: usize = 8 << 10;

/// Last bytes kept of a response: a return code behind which up to 15 bytes of padding may stand.
const TAIL_BYTES: usize = 20;

/// Arguments of one direction.
#[derive(Clone, Debug, Default)]
pub struct Stub {
    /// Bytes behind the heads, with what protects them.
    pub bytes: u64,
    /// Fragments.
    pub fragments: u32,
    /// Byte order of the sender.
    pub order: Order,
    /// How the first fragment is protected.
    pub trailer: Option<Trailer>,
    /// Whether anything is kept.
    pub keep: bool,
    kept: Vec<u8>,
    tail: Vec<u8>,
}

impl Stub {
    /// A fragment begins with this many bytes.
    pub fn begin(&mut self, order: Order, bytes: usize) {
        self.order = order;
        self.bytes += bytes as u64;
        self.fragments = self.fragments.saturating_add(1);
        self.tail.clear();
    }

    /// The next bytes of the arguments.
    pub fn add(&mut self, bytes: &[u8]) {
        if self.keep {
            let room = KEPT_MAX - self.kept.len().min(KEPT_MAX);
            self.kept.extend_from_slice(&bytes[..bytes.len().min(room)]);
        }
        let over = (self.tail.len() + bytes.len()).saturating_sub(TAIL_BYTES);
        if over >= self.tail.len() {
            self.tail.clear();
            self.tail.extend_from_slice(&bytes[bytes.len().saturating_sub(TAIL_BYTES)..]);
        } else {
            self.tail.drain(..over);
            self.tail.extend_from_slice(bytes);
        }
    }

    /// Bytes were never seen: what is kept ends here.
    pub fn tear(&mut self) {
        self.keep = false;
        self.tail.clear();
    }

    /// The fragment has ended.
    pub fn end(&mut self, trailer: Option<Trailer>) {
        let Some(trailer) = trailer else { return };
        self.trailer.get_or_insert(trailer);
        let padding = usize::from(trailer.padding);
        self.tail.truncate(self.tail.len().saturating_sub(padding));
        if self.kept.len() < KEPT_MAX {
            self.kept.truncate(self.kept.len().saturating_sub(padding));
        }
    }

    fn sealed(&self) -> bool {
        self.trailer.is_some_and(|trailer| trailer.level >= PRIVACY)
    }

    /// Arguments that can be read.
    #[must_use]
    pub fn clear(&self) -> Option<&[u8]> {
        (!self.sealed() && !self.kept.is_empty()).then_some(&self.kept[..])
    }

    /// The last number: the result of all operations of Windows.
    #[must_use]
    pub fn result(&self) -> Option<u32> {
        let at = self.tail.len().checked_sub(4)?;
        if self.sealed() { None } else { self.order.u32(&self.tail, at) }
    }

    /// Memory held.
    #[must_use]
    pub fn held(&self) -> usize {
        self.kept.capacity()
    }
}
