//! What every decoder must stand: the same events for any split of a stream, and no panic for anything cut, turned or made
//! up. Each protocol's tests give conversations of their own; what is asserted is the same for all.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::{Harness, ReadableEvent};
use crate::protocols::{Carrier, Direction, Protocol};

/// Messages in order, each with its sender; over UDP each is one datagram.
pub type Conversation = Vec<(Direction, Vec<u8>)>;

/// Longest conversation of which every single cut is tried; longer ones are cut at some hundred places.
const EVERY_CUT: usize = 400;

/// Tries all of it on a protocol with one conversation.
///
/// # Panics
/// If the decoder does not stand it.
pub fn stands(protocol: &Protocol, conversation: &Conversation) {
    let whole = told(protocol, conversation);
    if protocol.carrier == Carrier::Stream {
        let bytes: Conversation = conversation
            .iter()
            .flat_map(|(direction, message)| message.iter().map(|byte| (*direction, vec![*byte])))
            .collect();
        assert_eq!(told(protocol, &bytes), whole, "byte by byte, {} tells other events", protocol.name);
    }
    cuts(protocol, conversation);
    noise(protocol, conversation);
}

/// The events of a conversation.
fn told(protocol: &Protocol, conversation: &Conversation) -> Vec<ReadableEvent> {
    let mut harness = harness(protocol);
    for (direction, message) in conversation {
        harness.feed(*direction, message);
    }
    harness.finish()
}

fn harness(protocol: &Protocol) -> Harness {
    let decoder = (protocol.decoder)();
    match protocol.carrier {
        Carrier::Stream => Harness::new(decoder),
        Carrier::Datagram => Harness::datagrams(decoder, 1),
    }
}

/// Each message cut short, and the conversation ended there or gone on behind the hole.
fn cuts(protocol: &Protocol, conversation: &Conversation) {
    let total: usize = conversation.iter().map(|(_, message)| message.len()).sum();
    let step = (total / EVERY_CUT).max(1);
    for (index, (direction, message)) in conversation.iter().enumerate() {
        for cut in (0..message.len()).step_by(step) {
            let mut ended = conversation[..index].to_vec();
            ended.push((*direction, message[..cut].to_vec()));
            told(protocol, &ended);
            let mut harness = harness(protocol);
            for (direction, message) in &ended {
                harness.feed(*direction, message);
            }
            if protocol.carrier == Carrier::Stream && harness.stopped.is_none() {
                harness.gap(*direction, (message.len() - cut) as u64);
            }
            for (direction, message) in &conversation[index + 1..] {
                harness.feed(*direction, message);
            }
            harness.finish();
        }
    }
}

/// Bytes turned in an honest conversation: the way past the first checks that random bytes never find.
fn noise(protocol: &Protocol, conversation: &Conversation) {
    let turn = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>());
    let turns = prop::collection::vec(turn, 1..6);
    let mut runner = TestRunner::new(Config { cases: 200, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&turns, |turns| {
        let mut noisy = conversation.clone();
        for (message, place, value) in turns {
            let message = &mut noisy[message.index(conversation.len())].1;
            if !message.is_empty() {
                let place = place.index(message.len());
                message[place] = value;
            }
        }
        told(protocol, &noisy);
        Ok(())
    });
    assert!(outcome.is_ok(), "{}: {outcome:?}", protocol.name);
}
