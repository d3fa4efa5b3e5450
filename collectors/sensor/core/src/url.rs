//! Request targets taken apart, with what is secret in them masked.

use crate::files::extension;
use crate::secrets::mask_url;
use crate::text::lossless;

/// A request target and the host that it was meant for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Url {
    /// As sent; passwords in it are masked.
    pub original: String,
    /// Host, lower case, without port.
    pub domain: Option<String>,
    /// Port, where one is named.
    pub port: Option<u16>,
    /// Path, as sent.
    pub path: Option<String>,
    /// Query without its question mark.
    pub query: Option<String>,
    /// Extension of the last segment of the path, lower case.
    pub extension: Option<String>,
    /// The target names a host itself: a request to a proxy.
    pub absolute: bool,
}

impl Url {
    /// Takes a target apart. `host` is the Host header, for targets that are a path only; `authority` says that the
    /// target is a host and a port (CONNECT).
    #[must_use]
    pub fn parse(target: &[u8], host: Option<&[u8]>, authority: bool) -> Self {
        let masked = mask_url(target);
        let target: &[u8] = &masked;
        let (named, rest) = if authority { (Some(target), &b""[..]) } else { split_absolute(target) };
        let (domain, port) = named.or(host).map_or((None, None), split_authority);
        let rest = &rest[..memchr::memchr(b'#', rest).unwrap_or(rest.len())];
        let (path, query) = match memchr::memchr(b'?', rest) {
            Some(mark) => (&rest[..mark], Some(&rest[mark + 1..])),
            None => (rest, None),
        };
        let text = |bytes: &[u8]| lossless(bytes).into_owned();
        let path = (!path.is_empty()).then(|| text(path));
        Self {
            original: text(target),
            domain,
            port,
            extension: path.as_deref().and_then(|path| extension(path.split(';').next().unwrap_or(path))),
            path,
            query: query.map(text),
            absolute: named.is_some(),
        }
    }

    /// The last segment of the path: what a browser would call the file.
    #[must_use]
    pub fn file_name(&self) -> Option<&str> {
        self.path.as_deref()?.rsplit('/').next().filter(|name| !name.is_empty())
    }
}

/// `http://host:port/path` → authority and the rest; anything else is all rest.
fn split_absolute(target: &[u8]) -> (Option<&[u8]>, &[u8]) {
    let Some(colon) = memchr::memchr(b':', target).filter(|&colon| colon <= 8) else { return (None, target) };
    let scheme = &target[..colon];
    let Some(rest) = target[colon + 1..].strip_prefix(b"//") else { return (None, target) };
    if scheme.is_empty() || !scheme.iter().all(u8::is_ascii_alphanumeric) {
        return (None, target);
    }
    let end = rest.iter().position(|b| matches!(b, b'/' | b'?' | b'#')).unwrap_or(rest.len());
    (Some(&rest[..end]), &rest[end..])
}

/// `user@Host:port` → host in lower case, and port.
fn split_authority(authority: &[u8]) -> (Option<String>, Option<u16>) {
    let host = memchr::memrchr(b'@', authority).map_or(authority, |at| &authority[at + 1..]);
    let host = host.trim_ascii();
    let (name, port) = if let Some(literal) = host.strip_prefix(b"[") {
        let end = memchr::memchr(b']', literal).unwrap_or(literal.len());
        (&literal[..end], literal.get(end + 1..).and_then(|rest| rest.strip_prefix(b":")))
    } else {
        match memchr::memchr(b':', host) {
            Some(colon) => (&host[..colon], Some(&host[colon + 1..])),
            None => (host, None),
        }
    };
    let name = lossless(name).trim_end_matches('.').to_lowercase();
    let port = port
        .and_then(|digits| std::str::from_utf8(digits).ok())
        .and_then(|digits| digits.trim().parse().ok());
    ((!name.is_empty()).then_some(name), port)
}

#[cfg(test)]
mod tests {
    use super::Url;

    #[test]
    fn takes_targets_apart() {
        let url = Url::parse(b"/a/B.PHP?x=1&y#z", Some(b"WWW.Example.org:8080"), false);
        assert_eq!(url.domain.as_deref(), Some("www.example.org"));
        assert_eq!((url.port, url.absolute), (Some(8080), false));
        assert_eq!((url.path.as_deref(), url.query.as_deref()), (Some("/a/B.PHP"), Some("x=1&y")));
        assert_eq!((url.extension.as_deref(), url.file_name()), (Some("php"), Some("B.PHP")));
    }

    #[test]
    fn the_target_outranks_the_host_header() {
        let url = Url::parse(b"http://user:geheim@Proxy.example/x", Some(b"other.example"), false);
        assert_eq!(url.domain.as_deref(), Some("proxy.example"));
        assert!(url.absolute && !url.original.contains("geheim"), "{url:?}");
    }

    #[test]
    fn authorities_of_any_shape() {
        let url = Url::parse(b"[2001:DB8::1]:443", None, true);
        assert_eq!((url.domain.as_deref(), url.port, url.path), (Some("2001:db8::1"), Some(443), None));
        assert_eq!(Url::parse(b"*", Some(b":80"), false).domain, None);
        assert_eq!(Url::parse(b"/x?u=http://a/b", Some(b"h"), false).domain.as_deref(), Some("h"));
    }
}
