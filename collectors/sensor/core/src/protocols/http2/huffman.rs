//! The Huffman code of HPACK (RFC 7541 §5.2, appendix B). The code is canonical, so that the lengths of its words tell it
//! all: shorter words come first, and among words of one length the smaller symbol.

/// Length of each symbol's word, bits; the last one is the end of a string, which never stands in one.
#[rustfmt::skip]
const LENGTHS: [u8; 257] = [
    13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30,
    28, 28, 28, 28, 28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
    5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
    7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6, 5, 6, 5, 6, 6, 6, 5,
    7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22,
    22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23,
    22, 23, 23, 24, 22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22,
    21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26,
    26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20,
    24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27,
    27, 28, 27, 27, 27, 27, 27, 26, 30,
];

/// Longest word, bits.
const WORD_MAX: usize = 30;

/// The end of a string.
const END: u16 = 256;

/// Words of one length: the first of them, and where their symbols begin in [`SYMBOLS`].
#[derive(Clone, Copy)]
struct Group {
    first: u32,
    count: u32,
    at: usize,
}

const CODE: ([u16; 257], [Group; WORD_MAX + 1]) = code();
/// Symbols in the order of their words.
static SYMBOLS: [u16; 257] = CODE.0;
static GROUPS: [Group; WORD_MAX + 1] = CODE.1;

const fn code() -> ([u16; 257], [Group; WORD_MAX + 1]) {
    let mut symbols = [0; 257];
    let mut groups = [Group { first: 0, count: 0, at: 0 }; WORD_MAX + 1];
    let (mut word, mut at, mut length) = (0, 0, 1);
    while length <= WORD_MAX {
        word <<= 1;
        groups[length] = Group { first: word, count: 0, at };
        let mut symbol = 0;
        while symbol < 257 {
            if LENGTHS[symbol as usize] as usize == length {
                symbols[at] = symbol;
                groups[length].count += 1;
                (word, at) = (word + 1, at + 1);
            }
            symbol += 1;
        }
        length += 1;
    }
    (symbols, groups)
}

/// Decodes a string; `None` where it is none: an end inside, or more than padding behind the last word.
#[must_use]
pub fn decode(bytes: &[u8]) -> Option<Vec<u8>> {
    // The shortest word has five bits.
    let mut out = Vec::with_capacity(bytes.len() * 8 / 5);
    let (mut word, mut length) = (0_u32, 0_usize);
    for bit in bytes.iter().flat_map(|byte| (0..8).rev().map(move |shift| byte >> shift & 1)) {
        word = word << 1 | u32::from(bit);
        length += 1;
        let group = GROUPS.get(length)?;
        let place = word.wrapping_sub(group.first);
        if word >= group.first && place < group.count {
            let symbol = *SYMBOLS.get(group.at + usize::try_from(place).ok()?)?;
            if symbol == END {
                return None;
            }
            out.push(u8::try_from(symbol).ok()?);
            (word, length) = (0, 0);
        }
    }
    // Padding is the beginning of the end's word: ones.
    (length < 8 && word == (1 << length) - 1).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn strings_of_the_standard_are_decoded() {
        // RFC 7541 §C.4 and §C.6.
        let host = [0xf1, 0xe3, 0xc2, 0xe5, 0xf2, 0x3a, 0x6b, 0xa0, 0xab, 0x90, 0xf4, 0xff];
        assert_eq!(decode(&host).as_deref(), Some(&b"www.example.com"[..]));
        assert_eq!(decode(&[0xa8, 0xeb, 0x10, 0x64, 0x9c, 0xbf]).as_deref(), Some(&b"no-cache"[..]));
        assert_eq!(decode(&[0x64, 0x02]).as_deref(), Some(&b"302"[..]));
        assert_eq!(decode(b"").as_deref(), Some(&b""[..]));
    }

    #[test]
    fn padding_and_ends_are_checked() {
        assert_eq!(decode(&[0xff]), None);
        assert_eq!(decode(&[0xff; 4]), None);
        assert_eq!(decode(&[0x1c]), None);
    }
}
