//! Spanning tree (IEEE 802.1D, 802.1w, 802.1s): which bridge is the root, and that the tree changes.

use super::{Announcement, Reader};
use crate::events::{self, Base, Events, Row};
use crate::link::{Mac, MacText};

/// One BPDU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bpdu {
    protocol: &'static str,
    kind: &'static str,
    tree: Option<Tree>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Tree {
    changes: bool,
    root: (u16, Mac),
    cost: u32,
    bridge: (u16, Mac),
    port: u16,
}

/// Reads a BPDU behind its LLC header; `None` when it is cut or not one.
#[must_use]
pub fn read(bytes: &[u8]) -> Option<Bpdu> {
    let mut reader = Reader(bytes);
    let (protocol, version, kind) = (reader.u16()?, reader.u8()?, reader.u8()?);
    if protocol != 0 {
        return None;
    }
    let protocol = match version {
        0 => "stp",
        2 => "rstp",
        _ => "mstp",
    };
    match kind {
        0x80 => Some(Bpdu { protocol, kind: "topology-change", tree: None }),
        0 | 2 => {
            let changes = reader.u8()? & 1 == 1;
            let mut bridge = || Some((reader.u16()?, Mac(reader.array()?)));
            let root = bridge()?;
            let cost = reader.u32()?;
            let bridge = (reader.u16()?, Mac(reader.array()?));
            let tree = Tree { changes, root, cost, bridge, port: reader.u16()? };
            Some(Bpdu { protocol, kind: "configuration", tree: Some(tree) })
        }
        _ => None,
    }
}

impl Announcement for Bpdu {
    const DATASET: &'static str = events::Stp::DATASET;

    fn emit(&self, base: &Base<'_>, events: &mut Events) {
        let root = self.tree.and_then(|tree| tree.root.1.text());
        let bridge = self.tree.and_then(|tree| tree.bridge.1.text());
        events::Stp {
            network_protocol: Some(self.protocol),
            vonggac_stp_type: Some(self.kind),
            vonggac_stp_topology_change: Some(self.tree.is_none_or(|tree| tree.changes)),
            vonggac_stp_root_priority: self.tree.map(|tree| i64::from(tree.root.0)),
            vonggac_stp_root_mac: root.as_ref().map(MacText::as_str),
            vonggac_stp_root_cost: self.tree.map(|tree| i64::from(tree.cost)),
            vonggac_stp_bridge_priority: self.tree.map(|tree| i64::from(tree.bridge.0)),
            vonggac_stp_bridge_mac: bridge.as_ref().map(MacText::as_str),
            vonggac_stp_port: self.tree.map(|tree| i64::from(tree.port)),
            ..events::Stp::default()
        }
        .push(base, events);
    }
}
