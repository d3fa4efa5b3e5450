//! The record layer of one direction (RFC 8446 §5.1), and handshake messages put together across records.

/// Header of a record.
pub const HEADER_BYTES: usize = 5;

/// Longest record: 2^14 bytes and what the oldest versions may add by compression and encryption.
pub const RECORD_MAX: usize = 16_384 + 2_048;

/// Bytes of one handshake message that are kept. Chains of certificates are the longest; real ones stay below
/// 32 KiB, but scanners and odd appliances send more.
pub const MESSAGE_MAX: usize = 128 * 1024;

/// Bytes of a ServerKeyExchange that tell the curve.
const KEY_EXCHANGE_BYTES: usize = 3;

/// Content types.
pub const CHANGE_CIPHER_SPEC: u8 = 20;
/// Alert.
pub const ALERT: u8 = 21;
/// Handshake.
pub const HANDSHAKE: u8 = 22;
/// Encrypted from TLS 1.3 on, whatever lies inside.
pub const APPLICATION_DATA: u8 = 23;
/// Heartbeat (RFC 6520).
pub const HEARTBEAT: u8 = 24;

/// Handshake types.
pub const CLIENT_HELLO: u8 = 1;
/// ServerHello.
pub const SERVER_HELLO: u8 = 2;
/// Certificate.
pub const CERTIFICATE: u8 = 11;
/// ServerKeyExchange.
pub const SERVER_KEY_EXCHANGE: u8 = 12;
/// ServerHelloDone.
pub const SERVER_HELLO_DONE: u8 = 14;

/// What the record layer hands up.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// A handshake message; `whole` is false where bytes of it are missing or beyond [`MESSAGE_MAX`].
    Message {
        /// Handshake type.
        kind: u8,
        /// What is kept of it.
        body: &'a [u8],
        /// Nothing is missing.
        whole: bool,
    },
    /// What follows is encrypted (up to TLS 1.2).
    ChangeCipherSpec,
    /// An alert in clear.
    Alert(u8),
    /// A record that only the ends can read.
    Encrypted,
    /// A heartbeat that asks for more bytes than it brings (CVE-2014-0160).
    Overread,
}

/// Is this how a record begins?
#[must_use]
pub fn plausible(header: &[u8]) -> bool {
    let &[kind, major, minor, high, low, ..] = header else { return false };
    let length = usize::from(u16::from_be_bytes([high, low]));
    matches!(kind, CHANGE_CIPHER_SPEC..=HEARTBEAT) && major == 3 && minor <= 4 && length <= RECORD_MAX
}

/// One direction.
#[derive(Default)]
pub struct Records {
    /// Bytes of the current record that are still to come, and whether they are handshake in clear.
    left: usize,
    clear: bool,
    /// After ChangeCipherSpec handshake records are encrypted; not so in TLS 1.3, where it means nothing.
    pub ciphered: bool,
    /// Bytes are missing: the next record's start must be found again.
    lost: bool,
    messages: Messages,
}

impl Records {
    /// Takes bytes, hands pieces to `sink`, and says how many bytes are used; less than a header (and the few bytes
    /// behind it that tell what the record is) may be left. `Err` names what breaks the protocol. The sink answers
    /// whether handshake records behind this piece are encrypted.
    pub fn read(
        &mut self,
        bytes: &[u8],
        sink: &mut dyn FnMut(Piece<'_>) -> bool,
    ) -> Result<usize, &'static str> {
        let mut at = 0;
        if self.lost {
            if bytes.len() < HEADER_BYTES {
                return Ok(0);
            }
            if !plausible(bytes) {
                return Ok(bytes.len());
            }
            self.lost = false;
        }
        loop {
            let taken = self.left.min(bytes.len() - at);
            if self.clear {
                self.messages.read(&bytes[at..at + taken], sink);
            }
            self.left -= taken;
            at += taken;
            if self.left > 0 || bytes.len() - at < HEADER_BYTES {
                return Ok(at);
            }
            if !self.record(&bytes[at..], sink)? {
                return Ok(at);
            }
            at += HEADER_BYTES;
        }
    }

    /// Begins a record; false when more bytes are needed to tell what it is.
    fn record(
        &mut self,
        bytes: &[u8],
        sink: &mut dyn FnMut(Piece<'_>) -> bool,
    ) -> Result<bool, &'static str> {
        if !plausible(bytes) {
            return Err("tls-bad-record");
        }
        let length = usize::from(u16::from_be_bytes([bytes[3], bytes[4]]));
        let body = &bytes[HEADER_BYTES..];
        self.clear = false;
        match bytes[0] {
            CHANGE_CIPHER_SPEC => self.ciphered = sink(Piece::ChangeCipherSpec),
            ALERT if length == 2 => {
                let Some(alert) = body.get(1) else { return Ok(false) };
                sink(Piece::Alert(*alert));
            }
            ALERT if !self.ciphered => {}
            HANDSHAKE if !self.ciphered => self.clear = true,
            HEARTBEAT if !self.ciphered && length >= 3 => {
                let Some(&[kind, high, low]) = body.first_chunk::<3>() else { return Ok(false) };
                if kind == 1 && usize::from(u16::from_be_bytes([high, low])) + 3 > length {
                    sink(Piece::Overread);
                }
            }
            HEARTBEAT if !self.ciphered => {}
            _ if length > 0 => drop(sink(Piece::Encrypted)),
            _ => {}
        }
        self.left = length;
        Ok(true)
    }

    /// `missing` bytes were never seen.
    pub fn gap(&mut self, missing: u64) {
        match usize::try_from(missing) {
            Ok(missing) if missing <= self.left => {
                self.left -= missing;
                if self.clear {
                    self.messages.gap(missing);
                }
            }
            _ => {
                self.left = 0;
                self.lost = true;
                self.messages.lost = true;
            }
        }
    }

    /// Handshake messages of this direction may be missing.
    #[must_use]
    pub fn holed(&self) -> bool {
        self.lost || self.messages.lost || self.messages.holed
    }

    /// A handshake message has begun and not ended.
    #[must_use]
    pub fn in_message(&self) -> bool {
        self.messages.header_bytes > 0
    }

    /// The message that was cut by the end of the flow.
    #[must_use]
    pub fn partial(&self) -> Option<(u8, &[u8])> {
        let messages = &self.messages;
        (messages.header_bytes == 4 && !messages.body.is_empty())
            .then(|| (messages.header[0], messages.body.as_slice()))
    }
}

/// Handshake messages of one direction.
#[derive(Default)]
struct Messages {
    header: [u8; 4],
    header_bytes: usize,
    /// Bytes of the current message that are still to come.
    left: usize,
    /// Bytes of it that are wanted still.
    wanted: usize,
    body: Vec<u8>,
    whole: bool,
    holed: bool,
    /// Borders of messages are no longer known.
    lost: bool,
}

impl Messages {
    fn read(&mut self, mut bytes: &[u8], sink: &mut dyn FnMut(Piece<'_>) -> bool) {
        while !bytes.is_empty() && !self.lost {
            if self.header_bytes < 4 {
                self.header[self.header_bytes] = bytes[0];
                self.header_bytes += 1;
                bytes = &bytes[1..];
                if self.header_bytes == 4 {
                    self.begin();
                }
            } else {
                let (now, rest) = bytes.split_at(self.left.min(bytes.len()));
                let kept = &now[..self.wanted.min(now.len())];
                bytes = rest;
                self.left -= now.len();
                self.wanted -= kept.len();
                if self.left == 0 && self.body.is_empty() {
                    // All in one piece, as nearly always: no copy.
                    self.finish(kept, sink);
                } else {
                    self.body.extend_from_slice(kept);
                }
            }
            if self.header_bytes == 4 && self.left == 0 {
                let body = std::mem::take(&mut self.body);
                self.finish(&body, sink);
            }
        }
    }

    fn begin(&mut self) {
        let [kind, high, middle, low] = self.header;
        self.left = usize::from(high) << 16 | usize::from(middle) << 8 | usize::from(low);
        let limit = match kind {
            CLIENT_HELLO | SERVER_HELLO | CERTIFICATE => MESSAGE_MAX,
            SERVER_KEY_EXCHANGE => KEY_EXCHANGE_BYTES,
            _ => 0,
        };
        self.wanted = self.left.min(limit);
        self.whole = limit < MESSAGE_MAX || self.left <= limit;
    }

    fn finish(&mut self, body: &[u8], sink: &mut dyn FnMut(Piece<'_>) -> bool) {
        sink(Piece::Message { kind: self.header[0], body, whole: self.whole });
        self.header_bytes = 0;
        self.body.clear();
    }

    fn gap(&mut self, missing: usize) {
        if self.header_bytes == 4 && missing < self.left {
            self.left -= missing;
            self.wanted = 0;
            self.whole = false;
            self.holed = true;
        } else {
            self.lost = true;
        }
    }
}
