//! The messages of the handshake.

/// `RFB xxx.yyy` and a line end.
pub const VERSION_BYTES: usize = 12;

/// Longest reason or desktop name; honest ones are a line.
const TEXT_MAX: usize = 4_096;

/// Major and minor number of a version line.
pub fn version(line: &[u8; VERSION_BYTES]) -> Option<(u16, u16)> {
    let digits = line.strip_prefix(b"RFB ")?.strip_suffix(b"\n")?;
    let (major, minor) = (digits.get(..3)?, digits.get(4..)?);
    let number = |digits: &[u8]| -> Option<u16> {
        digits.iter().all(u8::is_ascii_digit).then(|| std::str::from_utf8(digits).ok()?.parse().ok())?
    };
    (digits[3] == b'.').then_some((number(major)?, number(minor)?))
}

/// Something at the beginning of some bytes.
#[derive(Debug, PartialEq, Eq)]
pub enum Taken<T> {
    /// It, and how many bytes it takes.
    Whole(T, usize),
    /// Its end has not come.
    Incomplete,
    /// Longer than any honest one.
    Broken,
}

/// A text behind its length.
pub fn text(bytes: &[u8]) -> Taken<&[u8]> {
    let Some((length, rest)) = bytes.split_first_chunk::<4>() else { return Taken::Incomplete };
    let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
    if length > TEXT_MAX {
        return Taken::Broken;
    }
    rest.get(..length).map_or(Taken::Incomplete, |text| Taken::Whole(text, 4 + length))
}

/// Bytes of ServerInit before the name: width, height, pixel format.
const INIT_BYTES: usize = 20;

/// ServerInit: width, height and name of the desktop.
pub fn server_init(bytes: &[u8]) -> Taken<(u16, u16, &[u8])> {
    let Some((head, rest)) = bytes.split_first_chunk::<INIT_BYTES>() else { return Taken::Incomplete };
    let [width, height] = [[head[0], head[1]], [head[2], head[3]]].map(u16::from_be_bytes);
    match text(rest) {
        Taken::Whole(name, used) => Taken::Whole((width, height, name), INIT_BYTES + used),
        Taken::Incomplete => Taken::Incomplete,
        Taken::Broken => Taken::Broken,
    }
}
