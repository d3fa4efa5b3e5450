//! Whether a log-in succeeded, by the sizes of encrypted answers. The method and its limits: see the module's head.

use super::algorithms::Agreed;
use crate::protocols::Direction;

/// Answers looked at: servers cut a connection after some six attempts, each of two or three steps.
const ANSWERS_MAX: usize = 64;

/// Bytes of one direction that no log-in needs: keys, certificates and banners of all attempts together stay below.
const VOLUME_MAX: u64 = 64 << 10;

/// Payload of SERVICE_ACCEPT for `ssh-userauth`.
const ACCEPT_PAYLOAD: u64 = 17;

/// Payload of the smallest USERAUTH_FAILURE: one method of eight letters (`password`).
const REJECTION_PAYLOAD: u64 = 14;

/// Payload of USERAUTH_SUCCESS.
const SUCCESS_PAYLOAD: u64 = 1;

/// How large packets become (RFC 4253 §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// What the padding fills up to.
    block: u64,
    /// MAC or tag.
    tag: u64,
    /// Bytes of the length field that the padding counts.
    counted: u64,
}

impl Sizes {
    /// Of what was agreed; `None` for what is not known.
    pub fn of(agreed: &Agreed) -> Option<Self> {
        if agreed.compression.as_deref() == Some("zlib") {
            return None;
        }
        let cipher = agreed.cipher.as_deref()?;
        if cipher == "chacha20-poly1305@openssh.com" {
            return Some(Self { block: 8, tag: 16, counted: 0 });
        }
        if cipher.starts_with("aes") && cipher.contains("-gcm") {
            return Some(Self { block: 16, tag: 16, counted: 0 });
        }
        let block = match cipher {
            _ if cipher.starts_with("aes") || cipher.starts_with("rijndael") => 16,
            _ if ["3des", "blowfish", "cast128", "arcfour"].iter().any(|name| cipher.starts_with(name)) => 8,
            _ => return None,
        };
        let mac = agreed.mac.as_deref()?;
        let name = mac.trim_end_matches("@openssh.com");
        let (name, counted) = name.strip_suffix("-etm").map_or((name, 4), |name| (name, 0));
        let tag = match name {
            "hmac-md5" | "umac-128" => 16,
            "hmac-md5-96" | "hmac-sha1-96" => 12,
            "hmac-sha1" | "hmac-ripemd160" => 20,
            "hmac-sha2-256" => 32,
            "hmac-sha2-512" => 64,
            "umac-64" => 8,
            _ => return None,
        };
        Some(Self { block, tag, counted })
    }

    /// Bytes on the wire of a packet: length, padding length, payload, at least four bytes of padding, MAC.
    pub fn packet(&self, payload: u64) -> u64 {
        let padded = (self.counted + 1 + payload + 4).next_multiple_of(self.block);
        4 - self.counted + padded + self.tag
    }
}

/// What the sizes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Logged in.
    Success,
    /// Only rejections.
    Failure,
    /// Cannot be told.
    Unknown,
}

impl Verdict {
    /// For `event.outcome`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Unknown => "unknown",
        }
    }
}

/// Answers so far.
#[derive(Debug)]
pub struct Inference {
    sizes: Option<Sizes>,
    speaker: Option<Direction>,
    /// Bytes since the speaker changed.
    turn: u64,
    /// Turns of the client.
    asked: u32,
    volume: [u64; 2],
    accepted: bool,
    answers: Vec<u64>,
    /// A side has closed the connection.
    pub ended: bool,
    success: bool,
}

impl Inference {
    /// Nothing encrypted has come yet.
    pub fn new(sizes: Option<Sizes>) -> Self {
        Self {
            sizes,
            speaker: None,
            turn: 0,
            asked: 0,
            volume: [0; 2],
            accepted: false,
            answers: Vec::new(),
            ended: false,
            success: false,
        }
    }

    /// Encrypted bytes of one side. True: more will not change the verdict.
    pub fn add(&mut self, direction: Direction, bytes: u64) -> bool {
        if self.speaker != Some(direction) {
            self.change();
            self.speaker = Some(direction);
            self.asked += u32::from(direction == Direction::ToServer);
        }
        self.turn += bytes;
        self.volume[direction.index()] += bytes;
        self.success |= self.sizes.is_some() && self.volume.iter().any(|volume| *volume > VOLUME_MAX);
        self.success || self.sizes.is_none() || self.answers.len() >= ANSWERS_MAX
    }

    /// The other side speaks, or nobody any more: a turn of the server is an answer.
    fn change(&mut self) {
        let size = std::mem::take(&mut self.turn);
        let Some(sizes) = self.sizes else { return };
        // Before the client has asked, the server may tell its extensions (RFC 8308).
        if self.speaker != Some(Direction::ToClient) || self.asked == 0 {
            return;
        }
        let mut answer = size;
        if !std::mem::replace(&mut self.accepted, true) {
            // A client that does not wait has its first answer together with the acceptance.
            answer = size.saturating_sub(sizes.packet(ACCEPT_PAYLOAD));
            if answer == 0 {
                return;
            }
        }
        if answer < sizes.packet(SUCCESS_PAYLOAD) {
            // No packet is as small: something is not as it is thought to be.
            self.sizes = None;
        } else if answer < sizes.packet(REJECTION_PAYLOAD) {
            self.success = true;
        } else {
            self.answers.push(answer);
        }
    }

    /// Answers of the commonest size.
    pub fn rejections(&self) -> usize {
        let alike = |size: &u64| self.answers.iter().filter(|other| *other == size).count();
        self.answers.iter().map(alike).max().unwrap_or(0)
    }

    /// The verdict, once nothing more is looked at; `None` when no log-in was tried.
    pub fn verdict(&mut self) -> Option<Verdict> {
        if !self.success {
            self.change();
        }
        self.speaker = None;
        let rejections = self.rejections();
        if self.success {
            Some(Verdict::Success)
        } else if self.asked < 2 {
            None
        } else if self.sizes.is_none() || rejections == 0 {
            Some(Verdict::Unknown)
        } else if self.answers.len() >= ANSWERS_MAX {
            // A session whose beginning was missed has answers of many sizes.
            Some(if rejections * 2 > ANSWERS_MAX { Verdict::Failure } else { Verdict::Unknown })
        } else {
            // One rejection alone may be the question without credentials, with the guess still to come.
            Some(if rejections > 1 || self.ended { Verdict::Failure } else { Verdict::Unknown })
        }
    }
}
