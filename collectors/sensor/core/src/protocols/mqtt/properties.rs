//! Properties of version 5 (MQTT 5 §2.2.2): what clients and brokers agree upon, and what users add.

use super::parser::{Body, kind, name};
use crate::secrets;
use crate::text::lossless;

/// Properties of one packet that are told.
const PROPERTIES_MAX: usize = 16;

/// Bytes of a value that are told.
const VALUE_MAX: usize = 128;

/// How a value stands in the packet.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Byte,
    Short,
    Long,
    Variable,
    Text,
    Secret,
    Pair,
}

/// Number, name and form.
const KNOWN: [(u8, &str, Form); 27] = [
    (1, "payload_format_indicator", Form::Byte),
    (2, "message_expiry_interval", Form::Long),
    (3, "content_type", Form::Text),
    (8, "response_topic", Form::Text),
    (9, "correlation_data", Form::Text),
    (11, "subscription_identifier", Form::Variable),
    (17, "session_expiry_interval", Form::Long),
    (18, "assigned_client_id", Form::Text),
    (19, "server_keep_alive", Form::Short),
    (21, "authentication_method", Form::Text),
    (22, "authentication_data", Form::Secret),
    (23, "request_problem_information", Form::Byte),
    (24, "will_delay_interval", Form::Long),
    (25, "request_response_information", Form::Byte),
    (26, "response_information", Form::Text),
    (28, "server_reference", Form::Text),
    (31, "reason_string", Form::Text),
    (33, "receive_maximum", Form::Short),
    (34, "topic_alias_maximum", Form::Short),
    (35, "topic_alias", Form::Short),
    (36, "maximum_qos", Form::Byte),
    (37, "retain_available", Form::Byte),
    (38, "", Form::Pair),
    (39, "maximum_packet_size", Form::Long),
    (40, "wildcard_subscription_available", Form::Byte),
    (41, "subscription_identifiers_available", Form::Byte),
    (42, "shared_subscription_available", Form::Byte),
];

/// The properties of a packet as `packet:name=value`, as far as they can be read.
#[must_use]
pub fn told(kind: u8, flags: u8, body: &[u8]) -> Vec<String> {
    let mut list = Vec::new();
    let Some(mut properties) = block(kind, flags, body).map(Body) else { return list };
    while !properties.0.is_empty() && list.len() < PROPERTIES_MAX {
        let Some(one) = one(&mut properties) else { break };
        list.push(format!("{}:{one}", name(kind)));
    }
    list
}

/// Where they stand: behind the fixed fields of each kind.
fn block(kind: u8, flags: u8, body: &[u8]) -> Option<&[u8]> {
    let mut body = Body(body);
    match kind {
        kind::CONNECT => {
            body.text()?;
            body.bytes(4)?;
        }
        kind::CONNACK => body.bytes(2).map(|_| ())?,
        kind::PUBLISH => {
            body.text()?;
            if flags & 0x06 != 0 {
                body.number()?;
            }
        }
        kind::SUBSCRIBE | kind::SUBACK | kind::UNSUBSCRIBE | kind::UNSUBACK => body.number().map(|_| ())?,
        kind::DISCONNECT | kind::AUTH => body.bytes(1).map(|_| ())?,
        _ => body.bytes(3).map(|_| ())?,
    }
    body.properties()
}

fn one(properties: &mut Body<'_>) -> Option<String> {
    let number = *properties.bytes(1)?.first()?;
    let (_, name, form) = KNOWN.iter().find(|(known, ..)| *known == number)?;
    let whole =
        |bytes: &[u8]| bytes.iter().fold(0_u32, |value, byte| value << 8 | u32::from(*byte)).to_string();
    let (name, value) = match form {
        Form::Byte => ((*name).to_owned(), whole(properties.bytes(1)?)),
        Form::Short => ((*name).to_owned(), whole(properties.bytes(2)?)),
        Form::Long => ((*name).to_owned(), whole(properties.bytes(4)?)),
        Form::Variable => ((*name).to_owned(), properties.variable()?.to_string()),
        Form::Text => ((*name).to_owned(), shown(properties.text()?)),
        Form::Secret => ((*name).to_owned(), secrets::mask(properties.text()?)),
        Form::Pair => {
            let (name, value) = (properties.text()?, properties.text()?);
            let value = if secrets::is_secret_name(name) { secrets::mask(value) } else { shown(value) };
            (shown(name), value)
        }
    };
    Some(format!("{name}={value}"))
}

fn shown(bytes: &[u8]) -> String {
    lossless(&bytes[..bytes.len().min(VALUE_MAX)]).into_owned()
}
