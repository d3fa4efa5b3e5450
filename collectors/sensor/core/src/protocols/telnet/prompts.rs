//! What a server's text means, by its words.

/// What the server waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// The name of an account.
    User,
    /// A password.
    Password,
    /// A command.
    Shell,
}

/// Endings of prompts for a name, lower case.
const USER: [&str; 9] = [
    "login:",
    "logon:",
    "username:",
    "user name:",
    "user:",
    "userid:",
    "account:",
    "tên đăng nhập:",
    "tài khoản:",
];

/// Words in prompts for a password.
const PASSWORD: [&str; 4] = ["password", "passwd", "passcode", "mật khẩu"];

/// Words of a rejection.
const REJECTION: [&str; 11] = [
    "incorrect",
    "failed",
    "failure",
    "denied",
    "invalid",
    "bad password",
    "bad user",
    "wrong",
    "not allowed",
    "thất bại",
    "không đúng",
];

/// Words of a welcome.
const WELCOME: [&str; 4] = ["last login", "welcome", "successful", "busybox"];

/// Longest prompt: user, host and path.
const PROMPT_MAX: usize = 160;

/// The prompt that ends a text.
pub fn prompt(text: &[u8]) -> Option<Prompt> {
    let text = text.strip_suffix(b"\0").unwrap_or(text);
    let start = memchr::memrchr2(b'\n', b'\r', text).map_or(0, |end| end + 1);
    let last = without_escapes(&text[start..]);
    let last = last.trim().to_lowercase();
    if last.is_empty() || last.len() > PROMPT_MAX {
        return None;
    }
    if last.ends_with(':') && PASSWORD.iter().any(|word| last.contains(word)) {
        Some(Prompt::Password)
    } else if USER.iter().any(|end| last.ends_with(end)) {
        Some(Prompt::User)
    } else {
        last.ends_with(['$', '#', '>', '%']).then_some(Prompt::Shell)
    }
}

/// The word of a rejection in a text: a constant, so that nothing of what was typed is shown.
pub fn rejection(text: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(text).to_lowercase();
    REJECTION.into_iter().find(|word| text.contains(word))
}

/// Whether a text welcomes.
pub fn welcomes(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text).to_lowercase();
    WELCOME.iter().any(|word| text.contains(word))
}

/// A text in one line, without the colours and movements of terminals (ECMA-48).
pub fn without_escapes(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter == '\x1b' {
            if letters.next() == Some('[') {
                letters.by_ref().find(|end| ('@'..='~').contains(end));
            }
        } else if !letter.is_control() {
            out.push(letter);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out
}
