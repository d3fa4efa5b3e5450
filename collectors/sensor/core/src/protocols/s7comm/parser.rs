//! Frames and heads of messages.

/// Kinds of transport messages (X.224 §13): request to connect, data.
pub(super) const CONNECT: u8 = 0xe0;
pub(super) const DATA: u8 = 0xf0;
/// Confirm, disconnect request, error: what else a connection has.
const OTHERS: [u8; 3] = [0xd0, 0x80, 0x70];

/// Bytes of a frame that are read: the head of a message, its error and the longest parameter that is looked at.
pub(super) const LOOK: usize = 32;

/// A transport message behind its frame.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Frame<'a> {
    /// Its kind, what is there of its content, and the length of all of it.
    Whole(u8, &'a [u8], usize),
    Incomplete,
    Broken,
}

/// Reads a frame as far as [`LOOK`]: version 3, zero, the length of all; then the transport's length and kind.
pub(super) fn frame(bytes: &[u8]) -> Frame<'_> {
    if bytes.iter().zip([3, 0]).any(|(byte, fixed)| *byte != fixed) {
        return Frame::Broken;
    }
    let Some([_, _, high, low, header, kind]) = bytes.first_chunk() else { return Frame::Incomplete };
    let (length, header) = (usize::from(u16::from_be_bytes([*high, *low])), usize::from(*header));
    let known = matches!(*kind, CONNECT | DATA) || OTHERS.contains(kind);
    if !known || header < 2 || length < header + 5 {
        return Frame::Broken;
    }
    let start = if *kind == DATA { header + 5 } else { 6 };
    match bytes.get(start..length.min(LOOK.max(start))) {
        Some(content) => Frame::Whole(*kind, content, length),
        None => Frame::Incomplete,
    }
}

/// What data begins with.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Data {
    Message(Message),
    /// S7comm-plus.
    Plus,
}

/// The head of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Message {
    /// Answers carry the reference of what they answer.
    pub(super) answer: bool,
    pub(super) reference: u16,
    pub(super) function: &'static str,
    /// Class and code; 0 is none.
    pub(super) error: u16,
}

/// The beginning of the content of a data message.
pub(super) fn data(content: &[u8]) -> Option<Data> {
    match content {
        [0x72, 1..=3, ..] => Some(Data::Plus),
        [0x32, kind @ (1..=3 | 7), 0, 0, r1, r2, p1, p2, _, _, rest @ ..] => {
            let (error, rest) = match (kind, rest) {
                (2 | 3, [class, code, rest @ ..]) => (u16::from_be_bytes([*class, *code]), rest),
                _ => (0, rest),
            };
            let parameter = rest.get(..usize::from(u16::from_be_bytes([*p1, *p2])).min(rest.len()))?;
            let (function, answer) = match kind {
                7 => service(parameter)?,
                _ => (parameter.first().map_or(Some("acknowledge"), |code| function(*code))?, *kind != 1),
            };
            Some(Data::Message(Message {
                answer,
                reference: u16::from_be_bytes([*r1, *r2]),
                function,
                error,
            }))
        }
        _ => None,
    }
}

fn function(code: u8) -> Option<&'static str> {
    Some(match code {
        0x00 => "cpu-services",
        0x04 => "read",
        0x05 => "write",
        0x1a => "request-download",
        0x1b => "download-block",
        0x1c => "download-ended",
        0x1d => "start-upload",
        0x1e => "upload",
        0x1f => "end-upload",
        0x28 => "plc-control",
        0x29 => "plc-stop",
        0xf0 => "setup",
        _ => return None,
    })
}

/// Services beside the functions: a head of three bytes, length, method, then kind and group in one byte.
fn service(parameter: &[u8]) -> Option<(&'static str, bool)> {
    let [0, 1, 0x12, _, _, kind, ..] = parameter else { return None };
    let name = match kind & 15 {
        0 => "mode-transition",
        1 => "programmer",
        2 => "cyclic-data",
        3 => "blocks",
        4 => "cpu-functions",
        5 => "security",
        6 => "program-blocks",
        7 => "time",
        15 => "nc-programming",
        _ => return None,
    };
    // 0: pushed by the controller; 4: request; 8: response.
    matches!(kind >> 4, 0 | 4 | 8).then_some((name, kind >> 4 == 8))
}
