//! What is known of a session and of its channels, and the events that they become.

use crate::context::Context;
use crate::events;
use crate::protocols::sasl::outcome;
use crate::text::lossless;
use crate::time::Micros;

/// Channels and offers kept of one session.
pub(super) const LIST_MAX: usize = 64;
/// Longest name or topic that is kept.
const TEXT_MAX: usize = 512;

/// A session so far.
#[derive(Default)]
pub(super) struct Session {
    pub(super) nick: Option<String>,
    pub(super) user: Option<String>,
    pub(super) real_name: Option<String>,
    pub(super) server: Option<String>,
    pub(super) channels: Vec<String>,
    pub(super) joins: i64,
    pub(super) sent: i64,
    pub(super) received: i64,
    pub(super) dcc: Vec<String>,
    /// The server has let the client in, or refused it.
    pub(super) welcome: Option<bool>,
}

/// A channel that is being joined.
pub(super) struct Join {
    pub(super) time: Micros,
    pub(super) channel: String,
    pub(super) topic: Option<String>,
    pub(super) members: Option<i64>,
}

pub(super) fn kept(bytes: &[u8]) -> String {
    lossless(&bytes[..bytes.len().min(TEXT_MAX)]).into_owned()
}

/// Adds to a list that is bounded and has each name once.
pub(super) fn note(list: &mut Vec<String>, name: String) {
    if list.len() < LIST_MAX && !list.contains(&name) {
        list.push(name);
    }
}

fn some(list: &[String]) -> Option<&[String]> {
    Some(list).filter(|list| !list.is_empty())
}

impl Session {
    pub(super) fn emit(&self, time: Micros, context: &mut Context<'_>) {
        let row = events::Irc {
            user_name: self.user.as_deref(),
            event_outcome: Some(outcome(self.welcome)),
            vonggac_irc_kind: Some("session"),
            vonggac_irc_nick: self.nick.as_deref(),
            vonggac_irc_real_name: self.real_name.as_deref(),
            vonggac_irc_server: self.server.as_deref(),
            vonggac_irc_channels: some(&self.channels),
            vonggac_irc_joins: Some(self.joins),
            vonggac_irc_sent: Some(self.sent),
            vonggac_irc_received: Some(self.received),
            vonggac_irc_dcc: some(&self.dcc),
            ..events::Irc::default()
        };
        context.emit(time, &row);
    }

    pub(super) fn emit_join(&self, join: &Join, success: Option<bool>, context: &mut Context<'_>) {
        let row = events::Irc {
            user_name: self.user.as_deref(),
            event_outcome: Some(outcome(success)),
            vonggac_irc_kind: Some("join"),
            vonggac_irc_nick: self.nick.as_deref(),
            vonggac_irc_server: self.server.as_deref(),
            vonggac_irc_channels: Some(std::slice::from_ref(&join.channel)),
            vonggac_irc_topic: join.topic.as_deref(),
            vonggac_irc_members: join.members,
            ..events::Irc::default()
        };
        context.emit(join.time, &row);
    }
}
