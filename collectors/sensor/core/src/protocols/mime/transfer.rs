//! Transfer encodings (RFC 2045 §6), decoded as they stream by and as leniently as mail programs do.

/// base64: padding in the middle and letters outside the alphabet are passed over, as mail programs do.
#[derive(Default)]
pub(crate) struct Base64 {
    bits: u32,
    letters: u8,
    /// Letters outside the alphabet were met.
    pub(crate) odd: bool,
}

/// Letter → its value in base64; 64 for those outside the alphabet.
static SEXTETS: [u8; 256] = sextets();

const fn sextets() -> [u8; 256] {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut table = [64; 256];
    let mut value = 0;
    while value < 64 {
        table[ALPHABET[value as usize] as usize] = value;
        value += 1;
    }
    table
}

impl Base64 {
    /// Adds letters.
    pub(crate) fn decode(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        out.reserve(bytes.len() / 4 * 3 + 3);
        for &letter in bytes {
            let value = SEXTETS[usize::from(letter)];
            if value < 64 {
                self.bits = self.bits << 6 | u32::from(value);
                self.letters += 1;
                if self.letters == 4 {
                    let [_, a, b, c] = self.bits.to_be_bytes();
                    out.extend_from_slice(&[a, b, c]);
                    (self.bits, self.letters) = (0, 0);
                }
            } else if letter == b'=' {
                self.finish(out);
            } else if !letter.is_ascii_whitespace() {
                self.odd = true;
            }
        }
    }

    /// The letters end, or padding ends a group.
    pub(crate) fn finish(&mut self, out: &mut Vec<u8>) {
        let [_, a, b, _] = (self.bits << (6 * (4 - u32::from(self.letters.min(4))))).to_be_bytes();
        match self.letters {
            2 => out.push(a),
            3 => out.extend_from_slice(&[a, b]),
            _ => {}
        }
        (self.bits, self.letters) = (0, 0);
    }
}

/// Decodes one whole base64 text, at most `longest` letters of it.
pub(crate) fn base64(text: &[u8], longest: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut decoder = Base64::default();
    decoder.decode(&text[..text.len().min(longest)], &mut out);
    decoder.finish(&mut out);
    out
}

/// Blanks behind an `=` that are kept until it is known whether they stand at the end of the line.
const BLANKS_MAX: usize = 64;

/// quoted-printable.
#[derive(Default)]
pub(crate) struct Quoted {
    /// An `=` and what may belong to it.
    held: Vec<u8>,
}

impl Quoted {
    /// Adds bytes.
    pub(crate) fn decode(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        let mut rest = bytes;
        while !rest.is_empty() {
            if self.held.is_empty() {
                let end = memchr::memchr(b'=', rest).unwrap_or(rest.len());
                out.extend_from_slice(&rest[..end]);
                rest = &rest[end..];
                if rest.is_empty() {
                    return;
                }
            }
            self.held.push(rest[0]);
            rest = &rest[1..];
            self.resolve(out);
        }
    }

    /// Decides what is held, once that can be told.
    fn resolve(&mut self, out: &mut Vec<u8>) {
        let digit = |b: u8| char::from(b).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        match self.held[..] {
            [_] => {}
            // A soft line break; blanks may stand in front of it.
            [_, .., b'\n'] => self.held.clear(),
            [_, b' ' | b'\t' | b'\r', ..] => {
                let last = self.held.last().copied().unwrap_or_default();
                if !matches!(last, b' ' | b'\t' | b'\r') || self.held.len() > BLANKS_MAX {
                    self.release(out);
                }
            }
            [_, high] if digit(high).is_some() => {}
            [_, high, low] if digit(high).is_some() => match (digit(high), digit(low)) {
                (Some(high), Some(low)) => {
                    out.push(high << 4 | low);
                    self.held.clear();
                }
                _ => self.release(out),
            },
            _ => self.release(out),
        }
    }

    /// What is held is no escape; another `=` at its end may begin one.
    fn release(&mut self, out: &mut Vec<u8>) {
        let again = self.held.len() > 1 && self.held.last() == Some(&b'=');
        out.extend_from_slice(&self.held[..self.held.len() - usize::from(again)]);
        self.held.clear();
        if again {
            self.held.push(b'=');
        }
    }

    /// The bytes end.
    pub(crate) fn finish(&mut self, out: &mut Vec<u8>) {
        out.append(&mut self.held);
    }
}

/// One line of uuencoded data (POSIX uuencode); `None` when it is none.
pub(super) fn uudecode(line: &[u8]) -> Option<Vec<u8>> {
    let value = |letter: u8| matches!(letter, b' '..=b'`').then(|| (letter - b' ') & 63);
    let (&length, data) = line.split_first()?;
    let length = usize::from(value(length)?);
    let mut out = Vec::with_capacity(length + 3);
    for group in data.chunks(4) {
        let mut bits = 0;
        for place in 0..4 {
            bits = bits << 6 | u32::from(value(group.get(place).copied().unwrap_or(b' '))?);
        }
        let [_, a, b, c] = bits.to_be_bytes();
        out.extend_from_slice(&[a, b, c]);
    }
    if out.len() < length {
        return None;
    }
    out.truncate(length);
    Some(out)
}

/// `begin 644 name` → the name.
pub(super) fn uubegin(line: &[u8]) -> Option<&[u8]> {
    let rest = line.strip_prefix(b"begin ")?;
    let digits = rest.iter().take_while(|b| matches!(b, b'0'..=b'7')).count();
    let name = rest.get(digits..)?.strip_prefix(b" ")?.trim_ascii();
    (matches!(digits, 3 | 4) && !name.is_empty()).then_some(name)
}

/// How a part is encoded.
pub(super) enum Transfer {
    Plain,
    Base64(Base64),
    Quoted(Quoted),
}

impl Transfer {
    /// What Content-Transfer-Encoding names; unknown ones are read as they are.
    pub(super) fn of(name: &[u8]) -> Self {
        let name = name.trim_ascii();
        if name.eq_ignore_ascii_case(b"base64") {
            Self::Base64(Base64::default())
        } else if name.eq_ignore_ascii_case(b"quoted-printable") {
            Self::Quoted(Quoted::default())
        } else {
            Self::Plain
        }
    }

    /// Decodes the next bytes and gives them on.
    pub(super) fn add(&mut self, bytes: &[u8], sink: &mut dyn FnMut(&[u8])) {
        let mut out = Vec::new();
        match self {
            Self::Plain => return sink(bytes),
            Self::Base64(base64) => base64.decode(bytes, &mut out),
            Self::Quoted(quoted) => quoted.decode(bytes, &mut out),
        }
        if !out.is_empty() {
            sink(&out);
        }
    }

    /// The bytes end; says whether letters were odd.
    pub(super) fn finish(&mut self, sink: &mut dyn FnMut(&[u8])) -> bool {
        let mut out = Vec::new();
        let odd = match self {
            Self::Plain => false,
            Self::Base64(base64) => {
                base64.finish(&mut out);
                base64.odd
            }
            Self::Quoted(quoted) => {
                quoted.finish(&mut out);
                false
            }
        };
        if !out.is_empty() {
            sink(&out);
        }
        odd
    }
}
