//! What the sensor counts of itself: every limit has a counter here.

macro_rules! counters {
    ($($(#[$doc:meta])* $field:ident = $name:literal),* $(,)?) => {
        /// Counters since the start.
        #[derive(Clone, Debug, Default)]
        pub struct Counters {
            $($(#[$doc])* pub $field: u64,)*
        }

        impl Counters {
            /// Every counter by its name, in a fixed order.
            #[must_use]
            pub fn list(&self) -> Vec<(&'static str, u64)> {
                vec![$(($name, self.$field)),*]
            }
        }
    };
}

counters! {
    /// Frames given to the engine: always the sum of the next three.
    packets_seen = "packets.seen",
    /// Frames read as far as the sensor reads them.
    packets_decoded = "packets.decoded",
    /// Frames refused by a limit.
    packets_dropped = "packets.dropped",
    /// Frames whose headers are cut or contradict themselves.
    packets_malformed = "packets.malformed",
    /// Malformed at the link layer.
    malformed_link = "packets.malformed.link",
    /// Malformed at the network layer.
    malformed_network = "packets.malformed.network",
    /// Malformed at the transport layer.
    malformed_transport = "packets.malformed.transport",
    /// Decoded frames that the sensor does not read further: neither IP nor ARP nor an announcement.
    packets_other = "packets.other",
    /// Announcements on the local network that are no flow: IGMP, LLDP, CDP, spanning tree, VRRP.
    local_announcements = "local.announcements",
    /// Announcements not told because there were too many in a minute.
    local_refused = "local.refused",
    /// Frames that the capture cut short.
    packets_cut = "packets.cut",
    /// Frames older than the newest before them.
    packets_late = "packets.late",
    /// Bytes of all frames on the wire.
    bytes_seen = "bytes.seen",
    /// Frames that carried a part of a packet.
    fragments_seen = "fragments.seen",
    /// Fragments refused by a limit, or cut by the capture.
    fragments_refused = "fragments.refused",
    /// Packets made whole.
    fragments_reassembled = "fragments.reassembled",
    /// Packets given up: too old, or too many at a time.
    fragments_expired = "fragments.expired",
    /// Fragments that overlap others.
    fragments_overlapping = "fragments.overlapping",
    /// Packets that carried another one: tunnels.
    tunnels_packets = "tunnels.packets",
    /// Inner packets that are cut or contradict themselves; their frames count as decoded.
    tunnels_malformed = "tunnels.malformed",
    /// Inner packets refused by a limit; their frames count as decoded.
    tunnels_dropped = "tunnels.dropped",
    /// Tunnels inside tunnels that were not opened.
    tunnels_too_deep = "tunnels.too_deep",
    /// Flows begun.
    flows_started = "flows.started",
    /// Segments of connections that ended before: a repeated FIN or RST, an answer to one.
    flows_echoes = "flows.echoes",
    /// Flows ended, for whatever reason.
    flows_ended = "flows.ended",
    /// Flows ended early because the table was full.
    flows_evicted = "flows.evicted",
    /// Flows whose protocol was recognised.
    flows_recognised = "flows.recognised",
    /// Flows with content that no protocol claims.
    flows_unrecognised = "flows.unrecognised",
    /// Segments that wholly repeat bytes already passed on.
    stream_repeated = "stream.repeated",
    /// Segments held because something before them is missing.
    stream_reordered = "stream.reordered",
    /// Holes given up.
    stream_gaps = "stream.gaps",
    /// Bytes in these holes.
    stream_missed_bytes = "stream.missed_bytes",
    /// Times that a flow held more out of order than its limit.
    stream_held_over = "stream.limits.held",
    /// Segments that may never arrive: they wait for an acknowledgement.
    stream_doubted = "stream.doubted",
    /// Doubted segments beyond the limit of a flow.
    stream_doubted_over = "stream.limits.doubted",
    /// Times that the limit over all flows was met.
    stream_total_over = "stream.limits.total",
    /// Decoders stopped because they left more unused than is held for them.
    stream_pending_over = "stream.limits.pending",
    /// Decoders stopped because the sender made them read the same bytes again and again.
    stream_reread_over = "stream.limits.reread",
    /// Changes of protocol beyond the limit of a flow.
    stream_handover_over = "stream.limits.handovers",
    /// Decoders stopped by malformed content.
    decoders_malformed = "decoders.malformed",
    /// Kinds of anomaly not noted because a flow had too many.
    anomalies_refused = "anomalies.refused",
}
