//! Application protocols: one folder each, all of the same shape.
//!
//! `mod.rs` says what the protocol is and holds its [`Protocol`] entry and `probe`; `parser.rs` turns bytes into
//! messages (pure functions); `decoder.rs` pairs messages into transactions and emits events; `tests.rs` proves it.
//! To add one: copy the folder `template/` (it is compiled for tests), add the module and its entry to [`ALL`] below,
//! and its fields to `schema/fields/`.

#[cfg(test)]
pub(crate) mod template;

pub mod dcerpc;
pub mod dhcp;
pub mod dhcpv6;
pub mod dht;
pub mod dnp3;
pub mod dns;
pub mod dtls;
pub mod ftp;
pub mod http;
pub mod http2;
pub mod imap;
pub mod irc;
pub mod kerberos;
pub mod ldap;
pub mod localnames;
pub(crate) mod mime;
pub mod mining;
pub mod modbus;
pub mod mqtt;
pub mod mysql;
pub mod nfs;
pub mod ntlm;
pub mod ntp;
pub mod pgsql;
pub mod pop3;
pub mod quic;
pub mod rdp;
pub mod recognised;
pub mod rfb;
pub mod s7comm;
pub(crate) mod sasl;
pub mod sip;
mod skip;
pub mod smb;
pub mod smtp;
pub mod snmp;
pub mod socks;
pub mod ssdp;
pub mod ssh;
pub mod syslog;
pub mod tds;
pub mod telnet;
pub mod tftp;
pub mod tls;
pub mod websocket;

use crate::context::Context;

/// Every protocol that the sensor knows, in the order in which they are asked.
#[rustfmt::skip]
pub const ALL: &[Protocol] = &[
    // the web
    http::HTTP, dns::UDP, dns::TCP, tls::TCP,
    // log-ins and identity
    kerberos::UDP, kerberos::TCP, kerberos::PASSWORD_UDP, kerberos::PASSWORD_TCP, ldap::TCP, ldap::UDP, rdp::TCP,
    // shares and remote procedures
    smb::TCP,
    dcerpc::TCP, dcerpc::UDP,
    // mail
    smtp::SMTP, imap::IMAP, pop3::POP3,
    // files and remote shells
    ssh::SSH, rfb::RFB, ftp::FTP, tftp::TFTP, telnet::TELNET,
    // secure and multiplexed transports
    quic::UDP, dtls::UDP, http2::TCP, websocket::TCP,
    // names and the local network
    dhcp::UDP, dhcpv6::UDP, localnames::LLMNR_UDP, localnames::LLMNR_TCP, localnames::MDNS, localnames::NBNS, ssdp::SSDP,
    // things and other services
    snmp::UDP,
    irc::IRC,
    socks::SOCKS, ntp::NTP, syslog::UDP, syslog::TCP,
    mining::STRATUM, mqtt::MQTT, pgsql::PGSQL, sip::UDP, sip::TCP, dht::DHT, dnp3::TCP, dnp3::UDP, modbus::MODBUS,
    s7comm::S7COMM,
    mysql::MYSQL, tds::TDS, nfs::TCP, nfs::UDP,
];

/// Who sent the bytes. `source` of the flow is the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From `source` to `destination`.
    ToServer,
    /// From `destination` to `source`.
    ToClient,
}

impl Direction {
    /// 0 for the client's bytes, 1 for the server's: to index pairs.
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self == Self::ToClient)
    }

    /// The opposite direction.
    #[must_use]
    pub fn other(self) -> Self {
        if self == Self::ToServer { Self::ToClient } else { Self::ToServer }
    }
}

/// What the carrier of a protocol is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Carrier {
    /// A reassembled TCP stream.
    Stream,
    /// UDP datagrams.
    Datagram,
}

/// A protocol's opinion on the first bytes of a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// These bytes are mine.
    Mine,
    /// These bytes cannot be mine.
    NotMine,
    /// Too few bytes to tell.
    Unsure,
}

/// First bytes of a flow, for recognising its protocol by content.
#[derive(Clone, Copy, Debug)]
pub struct Opening<'a> {
    /// Who sent `bytes`.
    pub direction: Direction,
    /// The first bytes of that direction: a prefix of the stream, or one datagram.
    pub bytes: &'a [u8],
    /// Ports of client and server: a hint for protocols whose first bytes say little, never the sole reason.
    pub ports: (u16, u16),
}

/// One entry of the registry.
#[derive(Debug)]
pub struct Protocol {
    /// The name for `network.protocol`.
    pub name: &'static str,
    /// What carries it; one that runs over both has two entries.
    pub carrier: Carrier,
    /// Recognises the first bytes.
    pub probe: fn(&Opening<'_>) -> Verdict,
    /// A fresh decoder for one flow.
    pub decoder: fn() -> Box<dyn Decoder>,
}

impl PartialEq for Protocol {
    fn eq(&self, other: &Self) -> bool {
        (self.name, self.carrier) == (other.name, other.carrier)
    }
}

impl Eq for Protocol {}

/// What became of the bytes given to a decoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The first `n` bytes were used. The rest is given again in front of what comes next; 0 means that nothing
    /// can be told yet. The engine bounds what it holds for a decoder ([`crate::stream::PENDING_MAX`]).
    Parsed(usize),
    /// The bytes break the protocol: the reason names the anomaly, and the decoder is given nothing more.
    Malformed(&'static str),
    /// All that can be learnt is learnt: reassembly of this flow may stop (the rest of it is only counted).
    Done,
    /// From the byte at this offset on, the stream speaks something else (CONNECT, STARTTLS, upgrades): recognise again.
    Handover(usize),
    /// From the byte at this offset on, the stream speaks this protocol, whose bytes could not be told by themselves
    /// (WebSocket behind an upgrade).
    Switch(usize, &'static Protocol),
}

/// The state machine of one flow: bytes in, events out. Sans-I/O: packets, files, tests and fuzzers share it.
pub trait Decoder: Send {
    /// Takes bytes of one direction, in order and without holes; for UDP exactly one datagram, whole.
    /// Any split of a stream gives the same events.
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome;

    /// `missing` bytes of this direction were never seen; what comes next starts behind them.
    /// The default gives up, for protocols that cannot find their feet again.
    fn gap(&mut self, direction: Direction, missing: u64, context: &mut Context<'_>) -> Outcome {
        let _ = (direction, missing, context);
        Outcome::Done
    }

    /// This direction has ended (FIN); half-closed connections go on in the other.
    fn end(&mut self, direction: Direction, context: &mut Context<'_>) {
        let _ = (direction, context);
    }

    /// The flow is over: emit what is still held back (unanswered questions, half a transaction).
    fn close(&mut self, context: &mut Context<'_>);
}
