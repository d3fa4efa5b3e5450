//! What a decoder may do with the world: emit events, report anomalies, carry files.

use std::net::IpAddr;

use xxhash_rust::xxh3::xxh3_128;

use crate::community::CommunityId;
use crate::events::{Base, Events, Row};
use crate::expectations::{Expectations, Expected};
use crate::files::{FileId, FileMeta, FileType, Files};
use crate::link::{Mac, MacText};
use crate::protocols::Direction;
use crate::time::Micros;

/// Kinds of anomaly kept per flow: enough to tell, bounded against a sender who tries them all.
pub const ANOMALIES_PER_FLOW: usize = 16;

/// Letters of an `event.id`: six bits of the hash each.
const ID_ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Sixteen characters that identify one event or flow: 96 bits of a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EventId([u8; 16]);

impl EventId {
    /// The id that belongs to `material`; the same bytes give the same id on every machine.
    #[must_use]
    pub fn of(material: &[u8]) -> Self {
        let mut hash = xxh3_128(material);
        Self(std::array::from_fn(|_| {
            let letter = ID_ALPHABET[usize::try_from(hash & 63).unwrap_or(0)];
            hash >>= 6;
            letter
        }))
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // SAFETY: every byte is a letter of `ID_ALPHABET`, which is ASCII.
        unsafe { std::str::from_utf8_unchecked(&self.0) }
    }
}

/// What is known of a flow when its decoder runs, and stays the same for its life.
#[derive(Clone, Debug)]
pub struct FlowIdentity {
    /// `vonggac.flow.id`.
    pub id: EventId,
    /// `observer.id`.
    pub observer: std::sync::Arc<str>,
    /// Community ID v1.
    pub community_id: CommunityId,
    /// `tcp`, `udp`, `icmp` …
    pub transport: &'static str,
    /// Client address.
    pub source_ip: IpAddr,
    /// Client port, where the transport has ports.
    pub source_port: Option<u16>,
    /// Client-side hardware address.
    pub source_mac: Mac,
    /// Server address.
    pub destination_ip: IpAddr,
    /// Server port, where the transport has ports.
    pub destination_port: Option<u16>,
    /// Server-side hardware address.
    pub destination_mac: Mac,
    /// Outer VLAN tag.
    pub vlan: Option<u16>,
}

/// How often one kind of anomaly was met in a flow.
#[derive(Clone, Copy, Debug)]
pub struct Anomaly {
    /// What is wrong, e.g. `http-bad-chunk`.
    pub name: &'static str,
    /// When it was met first.
    pub first: Micros,
    /// How often.
    pub count: i64,
}

/// Counters of a flow that outlive one packet; the flow table holds them.
#[derive(Clone, Debug, Default)]
pub struct FlowJournal {
    /// Events so far: the ordinal within the flow that goes into `event.id`.
    pub events: u64,
    /// Anomalies so far, at most [`ANOMALIES_PER_FLOW`] kinds.
    pub anomalies: Vec<Anomaly>,
    /// Anomalies not noted because there were too many kinds.
    pub refused: u64,
    /// What the flow's protocol turned out to carry; outranks the decoder's name in `network.protocol`.
    pub carries: Option<&'static str>,
}

impl FlowJournal {
    /// Notes an anomaly met at `time`.
    pub fn note(&mut self, name: &'static str, time: Micros) {
        if let Some(known) = self.anomalies.iter_mut().find(|anomaly| anomaly.name == name) {
            known.count += 1;
        } else if self.anomalies.len() < ANOMALIES_PER_FLOW {
            self.anomalies.push(Anomaly { name, first: time, count: 1 });
        } else {
            self.refused += 1;
        }
    }
}

/// Given to a decoder with each call.
pub struct Context<'a> {
    /// Packet time of the bytes.
    pub time: Micros,
    /// The flow.
    pub flow: &'a FlowIdentity,
    journal: &'a mut FlowJournal,
    events: &'a mut Events,
    files: &'a mut Files,
    expectations: &'a mut Expectations,
}

impl<'a> Context<'a> {
    /// Binds a flow to the sinks of the sensor.
    pub fn new(
        time: Micros,
        flow: &'a FlowIdentity,
        journal: &'a mut FlowJournal,
        events: &'a mut Events,
        files: &'a mut Files,
        expectations: &'a mut Expectations,
    ) -> Self {
        Self { time, flow, journal, events, files, expectations }
    }

    /// Announces another flow: whoever connects to or from this end next speaks to this decoder
    /// ([`crate::expectations`]: FTP data connections, TFTP transfers).
    pub fn expect(&mut self, host: IpAddr, port: u16, expected: Expected) {
        self.expectations.add(self.time, host, port, expected);
    }

    /// The id that the next event of this flow in `dataset` would have, and takes it: for events that others refer to
    /// before they are complete (`vonggac.file.carrier`). Emit the event with [`Context::emit_as`].
    pub fn reserve(&mut self, dataset: &str) -> EventId {
        let mut material = [0_u8; 64];
        let (id, rest) = material.split_at_mut(16);
        id.copy_from_slice(self.flow.id.as_str().as_bytes());
        rest[..8].copy_from_slice(&self.journal.events.to_le_bytes());
        let name = &dataset.as_bytes()[..dataset.len().min(40)];
        rest[8..8 + name.len()].copy_from_slice(name);
        self.journal.events += 1;
        EventId::of(&material[..24 + name.len()])
    }

    /// Emits an event that began at `time`.
    pub fn emit<R: Row>(&mut self, time: Micros, row: &R) -> EventId {
        let id = self.reserve(R::DATASET);
        self.emit_as(id, time, row);
        id
    }

    /// Emits an event under an id from [`Context::reserve`].
    pub fn emit_as<R: Row>(&mut self, id: EventId, time: Micros, row: &R) {
        self.emit_between(id, time, Direction::ToServer, row);
    }

    /// Emits an event whose client is the end that speaks in the direction `client`: a connection picked up in the
    /// middle may be turned around, which only its protocol can tell.
    pub fn emit_from<R: Row>(&mut self, client: Direction, time: Micros, row: &R) -> EventId {
        let id = self.reserve(R::DATASET);
        self.emit_between(id, time, client, row);
        id
    }

    fn emit_between<R: Row>(&mut self, id: EventId, time: Micros, client: Direction, row: &R) {
        tell(self.flow, self.events, (id, time), client, row);
    }

    /// Notes something malformed or hostile; the flow's end turns the notes into `anomaly` events.
    pub fn anomaly(&mut self, name: &'static str) {
        self.journal.note(name, self.time);
    }

    /// The flow's protocol carries another one that gives it its name (`dot`: TLS in which names are asked for).
    pub fn recognised(&mut self, protocol: &'static str) {
        self.journal.carries = Some(protocol);
    }

    /// Opens a file that this flow carries; `None` when the sensor's limit on open files is reached (counted).
    pub fn file_open(&mut self, meta: FileMeta) -> Option<FileId> {
        let id = self.reserve("file");
        self.files.open_part(self.time, id, meta, self.flow)
    }

    /// Adds the next bytes of a file.
    pub fn file_data(&mut self, file: FileId, bytes: &[u8]) {
        self.files.data(file, bytes);
    }

    /// `missing` bytes of the file were never seen.
    pub fn file_gap(&mut self, file: FileId, missing: u64) {
        self.files.gap(file, missing);
    }

    /// Media type by content, once the first bytes have come; for `http.response.mime_type` and the like.
    #[must_use]
    pub fn file_type(&self, file: FileId) -> Option<&'static str> {
        self.files.media_type(file)
    }

    /// Kind and media type by content, once the first bytes have come.
    #[must_use]
    pub fn file_kind(&self, file: FileId) -> Option<FileType> {
        self.files.file_type(file)
    }

    /// The first bytes of a file, as far as they have come: for figures about the content, never for events.
    #[must_use]
    pub fn file_head(&self, file: FileId) -> &[u8] {
        self.files.head(file)
    }

    /// Forgets a file that turned out to be none (form data): no event, no content.
    pub fn file_abandon(&mut self, file: FileId) {
        self.files.abandon(file);
    }

    /// The file is complete, or cut (`truncated`): hashes it, emits its `file` event and offers the content for
    /// scanning. Gives its type by content. Of a part nothing is told before its whole is there.
    pub fn file_close(&mut self, file: FileId, truncated: bool) -> Option<FileType> {
        let seen = self.files.part_type(file);
        let Some(closed) = self.files.close(file, truncated) else { return seen };
        let flow = closed.flow().unwrap_or(self.flow);
        tell(flow, self.events, (closed.id, closed.time), Direction::ToServer, &closed.row());
        let kind = closed.kind;
        self.files.offer(closed);
        Some(kind)
    }
}

/// Puts a row among the events, as one of this flow.
fn tell<R: Row>(
    flow: &FlowIdentity,
    events: &mut Events,
    (id, time): (EventId, Micros),
    client: Direction,
    row: &R,
) {
    let (source_mac, destination_mac) = (flow.source_mac.text(), flow.destination_mac.text());
    let mut base = Base {
        timestamp: Some(time),
        event_id: Some(id.as_str()),
        event_dataset: Some(R::DATASET),
        observer_id: Some(&flow.observer),
        network_community_id: flow.community_id.as_str(),
        vonggac_flow_id: Some(flow.id.as_str()),
        network_transport: Some(flow.transport),
        source_ip: Some(flow.source_ip),
        source_port: flow.source_port,
        source_mac: source_mac.as_ref().map(MacText::as_str),
        destination_ip: Some(flow.destination_ip),
        destination_port: flow.destination_port,
        destination_mac: destination_mac.as_ref().map(MacText::as_str),
        network_vlan_id: flow.vlan.map(i64::from),
        ..Base::default()
    };
    if client == Direction::ToClient {
        std::mem::swap(&mut base.source_ip, &mut base.destination_ip);
        std::mem::swap(&mut base.source_port, &mut base.destination_port);
        std::mem::swap(&mut base.source_mac, &mut base.destination_mac);
    }
    row.push(&base, events);
}

/// The events of files that were fetched in parts, of which some never came: late ones, or all (`now` is `None`).
pub fn tell_unfinished(files: &mut Files, events: &mut Events, now: Option<Micros>) {
    for closed in files.unfinished(now) {
        if let Some(flow) = closed.flow() {
            tell(flow, events, (closed.id, closed.time), Direction::ToServer, &closed.row());
        }
        files.offer(closed);
    }
}
