//! The QUIC of Google before TLS (Q025 to Q050): its hello is a map of tags ("QUIC Crypto", Langley and Chang 2016).

use super::version::Version;
use crate::text::lossless;

/// Where a hello begins behind the header at the latest: hash, packet number, frame header.
const HELLO_LOOK: usize = 64;

/// Tags of a hello; real ones have some twenty-five.
const TAGS_MAX: usize = 128;

/// Longest value that is kept.
const VALUE_MAX: usize = 1_024;

/// The number of the connection, in every version with its own header.
const ID_BYTES: usize = 8;

/// Who the client is and whom it wants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hello {
    /// Name of the server.
    pub server_name: Option<String>,
    /// What the client calls itself.
    pub user_agent: Option<String>,
}

/// The version of a datagram that begins like a client's of Q025 to Q046; those from Q050 on have the headers of QUIC
/// proper.
#[must_use]
pub fn hello(bytes: &[u8]) -> Option<(Version, &[u8])> {
    let (&first, rest) = bytes.split_first()?;
    // Q044 and Q046: a long header without a length. Before: flags that say "version" and "connection id".
    let (version, rest) = if first & 0xc0 == 0xc0 {
        let (version, rest) = rest.split_first_chunk::<4>()?;
        let (&lengths, rest) = rest.split_first()?;
        // A connection id of the server and none of the client.
        (lengths == 0x50).then_some(())?;
        (version, rest.get(ID_BYTES..)?)
    } else {
        (first & 0xc9 == 0x09).then_some(())?;
        rest.get(ID_BYTES..)?.split_first_chunk::<4>()?
    };
    let [b'Q', b'0', b'2'..=b'4', b'0'..=b'9'] = version else { return None };
    Some((Version::Other(u32::from_be_bytes(*version)), rest))
}

/// The hello near the start of a packet in clear.
#[must_use]
pub fn find(bytes: &[u8]) -> Option<Hello> {
    let look = bytes.get(..HELLO_LOOK.min(bytes.len()))?;
    tags(bytes.get(memchr::memmem::find(look, b"CHLO")?..)?)
}

/// Reads `CHLO`, the number of its tags, each tag with the end of its value, then the values.
#[must_use]
pub fn tags(bytes: &[u8]) -> Option<Hello> {
    let bytes = bytes.strip_prefix(b"CHLO")?;
    let (count, bytes) = bytes.split_first_chunk::<2>()?;
    let count = usize::from(u16::from_le_bytes(*count)).min(TAGS_MAX);
    let (index, values) = bytes.get(2..)?.split_at_checked(8 * count)?;
    let mut hello = Hello::default();
    let mut start = 0;
    for entry in index.chunks_exact(8) {
        let (tag, end) = entry.split_first_chunk::<4>()?;
        let end = usize::try_from(u32::from_le_bytes(*end.first_chunk()?)).ok()?;
        // What is cut off stands behind what is wanted.
        let Some(value) = values.get(start..end) else { break };
        let text = || Some(lossless(&value[..value.len().min(VALUE_MAX)]).into_owned());
        match tag {
            b"SNI\0" => hello.server_name = text().map(|name| name.to_ascii_lowercase()),
            b"UAID" => hello.user_agent = text(),
            _ => {}
        }
        start = end;
    }
    Some(hello)
}
