//! Filters as text (RFC 4515).

use crate::asn1::Elements;
use crate::secrets::mask;
use crate::text::push_hex;

use super::values::is_secret;

/// Nesting that is followed; tools write filters of five levels.
const DEPTH_MAX: usize = 24;

/// Longest text that is written, in bytes: filters that list hundreds of names end in `…`.
pub const TEXT_MAX: usize = 4_096;

/// A filter as text. What is no filter, too deep or too long becomes `…`.
#[must_use]
pub fn text(bytes: &[u8]) -> String {
    let mut out = String::new();
    if let Some((tag, content)) = Elements(bytes).next() {
        write(&mut out, tag, content, 0);
    }
    out
}

fn write(out: &mut String, tag: u8, content: &[u8], depth: usize) {
    if depth > DEPTH_MAX || out.len() > TEXT_MAX {
        if !out.ends_with('…') {
            out.push('…');
        }
        return;
    }
    out.push('(');
    match tag {
        0xa0..=0xa2 => {
            out.push(['&', '|', '!'][usize::from(tag & 3)]);
            let parts = Elements(content);
            for (tag, content) in parts {
                write(out, tag, content, depth + 1);
                if out.len() > TEXT_MAX {
                    break;
                }
            }
        }
        0xa3 => comparison(out, content, "="),
        0xa4 => substrings(out, content),
        0xa5 => comparison(out, content, ">="),
        0xa6 => comparison(out, content, "<="),
        0xa8 => comparison(out, content, "~="),
        0x87 => {
            escape(out, content);
            out.push_str("=*");
        }
        0xa9 => extensible(out, content),
        _ => out.push('…'),
    }
    out.push(')');
}

fn comparison(out: &mut String, content: &[u8], operator: &str) {
    let mut parts = Elements(content);
    let (Some((_, attribute)), Some((_, value))) = (parts.next(), parts.next()) else {
        return out.push('…');
    };
    escape(out, attribute);
    out.push_str(operator);
    self::value(out, attribute, value);
}

fn value(out: &mut String, attribute: &[u8], value: &[u8]) {
    if is_secret(attribute) { out.push_str(&mask(value)) } else { escape(out, value) }
}

/// `attribute=initial*any*final`
fn substrings(out: &mut String, content: &[u8]) {
    let mut parts = Elements(content);
    let (Some((_, attribute)), Some((_, list))) = (parts.next(), parts.next()) else {
        return out.push('…');
    };
    escape(out, attribute);
    out.push('=');
    let (list, mut last) = (Elements(list), 0);
    for (tag, part) in list {
        if tag != 0x80 {
            out.push('*');
        }
        value(out, attribute, part);
        last = tag;
        if out.len() > TEXT_MAX {
            break;
        }
    }
    if last != 0x82 {
        out.push('*');
    }
}

/// `attribute:dn:rule:=value`
fn extensible(out: &mut String, content: &[u8]) {
    let (parts, mut rule, mut attribute, mut operand, mut names) =
        (Elements(content), None, None, None, false);
    for (tag, part) in parts {
        match tag {
            0x81 => rule = Some(part),
            0x82 => attribute = Some(part),
            0x83 => operand = Some(part),
            0x84 => names = part.first().is_some_and(|flag| *flag != 0),
            _ => {}
        }
    }
    escape(out, attribute.unwrap_or_default());
    if names {
        out.push_str(":dn");
    }
    if let Some(rule) = rule {
        out.push(':');
        escape(out, rule);
    }
    out.push_str(":=");
    value(out, attribute.unwrap_or_default(), operand.unwrap_or_default());
}

/// Text as it is, and the letters of filters as `\NN`; of what is no text everything but ASCII.
fn escape(out: &mut String, bytes: &[u8]) {
    let bytes = bytes.get(..TEXT_MAX).unwrap_or(bytes);
    let special = |letter: char| letter.is_control() || matches!(letter, '*' | '(' | ')' | '\\');
    match std::str::from_utf8(bytes).ok().filter(|text| !text.contains(char::is_control)) {
        Some(text) if !text.contains(special) => out.push_str(text),
        Some(text) => {
            for letter in text.chars() {
                if special(letter) { hexadecimal(out, letter as u8) } else { out.push(letter) }
            }
        }
        None => {
            for byte in bytes {
                let plain = byte.is_ascii_graphic() && !special(char::from(*byte));
                if plain { out.push(char::from(*byte)) } else { hexadecimal(out, *byte) }
            }
        }
    }
}

fn hexadecimal(out: &mut String, byte: u8) {
    out.push('\\');
    push_hex(byte, out);
}
