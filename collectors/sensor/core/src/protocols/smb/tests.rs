//! Conversations and the events that they must give.

mod files;
mod limits;
mod messages;
mod one;
mod probing;
mod two;

use super::TCP;
use crate::testing::robustness::Conversation;
use crate::testing::{Harness, ReadableEvent};

fn harness() -> Harness {
    Harness::new((TCP.decoder)()).keep_files()
}

/// The harness behind a conversation.
fn fed(conversation: &Conversation) -> Harness {
    let mut harness = harness();
    for (direction, message) in conversation {
        harness.feed(*direction, message);
    }
    assert_eq!(harness.stopped, None);
    harness
}

fn told(conversation: &Conversation) -> Vec<ReadableEvent> {
    let mut harness = fed(conversation);
    assert_eq!(harness.anomalies(), Vec::<&str>::new());
    harness.finish()
}

fn of<'a>(events: &'a [ReadableEvent], dataset: &str) -> Vec<&'a ReadableEvent> {
    events.iter().filter(|event| event["event.dataset"] == dataset).collect()
}

/// The first event of a command.
fn command<'a>(events: &'a [ReadableEvent], name: &str) -> &'a ReadableEvent {
    let found = events.iter().find(|event| event.get("vonggac.smb.command").is_some_and(|told| told == name));
    found.unwrap_or_else(|| panic!("no {name}"))
}

fn check(event: &ReadableEvent, expected: &[(&str, &str)]) {
    for (field, value) in expected {
        assert_eq!(event.get(*field).map_or("", String::as_str), *value, "{field} of {event:?}");
    }
}
