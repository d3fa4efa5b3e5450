//! Every message is an event of its own: a rogue server shows in the answers, an exhausted pool in the questions.

use std::fmt::Write as _;
use std::net::IpAddr;

use super::parser::{Message, option};
use crate::context::Context;
use crate::events;
use crate::protocols::{Decoder, Direction, Outcome};
use crate::text::lossless;

/// One flow of DHCP; messages stand alone, so there is nothing to remember.
pub struct Dhcp;

impl Decoder for Dhcp {
    fn data(&mut self, _direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        match Message::parse(bytes) {
            Some(message) => {
                if message.truncated {
                    context.anomaly("dhcp-truncated-option");
                }
                emit(&message, context);
            }
            None => context.anomaly("dhcp-malformed"),
        }
        Outcome::Parsed(bytes.len())
    }

    fn close(&mut self, _context: &mut Context<'_>) {}
}

fn emit(message: &Message<'_>, context: &mut Context<'_>) {
    let kind = message.kind();
    let mac = mac(message.hardware());
    let name =
        message.option(option::HOST_NAME).map(text).or_else(|| message.client_name().map(|name| text(&name)));
    let (domain, vendor) =
        (message.option(option::DOMAIN_NAME).map(text), message.option(option::VENDOR_CLASS).map(text));
    let [routers, servers] = [option::ROUTERS, option::NAME_SERVERS]
        .map(|number| message.addresses(number).map(IpAddr::from).collect::<Vec<_>>());
    let parameters: Vec<i64> =
        message.option(option::PARAMETERS).unwrap_or_default().iter().map(|p| i64::from(*p)).collect();
    let lease = message.option(option::LEASE_TIME).and_then(|value| value.first_chunk::<4>());
    let first = |number| message.addresses(number).next().map(IpAddr::from);
    let row = events::Dhcp {
        network_protocol: Some("dhcp"),
        vonggac_dhcp_message_type: Some(&kind),
        vonggac_dhcp_transaction_id: Some(i64::from(message.transaction())),
        vonggac_dhcp_client_mac: mac.as_deref(),
        vonggac_dhcp_client_ip: message.client().map(IpAddr::from),
        vonggac_dhcp_assigned_ip: message.assigned().map(IpAddr::from),
        vonggac_dhcp_requested_ip: first(option::REQUESTED_ADDRESS),
        vonggac_dhcp_relay_ip: message.relay().map(IpAddr::from),
        vonggac_dhcp_server_ip: first(option::SERVER_ID),
        vonggac_dhcp_routers: Some(routers.as_slice()).filter(|list| !list.is_empty()),
        vonggac_dhcp_name_servers: Some(servers.as_slice()).filter(|list| !list.is_empty()),
        vonggac_dhcp_host_name: name.as_deref(),
        vonggac_dhcp_domain_name: domain.as_deref(),
        vonggac_dhcp_vendor_class: vendor.as_deref(),
        vonggac_dhcp_parameters: Some(parameters.as_slice()).filter(|list| !list.is_empty()),
        vonggac_dhcp_lease_seconds: lease.map(|seconds| i64::from(u32::from_be_bytes(*seconds))),
        ..events::Dhcp::default()
    };
    context.emit(context.time, &row);
}

/// Text of an option; some clients end it with zeros.
fn text(value: &[u8]) -> String {
    let end = value.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    lossless(&value[..end]).into_owned()
}

fn mac(hardware: &[u8]) -> Option<String> {
    let mut mac = String::with_capacity(3 * hardware.len());
    for byte in hardware {
        let separator = if mac.is_empty() { "" } else { ":" };
        let _ = write!(mac, "{separator}{byte:02x}");
    }
    Some(mac).filter(|mac| !mac.is_empty())
}
