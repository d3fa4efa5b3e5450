//! Headers of frames (RFC 6455 §5.2).

/// The header of one frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Bytes of the header itself.
    pub bytes: usize,
    /// What the frame is.
    pub opcode: u8,
    /// The first reserved bit: the message is compressed (RFC 7692).
    pub compressed: bool,
    /// What the payload is masked with.
    pub mask: Option<[u8; 4]>,
    /// Length of the payload.
    pub length: u64,
}

/// Close.
pub const CLOSE: u8 = 8;

/// Longest payload of a frame that says how the connection fares (RFC 6455 §5.5).
pub const CONTROL_MAX: u64 = 125;

/// Reads the header at the start of these bytes: `Ok(None)` when it has not come whole, `Err` when it is none.
pub fn read(bytes: &[u8]) -> Result<Option<Header>, &'static str> {
    let Some((&[first, second], rest)) = bytes.split_first_chunk::<2>() else { return Ok(None) };
    let opcode = first & 0x0f;
    if first & 0x30 != 0 || name(opcode).is_none() {
        return Err("websocket-bad-frame");
    }
    let (length, rest) = match second & 0x7f {
        126 => match rest.split_first_chunk::<2>() {
            Some((length, rest)) => (u64::from(u16::from_be_bytes(*length)), rest),
            None => return Ok(None),
        },
        127 => match rest.split_first_chunk::<8>() {
            Some((length, rest)) => (u64::from_be_bytes(*length), rest),
            None => return Ok(None),
        },
        short => (u64::from(short), rest),
    };
    if length >> 63 != 0 || (opcode >= CLOSE && (length > CONTROL_MAX || first & 0x80 == 0)) {
        return Err("websocket-bad-frame");
    }
    let (mask, rest) = match (second & 0x80 != 0, rest.split_first_chunk::<4>()) {
        (false, _) => (None, rest),
        (true, Some((mask, rest))) => (Some(*mask), rest),
        (true, None) => return Ok(None),
    };
    let header =
        Header { bytes: bytes.len() - rest.len(), opcode, compressed: first & 0x40 != 0, mask, length };
    Ok(Some(header))
}

/// Names of opcodes.
#[must_use]
pub fn name(opcode: u8) -> Option<&'static str> {
    Some(match opcode {
        0 => "continuation",
        1 => "text",
        2 => "binary",
        CLOSE => "close",
        9 => "ping",
        10 => "pong",
        _ => return None,
    })
}

/// The status code of a close frame.
#[must_use]
pub fn close_code(payload: &[u8], mask: Option<[u8; 4]>) -> Option<u16> {
    let [high, low] = *payload.first_chunk::<2>()?;
    let mask = mask.unwrap_or_default();
    Some(u16::from_be_bytes([high ^ mask[0], low ^ mask[1]]))
}
