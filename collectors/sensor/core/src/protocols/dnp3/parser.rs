//! Frames of the link layer and headers of objects (IEEE 1815 §9 and §4.2).

/// Bytes of a link header with its check sequence.
pub const HEADER_BYTES: usize = 10;

/// User data stands in blocks of 16 bytes, each with a check sequence.
const BLOCK_BYTES: usize = 16;

/// Objects of one message that are told.
const OBJECTS_MAX: usize = 64;

/// Header of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Control octet.
    pub control: u8,
    /// Receiver.
    pub destination: u16,
    /// Sender.
    pub source: u16,
    /// Bytes of user data, without check sequences.
    pub user: usize,
}

/// What some bytes begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// A header whose check sequence is right.
    Header(Header),
    /// More is wanted.
    Incomplete,
    /// No frame begins like this.
    Broken,
}

/// Reads a link header.
#[must_use]
pub fn link(bytes: &[u8]) -> Link {
    let begin = bytes.get(..2.min(bytes.len())).unwrap_or_default();
    if begin != &[0x05, 0x64][..begin.len()] {
        return Link::Broken;
    }
    let Some([_, _, length, control, d0, d1, s0, s1, c0, c1]) = bytes.first_chunk::<HEADER_BYTES>() else {
        return Link::Incomplete;
    };
    let Some(user) = usize::from(*length).checked_sub(5) else { return Link::Broken };
    if check(&bytes[..8]) != u16::from_le_bytes([*c0, *c1]) {
        return Link::Broken;
    }
    Link::Header(Header {
        control: *control,
        destination: u16::from_le_bytes([*d0, *d1]),
        source: u16::from_le_bytes([*s0, *s1]),
        user,
    })
}

impl Header {
    /// Bytes of the whole frame.
    #[must_use]
    pub fn frame(&self) -> usize {
        HEADER_BYTES + self.user + 2 * self.user.div_ceil(BLOCK_BYTES)
    }
}

/// The user data of a frame; `false` when a check sequence is wrong.
pub fn user_data(frame: &[u8], into: &mut Vec<u8>) -> bool {
    let mut right = true;
    for block in frame.get(HEADER_BYTES..).unwrap_or_default().chunks(BLOCK_BYTES + 2) {
        let Some((data, sequence)) = block.split_last_chunk::<2>() else { return false };
        right &= check(data) == u16::from_le_bytes(*sequence);
        into.extend_from_slice(data);
    }
    right
}

/// The check sequence: polynomial 0x3D65, reflected, inverted.
#[must_use]
pub fn check(bytes: &[u8]) -> u16 {
    let shift = |value: u16, _| if value & 1 == 0 { value >> 1 } else { value >> 1 ^ 0xa6bc };
    !bytes.iter().fold(0, |value, byte| (0..8).fold(value ^ u16::from(*byte), shift))
}

/// Header of the objects of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Object {
    /// Group and variation.
    pub kind: (u8, u8),
    /// Qualifier.
    pub qualifier: u8,
    /// First and last index, 0 where there are none.
    pub range: (u32, u32),
    /// How many points.
    pub count: u32,
}

/// Headers of the objects, and whether all could be told apart; `carries`: data stands behind each.
#[must_use]
pub fn objects(mut bytes: &[u8], carries: bool) -> (Vec<Object>, bool) {
    let mut objects = Vec::new();
    while !bytes.is_empty() {
        let Some((object, rest)) = object(bytes) else { return (objects, false) };
        objects.push(object);
        let Some(rest) = (if carries { behind(&object, rest) } else { Some(rest) }) else {
            // What is last needs not be passed over.
            return (objects, false);
        };
        bytes = rest;
        if objects.len() >= OBJECTS_MAX {
            return (objects, bytes.is_empty());
        }
    }
    (objects, true)
}

fn object(bytes: &[u8]) -> Option<(Object, &[u8])> {
    let ([group, variation, qualifier], rest) = bytes.split_first_chunk::<3>()?;
    let width = match qualifier & 0x0f {
        0 | 7 => 1,
        1 | 8 => 2,
        2 | 9 => 4,
        6 => 0,
        _ => return None,
    };
    let number = |at: usize| {
        let bytes = rest.get(at..at + width)?;
        Some(bytes.iter().rev().fold(0_u32, |value, byte| value << 8 | u32::from(*byte)))
    };
    let (range, count, used) = match qualifier & 0x0f {
        0..=2 => {
            let (start, stop) = (number(0)?, number(width)?);
            ((start, stop), stop.checked_sub(start)?.checked_add(1)?, 2 * width)
        }
        6 => ((0, 0), 0, 0),
        _ => ((0, 0), number(0)?, width),
    };
    Some((Object { kind: (*group, *variation), qualifier: *qualifier, range, count }, rest.get(used..)?))
}

/// What stands behind an object's points; `None` where their size is not known, or they are not all here.
fn behind<'a>(object: &Object, bytes: &'a [u8]) -> Option<&'a [u8]> {
    let count = usize::try_from(object.count).ok()?;
    let prefix = match object.qualifier >> 4 & 7 {
        0 => 0,
        1 => 1,
        2 => 2,
        3 => 4,
        _ => return None,
    };
    let length = match bits(object.kind) {
        Some(bits) => count.checked_mul(bits)?.div_ceil(8),
        None => count.checked_mul(prefix + size(object.kind)?)?,
    };
    bytes.get(length..)
}

/// Bits of a packed point.
fn bits(kind: (u8, u8)) -> Option<usize> {
    match kind {
        (1 | 10 | 80, 1) => Some(1),
        (3, 1) => Some(2),
        _ => None,
    }
}

/// Bytes of a point (IEEE 1815 annex A).
fn size(kind: (u8, u8)) -> Option<usize> {
    Some(match kind {
        (60, _) => 0,
        (1 | 3 | 10, 2) | (2 | 4 | 11 | 13, 1) => 1,
        (2 | 4, 3) | (50 | 51, 4) => 3,
        (2 | 4 | 11 | 13, 2) => 7,
        (12, 1 | 2) => 11,
        (20..=23, 1) | (30 | 32 | 40..=43, 1) | (30 | 32, 5) | (40 | 41, 3) => 5,
        (20..=23, 2) | (30 | 32 | 40..=43, 2) => 3,
        (20, 5) | (21, 9) => 4,
        (20, 6) | (21, 10) | (30, 4) | (52, 1 | 2) => 2,
        (21..=23, 5) | (32, 3 | 7) | (42 | 43, 3 | 7) => 11,
        (21..=23, 6) | (30, 6) | (32, 4 | 6) | (40 | 41, 4) | (42 | 43, 4) => 9,
        (30, 3) => 4,
        (32 | 42 | 43, 8) => 15,
        (42 | 43, 5) => 5,
        (42 | 43, 6) => 9,
        (50, 1 | 3) | (51, 1 | 2) => 6,
        _ => return None,
    })
}

/// Name of a function of the application layer.
#[must_use]
pub fn function(code: u8) -> Option<&'static str> {
    const NAMES: [&str; 34] = [
        "CONFIRM",
        "READ",
        "WRITE",
        "SELECT",
        "OPERATE",
        "DIRECT_OPERATE",
        "DIRECT_OPERATE_NR",
        "IMMED_FREEZE",
        "IMMED_FREEZE_NR",
        "FREEZE_CLEAR",
        "FREEZE_CLEAR_NR",
        "FREEZE_AT_TIME",
        "FREEZE_AT_TIME_NR",
        "COLD_RESTART",
        "WARM_RESTART",
        "INITIALIZE_DATA",
        "INITIALIZE_APPL",
        "START_APPL",
        "STOP_APPL",
        "SAVE_CONFIG",
        "ENABLE_UNSOLICITED",
        "DISABLE_UNSOLICITED",
        "ASSIGN_CLASS",
        "DELAY_MEASURE",
        "RECORD_CURRENT_TIME",
        "OPEN_FILE",
        "CLOSE_FILE",
        "DELETE_FILE",
        "GET_FILE_INFO",
        "AUTHENTICATE_FILE",
        "ABORT_FILE",
        "ACTIVATE_CONFIG",
        "AUTHENTICATE_REQ",
        "AUTH_REQ_NO_ACK",
    ];
    match code {
        129 => Some("RESPONSE"),
        130 => Some("UNSOLICITED_RESPONSE"),
        131 => Some("AUTHENTICATE_RESP"),
        _ => NAMES.get(usize::from(code)).copied(),
    }
}
