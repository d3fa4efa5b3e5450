//! Packets, options and tokens (MS-TDS §2.2).

/// Kinds of packets.
pub const LOGIN: u8 = 0x10;
/// Options before the log-in; also TLS of the log-in.
pub const PRE_LOGIN: u8 = 0x12;
/// What the server answers.
pub const ANSWER: u8 = 0x04;

/// A packet: 4,096 bytes are agreed upon, 32,767 are the most.
const PACKET_MAX: usize = 32_767;

/// Bytes of the packet header.
const HEADER_BYTES: usize = 8;

/// One packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    /// What it is.
    pub kind: u8,
    /// What stands behind the header.
    pub body: &'a [u8],
    /// With its header.
    pub length: usize,
}

/// Reads a packet; `None` when more is wanted.
///
/// # Errors
/// If it is none.
pub fn packet(bytes: &[u8]) -> Result<Option<Packet<'_>>, ()> {
    let Some([kind, status, high, low, _, _, _, window]) = bytes.first_chunk::<HEADER_BYTES>() else {
        // The status has few bits.
        return if bytes.get(1).is_none_or(|status| *status <= 0x1f) { Ok(None) } else { Err(()) };
    };
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    if *status > 0x1f || *window != 0 || !(HEADER_BYTES..=PACKET_MAX).contains(&length) {
        return Err(());
    }
    Ok(bytes.get(HEADER_BYTES..length).map(|body| Packet { kind: *kind, body, length }))
}

/// Options that say something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Version and build.
    pub version: Option<(u8, u8, u16)>,
    /// 0 log-in only, 1 on, 2 not supported, 3 required.
    pub encryption: Option<u8>,
}

/// Reads the options of a pre-login.
#[must_use]
pub fn options(body: &[u8]) -> Option<Options> {
    let mut options = Options::default();
    for entry in body.chunks(5).take(16) {
        let [token, o0, o1, l0, l1] = match entry {
            [0xff, ..] => return Some(options),
            entry => *entry.first_chunk::<5>()?,
        };
        let offset = usize::from(u16::from_be_bytes([o0, o1]));
        let length = usize::from(u16::from_be_bytes([l0, l1]));
        let value = body.get(offset..offset + length)?;
        match (token, value) {
            (0, [major, minor, b0, b1, _, _]) => {
                options.version = Some((*major, *minor, u16::from_be_bytes([*b0, *b1])));
            }
            (1, [encryption, ..]) => options.encryption = Some(*encryption),
            (0..=7, _) => {}
            _ => return None,
        }
    }
    None
}

/// Who logs in.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Login {
    /// Machine of the client.
    pub host: String,
    /// Account; empty where Windows proves it.
    pub user: String,
    /// Its password.
    pub password: String,
    /// Program.
    pub application: String,
    /// Database.
    pub database: String,
    /// Windows proves who it is.
    pub integrated: bool,
}

/// Reads a LOGIN7 message.
#[must_use]
pub fn login(body: &[u8]) -> Option<Login> {
    let length = u32::from_le_bytes(*body.first_chunk()?);
    // The length is that of the message, which may go on in further packets.
    if usize::try_from(length).ok()? < 94 || length > 128 << 10 || body.get(7)? >> 4 != 7 {
        return None;
    }
    let field = |at: usize| {
        let [o0, o1, l0, l1] = *body.get(at..)?.first_chunk::<4>()?;
        let offset = usize::from(u16::from_le_bytes([o0, o1]));
        body.get(offset..offset + 2 * usize::from(u16::from_le_bytes([l0, l1])))
    };
    let plain = |bytes: &u8| (bytes ^ 0xa5).rotate_left(4);
    let password: Vec<u8> = field(44)?.iter().map(plain).collect();
    Some(Login {
        host: text(field(36)?),
        user: text(field(40)?),
        password: text(&password),
        application: text(field(48)?),
        database: text(field(68)?),
        integrated: body.get(25)? & 0x80 != 0,
    })
}

/// UTF-16, little end first.
fn text(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// How a log-in ended.
#[derive(Debug, PartialEq, Eq)]
pub enum End {
    /// Let in.
    Accepted,
    /// Number and text of the error.
    Refused(u32, String),
}

/// Reads the tokens of an answer.
#[must_use]
pub fn end(mut body: &[u8]) -> Option<End> {
    while let Some(([token, low, high], rest)) = body.split_first_chunk::<3>() {
        let value = rest.get(..usize::from(u16::from_le_bytes([*low, *high])))?;
        match token {
            0xad => return Some(End::Accepted),
            0xaa => {
                let number = u32::from_le_bytes(*value.first_chunk()?);
                let letters = usize::from(u16::from_le_bytes(*value.get(6..)?.first_chunk()?));
                return Some(End::Refused(number, text(value.get(8..8 + 2 * letters)?)));
            }
            // Information, changes of environment, a challenge.
            0xab | 0xe3 | 0xed => body = &rest[value.len()..],
            _ => return None,
        }
    }
    None
}
