//! Bytes to messages: pure functions, no state.

/// A port pair: on the server's host, on the client's host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair(pub u16, pub u16);

/// Whether these bytes can still become a line of the protocol.
pub fn may_begin_pair(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(14)];
    head.iter().all(|byte| byte.is_ascii_digit() || b", :\r".contains(byte) || byte.is_ascii_uppercase())
}

/// `6193, 23`
pub fn question(line: &[u8]) -> Option<Pair> {
    let text = std::str::from_utf8(line).ok()?;
    let (server, client) = text.split_once(',')?;
    Some(Pair(server.trim().parse().ok()?, client.trim().parse().ok()?))
}

/// `6193, 23 : USERID : UNIX : stjohns`: the pair, the kind of answer and the rest.
pub fn answer(line: &[u8]) -> Option<(Pair, &str, &str)> {
    let text = std::str::from_utf8(line).ok()?;
    let (pair, rest) = text.split_once(':')?;
    let (kind, rest) = rest.split_once(':')?;
    let kind = kind.trim();
    matches!(kind, "USERID" | "ERROR").then_some((question(pair.as_bytes())?, kind, rest.trim()))
}
