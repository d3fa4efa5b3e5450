//! Request and confirm, and where no TLS follows the client's data, are one event.

use super::parser::{self, Client, Confirm, Request};
use crate::context::Context;
use crate::events;
use crate::protocols::{Decoder, Direction, Outcome};
use crate::time::Micros;

/// In the flags of a request: the password stays on the client.
const RESTRICTED_ADMIN: u8 = 1;

/// One connection.
#[derive(Default)]
pub struct Rdp {
    since: Option<Micros>,
    request: Option<Request>,
    confirm: Option<Confirm>,
    client: Option<Client>,
}

impl Rdp {
    /// Tells what is known, once.
    fn emit(&mut self, context: &mut Context<'_>) {
        let Some(time) = self.since.take() else { return };
        let request = self.request.take().unwrap_or_default();
        let (confirm, client) = (self.confirm.take(), self.client.take().unwrap_or_default());
        let requested = request.requested.map(parser::security);
        let selected = match confirm {
            Some(Confirm::Selected(mask)) => parser::security(mask).pop(),
            _ => None,
        };
        let (domain, user) = account(request.cookie.as_deref());
        let row = events::Rdp {
            user_name: user,
            event_outcome: Some(match confirm {
                Some(Confirm::Selected(_)) => "success",
                Some(Confirm::Refused(_)) => "failure",
                None => "unknown",
            }),
            vonggac_rdp_cookie: request.cookie.as_deref(),
            vonggac_rdp_routing_token: request.routing_token.as_deref(),
            vonggac_rdp_requested: requested.as_deref(),
            vonggac_rdp_selected: selected.as_deref(),
            vonggac_rdp_failure: match confirm {
                Some(Confirm::Refused(code)) => Some(parser::refusal(code)),
                _ => None,
            },
            vonggac_rdp_restricted_admin: requested.as_ref().map(|_| request.flags & RESTRICTED_ADMIN != 0),
            vonggac_rdp_client_name: client.name.as_deref(),
            vonggac_rdp_client_build: client.build,
            vonggac_rdp_client_keyboard: client.keyboard.as_deref(),
            vonggac_rdp_client_version: client.version.as_deref(),
            vonggac_rdp_channels: Some(client.channels.as_slice()).filter(|channels| !channels.is_empty()),
            ..events::Rdp::default()
        };
        context.emit(time, &row);
        // A refusal only settles the security; the client comes again.
        if user.is_some() && !matches!(confirm, Some(Confirm::Refused(_))) {
            let row = events::Login {
                user_name: user,
                user_domain: domain,
                event_outcome: Some("unknown"),
                network_protocol: Some("rdp"),
                vonggac_login_method: selected.as_deref(),
                vonggac_login_encrypted: Some(true),
                vonggac_login_host: client.name.as_deref(),
                ..events::Login::default()
            };
            context.emit(time, &row);
        }
    }

    fn data(&mut self, direction: Direction, content: &[u8], context: &mut Context<'_>) -> Outcome {
        if direction == Direction::ToServer
            && let Some(client) = parser::client(content)
        {
            self.since.get_or_insert(context.time);
            self.client = Some(client);
        }
        // What follows is encrypted, or pictures.
        self.emit(context);
        Outcome::Done
    }
}

/// Domain and user of a cookie.
fn account(cookie: Option<&str>) -> (Option<&str>, Option<&str>) {
    let Some(cookie) = cookie.filter(|cookie| !cookie.is_empty()) else { return (None, None) };
    match cookie.split_once('\\') {
        Some((domain, user)) => (Some(domain), Some(user).filter(|user| !user.is_empty())),
        None => (None, Some(cookie)),
    }
}

impl Decoder for Rdp {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        let Some(header) = bytes.first_chunk::<4>() else { return Outcome::Parsed(0) };
        let Some(total) = parser::total(header) else { return Outcome::Malformed("rdp-malformed") };
        let Some(packet) = bytes.get(..total) else { return Outcome::Parsed(0) };
        let behind = packet.get(parser::HEAD_BYTES..).unwrap_or_default();
        match packet.get(5) {
            Some(&parser::REQUEST) => {
                self.emit(context);
                self.since = Some(context.time);
                self.request = Some(parser::request(behind));
            }
            Some(&parser::CONFIRM) => {
                self.since.get_or_insert(context.time);
                let confirm = parser::confirm(behind);
                self.confirm = Some(confirm);
                match confirm {
                    Confirm::Selected(0) => {}
                    Confirm::Selected(_) => {
                        self.emit(context);
                        return Outcome::Handover(total);
                    }
                    Confirm::Refused(_) => self.emit(context),
                }
            }
            Some(&parser::DATA) => return self.data(direction, packet.get(7..).unwrap_or_default(), context),
            _ => return Outcome::Malformed("rdp-malformed"),
        }
        Outcome::Parsed(total)
    }

    fn close(&mut self, context: &mut Context<'_>) {
        self.emit(context);
    }
}
