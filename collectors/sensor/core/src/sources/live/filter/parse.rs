//! Text to expression: recursive descent over words.

use std::net::IpAddr;

/// Nested parentheses and negations; the text comes from a configuration file, a mistake there must not overflow.
const DEPTH_MAX: usize = 64;

/// A filter as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expression {
    And(Box<Expression>, Box<Expression>),
    Or(Box<Expression>, Box<Expression>),
    Not(Box<Expression>),
    Test(Test),
}

/// Which end of a packet a test looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Either,
    Source,
    Destination,
}

/// One question about a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Test {
    /// Address within a network: address and prefix length.
    Network(Side, IpAddr, u8),
    /// Ports from first to last; transport protocols that have them.
    Ports(&'static [u8], Side, u16, u16),
    EtherType(u16),
    /// Protocol numbers of IPv4 and of IPv6.
    Protocol(Option<u8>, Option<u8>),
    Vlan(Option<u16>),
}

const TCP: u8 = 6;
const UDP: u8 = 17;
const SCTP: u8 = 132;

/// Parses a whole filter.
pub(super) fn parse(text: &str) -> Result<Expression, String> {
    let spaced = text.replace('(', " ( ").replace(')', " ) ").replace('!', " ! ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut parser = Parser { words, at: 0, depth: 0 };
    let expression = parser.or()?;
    match parser.peek() {
        None => Ok(expression),
        Some(word) => Err(format!("\"{word}\" is not expected here; join tests with and, or")),
    }
}

struct Parser<'a> {
    words: Vec<&'a str>,
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a str> {
        self.words.get(self.at).copied()
    }

    fn take(&mut self, what: &str) -> Result<&'a str, String> {
        let word = self.peek().ok_or_else(|| format!("ends where {what} is expected"))?;
        self.at += 1;
        Ok(word)
    }

    fn accept(&mut self, words: &[&str]) -> bool {
        let accepted = self.peek().is_some_and(|word| words.contains(&word));
        self.at += usize::from(accepted);
        accepted
    }

    fn or(&mut self) -> Result<Expression, String> {
        let mut left = self.and()?;
        while self.accept(&["or", "||"]) {
            left = Expression::Or(Box::new(left), Box::new(self.and()?));
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<Expression, String> {
        let mut left = self.not()?;
        while self.accept(&["and", "&&"]) {
            left = Expression::And(Box::new(left), Box::new(self.not()?));
        }
        Ok(left)
    }

    fn not(&mut self) -> Result<Expression, String> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(format!("is nested deeper than {DEPTH_MAX}"));
        }
        let expression = if self.accept(&["not", "!"]) {
            Expression::Not(Box::new(self.not()?))
        } else if self.accept(&["("]) {
            let inner = self.or()?;
            if !self.accept(&[")"]) {
                return Err("has a parenthesis that is not closed".to_owned());
            }
            inner
        } else {
            Expression::Test(self.test()?)
        };
        self.depth -= 1;
        Ok(expression)
    }

    fn test(&mut self) -> Result<Test, String> {
        let word = self.take("a test such as host, net or port")?;
        Ok(match word {
            "ip" => Test::EtherType(0x0800),
            "ip6" => Test::EtherType(0x86dd),
            "arp" => Test::EtherType(0x0806),
            "icmp" => Test::Protocol(Some(1), None),
            "icmp6" => Test::Protocol(None, Some(58)),
            "proto" => {
                let number = self.number("a protocol number")?;
                Test::Protocol(Some(number), Some(number))
            }
            "vlan" => Test::Vlan(self.vlan()?),
            "tcp" => self.transport(TCP, &[TCP])?,
            "udp" => self.transport(UDP, &[UDP])?,
            "sctp" => self.transport(SCTP, &[SCTP])?,
            "src" => self.sided(Side::Source)?,
            "dst" => self.sided(Side::Destination)?,
            _ => {
                self.at -= 1;
                self.sided(Side::Either)?
            }
        })
    }

    /// `tcp` alone, or the protocol of the port test that follows.
    fn transport(&mut self, protocol: u8, ports: &'static [u8]) -> Result<Test, String> {
        let side = self.side();
        match self.peek() {
            Some("port" | "portrange") => self.ports(ports, side),
            _ if side == Side::Either => Ok(Test::Protocol(Some(protocol), Some(protocol))),
            _ => Err("needs port or portrange after tcp src, udp dst and the like".to_owned()),
        }
    }

    fn side(&mut self) -> Side {
        if self.accept(&["src"]) {
            Side::Source
        } else if self.accept(&["dst"]) {
            Side::Destination
        } else {
            Side::Either
        }
    }

    fn sided(&mut self, side: Side) -> Result<Test, String> {
        match self.peek() {
            Some("host") => {
                self.at += 1;
                let word = self.take("an address")?;
                let address: IpAddr =
                    word.parse().map_err(|_| format!("\"{word}\" is no address; names are not looked up"))?;
                Ok(Test::Network(side, address, if address.is_ipv4() { 32 } else { 128 }))
            }
            Some("net") => {
                self.at += 1;
                self.network(side)
            }
            Some("port" | "portrange") => self.ports(&[TCP, UDP, SCTP], side),
            Some(word) => Err(format!(
                "\"{word}\" is not known; use host, net, port, portrange, ip, ip6, arp, tcp, udp, sctp, icmp, icmp6, proto, vlan, or what tcpdump -ddd prints"
            )),
            None => Err("ends where host, net or port is expected".to_owned()),
        }
    }

    fn network(&mut self, side: Side) -> Result<Test, String> {
        let word = self.take("a network")?;
        let wrong = || format!("\"{word}\" is no network; write it as 10.20.0.0/16");
        let (address, bits) = word.split_once('/').ok_or_else(wrong)?;
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let bits: u8 = bits.parse().map_err(|_| wrong())?;
        if bits > if address.is_ipv4() { 32 } else { 128 } {
            return Err(wrong());
        }
        Ok(Test::Network(side, address, bits))
    }

    fn ports(&mut self, transports: &'static [u8], side: Side) -> Result<Test, String> {
        if self.take("port")? == "port" {
            let port = self.number("a port number")?;
            return Ok(Test::Ports(transports, side, port, port));
        }
        let word = self.take("a range of ports")?;
        let range =
            word.split_once('-').and_then(|(low, high)| Some((low.parse().ok()?, high.parse().ok()?)));
        match range {
            Some((low, high)) if low <= high => Ok(Test::Ports(transports, side, low, high)),
            _ => Err(format!("\"{word}\" is no range of ports; write it as 8000-8080")),
        }
    }

    fn vlan(&mut self) -> Result<Option<u16>, String> {
        match self.peek().map(str::parse) {
            Some(Ok(0..=4_094)) => Ok(Some(self.number("a VLAN number")?)),
            Some(Ok(number)) => Err(format!("{number} is no VLAN number; they go from 0 to 4094")),
            _ => Ok(None),
        }
    }

    fn number<N: std::str::FromStr>(&mut self, what: &str) -> Result<N, String> {
        let word = self.take(what)?;
        word.parse().map_err(|_| format!("\"{word}\" is not {what}"))
    }
}
