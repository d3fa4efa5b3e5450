//! What stands before each message: the NetBIOS session service (RFC 1002 §4.3), which direct TCP keeps in its simplest
//! form (MS-SMB2 §2.1), and the four bytes that begin every message.

use super::wire::Wire;

/// Bytes before a message.
pub const HEAD: usize = 4;

/// Longest that a session request or an answer to it may be: two encoded names (RFC 1002 §4.3.2).
const SESSION_MAX: usize = 512;

/// What follows the four bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// A message of this many bytes.
    Message(usize),
    /// A session request, its answer or a keep-alive, with this many bytes behind it that say nothing of SMB.
    Service(usize),
    /// Nothing that the session service knows.
    Foreign,
}

/// Reads the four bytes.
pub fn frame(head: [u8; HEAD]) -> Frame {
    let length = usize::from(head[1]) << 16 | usize::from(head[2]) << 8 | usize::from(head[3]);
    match head[0] {
        0x00 => Frame::Message(length),
        0x81..=0x85 if length <= SESSION_MAX => Frame::Service(length),
        _ => Frame::Foreign,
    }
}

/// What a message begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Magic {
    /// SMB 1 (MS-CIFS §2.2.3.1).
    One,
    /// SMB 2 and 3 (MS-SMB2 §2.2.1).
    Two,
    /// SMB 3, encrypted (MS-SMB2 §2.2.41).
    Encrypted,
    /// SMB 3, compressed (MS-SMB2 §2.2.42).
    Compressed,
}

/// Tells the kind of a message; `None` for what is none.
pub fn magic(message: &[u8]) -> Option<Magic> {
    let (first, rest) = message.split_first()?;
    if !rest.starts_with(b"SMB") {
        return None;
    }
    Some(match first {
        0xff => Magic::One,
        0xfe => Magic::Two,
        0xfd => Magic::Encrypted,
        0xfc => Magic::Compressed,
        _ => return None,
    })
}

/// Shortest message of a kind: its header.
pub fn shortest(magic: Magic) -> usize {
    match magic {
        Magic::One => 35,
        Magic::Two => 64,
        Magic::Encrypted => 52,
        Magic::Compressed => 16,
    }
}

/// A session request: the called and the calling name, each 32 letters behind their length (RFC 1002 §4.3.2).
/// `None` while too few bytes are there to tell.
pub fn is_session_request(bytes: &[u8]) -> Option<bool> {
    let expected: [u8; 5] = [0x81, 0, 0, 68, 32];
    let known = bytes.len().min(expected.len());
    if bytes[..known] != expected[..known] {
        return Some(false);
    }
    let name = Wire(bytes).part(5, 32);
    if !name.iter().all(|letter| (b'A'..=b'P').contains(letter)) {
        return Some(false);
    }
    (name.len() == 32).then_some(true)
}

/// Where the next message may begin in bytes of which the beginning was lost: `Ok` with its place, `Err` with the number
/// of bytes that are surely none.
pub fn find(bytes: &[u8]) -> Result<usize, usize> {
    for place in memchr::memchr_iter(0, bytes) {
        let rest = &bytes[place..];
        let Some(head) = rest.first_chunk::<HEAD>() else { return Err(place) };
        let Frame::Message(length) = frame(*head) else { continue };
        match rest.get(HEAD..2 * HEAD) {
            None if b"SMB".starts_with(rest.get(HEAD + 1..).unwrap_or_default()) => return Err(place),
            None => {}
            Some(start) if magic(start).is_some_and(|kind| length >= shortest(kind)) => return Ok(place),
            Some(_) => {}
        }
    }
    Err(bytes.len())
}
