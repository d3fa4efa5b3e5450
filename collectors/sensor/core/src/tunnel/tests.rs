//! Both layers of every kind of tunnel, what is none, and what keeps inner networks apart.

use std::net::{IpAddr, SocketAddr};

use proptest::prelude::*;

use super::DEPTH_MAX;
use crate::engine::Engine;
use crate::testing::packets::{ethernet, give, ip, udp};
use crate::testing::{ReadableEvent, counter, engine, events};

const NOW: i64 = 1_000_000_000_000;

fn hosts() -> (IpAddr, IpAddr) {
    ([198, 51, 100, 1].into(), [198, 51, 100, 2].into())
}

fn inner_ends() -> (SocketAddr, SocketAddr) {
    (([10, 0, 0, 1], 40_000).into(), ([10, 0, 0, 2], 9_999).into())
}

/// An inner Ethernet frame, and the packet in it.
fn inner() -> (Vec<u8>, Vec<u8>) {
    let frame = udp(true, inner_ends().0, inner_ends().1, b"inside");
    let packet = frame[14..].to_vec();
    (frame, packet)
}

fn inner6() -> Vec<u8> {
    let (a, b) = ("[2001:0:1::1]:40000", "[2001:db8::2]:9999");
    udp(true, a.parse().unwrap(), b.parse().unwrap(), b"inside")[14..].to_vec()
}

fn over_udp(port: u16, header: &[u8], rest: &[u8]) -> Vec<u8> {
    let (a, b) = hosts();
    udp(true, (a, 55_555).into(), (b, port).into(), &[header, rest].concat())
}

fn over_ip(protocol: u8, header: &[u8], rest: &[u8]) -> Vec<u8> {
    ip(true, hosts().0, hosts().1, protocol, &[header, rest].concat())
}

fn told(frames: &[Vec<u8>]) -> (Vec<ReadableEvent>, Engine) {
    let mut engine = engine();
    for (frame, second) in frames.iter().zip(0..) {
        give(&mut engine, NOW + second * 1_000, frame);
    }
    engine.finish();
    let found = events(&mut engine);
    let parts = ["packets.decoded", "packets.dropped", "packets.malformed"];
    assert_eq!(parts.iter().map(|name| counter(&engine, name)).sum::<u64>(), frames.len() as u64);
    (found, engine)
}

fn flows(found: &[ReadableEvent], inner: bool) -> Vec<&ReadableEvent> {
    let of = |event: &&ReadableEvent| {
        event["event.dataset"] == "flow" && event.contains_key("vonggac.tunnel.kind") == inner
    };
    found.iter().filter(of).collect()
}

#[test]
fn both_layers_are_recorded() {
    let (frame, packet) = inner();
    let six = inner6();
    let ppp = [&[0xff, 3, 0, 0x21][..], &packet].concat();
    let length = |extra: usize| u16::try_from(packet.len() + extra).unwrap().to_be_bytes();
    let gtp = [&[0x32, 0xff][..], &length(4), &[0, 0, 0, 5, 0, 1, 0, 0]].concat();
    let l2tp = [&[0x40, 2][..], &length(12), &[0, 7, 0, 9]].concat();
    let pptp = [&[0x30, 1, 0x88, 0x0b][..], &length(4), &[0, 6, 0, 0, 0, 1]].concat();
    let erspan3 = [&[0x10, 0, 0x22, 0xeb, 0, 0, 0, 1, 0x20, 30, 0, 4][..], &[0; 7], &[1], &[0; 8]].concat();
    for (kind, id, outer) in [
        ("gre", None, over_ip(47, &[0, 0, 8, 0], &packet)),
        ("gre", Some(77), over_ip(47, &[0xb0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 77, 0, 0, 0, 1], &packet)),
        ("nvgre", Some(0x1005), over_ip(47, &[0x20, 0, 0x65, 0x58, 0, 0x10, 5, 1], &frame)),
        ("gre", Some(5), over_ip(47, &[0x20, 0, 0x65, 0x58, 0, 0, 0, 5], &frame)),
        ("gre", None, over_ip(47, &[0, 0, 0x88, 0x3e, 0, 0, 0, 0], &packet)),
        ("erspan", Some(3), over_ip(47, &[16, 0, 0x88, 0xbe, 0, 0, 0, 1, 16, 20, 0, 3, 0, 0, 0, 0], &frame)),
        ("erspan", Some(4), over_ip(47, &erspan3, &frame)),
        ("pptp", Some(6), over_ip(47, &pptp, &ppp)),
        ("ipip", None, over_ip(4, &[], &packet)),
        ("6in4", None, over_ip(41, &[], &six)),
        ("etherip", None, over_ip(97, &[0x30, 0], &frame)),
        ("vxlan", Some(5_001), over_udp(4_789, &[8, 0, 0, 0, 0, 0x13, 0x89, 0], &frame)),
        ("vxlan", Some(11), over_udp(4_789, &[0xff, 1, 2, 3, 0, 0, 11, 1], &frame)),
        ("vxlan-gpe", Some(2), over_udp(4_790, &[0x0c, 0, 0, 1, 0, 0, 2, 0], &packet)),
        ("geneve", Some(9), over_udp(6_081, &[1, 0, 0x65, 0x58, 0, 0, 9, 0, 1, 2, 3, 4], &frame)),
        ("gtp-u", Some(5), over_udp(2_152, &gtp, &packet)),
        ("l2tp", Some(7 << 16 | 9), over_udp(1_701, &l2tp, &ppp)),
        ("teredo", None, over_udp(3_544, &[0, 0, 1, 2, 3, 4, 5, 6], &six)),
        ("teredo", None, over_udp(6_666, &[], &six)),
    ] {
        let (found, engine) = told(&[outer]);
        let (outer, inner) = (flows(&found, false), flows(&found, true));
        assert_eq!((outer.len(), inner.len()), (1, 1), "{kind}: {found:?}");
        assert_eq!(outer[0]["network.protocol"], kind);
        assert_eq!(inner[0]["vonggac.tunnel.kind"], kind);
        assert_eq!(inner[0].get("vonggac.tunnel.id").cloned(), id.map(|id: u32| id.to_string()), "{kind}");
        assert_eq!(inner[0]["vonggac.tunnel.outer_flow"], outer[0]["vonggac.flow.id"]);
        assert_eq!(inner[0]["source.port"], "40000");
        assert_eq!(inner[0]["vonggac.source.payload_bytes"], "6");
        let tunnel = found.iter().find(|event| event["event.dataset"] == "tunnel").unwrap();
        assert_eq!(tunnel["vonggac.flow.id"], outer[0]["vonggac.flow.id"]);
        assert_eq!(tunnel["vonggac.tunnel.packets"], "1");
        assert_eq!(counter(&engine, "tunnels.packets"), 1);
    }
}

#[test]
fn tunnels_below_ip_are_told_too() {
    let (_, packet) = inner();
    let session = [&[0x11, 0, 0, 8, 0, 0, 0, 0x21][..], &packet].concat();
    let label = [&[0, 0, 0x31, 64][..], &packet].concat();
    for (kind, id, frame) in
        [("pppoe", "8", ethernet(true, 0x8864, &session)), ("mpls", "3", ethernet(true, 0x8847, &label))]
    {
        let (found, _) = told(&[frame]);
        assert_eq!(found[0]["vonggac.tunnel.kind"], kind);
        assert_eq!(found[0]["vonggac.tunnel.id"], id);
        assert_eq!(found[0]["source.mac"], "00:1b:21:00:00:01");
    }
}

#[test]
fn ordinary_datagrams_are_never_eaten() {
    let (frame, packet) = inner();
    let six = inner6();
    let far = [&[8, 0, 0, 0, 0, 0, 1, 0][..], &frame].concat();
    let mut foreign = six.clone();
    foreign[8..10].copy_from_slice(&[0x2a, 2]);
    for outer in [
        over_udp(4_789, b"just some text of a chat, nothing else", &[]),
        over_udp(4_789, &[0, 0, 0, 0, 0, 0, 1, 0], &frame),
        over_udp(4_788, &[], &far),
        over_udp(6_081, &[0x40, 0, 0x65, 0x58, 0, 0, 9, 0], &frame),
        over_udp(2_152, &[0x30, 0xff, 0, 9, 0, 0, 0, 5], &packet),
        over_udp(2_152, &[0x32, 1, 0, 4, 0, 0, 0, 0], &[0; 4]),
        over_udp(1_701, &[0xc8, 2, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0], &[]),
        over_udp(6_666, &[], &foreign),
        over_udp(6_666, &[], &six[..six.len() - 1]),
        over_udp(3_544, b"hello", &[]),
    ] {
        let (found, _) = told(&[outer]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(!found[0].contains_key("network.protocol"), "{found:?}");
    }
}

#[test]
fn networks_with_the_same_addresses_are_kept_apart() {
    let ends = inner_ends();
    let back = udp(false, ends.1, ends.0, b"answer");
    let vxlan = |vni: u8, frame: &[u8]| over_udp(4_789, &[8, 0, 0, 0, 0, 0, vni, 0], frame);
    let (found, _) = told(&[vxlan(1, &inner().0), vxlan(2, &inner().0), vxlan(1, &back)]);
    let inner = flows(&found, true);
    let told_of: Vec<_> = inner
        .iter()
        .map(|flow| (flow["vonggac.tunnel.id"].as_str(), flow["destination.packets"].as_str()))
        .collect();
    assert_eq!(told_of, [("1", "1"), ("2", "0")]);
    let tunnel = found.iter().find(|event| event["event.dataset"] == "tunnel").unwrap();
    assert_eq!(
        (tunnel["vonggac.tunnel.ids"].as_str(), tunnel["vonggac.tunnel.packets"].as_str()),
        ("[1, 2]", "3")
    );
}

#[test]
fn each_direction_may_have_an_id_of_its_own() {
    let (_, packet) = inner();
    let back = udp(false, inner_ends().1, inner_ends().0, b"answer");
    let gtp = |teid: u8, packet: &[u8]| {
        [&[0x30, 0xff, 0, u8::try_from(packet.len()).unwrap(), 0, 0, 0, teid][..], packet].concat()
    };
    let (a, b) = hosts();
    let there = udp(true, (a, 2_152).into(), (b, 2_152).into(), &gtp(1, &packet));
    let back = udp(false, (b, 2_152).into(), (a, 2_152).into(), &gtp(9, &back[14..]));
    let (found, _) = told(&[there, back]);
    let inner = flows(&found, true);
    assert_eq!((inner.len(), inner[0]["destination.packets"].as_str()), (1, "1"));
}

#[test]
fn nesting_ends_and_broken_insides_count_once() {
    let (_, mut packet) = inner();
    for _ in 0..6 {
        packet = over_ip(4, &[], &packet)[14..].to_vec();
    }
    let (found, engine) = told(&[ethernet(true, 0x0800, &packet)]);
    assert_eq!(counter(&engine, "tunnels.too_deep"), 1);
    // One for each opened layer, and the one that stays closed.
    assert_eq!(
        found.iter().filter(|event| event["event.dataset"] == "flow").count(),
        usize::from(DEPTH_MAX) + 1
    );
    let (_, engine) = told(&[over_ip(47, &[0x20, 0, 8, 0], &[]), over_ip(4, &[], &[0x45, 0])]);
    assert_eq!((counter(&engine, "tunnels.malformed"), counter(&engine, "packets.malformed")), (2, 0));
}

#[test]
fn authentication_passes_and_associations_are_flows() {
    let (_, packet) = inner();
    let header = [17, 4, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let (found, _) = told(&[over_ip(51, &header, &packet[20..])]);
    assert_eq!((found[0]["network.transport"].as_str(), found[0]["source.port"].as_str()), ("udp", "40000"));
    let (found, _) = told(&[over_ip(50, &[0, 0, 0, 123], b"?"), over_ip(50, &[0, 0, 1, 65], b"??")]);
    let told_of: Vec<_> = found.iter().map(|flow| flow["vonggac.flow.spi"].as_str()).collect();
    assert_eq!(told_of, ["123", "321"]);
}

#[test]
fn a_vlan_separates_only_what_no_router_joins() {
    let tagged = |tags: &[u8], frame: &[u8]| {
        let mut bytes = frame[..12].to_vec();
        for tag in tags {
            bytes.extend([0x81, 0, 0, *tag]);
        }
        [&bytes, &frame[12..]].concat()
    };
    let (client, server) = inner_ends();
    let (there, back) = (udp(true, client, server, b"?"), udp(false, server, client, b"!"));
    let (found, _) = told(&[tagged(&[10], &there), tagged(&[20], &back)]);
    assert_eq!((found.len(), found[0]["network.vlan.id"].as_str()), (1, "10"));
    assert_eq!(found[0]["destination.packets"], "1");
    let shout = udp(true, client, ([255; 4], 9_999).into(), b"?");
    let (found, _) = told(&[tagged(&[6], &shout), tagged(&[1, 10], &shout), tagged(&[1, 10], &shout)]);
    let told_of: Vec<_> =
        found.iter().map(|flow| flow.get("vonggac.flow.vlans").map(String::as_str)).collect();
    assert_eq!(told_of, [None, Some("[1, 10]")]);
}

proptest! {
    #[test]
    fn any_bytes_in_any_tunnel_count_once(
        bytes in prop::collection::vec(any::<u8>(), 0..120), number in 0_usize..13, turn in any::<(u8, u8)>()
    ) {
        let (frame, packet) = inner();
        let ports = [1_701, 2_152, 3_544, 4_789, 4_790, 6_081, 9];
        let protocols = [4, 41, 47, 51, 97, 137];
        let wrapped = |content: &[u8]| match number.checked_sub(ports.len()) {
            None => over_udp(ports[number], &[], content),
            Some(index) => over_ip(protocols[index], &[], content),
        };
        // Anything, and something that begins well.
        let mut turned = [&[8, 0, 0, 0, 0, 0, 1, 0][..], &frame].concat();
        let place = usize::from(turn.0) % turned.len();
        turned[place] = turn.1;
        let gre = [&[turn.0, turn.1, 8, 0][..], &packet].concat();
        told(&[wrapped(&bytes), wrapped(&turned), wrapped(&packet), wrapped(&gre), over_ip(47, &[], &gre)]);
    }
}
