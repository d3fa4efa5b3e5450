//! What is not ours, what is torn, and what is too much.

use super::wire::{DRSUAPI, SVCCTL, agreed, head, new_service, pdu, protected, request, response};
use super::{PROGRAM, check};
use crate::context::Context;
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::dcerpc::pdu::{FIRST, LAST, kind};
use crate::protocols::dcerpc::{Pipe, TCP, association, probe, probe_datagram};
use crate::protocols::{Decoder, Direction, Opening, Outcome, Verdict, ntlm};
use crate::testing::Harness;
use crate::testing::robustness::stands;

#[test]
fn is_told_from_its_neighbours() {
    let probed = |direction, bytes: &[u8]| probe(&Opening { direction, bytes, ports: (50_000, 49_700) });
    let (bind, ack) = agreed(SVCCTL);
    assert_eq!(probed(ToServer, &bind), Verdict::Mine);
    assert_eq!(probed(ToServer, &bind[..15]), Verdict::Unsure);
    assert_eq!(probed(ToClient, &ack[..16]), Verdict::Mine);
    assert_eq!(probed(ToClient, b"ncacn_http/1.0"), Verdict::Mine);
    assert_eq!(probed(ToClient, b"ncacn"), Verdict::Unsure);
    // SOCKS 5 with two methods, DNS over TCP, TLS, zeros, a head whose length cannot be.
    assert_eq!(probed(ToServer, &[5, 2, 0, 2]), Verdict::NotMine);
    assert_eq!(probed(ToServer, &[0, 29, 5, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, 119]), Verdict::NotMine);
    assert_eq!(probed(ToServer, &[22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3, 0, 0, 0, 0, 0]), Verdict::NotMine);
    assert_eq!(probed(ToServer, &[0; 32]), Verdict::NotMine);
    let mut short = bind.clone();
    short[8..10].copy_from_slice(&[20, 0]);
    assert_eq!(probed(ToServer, &short), Verdict::NotMine);
    let datagram = |bytes: &[u8]| probe_datagram(&Opening { direction: ToServer, bytes, ports: (1, 135) });
    assert_eq!(datagram(&[4; 120]), Verdict::NotMine);
    assert_eq!(datagram(&[0; 120]), Verdict::NotMine);
}

#[test]
fn stands_any_split_cut_and_noise() {
    let (bind, ack) = agreed(SVCCTL);
    let whole = new_service(false, "S", PROGRAM);
    let part = |flags, range: std::ops::Range<usize>| {
        protected(kind::REQUEST, flags, 2, &[&head(0, 12)[..], &whole[range]].concat(), (10, 5), &[5; 16])
    };
    stands(
        &TCP,
        &vec![
            (ToServer, bind),
            (ToClient, ack),
            (ToServer, part(FIRST, 0..56)),
            (ToServer, part(LAST, 56..whole.len())),
            (ToClient, response(2, &[0; 24])),
            (ToServer, protected(kind::AUTH3, 3, 1, &[0; 4], (9, 5), &ntlm::samples::authenticate())),
        ],
    );
}

#[test]
fn what_breaks_the_protocol_ends_it() {
    let mut harness = Harness::new((TCP.decoder)());
    harness.client(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(harness.stopped, Some(Outcome::Malformed("dcerpc-bad-header")));
}

#[test]
fn holes_cost_only_what_lies_in_them() {
    let (bind, ack) = agreed(DRSUAPI);
    let answer = response(2, &[1; 400]);
    let mut harness = Harness::new((TCP.decoder)());
    harness.client(&bind).server(&ack).client(&request(2, 3, &[])).server(&answer[..100]).gap(ToClient, 300);
    harness.server(&answer[400..]);
    // A hole behind which a message begins anew, in the middle of a segment.
    harness
        .client(&request(3, 3, &[]))
        .gap(ToClient, 2_000)
        .server(&[&[5; 40][..], &response(3, &[0; 4])].concat());
    let events = harness.finish();
    check(&events[1], &[("call_id", "2"), ("response_bytes", "400"), ("result", "0x01010101")]);
    check(&events[2], &[("call_id", "3"), ("response", "response"), ("result", "0x00000000")]);
    assert!(harness.anomalies().is_empty(), "our own loss is no anomaly");
}

#[test]
fn a_flow_that_is_turned_around_has_the_caller_as_its_source() {
    let (bind, ack) = agreed(DRSUAPI);
    let mut harness = Harness::new((TCP.decoder)());
    harness.server(&bind).client(&ack).server(&request(2, 3, &[])).client(&response(2, &[0; 4]));
    for event in harness.finish() {
        check(&event, &[("source.ip", "203.0.113.9"), ("interface.name", "drsuapi")]);
    }
}

#[test]
fn thousands_of_calls_are_counted() {
    let (bind, ack) = agreed(DRSUAPI);
    let mut harness = Harness::new((TCP.decoder)());
    harness.client(&bind).server(&ack);
    let beyond = 900;
    for call in 0..association::ROWS_MAX - 1 + beyond {
        harness.client(&request(call, 3, &[])).server(&response(call, &[0; 4]));
    }
    let events = harness.finish();
    assert_eq!(events.len(), usize::try_from(association::ROWS_MAX).expect("small") + 1);
    let last = events.last().expect("many");
    check(last, &[("operation.name", "DRSGetNCChanges"), ("count", &beyond.to_string()), ("call_id", "")]);
    assert_eq!(harness.anomalies(), ["dcerpc-many-calls"]);
}

#[test]
fn calls_that_nobody_answers_are_bounded() {
    let (bind, ack) = agreed(SVCCTL);
    let mut harness = Harness::new((TCP.decoder)());
    harness.client(&bind).server(&ack);
    for call in 0..500 {
        // Each is a first fragment of a call that never ends.
        harness.client(&pdu(kind::REQUEST, FIRST, call, &[&head(0, 12)[..], &[0x41; 6_000]].concat()));
    }
    for call in 0..20 {
        harness.client(&pdu(kind::BIND, FIRST | LAST, call, &super::offer(&[(SVCCTL, 2, super::NDR)])));
    }
    assert_eq!(harness.anomalies(), ["dcerpc-calls-pending", "dcerpc-agreements-pending"]);
    assert!(harness.finish().len() > 500);
}

/// A pipe as SMB would feed it: each datagram is one write or one read.
struct Carrier(Pipe);

impl Decoder for Carrier {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        self.0.data(direction, bytes, context);
        if self.0.is_over() { Outcome::Done } else { Outcome::Parsed(bytes.len()) }
    }

    fn close(&mut self, context: &mut Context<'_>) {
        self.0.close(context);
    }
}

#[test]
fn pipes_are_told_by_name_and_may_carry_something_else() {
    let on = |name: &str| Harness::datagrams(Box::new(Carrier(Pipe::new(name))), 445);
    let (bind, ack) = agreed(SVCCTL);
    let mut harness = on(r"\PIPE\svcctl");
    let asked = request(2, 12, &new_service(false, "S", PROGRAM));
    let answer = response(2, &[0; 24]);
    harness.client(&bind).server(&ack).client(&asked[..90]).client(&asked[90..]);
    harness.server(&answer[..10]).server(&answer[10..]);
    let events = harness.finish();
    check(&events[0], &[("pipe", "svcctl"), ("request", "bind")]);
    check(&events[1], &[("pipe", "svcctl"), ("target", "S"), ("command", PROGRAM), ("result", "0x00000000")]);
    // The agreement was not seen.
    let mut harness = on("svcctl");
    harness.client(&asked).server(&answer);
    check(&harness.finish()[0], &[("interface.name", "svcctl"), ("operation.name", "CreateServiceW")]);
    let mut harness = on("psexesvc-stdin");
    harness.client(b"whoami /all\r\nwhoami");
    assert_eq!((harness.stopped, harness.anomalies().len()), (Some(Outcome::Done), 0));
    assert!(harness.finish().is_empty());
}
