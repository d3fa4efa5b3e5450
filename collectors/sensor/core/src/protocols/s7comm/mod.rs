//! S7 communication of Siemens controllers over ISO on TCP (RFC 1006, X.224): which functions are called, blocks loaded and
//! controllers stopped among them; values are not told. Of its newer form (S7comm-plus) only that it is spoken. The protocol
//! is not published; what is read here is what its public descriptions agree on.

mod decoder;
mod parser;
#[cfg(test)]
mod tests;

use super::{Carrier, Opening, Protocol, Verdict};
use parser::{Data, Frame};

/// S7 communication.
pub const S7COMM: Protocol = Protocol {
    name: "s7comm",
    carrier: Carrier::Stream,
    probe,
    decoder: || Box::new(decoder::S7comm::default()),
};

/// Longest request to connect.
const REQUEST_MAX: usize = 64;

/// A request to connect with transport selectors (RDP has none) and data of S7 behind it, or such data first.
fn probe(opening: &Opening<'_>) -> Verdict {
    match parser::frame(opening.bytes) {
        Frame::Broken => Verdict::NotMine,
        Frame::Incomplete => Verdict::Unsure,
        Frame::Whole(parser::CONNECT, request, length) if length <= REQUEST_MAX => {
            let named = |parameter: u8| request.windows(2).any(|pair| pair == [parameter, 2]);
            if named(0xc1) && named(0xc2) { data(&opening.bytes[length..]) } else { Verdict::NotMine }
        }
        Frame::Whole(parser::DATA, ..) => data(opening.bytes),
        Frame::Whole(..) => Verdict::NotMine,
    }
}

fn data(bytes: &[u8]) -> Verdict {
    match parser::frame(bytes) {
        Frame::Incomplete => Verdict::Unsure,
        Frame::Whole(parser::DATA, content, _) => match parser::data(content) {
            Some(Data::Message(_) | Data::Plus) => Verdict::Mine,
            None => Verdict::NotMine,
        },
        _ => Verdict::NotMine,
    }
}
