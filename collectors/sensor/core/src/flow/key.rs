//! What makes packets of both directions one flow.

use std::hash::{Hash, Hasher};

use crate::ip::Address;

/// A tuple in canonical order: both directions have the same key. VLAN tags are no part of it where routers can stand
/// between the ends, because the two directions then often carry different ones (`docs/decisions/what-makes-a-flow.md`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// The smaller address.
    pub low: u128,
    /// The larger address.
    pub high: u128,
    /// Port of `low`.
    pub low_port: u16,
    /// Port of `high`.
    pub high_port: u16,
    /// Protocol number.
    pub protocol: u8,
    /// IPv6.
    pub v6: bool,
    /// The network in which these addresses mean something, where several are seen side by side (inside tunnels, on
    /// VLANs for addresses of one link); else 0.
    pub space: u32,
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u128(self.low);
        state.write_u128(self.high);
        state.write_u64(self.rest() ^ u64::from(self.space) << 41);
    }
}

impl Key {
    /// Equality without branches: the table asks it for every packet, of keys that are nearly always equal.
    #[inline]
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        (self.low == other.low)
            & (self.high == other.high)
            & (self.rest() == other.rest())
            & (self.space == other.space)
    }

    /// Ports, protocol and family as one number.
    #[inline]
    fn rest(&self) -> u64 {
        u64::from(self.low_port)
            | u64::from(self.high_port) << 16
            | u64::from(self.protocol) << 32
            | u64::from(self.v6) << 40
    }

    /// The key of a packet, and whether its sender is `low`.
    #[must_use]
    pub fn of(source: (Address, u16), destination: (Address, u16), protocol: u8) -> (Self, bool) {
        let from_low = source <= destination;
        let (low, high) = if from_low { (source, destination) } else { (destination, source) };
        let key = Self {
            low: low.0.value,
            high: high.0.value,
            low_port: low.1,
            high_port: high.1,
            protocol,
            v6: source.0.v6,
            space: 0,
        };
        (key, from_low)
    }

    /// The key of a packet without ports: `class` and `id` tell conversations of one pair apart (ICMP).
    #[must_use]
    pub fn without_ports(
        source: Address,
        destination: Address,
        protocol: u8,
        class: u16,
        id: u16,
    ) -> (Self, bool) {
        let (key, from_low) = Self::of((source, 0), (destination, 0), protocol);
        (Self { low_port: class, high_port: id, ..key }, from_low)
    }

    /// The security association of ESP: its number stands where ports would.
    #[must_use]
    pub fn spi(&self) -> u32 {
        u32::from(self.low_port) << 16 | u32::from(self.high_port)
    }

    /// Address and port of one end.
    #[must_use]
    pub fn end(&self, low: bool) -> (Address, u16) {
        let (value, port) = if low { (self.low, self.low_port) } else { (self.high, self.high_port) };
        (Address { value, v6: self.v6 }, port)
    }
}
