//! Frames: transaction, protocol 0, length, unit, function.

/// Bytes in front of the function: transaction, protocol, length and unit.
const HEADER_BYTES: usize = 7;

/// A message has at most 253 bytes behind the unit.
const LENGTH_MAX: u16 = 254;

/// A message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// Pairs request and response.
    pub transaction: u16,
    /// Unit behind a gateway.
    pub unit: u8,
    /// Function, the highest bit set in exceptions.
    pub function: u8,
    /// What stands behind it.
    pub data: &'a [u8],
}

/// What some bytes begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame<'a> {
    /// A message, and how many bytes it takes.
    Whole(Message<'a>, usize),
    /// More is wanted.
    Incomplete,
    /// No message begins like this.
    Broken,
}

/// Reads a frame.
#[must_use]
pub fn frame(bytes: &[u8]) -> Frame<'_> {
    let (protocol, length) = (number(bytes, 2), number(bytes, 4));
    if protocol.is_some_and(|protocol| protocol != 0)
        || length.is_some_and(|length| !(2..=LENGTH_MAX).contains(&length))
    {
        return Frame::Broken;
    }
    // Half of the zeros may be here already.
    if bytes.get(2).is_some_and(|byte| *byte != 0) || bytes.get(4).is_some_and(|byte| *byte != 0) {
        return Frame::Broken;
    }
    let (Some(transaction), Some(length)) = (number(bytes, 0), length) else { return Frame::Incomplete };
    let end = HEADER_BYTES - 1 + usize::from(length);
    match bytes.get(HEADER_BYTES - 1..end) {
        Some([_, 0, ..]) => Frame::Broken,
        Some([unit, function, data @ ..]) => {
            Frame::Whole(Message { transaction, unit: *unit, function: *function, data }, end)
        }
        _ => Frame::Incomplete,
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|value| u16::from_be_bytes(*value))
}

impl Message<'_> {
    /// First address and quantity; for single writes the quantity is one.
    #[must_use]
    pub fn range(&self) -> (Option<u16>, Option<u16>) {
        match self.function {
            1..=4 | 0x0f | 0x10 | 0x17 => (number(self.data, 0), number(self.data, 2)),
            5 | 6 => (number(self.data, 0), Some(1)),
            0x16 | 0x18 => (number(self.data, 0), None),
            _ => (None, None),
        }
    }

    /// Whether this is a request of a common function whose length and quantity fit.
    #[must_use]
    pub fn is_plain_request(&self) -> bool {
        let quantity = number(self.data, 2).unwrap_or(0);
        match (self.function, self.data.len()) {
            (1 | 2, 4) => (1..=2_000).contains(&quantity),
            (3 | 4, 4) => (1..=125).contains(&quantity),
            (5, 4) => matches!(quantity, 0 | 0xff00),
            (0x0f | 0x10, length) => {
                self.data.get(4).is_some_and(|bytes| usize::from(*bytes) + 5 == length) && quantity > 0
            }
            _ => false,
        }
    }

    /// Name of the function.
    #[must_use]
    pub fn name(&self) -> String {
        let name = match self.function & 0x7f {
            1 => "read-coils",
            2 => "read-discrete-inputs",
            3 => "read-holding-registers",
            4 => "read-input-registers",
            5 => "write-single-coil",
            6 => "write-single-register",
            7 => "read-exception-status",
            8 => "diagnostics",
            0x0b => "get-comm-event-counter",
            0x0c => "get-comm-event-log",
            0x0f => "write-multiple-coils",
            0x10 => "write-multiple-registers",
            0x11 => "report-server-id",
            0x14 => "read-file-record",
            0x15 => "write-file-record",
            0x16 => "mask-write-register",
            0x17 => "read-write-multiple-registers",
            0x18 => "read-fifo-queue",
            0x2b => "encapsulated-interface-transport",
            other => return format!("function-{other}"),
        };
        name.to_owned()
    }

    /// Name of an exception; `None` in other messages.
    #[must_use]
    pub fn exception(&self) -> Option<&'static str> {
        let code = self.data.first().filter(|_| self.function & 0x80 != 0)?;
        Some(match code {
            1 => "illegal-function",
            2 => "illegal-data-address",
            3 => "illegal-data-value",
            4 => "server-device-failure",
            5 => "acknowledge",
            6 => "server-device-busy",
            8 => "memory-parity-error",
            0x0a => "gateway-path-unavailable",
            0x0b => "gateway-target-failed",
            _ => "other",
        })
    }
}
