//! Every message is an event of its own, as with DHCP.

use std::net::IpAddr;

use super::parser::{self, Message};
use crate::context::Context;
use crate::events::{self, some};
use crate::link::{Mac, MacText};
use crate::protocols::{Decoder, Direction, Outcome};
use crate::text;
use crate::text::lossless;

/// One flow; messages stand alone, so there is nothing to remember.
pub struct Dhcpv6;

impl Decoder for Dhcpv6 {
    fn data(&mut self, _direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        match Message::parse(bytes) {
            Some(message) => {
                if message.truncated {
                    context.anomaly("dhcpv6-truncated-option");
                }
                emit(&message, context);
            }
            None => context.anomaly("dhcpv6-malformed"),
        }
        Outcome::Parsed(bytes.len())
    }

    fn close(&mut self, _context: &mut Context<'_>) {}
}

fn hexadecimal(bytes: &[u8]) -> Option<String> {
    Some(text::hex(bytes)).filter(|text| !text.is_empty())
}

fn emit(message: &Message, context: &mut Context<'_>) {
    // Advertise and reply come from servers.
    let assigns = matches!(message.kind, 2 | 7);
    let first = message.addresses.first().map(|(address, _)| IpAddr::V6(*address));
    let addresses: Vec<IpAddr> = message.addresses.iter().map(|(address, _)| IpAddr::V6(*address)).collect();
    let servers: Vec<IpAddr> = message.servers.iter().copied().map(IpAddr::V6).collect();
    let parameters: Vec<i64> = message.requested.iter().map(|number| i64::from(*number)).collect();
    let mac = parser::mac(&message.client).map(Mac).and_then(Mac::text);
    let (client, server) = (hexadecimal(&message.client), hexadecimal(&message.server));
    let vendor = message.vendor.as_deref().map(lossless);
    let row = events::Dhcp {
        network_protocol: Some("dhcpv6"),
        vonggac_dhcp_message_type: Some(parser::kind(message.kind)),
        vonggac_dhcp_transaction_id: Some(i64::from(message.transaction)),
        vonggac_dhcp_client_mac: mac.as_ref().map(MacText::as_str),
        vonggac_dhcp_client_duid: client.as_deref(),
        vonggac_dhcp_server_duid: server.as_deref(),
        vonggac_dhcp_assigned_ip: first.filter(|_| assigns),
        vonggac_dhcp_requested_ip: first.filter(|_| !assigns),
        vonggac_dhcp_addresses: some(&addresses),
        vonggac_dhcp_prefixes: some(&message.prefixes),
        vonggac_dhcp_relay_ip: message.relay.map(IpAddr::V6),
        vonggac_dhcp_name_servers: some(&servers),
        vonggac_dhcp_host_name: message.name.as_deref(),
        vonggac_dhcp_domain_name: message.domain.as_deref(),
        vonggac_dhcp_vendor_class: vendor.as_deref(),
        vonggac_dhcp_parameters: some(&parameters),
        vonggac_dhcp_lease_seconds: message.addresses.first().map(|(_, seconds)| i64::from(*seconds)),
        vonggac_dhcp_status: message.status.map(i64::from),
        ..events::Dhcp::default()
    };
    context.emit(context.time, &row);
}
