//! One TFTP message.

/// Options of one message that are read: RFCs define five.
const OPTIONS_MAX: usize = 8;

/// Longest file name, as file systems have it.
const NAME_MAX: usize = 512;

/// A request to read or to write a file.
#[derive(Debug, PartialEq, Eq)]
pub struct Request<'a> {
    /// The client sends the file.
    pub write: bool,
    /// Name of the file.
    pub file: &'a [u8],
    /// Lower case.
    pub mode: &'static str,
    /// Names and values.
    pub options: Vec<(&'a [u8], &'a [u8])>,
}

/// A message.
#[derive(Debug, PartialEq, Eq)]
pub enum Message<'a> {
    /// RRQ or WRQ.
    Request(Request<'a>),
    /// A block with its number.
    Data(u16, &'a [u8]),
    /// A block has arrived.
    Acknowledgement,
    /// Code and text.
    Error(u16, &'a [u8]),
    /// The options that the server takes.
    Options(Vec<(&'a [u8], &'a [u8])>),
}

impl<'a> Message<'a> {
    /// Reads a datagram; `None` when it is no message.
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (operation, rest) = bytes.split_first_chunk::<2>()?;
        match u16::from_be_bytes(*operation) {
            operation @ (1 | 2) => request(operation == 2, rest).map(Self::Request),
            3 => {
                let (block, data) = rest.split_first_chunk::<2>()?;
                Some(Self::Data(u16::from_be_bytes(*block), data))
            }
            4 => (rest.len() == 2).then_some(Self::Acknowledgement),
            5 => {
                let (code, text) = rest.split_first_chunk::<2>()?;
                let end = memchr::memchr(0, text).unwrap_or(text.len());
                Some(Self::Error(u16::from_be_bytes(*code), &text[..end]))
            }
            6 => Some(Self::Options(options(rest))),
            _ => None,
        }
    }
}

fn request(write: bool, bytes: &[u8]) -> Option<Request<'_>> {
    let (file, rest) = string(bytes)?;
    let (mode, rest) = string(rest)?;
    let mode = ["octet", "netascii", "mail"]
        .into_iter()
        .find(|known| known.as_bytes().eq_ignore_ascii_case(mode))?;
    let named =
        !file.is_empty() && file.len() <= NAME_MAX && file.iter().all(|byte| *byte >= b' ' && *byte != 0x7f);
    named.then(|| Request { write, file, mode, options: options(rest) })
}

fn options(mut bytes: &[u8]) -> Vec<(&[u8], &[u8])> {
    let mut options = Vec::new();
    while let Some((name, rest)) = string(bytes)
        && let Some((value, rest)) = string(rest)
        && options.len() < OPTIONS_MAX
    {
        options.push((name, value));
        bytes = rest;
    }
    options
}

/// Bytes up to the next zero.
fn string(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = memchr::memchr(0, bytes)?;
    Some((&bytes[..end], &bytes[end + 1..]))
}
