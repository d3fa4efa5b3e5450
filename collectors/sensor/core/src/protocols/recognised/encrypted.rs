//! Flows that are random from their first byte: Shadowsocks, VMess, obfs4, Telegram's obfuscated transport, encrypted
//! BitTorrent, and home-made channels of malware. Which one it is cannot be told, so that it is called what it is.
//!
//! The test is the one that a national firewall was found to use (Wu et al., "How the Great Firewall of China Detects and
//! Blocks Fully Encrypted Traffic", USENIX Security 2023, §4): what is *exempt* is counted, with a second test that text in
//! other alphabets, counters and compressed records fail: that no byte value comes too often.

/// `network.protocol` of such a flow.
pub const UNIDENTIFIED: &str = "unidentified-encrypted";

/// Bytes of the client's first payload without which nothing is said: less than the shortest request of an encrypted
/// proxy (salt, length, tags, address: 73 bytes).
const CLIENT_BYTES_MIN: usize = 64;

/// Bytes of the server's first payload without which nothing is said.
const SERVER_BYTES_MIN: usize = 32;

/// Bytes that are looked at.
const SAMPLE_MAX: usize = 1_024;

/// Exemption 1: bits set in a byte, on average, outside of which bytes are not random; in tenths.
const BITS_LEAST: usize = 34;
const BITS_MOST: usize = 46;

/// Exemption 2: so many printable bytes at the start.
const PRINTABLE_START: usize = 6;

/// Exemption 4: so many printable bytes in a row.
const PRINTABLE_ROW: usize = 20;

/// Whether both first payloads look random.
#[must_use]
pub fn is_fully_encrypted(client: &[u8], server: &[u8]) -> bool {
    client.len() >= CLIENT_BYTES_MIN
        && server.len() >= SERVER_BYTES_MIN
        && is_random(client)
        && is_random(server)
}

fn is_random(bytes: &[u8]) -> bool {
    let bytes = &bytes[..bytes.len().min(SAMPLE_MAX)];
    !is_exempt(bytes) && !repeats(bytes)
}

fn is_exempt(bytes: &[u8]) -> bool {
    let bits: usize =
        bytes.iter().map(|byte| usize::from(u8::try_from(byte.count_ones()).unwrap_or(8))).sum();
    let printable = |byte: &u8| matches!(byte, 0x20..=0x7e);
    let row = |longest: (usize, usize), byte: &u8| {
        let now = if printable(byte) { longest.1 + 1 } else { 0 };
        (longest.0.max(now), now)
    };
    10 * bits <= BITS_LEAST * bytes.len()
        || 10 * bits >= BITS_MOST * bytes.len()
        || bytes.iter().take(PRINTABLE_START).all(printable)
        || 2 * bytes.iter().filter(|byte| printable(byte)).count() > bytes.len()
        || bytes.iter().fold((0, 0), row).0 > PRINTABLE_ROW
    // Exemption 5, TLS and HTTP: their flows have been recognised before this is asked.
}

/// Pairs of equal bytes: n·(n−1)/512 are expected of random ones, with a variance of as many. Six deviations and a few
/// more for the short ones leave hardly a random payload out.
fn repeats(bytes: &[u8]) -> bool {
    let mut counts = [0_u32; 256];
    bytes.iter().for_each(|byte| counts[usize::from(*byte)] += 1);
    let pairs: u32 = counts.iter().map(|count| count * count.saturating_sub(1) / 2).sum();
    let length = f64::from(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
    let expected = length * (length - 1.0) / 512.0;
    f64::from(pairs) > expected + 6.0 * expected.sqrt() + 3.0
}
