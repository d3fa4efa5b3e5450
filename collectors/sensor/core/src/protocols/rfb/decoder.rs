//! The handshake, step by step; what follows is pixels.

use super::parser::{self, Taken, VERSION_BYTES};
use super::vencrypt::{PLAIN, VeNCrypt};
use crate::context::Context;
use crate::events;
use crate::protocols::{Decoder, Direction, Outcome};
use crate::text::lossless;
use crate::time::Micros;

/// Security types (RFC 6143 §7.1.2).
const INVALID: u8 = 0;
const NONE: u8 = 1;
const VNC: u8 = 2;
const VENCRYPT: u8 = 19;

/// Bytes of the challenge and of the response of VNC authentication.
const PROOF_BYTES: usize = 16;

/// What comes next in one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Step {
    #[default]
    Version,
    /// The server's list of types (3.7 and later), or its one type (3.3).
    Security,
    /// The client's choice.
    Choice,
    Challenge,
    VeNCrypt,
    Response,
    Result,
    Reason,
    Init,
}

/// One session.
#[derive(Default)]
pub struct Rfb {
    begun: Option<Micros>,
    steps: [Step; 2],
    versions: [Option<(u16, u16)>; 2],
    offered: Vec<i64>,
    security: Option<u8>,
    authenticated: Option<(Micros, &'static str)>,
    vencrypt: VeNCrypt,
    reason: Option<String>,
    shared: Option<bool>,
    desktop: Option<(u16, u16, String)>,
}

/// The client's and the server's place in pairs.
const CLIENT: usize = 0;
const SERVER: usize = 1;

impl Rfb {
    /// The minor version in use: the client's; unknown numbers mean 3.3 (RFC 6143 §7.1.1), Apple's 3.889 means 3.8.
    fn minor(&self) -> u16 {
        let minor =
            |side: usize| self.versions[side].map_or(8, |(major, minor)| if major > 3 { 8 } else { minor });
        match minor(CLIENT).min(minor(SERVER)) {
            8.. => 8,
            7 => 7,
            _ => 3,
        }
    }

    fn version(&mut self, direction: Direction, bytes: &[u8]) -> Outcome {
        let Some(line) = bytes.first_chunk::<VERSION_BYTES>() else { return Outcome::Parsed(0) };
        let Some(version) = parser::version(line) else { return Outcome::Malformed("rfb-bad-version") };
        self.versions[direction.index()] = Some(version);
        self.steps[direction.index()] = match direction {
            Direction::ToClient => Step::Security,
            Direction::ToServer => Step::Choice,
        };
        Outcome::Parsed(VERSION_BYTES)
    }

    fn security(&mut self, bytes: &[u8]) -> Outcome {
        if self.minor() == 3 {
            let Some(kind) = bytes.first_chunk::<4>() else { return Outcome::Parsed(0) };
            let kind = u8::try_from(u32::from_be_bytes(*kind)).unwrap_or(u8::MAX);
            self.offered = vec![i64::from(kind)];
            return self.chosen(kind, 4);
        }
        let Some((&count, rest)) = bytes.split_first() else { return Outcome::Parsed(0) };
        if count == 0 {
            self.steps[SERVER] = Step::Reason;
            return Outcome::Parsed(1);
        }
        let Some(kinds) = rest.get(..usize::from(count)) else { return Outcome::Parsed(0) };
        self.offered = kinds.iter().map(|kind| i64::from(*kind)).collect();
        // What comes next is told by the client's choice.
        self.steps[SERVER] = Step::Challenge;
        Outcome::Parsed(1 + kinds.len())
    }

    /// The security type is known.
    fn chosen(&mut self, kind: u8, used: usize) -> Outcome {
        self.security = Some(kind).filter(|kind| *kind != INVALID);
        let [client, server] = &mut self.steps;
        (*client, *server) = match kind {
            INVALID => (*client, Step::Reason),
            // Before 3.8 nobody says that nothing was checked.
            NONE if self.versions[CLIENT].is_some_and(|(_, minor)| minor < 8) => (Step::Init, Step::Init),
            NONE => (Step::Init, Step::Result),
            VNC => (Step::Response, Step::Challenge),
            VENCRYPT => (Step::VeNCrypt, Step::VeNCrypt),
            // Other types have messages of their own.
            _ => return Outcome::Done,
        };
        Outcome::Parsed(used)
    }

    fn result(&mut self, bytes: &[u8], context: &Context<'_>) -> Outcome {
        let Some(code) = bytes.first_chunk::<4>() else { return Outcome::Parsed(0) };
        let ok = u32::from_be_bytes(*code) == 0;
        self.authenticated = Some((context.time, if ok { "success" } else { "failure" }));
        self.steps[SERVER] = if ok { Step::Init } else { Step::Reason };
        // Before 3.8 the connection ends without a reason.
        if ok || self.minor() == 8 { Outcome::Parsed(4) } else { Outcome::Done }
    }

    fn server(&mut self, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        match self.steps[SERVER] {
            Step::Version => self.version(Direction::ToClient, bytes),
            Step::Security => self.security(bytes),
            Step::Result => self.result(bytes, context),
            Step::VeNCrypt => self.vencrypt.server(bytes),
            Step::Challenge if bytes.len() < PROOF_BYTES || self.security != Some(VNC) => Outcome::Parsed(0),
            Step::Reason => match parser::text(bytes) {
                Taken::Whole(text, _) => {
                    self.reason = Some(lossless(text).into_owned());
                    Outcome::Done
                }
                Taken::Incomplete => Outcome::Parsed(0),
                Taken::Broken => Outcome::Malformed("rfb-long-text"),
            },
            Step::Init => match parser::server_init(bytes) {
                Taken::Whole((width, height, name), _) => {
                    self.desktop = Some((width, height, lossless(name).into_owned()));
                    Outcome::Done
                }
                Taken::Incomplete => Outcome::Parsed(0),
                Taken::Broken => Outcome::Malformed("rfb-long-text"),
            },
            _ => {
                self.steps[SERVER] = Step::Result;
                Outcome::Parsed(PROOF_BYTES)
            }
        }
    }

    fn client(&mut self, bytes: &[u8]) -> Outcome {
        match self.steps[CLIENT] {
            Step::Version => self.version(Direction::ToServer, bytes),
            Step::Choice => match bytes.first() {
                Some(kind) if self.minor() > 3 => self.chosen(*kind, 1),
                _ => Outcome::Parsed(0),
            },
            Step::VeNCrypt => {
                let outcome = self.vencrypt.client(bytes);
                if self.vencrypt.is_over() {
                    self.steps = [Step::Init, Step::Result];
                }
                outcome
            }
            Step::Response if bytes.len() < PROOF_BYTES => Outcome::Parsed(0),
            Step::Response => {
                self.steps[CLIENT] = Step::Init;
                Outcome::Parsed(PROOF_BYTES)
            }
            _ => {
                self.shared = self.shared.or(bytes.first().map(|flag| *flag != 0));
                Outcome::Parsed(bytes.len())
            }
        }
    }
}

impl Decoder for Rfb {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        self.begun.get_or_insert(context.time);
        match direction {
            Direction::ToServer => self.client(bytes),
            Direction::ToClient => self.server(bytes, context),
        }
    }

    fn close(&mut self, context: &mut Context<'_>) {
        let time = self.begun.unwrap_or(context.time);
        // Nothing was asked, and the desktop was shown.
        let open = self.security == Some(NONE) && self.desktop.is_some();
        let outcome = match self.authenticated {
            Some((_, outcome)) => Some(outcome),
            None if open => Some("success"),
            None if self.reason.is_some() => Some("failure"),
            None => self.security.map(|_| "unknown"),
        };
        let [client, server] =
            self.versions.map(|version| version.map(|(major, minor)| format!("{major}.{minor}")));
        let row = events::Rfb {
            event_outcome: outcome,
            vonggac_rfb_server_version: server.as_deref(),
            vonggac_rfb_client_version: client.as_deref(),
            vonggac_rfb_security_types: Some(self.offered.as_slice()).filter(|list| !list.is_empty()),
            vonggac_rfb_security_type: self.security.map(i64::from),
            vonggac_rfb_security_subtype: self.vencrypt.kind.map(i64::from),
            vonggac_rfb_reason: self.reason.as_deref(),
            vonggac_rfb_shared: self.shared,
            vonggac_rfb_width: self.desktop.as_ref().map(|(width, ..)| i64::from(*width)),
            vonggac_rfb_height: self.desktop.as_ref().map(|(_, height, _)| i64::from(*height)),
            vonggac_rfb_desktop: self.desktop.as_ref().map(|(.., name)| name.as_str()),
            ..events::Rfb::default()
        };
        context.emit(time, &row);
        if self.security.is_none() {
            return;
        }
        let method = match self.security {
            Some(NONE) => "none",
            Some(VNC) => "vnc",
            Some(VENCRYPT) if self.vencrypt.kind == Some(PLAIN) => "plain",
            _ => "other",
        };
        let row = events::Login {
            network_protocol: Some("rfb"),
            event_outcome: outcome,
            vonggac_login_method: Some(method),
            user_name: self.vencrypt.user.as_deref(),
            vonggac_login_secret: self.vencrypt.secret.as_deref(),
            vonggac_login_encrypted: Some(self.security != Some(NONE) && self.vencrypt.kind != Some(PLAIN)),
            vonggac_login_reason: self.reason.as_deref(),
            ..events::Login::default()
        };
        context.emit(self.authenticated.map_or(time, |(time, _)| time), &row);
    }
}
