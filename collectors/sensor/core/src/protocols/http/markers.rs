//! Marks of attacks on web applications in what is never told for its secrets: bodies, cookies, headers. Which kind stands
//! where is told, the text is not. The texts are what the attacks need to work (OWASP Web Security Testing Guide §4.7),
//! chosen so that what people write and programs send does not have them.

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

/// Kinds of attack with their texts; letter case does not count, and any run of white space or comment is one space.
const TEXTS: &[(&str, &[&str])] = &[
    (
        "sql",
        &[
            "union select ",
            "union all select ",
            "' or '1'='1",
            "' or 1=1",
            "\" or 1=1",
            "' or ''='",
            "' and 1=1",
            "information_schema.",
            "waitfor delay '",
            "xp_cmdshell",
            "pg_sleep(",
            "benchmark(",
            "and sleep(",
            "or sleep(",
            "select sleep(",
            "select(sleep(",
            "into outfile '",
            "load_file(",
            "extractvalue(1",
            "updatexml(1",
            "dbms_pipe.receive_message(",
            "'; drop table ",
            "order by 1-- ",
        ],
    ),
    (
        "command",
        &[
            "() { :",
            "/bin/sh -c",
            "/bin/bash -c",
            "bash -i >&",
            "/dev/tcp/",
            "$(curl ",
            "$(wget ",
            "`curl ",
            "`wget ",
            ";curl http",
            "; curl http",
            ";wget http",
            "; wget http",
            "|curl http",
            "| curl http",
            "|wget http",
            "| wget http",
            ";cat /etc/",
            "; cat /etc/",
            "|cat /etc/",
            "| cat /etc/",
            "&&cat /etc/",
            "&& cat /etc/",
            "${ifs}",
            "powershell -e",
            "powershell.exe -e",
            "powershell -nop",
            "cmd.exe /c ",
            "cmd /c ",
            ";id;",
            "|id;",
            "chmod 777 ",
            "certutil -urlcache",
        ],
    ),
    (
        "path",
        &[
            "../../../",
            "..\\..\\..\\",
            "/etc/passwd",
            "/etc/shadow",
            "\\windows\\win.ini",
            "/windows/win.ini",
            "/proc/self/environ",
            "php://filter",
            "php://input",
            "expect://",
            "file:///etc/",
            "file:///c:/",
        ],
    ),
    (
        "script",
        &[
            "<script>alert(",
            "onerror=alert(",
            "onload=alert(",
            "<svg/onload=",
            "<svg onload=",
            "javascript:alert(",
            "<script>document.location",
            "<script src=//",
            "\"><script>",
            "'><script>",
            "<img src=x onerror",
        ],
    ),
    ("lookup", &["${jndi:", "${lower:", "${upper:", "${::-", "${env:nan:-", "${${env:"]),
    (
        "expression",
        &[
            "%{(#",
            "#_memberaccess",
            "ognl.ognlcontext",
            "class.module.classloader",
            "t(java.lang.runtime)",
            "java.lang.processbuilder",
            "runtime.getruntime().exec",
            "{{7*7}}",
            "${7*7}",
            "__class__.__mro__",
            ".__globals__",
            "freemarker.template.utility.execute",
            "<%=7*7%>",
            "#{7*7}",
            "*{t(java",
        ],
    ),
    (
        "php",
        &[
            "<?php",
            "eval($_",
            "assert($_",
            "system($_",
            "passthru($_",
            "shell_exec(",
            "base64_decode($_",
            "eval(base64_decode",
            "gzinflate(base64_decode",
            "eval(gzinflate",
            "auto_prepend_file",
            "allow_url_include",
        ],
    ),
    (
        "entity",
        &[
            "<!entity % ",
            "<!doctype foo [",
            "system \"file:",
            "system 'file:",
            "system \"expect:",
            "system \"php:",
        ],
    ),
    (
        "object",
        &[
            "ro0abx",
            "\u{0}\u{5}sr\u{0}",
            "aaeaaad/////",
            "!!javax.script.scriptenginemanager",
            "!!python/object",
            "cposix\nsystem",
            "gaphp:",
            "\"@type\":\"com.sun.rowset",
            "\"$type\":\"system.windows.data",
            "ysoserial",
        ],
    ),
];

/// Longest comment between two words; what stands in `Accept: */*` is none.
const COMMENT_MAX: usize = 64;

/// Bytes looked at in one value: where attacks begin.
const VALUE_MAX: usize = 4_096;

fn automaton() -> Option<&'static AhoCorasick> {
    static AUTOMATON: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    AUTOMATON
        .get_or_init(|| {
            let texts = TEXTS.iter().flat_map(|(_, texts)| texts.iter());
            AhoCorasick::builder().ascii_case_insensitive(true).build(texts).ok()
        })
        .as_ref()
}

/// Notes `place:kind` for every kind that is marked in a value.
pub(in crate::protocols) fn note(place: &str, value: &[u8], into: &mut Vec<String>) {
    let Some(automaton) = automaton() else { return };
    let plain = plain(&value[..value.len().min(VALUE_MAX)]);
    for hit in automaton.find_overlapping_iter(&plain) {
        let mut number = hit.pattern().as_usize();
        let kind = TEXTS.iter().find(|(_, texts)| {
            let here = number < texts.len();
            number = number.saturating_sub(if here { 0 } else { texts.len() });
            here
        });
        if let Some((kind, _)) = kind
            && !into.iter().any(|known| known.strip_prefix(place).is_some_and(|rest| rest[1..] == **kind))
        {
            into.push(format!("{place}:{kind}"));
        }
    }
}

/// Whether a header may hold any: nearly none does, and to look closer costs.
pub(in crate::protocols) fn may_mark(value: &[u8]) -> bool {
    memchr::memchr3(b'{', b'<', b'\'', value).is_some() || memchr::memmem::find(value, b"../..").is_some()
}

/// The same of a cookie, where values are encoded.
pub(in crate::protocols) fn may_mark_cookie(value: &[u8]) -> bool {
    may_mark(value)
        || memchr::memchr3(b'%', b'$', b'`', value).is_some()
        || memchr::memmem::find(value, b"rO0AB").is_some()
}

/// Percent encoding undone, plus signs and runs of white space and comments as one space.
fn plain(value: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(value.len());
    let mut rest = value;
    while let Some((&byte, more)) = rest.split_first() {
        let (byte, taken) = match (byte, rest) {
            (b'%', [_, high, low, ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => (high << 4 | low, 3),
                _ => (byte, 1),
            },
            (b'+', _) => (b' ', 1),
            (b'/', [_, b'*', inside @ ..]) => {
                let comment = &inside[..inside.len().min(COMMENT_MAX)];
                memchr::memmem::find(comment, b"*/").map_or((byte, 1), |end| (b' ', end + 4))
            }
            _ => (byte, 1),
        };
        let byte = if matches!(byte, b'\t' | b'\r' | 0x0b | 0x0c) { b' ' } else { byte };
        if byte != b' ' || plain.last() != Some(&b' ') {
            plain.push(byte);
        }
        rest = if taken == 1 { more } else { rest.get(taken..).unwrap_or(&[]) };
    }
    plain
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
