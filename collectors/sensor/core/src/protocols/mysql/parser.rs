//! Packets: a length of three bytes, a number, and what is said.

/// A greeting: a version of at most some dozen letters and fixed fields.
pub const GREETING_MAX: usize = 512;

/// Capabilities that change what the log-in looks like.
const WITH_DATABASE: u32 = 0x0000_0008;
const PROTOCOL_41: u32 = 0x0000_0200;
const ENCRYPTED: u32 = 0x0000_0800;
const SECURE: u32 = 0x0000_8000;
const PLUGIN: u32 = 0x0008_0000;
const LENGTH_ENCODED: u32 = 0x0020_0000;

/// The number of a packet, its body, and how many bytes it takes.
pub type Packet<'a> = (u8, &'a [u8], usize);

/// The first packet; `None` when more is wanted.
///
/// # Errors
/// If it is longer than `longest`.
pub fn packet(bytes: &[u8], longest: usize) -> Result<Option<Packet<'_>>, ()> {
    let Some([l0, l1, l2, number]) = bytes.first_chunk::<4>() else { return Ok(None) };
    let length = usize::from(*l0) | usize::from(*l1) << 8 | usize::from(*l2) << 16;
    if length > longest {
        return Err(());
    }
    Ok(bytes.get(4..4 + length).map(|body| (*number, body, 4 + length)))
}

/// The version of a greeting.
#[must_use]
pub fn greeting(body: &[u8]) -> Option<&[u8]> {
    let rest = body.strip_prefix(&[10])?;
    let end = memchr::memchr(0, &rest[..rest.len().min(80)])?;
    let version = &rest[..end];
    let printable = version.first()?.is_ascii_digit() && version.iter().all(u8::is_ascii_graphic);
    // Thread, half of the challenge, a zero.
    (printable && version.contains(&b'.') && rest.get(end + 13) == Some(&0)).then_some(version)
}

/// What a client answers to the greeting.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Response<'a> {
    /// It goes on in TLS.
    pub encrypts: bool,
    /// Account.
    pub user: &'a [u8],
    /// Database.
    pub database: Option<&'a [u8]>,
    /// Way of authentication.
    pub plugin: Option<&'a [u8]>,
    /// No proof was sent: an empty password, or the proof follows.
    pub bare: bool,
}

/// Reads the answer to a greeting.
#[must_use]
pub fn response(body: &[u8]) -> Option<Response<'_>> {
    let flags = body.first_chunk().map(|flags| u32::from_le_bytes(*flags))?;
    if flags & PROTOCOL_41 == 0 {
        // The protocol before 4.1: two bytes of flags, three of a size.
        let (user, _) = zero_ended(body.get(5..)?)?;
        return Some(Response { user, ..Response::default() });
    }
    if body.len() == 32 && flags & ENCRYPTED != 0 {
        return Some(Response { encrypts: true, ..Response::default() });
    }
    let (user, rest) = zero_ended(body.get(32..)?)?;
    let (proof, rest) = if flags & (LENGTH_ENCODED | SECURE) != 0 {
        let (length, rest) = rest.split_first()?;
        rest.split_at_checked(usize::from(*length))?
    } else {
        zero_ended(rest)?
    };
    let (database, rest) = match flags & WITH_DATABASE != 0 {
        true => zero_ended(rest).map(|(name, rest)| (Some(name), rest))?,
        false => (None, rest),
    };
    let plugin = if flags & PLUGIN != 0 { zero_ended(rest).map(|(name, _)| name) } else { None };
    Some(Response { encrypts: false, user, database, plugin, bare: proof.is_empty() })
}

fn zero_ended(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = memchr::memchr(0, bytes)?;
    Some((&bytes[..end], &bytes[end + 1..]))
}

/// Code and message of an error packet.
#[must_use]
pub fn error(body: &[u8]) -> Option<(u16, &[u8])> {
    let ([0xff, low, high], rest) = body.split_first_chunk::<3>()? else { return None };
    // The state of SQL stands behind a mark.
    let message = if rest.first() == Some(&b'#') { rest.get(6..).unwrap_or_default() } else { rest };
    Some((u16::from_le_bytes([*low, *high]), message))
}
