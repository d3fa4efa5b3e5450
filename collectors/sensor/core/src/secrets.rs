//! Secrets never become events: what decoders write in their place.

use std::borrow::Cow;
use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;

use sha2::{Digest, Sha256};

/// Names of parameters whose values open doors; compared in lower case.
const SECRET_NAMES: &[&[u8]] = &[
    b"access_token",
    b"api_key",
    b"apikey",
    b"client_secret",
    b"jsessionid",
    b"mat_khau",
    b"matkhau",
    b"pass",
    b"passphrase",
    b"passwd",
    b"password",
    b"phpsessid",
    b"pwd",
    b"refresh_token",
    b"session_id",
    b"sessionid",
    b"ticket",
];

static KEY: OnceLock<[u8; 32]> = OnceLock::new();

/// Sets the installation's key, so that the same secret has the same mask on every day and sensor. Only before the
/// first mask; without it a key is drawn that lives as long as the process. Says whether the key was taken.
pub fn set_key(key: [u8; 32]) -> bool {
    KEY.set(key).is_ok()
}

fn drawn() -> [u8; 32] {
    let mut key = [0; 32];
    for (part, seed) in key.chunks_exact_mut(8).zip(0_u8..) {
        // The standard library seeds each of these from the system's random numbers.
        part.copy_from_slice(&RandomState::new().hash_one(seed).to_le_bytes());
    }
    key
}

/// The mask of a secret: a keyed hash, short enough to be useless for guessing, long enough that reuse shows.
#[must_use]
pub fn mask(secret: &[u8]) -> String {
    let key = KEY.get_or_init(drawn);
    let hash = Sha256::new().chain_update(key).chain_update(secret).finalize();
    format!("k:{:02x}{:02x}{:02x}{:02x}", hash[0], hash[1], hash[2], hash[3])
}

/// Whether a parameter or form field of this name holds a secret.
#[must_use]
pub fn is_secret_name(name: &[u8]) -> bool {
    SECRET_NAMES.iter().any(|secret| name.eq_ignore_ascii_case(secret))
}

/// A URL or target with the password of its user part and the values of secret parameters masked.
#[must_use]
pub fn mask_url(url: &[u8]) -> Cow<'_, [u8]> {
    let mut out: Option<Vec<u8>> = None;
    let mut copied = 0;
    let mut replace = |from: usize, to: usize| {
        let out = out.get_or_insert_with(Vec::new);
        out.extend_from_slice(&url[copied..from]);
        out.extend_from_slice(mask(&url[from..to]).as_bytes());
        copied = to;
    };
    if let Some((from, to)) = user_password(url) {
        replace(from, to);
    }
    let query = memchr::memchr(b'?', url).unwrap_or(url.len());
    let mut position = 0;
    while let Some(equals) = memchr::memchr(b'=', &url[position..]).map(|at| at + position) {
        let name =
            url[..equals].iter().rposition(|b| matches!(b, b'?' | b'&' | b';' | b'#')).map_or(0, |at| at + 1);
        position = equals + 1;
        if is_secret_name(&url[name..equals]) {
            let end = url[position..].iter().position(|b| matches!(b, b'&' | b';' | b'#' | b' '));
            let end = end.map_or(url.len(), |at| at + position);
            // A parameter of the path ends where the query begins.
            let end = if position < query { end.min(query) } else { end };
            // Empty passwords stay readable.
            if end > position {
                replace(position, end);
            }
            position = end;
        }
    }
    match out {
        None => Cow::Borrowed(url),
        Some(mut out) => {
            out.extend_from_slice(&url[copied..]);
            Cow::Owned(out)
        }
    }
}

/// Where the password of `scheme://user:password@host` lies.
fn user_password(url: &[u8]) -> Option<(usize, usize)> {
    let start = memchr::memmem::find(url, b"//")? + 2;
    let end =
        url[start..].iter().position(|b| matches!(b, b'/' | b'?' | b'#')).map_or(url.len(), |at| at + start);
    let at = memchr::memrchr(b'@', &url[start..end])? + start;
    let colon = memchr::memchr(b':', &url[start..at])? + start;
    (colon + 1 < at).then_some((colon + 1, at))
}

#[cfg(test)]
mod tests {
    use super::{mask, mask_url};

    #[test]
    fn the_same_secret_has_the_same_mask() {
        assert_eq!(mask(b"hunter2"), mask(b"hunter2"));
        assert_ne!(mask(b"hunter2"), mask(b"hunter3"));
    }

    #[test]
    fn urls_keep_all_but_their_secrets() {
        let shown = |url: &str| String::from_utf8_lossy(&mask_url(url.as_bytes())).into_owned();
        assert_eq!(shown("/a?b=1&c=2"), "/a?b=1&c=2");
        assert_eq!(shown("/a?password=&c=2"), "/a?password=&c=2");
        let url = shown("http://u:SECRET1@h/p;jsessionid=SECRET2?x=1&PassWord=SECRET3&y=2");
        assert!(!url.contains("SECRET"), "{url}");
        assert!(
            url.starts_with("http://u:k:") && url.contains("?x=1&PassWord=k:") && url.ends_with("&y=2"),
            "{url}"
        );
    }
}
