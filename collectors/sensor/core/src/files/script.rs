//! Text: pages, scripts and the rest. Scripts carry no magic number, so their own words tell them apart.

use std::borrow::Cow;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::kind::{FileType, Kind};

/// Bytes of text that are read: licences and comments come first in many scripts, words follow soon.
const READ_MAX: usize = 8_192;

/// Languages told apart by their words; a file is the one with most different words, from its least number on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    PowerShell,
    VisualBasic,
    WindowsScript,
    JavaScript,
    Batch,
    Shell,
    Python,
    Html,
    HtmlApplication,
}
/// How many languages there are.
const LANGUAGES: usize = Language::HtmlApplication as usize + 1;

use Language::{
    Batch, Html, HtmlApplication, JavaScript, PowerShell, Python, Shell, VisualBasic, WindowsScript,
};

const WORDS: &[(Language, &str)] = &[
    (PowerShell, "invoke-"),
    (PowerShell, "iex "),
    (PowerShell, "iex("),
    (PowerShell, "new-object "),
    (PowerShell, ".downloadstring("),
    (PowerShell, "frombase64string("),
    (PowerShell, "$env:"),
    (PowerShell, "-encodedcommand"),
    (PowerShell, "set-strictmode"),
    (PowerShell, "write-host"),
    (PowerShell, "start-process"),
    (PowerShell, "add-type"),
    (PowerShell, "[system."),
    (PowerShell, "-join"),
    (PowerShell, "foreach-object"),
    (PowerShell, "| % {"),
    (PowerShell, "get-"),
    (PowerShell, "[convert]::"),
    (PowerShell, "[byte[]]"),
    (PowerShell, "out-null"),
    (PowerShell, "start-sleep"),
    (PowerShell, "-executionpolicy"),
    (VisualBasic, "createobject("),
    (VisualBasic, "wscript.shell"),
    (VisualBasic, "end sub"),
    (VisualBasic, "end function"),
    (VisualBasic, "\ndim "),
    (VisualBasic, "on error resume next"),
    (VisualBasic, "execute("),
    (VisualBasic, "executeglobal"),
    (VisualBasic, "chr("),
    (VisualBasic, "\nset "),
    (VisualBasic, "wscript.sleep"),
    (VisualBasic, "end if"),
    (VisualBasic, "strreverse("),
    (VisualBasic, "msgbox"),
    (WindowsScript, "activexobject"),
    (WindowsScript, "wscript."),
    (WindowsScript, "getobject("),
    (WindowsScript, "scripting.filesystemobject"),
    (WindowsScript, "adodb.stream"),
    (WindowsScript, "msxml2."),
    (JavaScript, "function("),
    (JavaScript, "function "),
    (JavaScript, "var "),
    (JavaScript, "let "),
    (JavaScript, "const "),
    (JavaScript, "=>"),
    (JavaScript, "return "),
    (JavaScript, "typeof "),
    (JavaScript, "document."),
    (JavaScript, "window."),
    (JavaScript, ".prototype"),
    (JavaScript, "eval("),
    (JavaScript, "unescape("),
    (JavaScript, "fromcharcode"),
    (JavaScript, "use strict"),
    (JavaScript, "else{"),
    (Batch, "@echo off"),
    (Batch, "setlocal"),
    (Batch, "%~dp0"),
    (Batch, "\ngoto "),
    (Batch, "%appdata%"),
    (Batch, "%temp%"),
    (Batch, "cmd /c"),
    (Batch, "cmd.exe /c"),
    (Batch, "\nset "),
    (Batch, "\nrem "),
    (Batch, "if exist "),
    (Batch, "start /"),
    (Batch, "certutil"),
    (Batch, "powershell -"),
    (Batch, ">nul"),
    (Batch, "taskkill /"),
    (Batch, "reg add"),
    (Batch, "schtasks /"),
    (Shell, "wget http"),
    (Shell, "curl -"),
    (Shell, "chmod +x"),
    (Shell, "chmod 777"),
    (Shell, "/bin/busybox"),
    (Shell, "cd /tmp"),
    (Shell, "rm -rf"),
    (Shell, "/dev/null"),
    (Shell, "\nfi\n"),
    (Shell, "\ndone"),
    (Shell, "; do "),
    (Shell, "export path"),
    (Shell, "nohup "),
    (Shell, "crontab"),
    (Shell, "| bash"),
    (Shell, "| sh"),
    (Python, "\nimport "),
    (Python, "\nfrom "),
    (Python, "\ndef "),
    (Python, "if __name__"),
    (Python, "import os"),
    (Python, "import sys"),
    (Python, "\nclass "),
    (Python, "self."),
    (Python, "import socket"),
    (Python, "print("),
    (Html, "<html"),
    (Html, "<head"),
    (Html, "<body"),
    (Html, "<script"),
    (Html, "<title"),
    (Html, "<iframe"),
    (Html, "<meta "),
    (Html, "<div"),
    (Html, "</a>"),
    (Html, "<p>"),
    (Html, "<form"),
    (Html, "<table"),
    (Html, "<!doctype html"),
    (HtmlApplication, "<hta:application"),
    (HtmlApplication, "vbscript"),
    (HtmlApplication, "shell.application"),
    (HtmlApplication, "wscript.shell"),
    (HtmlApplication, "activexobject"),
    (HtmlApplication, "window.resizeto(0"),
];

fn automaton() -> Option<&'static AhoCorasick> {
    static AUTOMATON: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    AUTOMATON
        .get_or_init(|| {
            AhoCorasick::builder()
                .kind(Some(AhoCorasickKind::DFA))
                .ascii_case_insensitive(true)
                .build(WORDS.iter().map(|(_, word)| word))
                .ok()
        })
        .as_ref()
}

/// Different words of each language in a text.
struct Found([u8; LANGUAGES]);

impl Found {
    fn of(text: &[u8]) -> Self {
        let mut seen = [false; WORDS.len()];
        if let Some(automaton) = automaton() {
            for hit in automaton.find_overlapping_iter(text) {
                seen[hit.pattern().as_usize()] = true;
            }
        }
        let mut counts = [0; LANGUAGES];
        for (_, (language, _)) in seen.iter().zip(WORDS).filter(|(seen, _)| **seen) {
            counts[*language as usize] += 1;
        }
        Self(counts)
    }

    fn count(&self, language: Language) -> u8 {
        self.0[language as usize]
    }
}

/// The type of a text; `None` when the bytes are no text.
pub(super) fn detect(head: &[u8]) -> Option<FileType> {
    let text = plain(&head[..head.len().min(READ_MAX)])?;
    let start = text.trim_ascii_start();
    if let Some(found) = by_start(start) {
        return Some(found);
    }
    let found = Found::of(&text);
    markup(start, &found)
        .or_else(|| language(start, &found))
        .or(Some(FileType::new(Kind::Text, "text/plain")))
}

/// The text in a form that can be searched; UTF-16 loses its high bytes. `None`: not a text.
fn plain(head: &[u8]) -> Option<Cow<'_, [u8]>> {
    if head.is_empty() {
        return None;
    }
    for (mark, low) in [(b"\xff\xfe", 0), (b"\xfe\xff", 1)] {
        if let Some(rest) = head.strip_prefix(mark) {
            let narrow: Vec<u8> = rest.chunks_exact(2).map(|pair| pair[low]).collect();
            return printable(&narrow).then_some(Cow::Owned(narrow));
        }
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    printable(text).then_some(Cow::Borrowed(text))
}

/// At most one byte in fifty may be a control character, and bytes above ASCII must mostly be UTF-8: noise is neither.
fn printable(text: &[u8]) -> bool {
    let controls = text
        .iter()
        .filter(|&&b| (b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c)) || b == 0x7f)
        .count();
    if controls * 50 > text.len() {
        return false;
    }
    let broken: usize = text.utf8_chunks().map(|chunk| chunk.invalid().len()).sum();
    broken * 10 <= text.len()
}

fn begins(text: &[u8], word: &str) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
}

fn by_start(text: &[u8]) -> Option<FileType> {
    if let Some(line) = text.strip_prefix(b"#!") {
        let line = &line[..memchr::memchr(b'\n', line).unwrap_or(line.len())];
        let mime = if memchr::memmem::find(line, b"python").is_some() {
            "text/x-python"
        } else {
            "text/x-shellscript"
        };
        return Some(FileType::new(Kind::Script, mime));
    }
    let first = &text[..text.len().min(1_024)];
    if memchr::memmem::find(first, b"<?php").is_some() {
        return Some(FileType::new(Kind::Script, "text/x-php"));
    }
    if begins(text, "<%@") || begins(text, "<%") {
        return Some(FileType::new(Kind::Script, "text/x-server-page"));
    }
    if begins(text, "windows registry editor") || begins(text, "regedit4") {
        return Some(FileType::new(Kind::Script, "text/x-ms-regedit"));
    }
    json(text).then_some(FileType::new(Kind::Text, "application/json"))
}

fn json(text: &[u8]) -> bool {
    let Some((first, rest)) = text.split_first() else { return false };
    let next = rest.trim_ascii_start().first().copied();
    match first {
        b'{' => matches!(next, Some(b'"' | b'}')),
        b'[' => matches!(next, Some(b'"' | b'{' | b'[' | b']' | b'0'..=b'9' | b'-')),
        _ => false,
    }
}

fn markup(text: &[u8], found: &Found) -> Option<FileType> {
    let page = begins(text, "<!doctype html")
        || begins(text, "<html")
        || (text.first() == Some(&b'<') && found.count(Html) >= 1);
    // An HTML application: its own element, or a page whose script drives the Windows shell.
    let tag = memchr::memmem::find(text, b"hta:application")
        .or_else(|| memchr::memmem::find(text, b"HTA:APPLICATION"));
    if tag.is_some() || (page && found.count(HtmlApplication) >= 2) {
        return Some(FileType::new(Kind::Hta, "application/hta"));
    }
    if begins(text, "<?xml") || begins(text, "<svg") || begins(text, "<job") || begins(text, "<package") {
        return Some(xml(text));
    }
    (page || found.count(Html) >= 4).then_some(FileType::new(Kind::Html, "text/html"))
}

fn xml(text: &[u8]) -> FileType {
    let first = &text[..text.len().min(2_048)];
    let has = |word: &[u8]| memchr::memmem::find(first, word).is_some();
    if has(b"<svg") {
        FileType::new(Kind::Image, "image/svg+xml")
    } else if has(b"<scriptlet") || has(b"<component") && has(b"<script") || has(b"<job") && has(b"<script") {
        FileType::new(Kind::Script, "text/x-windows-script")
    } else if has(b"progid=\"Word.Document\"") || has(b"progid=\"Excel.Sheet\"") {
        FileType::new(Kind::Office, "application/xml")
    } else if has(b"<html") {
        FileType::new(Kind::Html, "application/xhtml+xml")
    } else {
        FileType::new(Kind::Text, "text/xml")
    }
}

fn language(text: &[u8], found: &Found) -> Option<FileType> {
    // A language of administration needs two of its words; JavaScript's words are common English, it needs three and
    // a call.
    let calls = memchr::memchr(b'(', text).is_some();
    let jscript =
        found.count(WindowsScript) >= 1 && found.count(JavaScript) >= 1 && found.count(VisualBasic) < 4;
    let candidates = [
        (found.count(PowerShell), 2, "text/x-powershell"),
        (found.count(VisualBasic), 2, "text/vbscript"),
        (found.count(Batch) + 2 * u8::from(begins(text, "@echo off")), 2, "text/x-msdos-batch"),
        (found.count(Shell), 2, "text/x-shellscript"),
        (found.count(Python), 3, "text/x-python"),
        (if calls { found.count(JavaScript) } else { 0 }, 3, "text/javascript"),
    ];
    if jscript {
        return Some(FileType::new(Kind::Script, "text/jscript"));
    }
    let best =
        candidates.iter().filter(|(count, least, _)| count >= least).max_by_key(|(count, ..)| *count)?;
    Some(FileType::new(Kind::Script, best.2))
}
