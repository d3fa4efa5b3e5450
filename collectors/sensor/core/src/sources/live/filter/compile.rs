//! Expression to classic BPF on Ethernet frames (RFC-less; Documentation/networking/filter.rst of Linux).
//!
//! Every test is a small block whose inner jumps are short and which leaves by a long jump, so that a filter of any
//! length stays within the eight bits of a conditional jump.

use std::net::IpAddr;

use super::parse::{Expression, Side, Test};

const LOAD_BYTE: u32 = libc::BPF_LD | libc::BPF_B | libc::BPF_ABS;
const LOAD_HALF: u32 = libc::BPF_LD | libc::BPF_H | libc::BPF_ABS;
const LOAD_WORD: u32 = libc::BPF_LD | libc::BPF_W | libc::BPF_ABS;
/// X = length of the IPv4 header at the operand.
const LOAD_HEADER_LENGTH: u32 = libc::BPF_LDX | libc::BPF_B | libc::BPF_MSH;
const LOAD_HALF_AT_X: u32 = libc::BPF_LD | libc::BPF_H | libc::BPF_IND;
const MASK: u32 = libc::BPF_ALU | libc::BPF_AND | libc::BPF_K;
const EQUAL: u32 = libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K;
const AT_LEAST: u32 = libc::BPF_JMP | libc::BPF_JGE | libc::BPF_K;
const ABOVE: u32 = libc::BPF_JMP | libc::BPF_JGT | libc::BPF_K;
const ANY_BIT: u32 = libc::BPF_JMP | libc::BPF_JSET | libc::BPF_K;
const GO: u32 = libc::BPF_JMP | libc::BPF_JA;
const RETURN: u32 = libc::BPF_RET | libc::BPF_K;

/// Loads from here are what the kernel knows beside the bytes (SKF_AD_OFF): −4096, the outer VLAN tag at 44 and 48.
const VLAN_TAG: u32 = (-4_096_i32 + 44).cast_unsigned();
const VLAN_PRESENT: u32 = (-4_096_i32 + 48).cast_unsigned();

const IPV4: u32 = 0x0800;
const IPV6: u32 = 0x86dd;
const ARP: u32 = 0x0806;
/// Offsets in an Ethernet frame whose VLAN tag the kernel has taken out.
const ETHER_TYPE: u32 = 12;
const V4_FRAGMENT: u32 = 20;
const V4_PROTOCOL: u32 = 23;
const V4_ADDRESSES: (u32, u32) = (26, 30);
const V6_NEXT_HEADER: u32 = 20;
const V6_ADDRESSES: (u32, u32) = (22, 38);
const ARP_ADDRESSES: (u32, u32) = (28, 38);

#[derive(Clone, Copy, PartialEq, Eq)]
struct Label(usize);

enum Line {
    Plain(u32, u32),
    Branch(u32, u32, Label, Label),
    Go(Label),
    Mark(Label),
}

/// The program of an expression.
pub(super) fn compile(expression: &Expression) -> Result<Vec<libc::sock_filter>, String> {
    let mut program = Assembly { lines: Vec::new(), labels: 0 };
    let (take, leave) = (program.label(), program.label());
    program.expression(expression, take, leave);
    program.lines.push(Line::Mark(take));
    program.lines.push(Line::Plain(RETURN, i32::MAX.cast_unsigned()));
    program.lines.push(Line::Mark(leave));
    program.lines.push(Line::Plain(RETURN, 0));
    program.resolve().ok_or_else(|| "is too long; shorten it".to_owned())
}

struct Assembly {
    lines: Vec<Line>,
    labels: usize,
}

impl Assembly {
    fn label(&mut self) -> Label {
        self.labels += 1;
        Label(self.labels - 1)
    }

    fn load(&mut self, code: u32, operand: u32) {
        self.lines.push(Line::Plain(code, operand));
    }

    /// Compares what was loaded; goes to `then` if it holds and on with the next line if not.
    fn when(&mut self, code: u32, operand: u32, then: Label) {
        let next = self.label();
        self.lines.push(Line::Branch(code, operand, then, next));
        self.lines.push(Line::Mark(next));
    }

    /// Goes to `otherwise` unless the comparison holds.
    fn unless(&mut self, code: u32, operand: u32, otherwise: Label) {
        let next = self.label();
        self.lines.push(Line::Branch(code, operand, next, otherwise));
        self.lines.push(Line::Mark(next));
    }

    fn expression(&mut self, expression: &Expression, yes: Label, no: Label) {
        match expression {
            Expression::Not(inner) => self.expression(inner, no, yes),
            Expression::And(left, right) => {
                let next = self.label();
                self.expression(left, next, no);
                self.lines.push(Line::Mark(next));
                self.expression(right, yes, no);
            }
            Expression::Or(left, right) => {
                let next = self.label();
                self.expression(left, yes, next);
                self.lines.push(Line::Mark(next));
                self.expression(right, yes, no);
            }
            Expression::Test(test) => {
                let (hit, miss) = (self.label(), self.label());
                self.test(test, hit, miss);
                self.lines.push(Line::Mark(miss));
                self.lines.push(Line::Go(no));
                self.lines.push(Line::Mark(hit));
                self.lines.push(Line::Go(yes));
            }
        }
    }

    /// Goes to `hit`, or to `miss`, or falls through, which is a miss.
    fn test(&mut self, test: &Test, hit: Label, miss: Label) {
        match test {
            Test::EtherType(kind) => {
                self.load(LOAD_HALF, ETHER_TYPE);
                self.when(EQUAL, u32::from(*kind), hit);
            }
            Test::Vlan(number) => self.vlan(*number, hit, miss),
            Test::Protocol(v4, v6) => {
                for (kind, offset, number) in [(IPV4, V4_PROTOCOL, v4), (IPV6, V6_NEXT_HEADER, v6)] {
                    let Some(number) = number else { continue };
                    let other = self.label();
                    self.load(LOAD_HALF, ETHER_TYPE);
                    self.unless(EQUAL, kind, other);
                    self.load(LOAD_BYTE, offset);
                    self.when(EQUAL, u32::from(*number), hit);
                    self.lines.push(Line::Mark(other));
                }
            }
            Test::Network(side, IpAddr::V4(address), bits) => {
                let (value, mask) = (address.to_bits(), mask(*bits));
                for (kind, offsets) in [(IPV4, V4_ADDRESSES), (ARP, ARP_ADDRESSES)] {
                    self.network(kind, *side, offsets, &[(value & mask, mask)], hit);
                }
            }
            Test::Network(side, IpAddr::V6(address), bits) => {
                let mut words = [(0, 0); 4];
                for (index, (word, octets)) in
                    words.iter_mut().zip(address.octets().chunks_exact(4)).enumerate()
                {
                    let mask = mask(bits.saturating_sub(u8::try_from(index * 32).unwrap_or(u8::MAX)));
                    let value = octets.iter().fold(0, |sum, octet| sum << 8 | u32::from(*octet));
                    *word = (value & mask, mask);
                }
                self.network(IPV6, *side, V6_ADDRESSES, &words, hit);
            }
            Test::Ports(transports, side, low, high) => {
                self.ports(transports, *side, (*low, *high), hit, miss)
            }
        }
    }

    fn vlan(&mut self, number: Option<u16>, hit: Label, miss: Label) {
        self.load(LOAD_BYTE, VLAN_PRESENT);
        match number {
            None => self.when(EQUAL, 1, hit),
            Some(number) => {
                self.unless(EQUAL, 1, miss);
                self.load(LOAD_HALF, VLAN_TAG);
                self.load(MASK, 0x0fff);
                self.when(EQUAL, u32::from(number), hit);
            }
        }
    }

    /// One address field after the other: all words, each under its mask.
    fn network(&mut self, kind: u32, side: Side, offsets: (u32, u32), words: &[(u32, u32)], hit: Label) {
        let other = self.label();
        self.load(LOAD_HALF, ETHER_TYPE);
        self.unless(EQUAL, kind, other);
        for offset in fields(side, offsets) {
            let next = self.label();
            for (index, (value, mask)) in (0_u32..).zip(words) {
                self.load(LOAD_WORD, offset + 4 * index);
                if *mask != u32::MAX {
                    self.load(MASK, *mask);
                }
                self.unless(EQUAL, *value, next);
            }
            self.lines.push(Line::Go(hit));
            self.lines.push(Line::Mark(next));
        }
        self.lines.push(Line::Mark(other));
    }

    fn ports(&mut self, transports: &[u8], side: Side, range: (u16, u16), hit: Label, miss: Label) {
        let (v6, v4_known, v6_known) = (self.label(), self.label(), self.label());
        self.load(LOAD_HALF, ETHER_TYPE);
        self.when(EQUAL, IPV6, v6);
        self.unless(EQUAL, IPV4, miss);
        self.load(LOAD_BYTE, V4_PROTOCOL);
        self.transports(transports, v4_known, miss);
        self.lines.push(Line::Mark(v4_known));
        self.load(LOAD_HALF, V4_FRAGMENT);
        self.when(ANY_BIT, 0x1fff, miss);
        self.load(LOAD_HEADER_LENGTH, 14);
        self.port_fields(LOAD_HALF_AT_X, fields(side, (14, 16)), range, hit);
        self.lines.push(Line::Go(miss));
        self.lines.push(Line::Mark(v6));
        self.load(LOAD_BYTE, V6_NEXT_HEADER);
        self.transports(transports, v6_known, miss);
        self.lines.push(Line::Mark(v6_known));
        self.port_fields(LOAD_HALF, fields(side, (54, 56)), range, hit);
    }

    fn transports(&mut self, transports: &[u8], known: Label, miss: Label) {
        for transport in transports {
            self.when(EQUAL, u32::from(*transport), known);
        }
        self.lines.push(Line::Go(miss));
    }

    fn port_fields(&mut self, code: u32, fields: Vec<u32>, (low, high): (u16, u16), hit: Label) {
        for offset in fields {
            let next = self.label();
            self.load(code, offset);
            self.unless(AT_LEAST, u32::from(low), next);
            self.when(ABOVE, u32::from(high), next);
            self.lines.push(Line::Go(hit));
            self.lines.push(Line::Mark(next));
        }
    }

    /// Labels become distances; `None` when a conditional jump is too far.
    fn resolve(&self) -> Option<Vec<libc::sock_filter>> {
        let mut places = vec![0_usize; self.labels];
        let mut at = 0;
        for line in &self.lines {
            match line {
                Line::Mark(label) => places[label.0] = at,
                _ => at += 1,
            }
        }
        let mut code = Vec::with_capacity(at);
        for line in &self.lines {
            let far = |label: &Label| places[label.0].checked_sub(code.len() + 1);
            let near = |label: &Label| far(label).and_then(|distance| u8::try_from(distance).ok());
            let (operation, jt, jf, k) = match line {
                Line::Mark(_) => continue,
                Line::Plain(operation, operand) => (*operation, 0, 0, *operand),
                Line::Branch(operation, operand, then, otherwise) => {
                    (*operation, near(then)?, near(otherwise)?, *operand)
                }
                Line::Go(label) => (GO, 0, 0, u32::try_from(far(label)?).ok()?),
            };
            code.push(libc::sock_filter { code: u16::try_from(operation).ok()?, jt, jf, k });
        }
        Some(code)
    }
}

fn fields(side: Side, (source, destination): (u32, u32)) -> Vec<u32> {
    match side {
        Side::Either => vec![source, destination],
        Side::Source => vec![source],
        Side::Destination => vec![destination],
    }
}

/// The upper `bits` of a word.
fn mask(bits: u8) -> u32 {
    u32::MAX.checked_shl(32 - u32::from(bits.min(32))).unwrap_or(0)
}
