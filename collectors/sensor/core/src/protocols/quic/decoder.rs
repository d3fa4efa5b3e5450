//! Follows the first packets of both sides, and hands the hellos in them to the handshake that all of TLS shares.

use super::frames::{self, Frame};
use super::google::{self, Hello};
use super::packet::{self, Header, Kind, Long, varint};
use super::protection::Keys;
use super::version::Version;
use crate::context::Context;
use crate::events;
use crate::protocols::tls::fingerprints::Layer;
use crate::protocols::tls::handshake::Handshake;
use crate::protocols::tls::hello::Cursor;
use crate::protocols::tls::pieces::Pieces;
use crate::protocols::tls::records;
use crate::protocols::{Decoder, Direction, Outcome};
use crate::text::lossless;
use crate::time::Micros;

/// Datagrams that are followed for a handshake to end: honest ones take four to twenty. Past that one side is not seen.
pub const DATAGRAMS_MAX: u32 = 64;

/// Packets of one connection that are decrypted: what a sender of nonsense can make us do.
pub const OPENED_MAX: u32 = 128;

/// Bytes of a hello: with keys against quantum computers some two thousand; RFC 9000 §7.5 wants four thousand held.
pub const HELLO_MAX: usize = 32 << 10;

/// Google's transport parameter of the user agent.
const USER_AGENT: u64 = 0x3129;

/// Longest user agent that is kept.
const USER_AGENT_MAX: usize = 512;

/// One connection.
pub struct Quic {
    start: Option<Micros>,
    version: Option<Version>,
    /// Connection ids of the client's first packet: the server's, which the keys come from, and its own.
    ids: Option<(Vec<u8>, Vec<u8>)>,
    keys: Option<(Version, Keys)>,
    crypto: [Crypto; 2],
    handshake: Handshake,
    google: Option<Hello>,
    server_versions: Vec<u32>,
    retry: bool,
    early_data: bool,
    close_code: Option<u64>,
    /// Each side has sent what only the ends can read.
    encrypted: [bool; 2],
    datagrams: u32,
    opened: u32,
}

/// The handshake's bytes of one direction.
#[derive(Default)]
struct Crypto {
    pieces: Pieces,
    /// Bytes whose messages have been read.
    read: usize,
    largest: Option<u64>,
}

impl Default for Quic {
    fn default() -> Self {
        Self {
            start: None,
            version: None,
            ids: None,
            keys: None,
            crypto: Default::default(),
            handshake: Handshake::over_layer(Layer::Quic),
            google: None,
            server_versions: Vec::new(),
            retry: false,
            early_data: false,
            close_code: None,
            encrypted: [false; 2],
            datagrams: 0,
            opened: 0,
        }
    }
}

impl Decoder for Quic {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        self.start.get_or_insert(context.time);
        self.datagrams += 1;
        let mut rest = bytes;
        while !rest.is_empty() {
            match packet::read(rest) {
                Some((header, behind)) => {
                    self.packet(direction, header, context);
                    rest = behind;
                }
                // Behind a packet stands padding that is no frame; datagrams of nothing else are odd.
                None if rest.len() < bytes.len() => break,
                None => {
                    self.unread(direction, rest, context);
                    break;
                }
            }
        }
        if self.over() || self.datagrams >= DATAGRAMS_MAX {
            return Outcome::Done;
        }
        Outcome::Parsed(bytes.len())
    }

    fn close(&mut self, context: &mut Context<'_>) {
        if let Some(start) = self.start.take() {
            self.tell(start, context);
        }
    }
}

impl Quic {
    fn over(&self) -> bool {
        let read = self.google.is_some() || (self.handshake.client().is_some() && self.handshake.answered());
        self.close_code.is_some() || (read && (self.encrypted == [true; 2] || self.google.is_some()))
    }

    fn packet(&mut self, direction: Direction, header: Header<'_>, context: &mut Context<'_>) {
        let server = direction == Direction::ToClient;
        match header {
            Header::Short => self.encrypt(direction),
            Header::Negotiation { versions } if server => self.server_versions = versions,
            Header::Negotiation { .. } => {}
            Header::Long(long) => {
                self.meet(direction, &long);
                match long.kind {
                    Kind::Initial => self.initial(direction, &long, context),
                    Kind::Handshake => self.encrypt(direction),
                    Kind::ZeroRtt => self.early_data |= !server,
                    Kind::Retry => self.retry |= server,
                }
            }
        }
    }

    fn encrypt(&mut self, direction: Direction) {
        self.encrypted[direction.index()] = true;
        self.handshake.encrypted(direction);
    }

    /// Notes what a client's packet says in clear.
    fn meet(&mut self, direction: Direction, long: &Long<'_>) {
        self.version.get_or_insert(long.version);
        if direction == Direction::ToServer {
            self.ids.get_or_insert_with(|| (long.destination.to_vec(), long.source.to_vec()));
        }
    }

    fn initial(&mut self, direction: Direction, long: &Long<'_>, context: &mut Context<'_>) {
        // Without the client's first packet nobody knows the keys.
        if self.opened >= OPENED_MAX || long.version.salt().is_none() || self.ids.is_none() {
            return;
        }
        self.opened += 1;
        let largest = self.crypto[direction.index()].largest;
        let Some(opened) = self.open(direction, long, largest) else {
            context.anomaly("quic-not-decrypted");
            return;
        };
        self.version = Some(long.version);
        let crypto = &mut self.crypto[direction.index()];
        crypto.largest = crypto.largest.max(Some(opened.number));
        let (close, mut refused) = (&mut self.close_code, false);
        let sound = frames::read(long.version, &opened.payload, &mut |frame| match frame {
            Frame::Crypto { offset, data } => refused |= !crypto.pieces.add(offset, data, HELLO_MAX),
            Frame::Close(code) => *close = Some(code),
        });
        if !sound {
            context.anomaly("quic-bad-frame");
        }
        if refused {
            context.anomaly("quic-handshake-overflow");
        }
        self.messages(direction, context);
    }

    /// Removes the protection with the keys at hand, or with those of the packet: another version in an answer
    /// (RFC 9368), another connection id behind a Retry or a negotiation.
    fn open(
        &mut self,
        direction: Direction,
        long: &Long<'_>,
        largest: Option<u64>,
    ) -> Option<super::protection::Opened> {
        let (first, _) = self.ids.as_ref()?;
        if self.keys.as_ref().is_none_or(|(version, _)| *version != long.version) {
            self.keys = Some((long.version, Keys::initial(long.version, first)?));
        }
        let (_, keys) = self.keys.as_ref()?;
        if let Some(opened) = keys.open(direction, long, largest) {
            return Some(opened);
        }
        if direction != Direction::ToServer || long.destination == first.as_slice() {
            return None;
        }
        let keys = Keys::initial(long.version, long.destination)?;
        let opened = keys.open(direction, long, None)?;
        self.keys = Some((long.version, keys));
        self.ids = Some((long.destination.to_vec(), long.source.to_vec()));
        for crypto in &mut self.crypto {
            *crypto = Crypto::default();
        }
        Some(opened)
    }

    /// Reads the messages that have come whole.
    fn messages(&mut self, direction: Direction, context: &mut Context<'_>) {
        let crypto = &mut self.crypto[direction.index()];
        if matches!(self.version, Some(Version::Google(_))) {
            if direction == Direction::ToServer {
                self.google = google::tags(crypto.pieces.ready());
            }
            return;
        }
        loop {
            let mut cursor = Cursor(crypto.pieces.ready().get(crypto.read..).unwrap_or_default());
            let (Some(kind), Some(length)) = (cursor.u8(), cursor.u24()) else { return };
            let Some(body) = cursor.take(length) else { return };
            crypto.read += 4 + length;
            self.handshake.message(direction, kind, body, true, context);
        }
    }

    /// No packet of QUIC proper: one of Google's, or nonsense.
    fn unread(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) {
        match google::hello(bytes) {
            Some((version, behind)) if direction == Direction::ToServer => {
                self.version = Some(version);
                self.google = google::find(behind).or(self.google.take());
            }
            _ if matches!(self.version, Some(Version::Other(_) | Version::Google(_))) => {}
            _ => context.anomaly("quic-bad-packet"),
        }
    }

    fn tell(&mut self, start: Micros, context: &mut Context<'_>) {
        let version = self.version.map(Version::name);
        let begun = &self.crypto[0];
        let cut = begun.pieces.ready().get(begun.read..).unwrap_or_default();
        if let Some((&[records::CLIENT_HELLO, ..], body)) = cut.split_first_chunk::<4>() {
            self.handshake.cut_hello(body, start);
        }
        let client = self.handshake.client();
        let google = self.google.clone().unwrap_or_default();
        let agent = google.user_agent.or_else(|| user_agent(&client?.quic_parameters));
        let name = google.server_name.or_else(|| client?.server_name.clone());
        let offered: Vec<String> = self.server_versions.iter().map(|v| Version::of(*v).name()).collect();
        let length = |id: &Vec<u8>| i64::try_from(id.len()).ok();
        let row = events::Quic {
            network_protocol: Some(self.handshake.protocol(context)),
            vonggac_quic_version: version.as_deref(),
            vonggac_quic_server_versions: Some(offered.as_slice()).filter(|list| !list.is_empty()),
            vonggac_quic_retry: Some(self.retry),
            vonggac_quic_early_data: Some(self.early_data),
            vonggac_quic_established: Some(self.encrypted == [true; 2]),
            vonggac_quic_source_id_length: self.ids.as_ref().and_then(|(_, own)| length(own)),
            vonggac_quic_destination_id_length: self.ids.as_ref().and_then(|(server, _)| length(server)),
            vonggac_quic_close_code: self.close_code.and_then(|code| i64::try_from(code).ok()),
            tls_client_server_name: name.as_deref(),
            user_agent_original: agent.as_deref(),
            ..events::Quic::default()
        };
        context.emit(start, &row);
        self.handshake.quic_version = version;
        self.handshake.tell(false, context);
    }
}

/// The user agent among transport parameters: number, length and value each (RFC 9000 §18).
fn user_agent(parameters: &[u8]) -> Option<String> {
    let mut cursor = Cursor(parameters);
    loop {
        let (number, length) = (varint(&mut cursor)?, varint(&mut cursor)?);
        let value = cursor.take(usize::try_from(length).ok()?)?;
        if number == USER_AGENT {
            return Some(lossless(&value[..value.len().min(USER_AGENT_MAX)]).into_owned());
        }
    }
}
