//! One DHCP message.

use std::borrow::Cow;
use std::net::Ipv4Addr;

/// The fixed part of BOOTP.
const FIXED_BYTES: usize = 236;

/// What stands behind it when options follow (RFC 2131 §3).
const COOKIE: [u8; 4] = [0x63, 0x82, 0x53, 0x63];

/// Fields of the fixed part that may carry options as well: server name and boot file.
const SERVER_NAME: std::ops::Range<usize> = 44..108;
const BOOT_FILE: std::ops::Range<usize> = 108..236;

/// Numbers of options.
pub mod option {
    /// Routers.
    pub const ROUTERS: u8 = 3;
    /// Name servers.
    pub const NAME_SERVERS: u8 = 6;
    /// Host name.
    pub const HOST_NAME: u8 = 12;
    /// Domain name.
    pub const DOMAIN_NAME: u8 = 15;
    /// Requested address.
    pub const REQUESTED_ADDRESS: u8 = 50;
    /// Lease time.
    pub const LEASE_TIME: u8 = 51;
    /// Options stand in the server name (2), the boot file (1) or both (3).
    pub const OVERLOAD: u8 = 52;
    /// Message type.
    pub const MESSAGE_TYPE: u8 = 53;
    /// Server identifier.
    pub const SERVER_ID: u8 = 54;
    /// Parameter request list.
    pub const PARAMETERS: u8 = 55;
    /// Vendor class.
    pub const VENDOR_CLASS: u8 = 60;
    /// Fully qualified name of the client.
    pub const CLIENT_NAME: u8 = 81;
}

/// One message; options are kept as they came.
#[derive(Clone, Debug)]
pub struct Message<'a> {
    fixed: &'a [u8; FIXED_BYTES],
    options: Vec<(u8, Cow<'a, [u8]>)>,
    /// The options end in the middle of one.
    pub truncated: bool,
}

impl<'a> Message<'a> {
    /// Does a datagram begin like a message?
    #[must_use]
    pub fn plausible(bytes: &[u8]) -> bool {
        matches!(bytes.first(), Some(1 | 2))
            && bytes.get(2).is_some_and(|length| *length <= 16)
            && bytes.get(FIXED_BYTES..FIXED_BYTES + 4) == Some(COOKIE.as_slice())
    }

    /// Reads a message; `None` when it is none.
    #[must_use]
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        if !Self::plausible(bytes) {
            return None;
        }
        let (fixed, rest) = bytes.split_first_chunk::<FIXED_BYTES>()?;
        let mut message = Self { fixed, options: Vec::new(), truncated: false };
        message.read(&rest[COOKIE.len()..]);
        let overload = message.option(option::OVERLOAD).and_then(|value| value.first().copied()).unwrap_or(0);
        if overload & 1 != 0 {
            message.read(&fixed[BOOT_FILE]);
        }
        if overload & 2 != 0 {
            message.read(&fixed[SERVER_NAME]);
        }
        Some(message)
    }

    /// Reads options up to their end. One that comes again continues the first (RFC 3396).
    fn read(&mut self, mut bytes: &'a [u8]) {
        while let Some((number, rest)) = bytes.split_first() {
            match number {
                0 => bytes = rest,
                255 => return,
                _ => {
                    let value =
                        rest.split_first().and_then(|(n, rest)| rest.split_at_checked(usize::from(*n)));
                    let Some((value, rest)) = value else {
                        self.truncated = true;
                        return;
                    };
                    match self.options.iter_mut().find(|(known, _)| known == number) {
                        Some((_, first)) => first.to_mut().extend_from_slice(value),
                        None => self.options.push((*number, Cow::Borrowed(value))),
                    }
                    bytes = rest;
                }
            }
        }
    }

    /// The value of an option.
    #[must_use]
    pub fn option(&self, number: u8) -> Option<&[u8]> {
        self.options.iter().find(|(known, _)| *known == number).map(|(_, value)| value.as_ref())
    }

    /// Is this from a server?
    #[must_use]
    pub fn is_reply(&self) -> bool {
        self.fixed[0] == 2
    }

    /// Transaction id.
    #[must_use]
    pub fn transaction(&self) -> u32 {
        u32::from_be_bytes([self.fixed[4], self.fixed[5], self.fixed[6], self.fixed[7]])
    }

    /// Address that the client holds.
    #[must_use]
    pub fn client(&self) -> Option<Ipv4Addr> {
        self.fixed_address(12)
    }

    /// Address offered or assigned.
    #[must_use]
    pub fn assigned(&self) -> Option<Ipv4Addr> {
        self.fixed_address(16)
    }

    /// Relay agent.
    #[must_use]
    pub fn relay(&self) -> Option<Ipv4Addr> {
        self.fixed_address(24)
    }

    /// Hardware address of the client, empty where it gives none.
    #[must_use]
    pub fn hardware(&self) -> &[u8] {
        &self.fixed[28..28 + usize::from(self.fixed[2].min(16))]
    }

    /// The addresses of an option.
    pub fn addresses(&self, number: u8) -> impl Iterator<Item = Ipv4Addr> {
        self.option(number).unwrap_or_default().chunks_exact(4).map(|a| Ipv4Addr::new(a[0], a[1], a[2], a[3]))
    }

    /// The name that the client wants in DNS: as text, or in the form of DNS messages (RFC 4702 §2.2).
    #[must_use]
    pub fn client_name(&self) -> Option<Cow<'_, [u8]>> {
        let value = self.option(option::CLIENT_NAME)?;
        let (flags, mut name) = (*value.first()?, value.get(3..)?);
        if flags & 0x04 == 0 {
            return Some(Cow::Borrowed(name));
        }
        let mut text = Vec::with_capacity(name.len());
        while let Some((length @ 1.., rest)) = name.split_first() {
            let (label, rest) = rest.split_at_checked(usize::from(*length))?;
            if !text.is_empty() {
                text.push(b'.');
            }
            text.extend_from_slice(label);
            name = rest;
        }
        Some(Cow::Owned(text))
    }

    /// `DISCOVER`, `ACK` …; `BOOTREQUEST` and `BOOTREPLY` for messages without a type.
    #[must_use]
    pub fn kind(&self) -> Cow<'static, str> {
        const NAMES: [&str; 18] = [
            "DISCOVER",
            "OFFER",
            "REQUEST",
            "DECLINE",
            "ACK",
            "NAK",
            "RELEASE",
            "INFORM",
            "FORCERENEW",
            "LEASEQUERY",
            "LEASEUNASSIGNED",
            "LEASEUNKNOWN",
            "LEASEACTIVE",
            "BULKLEASEQUERY",
            "LEASEQUERYDONE",
            "ACTIVELEASEQUERY",
            "LEASEQUERYSTATUS",
            "TLS",
        ];
        match self.option(option::MESSAGE_TYPE).and_then(|value| value.first()) {
            None => Cow::Borrowed(if self.is_reply() { "BOOTREPLY" } else { "BOOTREQUEST" }),
            Some(number) => match usize::from(*number).checked_sub(1).and_then(|at| NAMES.get(at)) {
                Some(name) => Cow::Borrowed(name),
                None => Cow::Owned(number.to_string()),
            },
        }
    }

    fn fixed_address(&self, at: usize) -> Option<Ipv4Addr> {
        let bytes = &self.fixed[at..at + 4];
        Some(Ipv4Addr::new(bytes[0], bytes[1], bytes[2], bytes[3]))
            .filter(|address| !address.is_unspecified())
    }
}
