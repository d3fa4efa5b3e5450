//! The AUTHENTICATE message of NTLM (MS-NLMP §2.2.1.3): who logs in, from which machine.

use crate::text::lossless;

/// Longest name that is read; Windows allows 256 characters.
const NAME_MAX: usize = 512;
/// NTLMSSP_NEGOTIATE_UNICODE.
const UNICODE: u32 = 1;

/// Names in the message.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Names {
    pub(super) user: Option<String>,
    pub(super) domain: Option<String>,
    pub(super) host: Option<String>,
}

/// Reads the message; `None` when it is another one.
pub(super) fn authenticate(bytes: &[u8]) -> Option<Names> {
    let at = memchr::memmem::find(bytes, b"NTLMSSP\0\x03\0\0\0")?;
    let message = &bytes[at..];
    let flags =
        message.get(60..64).and_then(|flags| flags.try_into().ok()).map_or(UNICODE, u32::from_le_bytes);
    let field = |place: usize| {
        let [length, _, _, _, offset @ ..] = message.get(place..place + 8)? else { return None };
        let length = usize::from(*length) | usize::from(*message.get(place + 1)?) << 8;
        let offset = usize::try_from(u32::from_le_bytes(offset.try_into().ok()?)).ok()?;
        let name = message.get(offset..offset.checked_add(length)?).filter(|name| name.len() <= NAME_MAX)?;
        Some(text(name, flags & UNICODE != 0)).filter(|text| !text.is_empty())
    };
    Some(Names { domain: field(28), user: field(36), host: field(44) })
}

fn text(name: &[u8], wide: bool) -> String {
    if !wide {
        return lossless(name).into_owned();
    }
    let units: Vec<u16> = name.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    String::from_utf16_lossy(&units)
}
