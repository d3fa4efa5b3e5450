//! Announcements through the engine: their events, what is told once, and bytes of any kind.

use proptest::prelude::*;

use super::{News, REPEAT_AFTER, ROWS_A_MINUTE, Recent, bpdu, cdp, groups, lldp, ndp, vrrp};
use crate::testing::packets::{ethernet, give, ip, udp};
use crate::testing::{ReadableEvent, counter, engine, events};
use crate::time::Micros;

const NOW: i64 = 1_000_000_000_000;

/// The events that are no flows of these frames.
fn told(frames: &[Vec<u8>]) -> Vec<ReadableEvent> {
    let mut engine = engine();
    for frame in frames {
        give(&mut engine, NOW, frame);
    }
    assert_eq!(counter(&engine, "packets.decoded"), frames.len() as u64);
    events(&mut engine)
}

fn llc(bytes: &[u8]) -> Vec<u8> {
    ethernet(true, u16::try_from(bytes.len()).unwrap(), bytes)
}

fn icmp6(bytes: &[u8]) -> Vec<u8> {
    ip(true, "fe80::1".parse().unwrap(), "ff02::1".parse().unwrap(), 58, bytes)
}

#[test]
fn routers_and_neighbours() {
    let mut router = vec![134, 0, 0, 0, 64, 0xc8, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0x1b, 0x21, 9, 9, 9];
    router.extend([3, 4, 64, 0xc0, 0, 0, 0, 9, 0, 0, 0, 9, 0, 0, 0, 0, 0x20, 1, 0xd, 0xb8]);
    router.extend([0; 12]);
    router.extend([25, 3, 0, 0, 0, 0, 0, 9, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x53]);
    router.extend([5, 1, 0, 0, 0, 0, 5, 0xdc]);
    let mut neighbour = vec![136, 0, 0, 0, 0x60, 0, 0, 0, 0xfe, 0x80];
    neighbour.extend([0; 13]);
    neighbour.extend([7, 2, 1, 0, 0x1b, 0x21, 8, 8, 8]);
    let found = told(&[icmp6(&router), icmp6(&router), icmp6(&neighbour)]);
    assert_eq!(found.len(), 2);
    assert_eq!(found[0]["event.dataset"], "ndp");
    assert_eq!(found[0]["source.ip"], "fe80::1");
    assert_eq!(found[0]["vonggac.ndp.prefixes"], "[2001:db8::/64]");
    assert_eq!(found[0]["vonggac.ndp.name_servers"], "[2001:db8::53]");
    assert_eq!(found[0]["vonggac.ndp.flags"], "[managed, other, preference-high]");
    assert_eq!(found[0]["vonggac.ndp.router_lifetime"], "1800");
    assert_eq!(found[0]["vonggac.ndp.mtu"], "1500");
    assert_eq!(found[1]["vonggac.ndp.target_ip"], "fe80::7");
    assert_eq!(found[1]["vonggac.ndp.link_address"], "00:1b:21:08:08:08");
    assert_eq!(found[1]["vonggac.ndp.flags"], "[solicited, override]");
}

#[test]
fn groups_are_joined() {
    let report = [0x22, 0, 0, 0, 0, 0, 0, 1, 4, 0, 0, 0, 239, 255, 255, 250];
    let join = ip(true, [10, 20, 7, 31].into(), [224, 0, 0, 22].into(), 2, &report);
    let mut listener = vec![131, 0, 0, 0, 0, 0, 0, 0, 0xff, 2];
    listener.extend([0; 13]);
    listener.push(0xfb);
    let found = told(&[join, icmp6(&listener)]);
    assert_eq!(found[0]["vonggac.igmp.groups"], "[239.255.255.250]");
    assert_eq!(
        (found[0]["vonggac.igmp.type"].as_str(), found[0]["network.protocol"].as_str()),
        ("report", "igmp")
    );
    assert_eq!(
        (found[1]["vonggac.igmp.groups"].as_str(), found[1]["network.protocol"].as_str()),
        ("[ff02::fb]", "mld")
    );
}

#[test]
fn devices_introduce_themselves() {
    let mut frame = vec![2, 7, 4, 0, 0x1b, 0x21, 1, 2, 3, 4, 5, 5, b'G', b'i', b'0', b'1', 6, 2, 0, 120];
    frame.extend(
        b"\x0a\x05SW-01\x0c\x04IOS \x0e\x04\0\x14\0\x04\x10\x0c\x05\x01\x0a\x14\0\x02\x02\0\0\0\x01\0",
    );
    frame.extend(b"\xfe\x06\0\x80\xc2\x01\0\x07\0\0");
    let mut cdp =
        b"\xaa\xaa\x03\0\0\x0c\x20\0\x02\xb4\0\0\0\x01\0\x09SW-02\0\x06\0\x09C2960\0\x04\0\x08\0\0\0\x28"
            .to_vec();
    cdp.extend(b"\0\x02\0\x11\0\0\0\x01\x01\x01\xcc\0\x04\x0a\x14\0\x03\0\x0a\0\x06\0\x07");
    let offer = b"\x11\x07\0\0\0\x0f\x01\x01\0\0\x01\x02\0\x07BRAS-01";
    let asked = b"\x11\x09\0\0\0\x04\x01\x01\0\0";
    let found = told(&[
        ethernet(true, 0x88cc, &frame),
        llc(&cdp),
        ethernet(true, 0x8863, offer),
        ethernet(true, 0x8863, asked),
    ]);
    assert_eq!((found.len(), found[2]["vonggac.lldp.system_name"].as_str()), (3, "BRAS-01"));
    assert_eq!(found[0]["vonggac.lldp.system_name"], "SW-01");
    assert_eq!(found[0]["vonggac.lldp.chassis_id"], "00:1b:21:01:02:03");
    assert_eq!(found[0]["vonggac.lldp.port_id"], "Gi01");
    assert_eq!(found[0]["vonggac.lldp.capabilities"], "[bridge]");
    assert_eq!(found[0]["vonggac.lldp.management_ip"], "[10.20.0.2]");
    assert_eq!(
        (found[0]["vonggac.lldp.native_vlan"].as_str(), found[0]["vonggac.lldp.lifetime"].as_str()),
        ("7", "120")
    );
    assert_eq!(found[1]["network.protocol"], "cdp");
    assert_eq!(found[1]["vonggac.lldp.platform"], "C2960");
    assert_eq!(found[1]["vonggac.lldp.capabilities"], "[switch, igmp]");
    assert_eq!(found[1]["vonggac.lldp.management_ip"], "[10.20.0.3]");
}

#[test]
fn bridges_agree_on_a_root() {
    let mut tree = vec![0x42, 0x42, 3, 0, 0, 2, 2, 1, 0x60, 1, 0, 0x1b, 0x21, 0, 0, 9, 0, 0, 0, 4];
    tree.extend([0x80, 1, 0, 0x1b, 0x21, 0, 0, 8, 0x80, 2, 0, 0, 20, 0, 2, 0, 15, 0]);
    let found = told(&[llc(&tree), llc(&[0x42, 0x42, 3, 0, 0, 0, 0x80])]);
    assert_eq!(found[0]["vonggac.stp.root_mac"], "00:1b:21:00:00:09");
    assert_eq!(
        (found[0]["vonggac.stp.root_priority"].as_str(), found[0]["vonggac.stp.root_cost"].as_str()),
        ("24577", "4")
    );
    assert_eq!(found[0]["vonggac.stp.bridge_mac"], "00:1b:21:00:00:08");
    assert_eq!(
        (found[0]["network.protocol"].as_str(), found[0]["vonggac.stp.topology_change"].as_str()),
        ("rstp", "true")
    );
    assert_eq!(found[1]["vonggac.stp.type"], "topology-change");
}

#[test]
fn routers_share_addresses_and_their_passwords_are_masked() {
    let mut announced = vec![0x21, 10, 110, 1, 1, 1, 0, 0, 10, 20, 7, 1];
    announced.extend(b"secret\0\0");
    let vrrp = ip(true, [10, 20, 7, 2].into(), [224, 0, 0, 18].into(), 112, &announced);
    let hello = [&[0, 0, 16, 3, 10, 120, 5, 0][..], b"cisco\0\0\0", &[10, 20, 7, 1]].concat();
    let hsrp = udp(true, ([10, 20, 7, 3], 1_985).into(), ([224, 0, 0, 2], 1_985).into(), &hello);
    let found = told(&[vrrp, hsrp]);
    assert_eq!(
        (found[0]["vonggac.vrrp.group"].as_str(), found[0]["vonggac.vrrp.priority"].as_str()),
        ("10", "110")
    );
    assert_eq!(found[0]["vonggac.vrrp.addresses"], "[10.20.7.1]");
    assert!(found[0]["vonggac.vrrp.secret"].starts_with("k:"));
    assert_eq!(
        (found[1]["vonggac.vrrp.state"].as_str(), found[1]["vonggac.vrrp.group"].as_str()),
        ("active", "5")
    );
    let carp = [&[0x21, 1, 0, 7, 0, 1, 0, 0][..], &[0xaa; 28]].concat();
    let carp = ip(true, [10, 20, 7, 2].into(), [224, 0, 0, 18].into(), 112, &carp);
    let dvmrp = ip(true, [10, 20, 7, 2].into(), [224, 0, 0, 4].into(), 2, &[0x13, 1, 0, 0, 0, 0, 0, 0]);
    assert!(told(&[carp, dvmrp, llc(&[0x42, 0x42, 3, 0, 1, 1, 1, 1, 1])]).is_empty());
    assert!(!found.iter().flat_map(|event| event.values()).any(|value| value.contains("secret")));
}

#[test]
fn repeats_and_floods_are_bounded() {
    let mut recent = Recent::default();
    let mut judge =
        |material: u32, time| recent.judge("stp", &[&material.to_le_bytes()], REPEAT_AFTER, Micros(time));
    assert!(matches!(judge(0, NOW), News::Told(_)));
    assert_eq!(judge(0, NOW + REPEAT_AFTER - 1), News::Repeated);
    assert!(matches!(judge(0, NOW + REPEAT_AFTER), News::Told(_)));
    let later = NOW + 10 * REPEAT_AFTER;
    let told = (0..20_000).filter(|number| matches!(judge(*number, later), News::Told(_))).count();
    assert_eq!(told, ROWS_A_MINUTE as usize);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..120), kind in 130_u8..144) {
        let _ = (groups::igmp(&bytes), bpdu::read(&bytes), lldp::read(&bytes), cdp::read(&bytes), vrrp::hsrp(&bytes));
        let _ = super::pppoe::read(&bytes);
        let _ = (vrrp::vrrp(&bytes, false), vrrp::vrrp(&bytes, true));
        let typed = [&[kind], &bytes[..]].concat();
        let _ = (ndp::read(&typed), groups::mld(&typed));
    }
}
