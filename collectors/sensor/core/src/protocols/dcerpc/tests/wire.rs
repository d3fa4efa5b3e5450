//! Messages and arguments made for the tests, after the tables of C706 and MS-RPCE.

use crate::protocols::dcerpc::pdu::{FIRST, LAST, kind};
use crate::protocols::dcerpc::uuid::Uuid;

pub const SVCCTL: &str = "367abb81-9844-35f1-ad32-98f038001003";
pub const NETLOGON: &str = "12345678-1234-abcd-ef00-01234567cffb";
pub const MAPPER: &str = "e1af8308-5d1f-11c9-91a4-08002b14a0fa";
pub const DRSUAPI: &str = "e3514235-4b06-11d1-ab04-00c04fc2dcd2";
pub const NDR: &str = "8a885d04-1ceb-11c9-9fe8-08002b104860";
pub const NDR64: &str = "71710533-beba-4937-8319-b5dbef9ccc36";
pub const FEATURES: &str = "6cb71c2c-9812-4540-0300-000000000000";

pub fn uuid(text: &str) -> [u8; 16] {
    Uuid::parse(text).expect("an identifier").little()
}

fn short(value: usize) -> [u8; 2] {
    u16::try_from(value).expect("short").to_le_bytes()
}

/// A whole message in little endian.
pub fn pdu(kind: u8, flags: u8, call: u32, body: &[u8]) -> Vec<u8> {
    protected(kind, flags, call, body, (0, 0), &[])
}

/// The same with a proof of this kind and level behind it; arguments are padded to 16 bytes.
pub fn protected(
    kind: u8,
    flags: u8,
    call: u32,
    body: &[u8],
    (auth, level): (u8, u8),
    proof: &[u8],
) -> Vec<u8> {
    let mut body = body.to_vec();
    if !proof.is_empty() {
        let padding = body.len().next_multiple_of(16) - body.len();
        body.resize(body.len() + padding, 0xee);
        body.extend([auth, level, u8::try_from(padding).expect("short"), 0, 0, 0, 0, 0]);
        body.extend_from_slice(proof);
    }
    let head = [5, 0, kind, flags, 0x10, 0, 0, 0];
    let lengths = [short(16 + body.len()), short(proof.len())].concat();
    [&head[..], &lengths, &call.to_le_bytes(), &body].concat()
}

/// Interfaces under the numbers 0, 1, …, each with its version and a way to write arguments.
pub fn offer(offers: &[(&str, u16, &str)]) -> Vec<u8> {
    let mut body =
        vec![0xd0, 0x16, 0xd0, 0x16, 0, 0, 0, 0, u8::try_from(offers.len()).expect("few"), 0, 0, 0];
    for (number, (interface, version, syntax)) in offers.iter().enumerate() {
        body.extend([short(number), [1, 0]].concat());
        body.extend([uuid(interface).as_slice(), &version.to_le_bytes(), &[0, 0]].concat());
        body.extend([uuid(syntax).as_slice(), &[2, 0, 0, 0]].concat());
    }
    body
}

/// Results, each with the way to write arguments.
pub fn answer(results: &[(u16, &str)]) -> Vec<u8> {
    // The second address `135` makes the list begin at an offset that is no multiple of four by itself.
    let mut body = [&[0xd0, 0x16, 0xd0, 0x16, 1, 0, 0, 0, 4, 0][..], b"135\0", &[0, 0]].concat();
    body.extend([u8::try_from(results.len()).expect("few"), 0, 0, 0]);
    for (result, syntax) in results {
        body.extend([&result.to_le_bytes()[..], &[0, 0], &uuid(syntax), &[2, 0, 0, 0]].concat());
    }
    body
}

/// One interface offered and taken.
pub fn agreed(interface: &str) -> (Vec<u8>, Vec<u8>) {
    let offer = pdu(kind::BIND, FIRST | LAST, 1, &offer(&[(interface, 1, NDR)]));
    (offer, pdu(kind::BIND_ACK, FIRST | LAST, 1, &answer(&[(0, NDR)])))
}

pub fn head(context: u16, operation: u16) -> Vec<u8> {
    [&[0; 4][..], &context.to_le_bytes(), &operation.to_le_bytes()].concat()
}

pub fn request(call: u32, operation: u16, arguments: &[u8]) -> Vec<u8> {
    pdu(kind::REQUEST, FIRST | LAST, call, &[&head(0, operation), arguments].concat())
}

pub fn response(call: u32, arguments: &[u8]) -> Vec<u8> {
    pdu(kind::RESPONSE, FIRST | LAST, call, &[&head(0, 0), arguments].concat())
}

pub fn fault(call: u32, status: u32) -> Vec<u8> {
    pdu(kind::FAULT, FIRST | LAST, call, &[&head(0, 0)[..], &status.to_le_bytes(), &[0; 4]].concat())
}

/// Arguments under construction.
#[derive(Default)]
pub struct Arguments {
    pub bytes: Vec<u8>,
    /// Pointers and counts of 64 bits.
    pub wide: bool,
}

impl Arguments {
    fn align(&mut self, to: usize) {
        self.bytes.resize(self.bytes.len().next_multiple_of(to), 0);
    }

    pub fn raw(mut self, bytes: &[u8]) -> Self {
        self.bytes.extend_from_slice(bytes);
        self
    }

    pub fn handle(mut self) -> Self {
        self.align(4);
        self.raw(&[7; 20])
    }

    pub fn long(mut self, value: u32) -> Self {
        self.align(4);
        self.raw(&value.to_le_bytes())
    }

    pub fn short(mut self, value: u16) -> Self {
        self.align(2);
        self.raw(&value.to_le_bytes())
    }

    pub fn size(mut self, value: usize) -> Self {
        if !self.wide {
            return self.long(u32::try_from(value).expect("small"));
        }
        self.align(8);
        self.raw(&(value as u64).to_le_bytes())
    }

    /// With its zero, as clients send it.
    pub fn text(self, text: &str) -> Self {
        let units: Vec<u16> = text.encode_utf16().chain([0]).collect();
        let sized = self.size(units.len()).size(0).size(units.len());
        sized.raw(&units.iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<_>>())
    }

    pub fn pointer(self, text: &str) -> Self {
        self.size(0x2_0000).text(text)
    }

    /// Counts in bytes, without the zero, then the text behind a pointer.
    pub fn counted(self, text: &str) -> Self {
        let length = u16::try_from(2 * text.encode_utf16().count()).expect("short");
        self.short(length).short(length).pointer(text)
    }
}

/// What creates a service with this name and program.
pub fn new_service(wide: bool, name: &str, program: &str) -> Vec<u8> {
    let arguments = Arguments { wide, ..Arguments::default() }.handle().text(name).pointer("Shown");
    arguments.long(0xf01ff).long(16).long(3).long(0).text(program).size(0).size(0).bytes
}
