//! One connection: banners, key exchange, and then only sizes.

use sha2::{Digest as _, Sha256};

use super::algorithms::{Agreed, Offer, hassh};
use super::authentication::{Inference, Sizes, Verdict};
use super::parser::{self, Banner, Packet, message};
use crate::context::Context;
use crate::events;
use crate::files::hex;
use crate::protocols::{Decoder, Direction, Outcome};
use crate::text::{self, Line};
use crate::time::Micros;

/// A banner is 255 bytes at most (RFC 4253 §4.2); what is longer is kept in part.
const BANNER_MAX: usize = 1_024;

/// Lines that a server may say before its banner.
const LINES_MAX: u8 = 16;

/// Where one side is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    #[default]
    Banner,
    /// The rest of a long banner.
    Passing,
    Packets,
    Encrypted,
}

/// One side.
#[derive(Debug, Default)]
struct Side {
    stage: Stage,
    lines: u8,
    banner: Option<Banner>,
    offer: Option<Offer>,
}

/// One connection.
#[derive(Default)]
pub struct Ssh {
    begun: Option<Micros>,
    sides: [Side; 2],
    agreed: Agreed,
    host_key: Option<(String, String)>,
    inference: Option<Inference>,
    told: bool,
}

impl Ssh {
    fn banner(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        let side = &mut self.sides[direction.index()];
        let (line, used) = match text::line(bytes, BANNER_MAX) {
            Line::Incomplete => return Outcome::Parsed(0),
            Line::Whole { text, length } => (text, length),
            Line::TooLong => (&bytes[..BANNER_MAX], BANNER_MAX),
        };
        if line.len() == BANNER_MAX {
            context.anomaly("ssh-long-banner");
            side.stage = Stage::Passing;
        }
        match parser::banner(line) {
            Some(banner) => {
                if side.stage == Stage::Banner {
                    side.stage = Stage::Packets;
                }
                side.banner = Some(banner);
            }
            None if side.lines < LINES_MAX && direction == Direction::ToClient => side.lines += 1,
            None => return Outcome::Malformed("ssh-no-banner"),
        }
        let old = self.sides.iter().any(|side| {
            side.banner.as_ref().is_some_and(|b| b.version.starts_with("1.") && b.version != "1.99")
        });
        let both = self.sides.iter().all(|side| side.banner.is_some());
        // Version 1 has other packets.
        if old && both { Outcome::Done } else { Outcome::Parsed(used) }
    }

    fn pass(&mut self, direction: Direction, bytes: &[u8]) -> Outcome {
        let end = memchr::memchr(b'\n', bytes);
        if end.is_some() {
            let side = &mut self.sides[direction.index()];
            side.stage = if side.banner.is_some() { Stage::Packets } else { Stage::Banner };
        }
        Outcome::Parsed(end.map_or(bytes.len(), |end| end + 1))
    }

    fn packet(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        let (payload, used) = match parser::packet(bytes) {
            Packet::Whole(payload, used) => (payload, used),
            Packet::Incomplete => return Outcome::Parsed(0),
            Packet::Broken => return Outcome::Malformed("ssh-bad-packet"),
        };
        match payload.first() {
            Some(&message::KEXINIT) => {
                let offer = Offer::parse(payload);
                if offer.is_none() {
                    context.anomaly("ssh-bad-kexinit");
                }
                self.sides[direction.index()].offer = offer;
                if let [Side { offer: Some(client), .. }, Side { offer: Some(server), .. }] = &self.sides {
                    self.agreed = Agreed::of(client, server);
                }
            }
            Some(&kind) if direction == Direction::ToClient && self.has_host_key(kind) => {
                self.host_key =
                    parser::host_key(payload).map(|(name, blob)| (name, hex(&Sha256::digest(blob))));
            }
            Some(&message::NEWKEYS) => {
                self.sides[direction.index()].stage = Stage::Encrypted;
                if self.inference.is_none() {
                    self.inference = Some(Inference::new(Sizes::of(&self.agreed)));
                }
            }
            Some(&message::DISCONNECT) => return Outcome::Done,
            _ => {}
        }
        Outcome::Parsed(used)
    }

    /// 31 is the group in an exchange of groups, and the reply in every other.
    fn has_host_key(&self, kind: u8) -> bool {
        let groups = self.agreed.key_exchange.as_deref().is_some_and(|name| name.contains("group-exchange"));
        kind == if groups { message::GROUP_REPLY } else { message::KEX_REPLY }
    }

    fn encrypted(&mut self, direction: Direction, bytes: u64) -> bool {
        self.inference.as_mut().is_none_or(|inference| inference.add(direction, bytes))
    }

    fn tell(&mut self, context: &mut Context<'_>) {
        let time = self.begun.unwrap_or(context.time);
        let verdict = self.inference.as_mut().and_then(Inference::verdict);
        let rejections = self.inference.as_ref().map_or(0, Inference::rejections);
        let outcome = verdict.map(Verdict::as_str);
        let [client, server] = &self.sides;
        let [client_text, server_text] = [(client, false), (server, true)]
            .map(|(side, way)| side.offer.as_ref().map(|offer| offer.text(way)));
        let [client_hash, server_hash] = [&client_text, &server_text].map(|text| text.as_deref().map(hassh));
        let row = events::Ssh {
            event_outcome: outcome,
            ssh_client_hassh: client_hash.as_deref(),
            ssh_server_hassh: server_hash.as_deref(),
            vonggac_ssh_client_version: client.banner.as_ref().map(|banner| banner.version.as_str()),
            vonggac_ssh_client_software: client.banner.as_ref().map(|banner| banner.software.as_str()),
            vonggac_ssh_client_algorithms: client_text.as_deref(),
            vonggac_ssh_server_version: server.banner.as_ref().map(|banner| banner.version.as_str()),
            vonggac_ssh_server_software: server.banner.as_ref().map(|banner| banner.software.as_str()),
            vonggac_ssh_server_algorithms: server_text.as_deref(),
            vonggac_ssh_key_exchange: self.agreed.key_exchange.as_deref(),
            vonggac_ssh_cipher: self.agreed.cipher.as_deref(),
            vonggac_ssh_host_key_type: self.host_key.as_ref().map(|(name, _)| name.as_str()),
            vonggac_ssh_host_key_sha256: self.host_key.as_ref().map(|(_, hash)| hash.as_str()),
            vonggac_ssh_rejections: verdict.and_then(|_| i64::try_from(rejections).ok()),
            ..events::Ssh::default()
        };
        context.emit(time, &row);
        if outcome.is_some() {
            let row = events::Login {
                network_protocol: Some("ssh"),
                event_outcome: outcome,
                vonggac_login_encrypted: Some(true),
                ..events::Login::default()
            };
            context.emit(time, &row);
        }
    }
}

impl Decoder for Ssh {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        self.begun.get_or_insert(context.time);
        match self.sides[direction.index()].stage {
            Stage::Banner => self.banner(direction, bytes, context),
            Stage::Passing => self.pass(direction, bytes),
            Stage::Packets => self.packet(direction, bytes, context),
            Stage::Encrypted => {
                let enough = self.encrypted(direction, bytes.len() as u64);
                if enough { Outcome::Done } else { Outcome::Parsed(bytes.len()) }
            }
        }
    }

    fn gap(&mut self, direction: Direction, missing: u64, _context: &mut Context<'_>) -> Outcome {
        // Behind NEWKEYS only sizes count, and the size of a hole is known.
        let encrypted = self.sides[direction.index()].stage == Stage::Encrypted;
        if encrypted && !self.encrypted(direction, missing) { Outcome::Parsed(0) } else { Outcome::Done }
    }

    fn end(&mut self, _direction: Direction, _context: &mut Context<'_>) {
        if let Some(inference) = &mut self.inference {
            inference.ended = true;
        }
    }

    fn close(&mut self, context: &mut Context<'_>) {
        if !std::mem::replace(&mut self.told, true) {
            self.tell(context);
        }
    }
}
