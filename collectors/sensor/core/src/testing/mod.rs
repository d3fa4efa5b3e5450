//! What unit tests, golden tests and fuzz targets share: a flow without packets, and events as readable rows.

pub mod fuzz;
pub mod packets;
#[cfg(test)]
pub mod robustness;

use std::collections::BTreeMap;
use std::net::IpAddr;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::DataType;

use crate::context::{Context, EventId, FlowIdentity, FlowJournal, tell_unfinished};
use crate::engine::{Engine, EngineSettings};
use crate::events::Events;
use crate::expectations::Expectations;
use crate::files::{FileSettings, Files};
use crate::protocols::{Carrier, Decoder, Direction, Outcome};
use crate::time::Micros;

/// One event: dotted field name → value as text (lists as `[a, b]`), without the fields that are null.
pub type ReadableEvent = BTreeMap<String, String>;

/// What a decoder is given; a macro, because the decoder is borrowed from the same harness.
macro_rules! context {
    ($harness:expr) => {
        Context::new(
            $harness.time,
            &$harness.flow,
            &mut $harness.journal,
            &mut $harness.events,
            &mut $harness.files,
            &mut $harness.expectations,
        )
    };
}

/// Bytes written as hexadecimal digits; other characters are passed over.
#[must_use]
pub fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        text.chars().filter_map(|c| c.to_digit(16)).filter_map(|d| u8::try_from(d).ok()).collect();
    digits.as_chunks::<2>().0.iter().map(|[high, low]| high << 4 | low).collect()
}

/// The flow of a [`Harness`].
#[must_use]
pub fn flow() -> FlowIdentity {
    FlowIdentity {
        id: EventId::of(b"test"),
        observer: "test".into(),
        community_id: Default::default(),
        transport: "tcp",
        source_ip: IpAddr::from([10, 20, 7, 31]),
        source_port: Some(50_000),
        source_mac: Default::default(),
        destination_ip: IpAddr::from([203, 0, 113, 9]),
        destination_port: Some(80),
        destination_mac: Default::default(),
        vlan: None,
    }
}

/// Feeds a decoder as the stream engine would, without packets.
pub struct Harness {
    decoder: Box<dyn Decoder>,
    flow: FlowIdentity,
    journal: FlowJournal,
    events: Events,
    files: Files,
    expectations: Expectations,
    pending: [Vec<u8>; 2],
    datagrams: bool,
    /// Packet time of the next call.
    pub time: Micros,
    /// The last outcome that was not [`Outcome::Parsed`].
    pub stopped: Option<Outcome>,
}

impl Harness {
    /// A flow from 10.20.7.31:50000 to 203.0.113.9:80 that starts at second 1,000,000.
    #[must_use]
    pub fn new(decoder: Box<dyn Decoder>) -> Self {
        let flow = flow();
        Self {
            decoder,
            flow,
            journal: FlowJournal::default(),
            events: Events::default(),
            files: Files::default(),
            expectations: Expectations::default(),
            pending: [Vec::new(), Vec::new()],
            datagrams: false,
            time: Micros(1_000_000_000_000),
            stopped: None,
        }
    }

    /// Keeps the content of files, as for the scanner.
    #[must_use]
    pub fn keep_files(mut self) -> Self {
        self.files = Files::new(FileSettings { keep: true, ..FileSettings::default() });
        self
    }

    /// The contents of the files that have ended, in that order.
    pub fn contents(&mut self) -> Vec<Vec<u8>> {
        self.files.take_offered().into_iter().map(|file| file.content).collect()
    }

    /// Bytes that the sensor holds for files.
    #[must_use]
    pub fn held(&self) -> u64 {
        self.files.held()
    }

    /// The same over UDP, to port `port`: every feed is one datagram.
    #[must_use]
    pub fn datagrams(decoder: Box<dyn Decoder>, port: u16) -> Self {
        let mut harness = Self::new(decoder);
        harness.flow.transport = "udp";
        harness.flow.destination_port = Some(port);
        harness.datagrams = true;
        harness
    }

    /// Gives the next bytes of one direction; what the decoder leaves is given again with the next.
    pub fn feed(&mut self, direction: Direction, bytes: &[u8]) {
        if self.stopped.is_some() {
            return;
        }
        let pending = &mut self.pending[direction.index()];
        if self.datagrams {
            pending.clear();
        }
        pending.extend_from_slice(bytes);
        while !pending.is_empty() {
            let mut context = context!(self);
            match self.decoder.data(direction, pending, &mut context) {
                Outcome::Parsed(0) => break,
                Outcome::Parsed(used) => drop(pending.drain(..used)),
                Outcome::Malformed(reason) => {
                    context.anomaly(reason);
                    self.stopped = Some(Outcome::Malformed(reason));
                    break;
                }
                other => {
                    self.stopped = Some(other);
                    break;
                }
            }
        }
    }

    /// Bytes of the client.
    pub fn client(&mut self, bytes: &[u8]) -> &mut Self {
        self.feed(Direction::ToServer, bytes);
        self
    }

    /// Bytes of the server.
    pub fn server(&mut self, bytes: &[u8]) -> &mut Self {
        self.feed(Direction::ToClient, bytes);
        self
    }

    /// A hole in one direction.
    pub fn gap(&mut self, direction: Direction, missing: u64) -> &mut Self {
        self.pending[direction.index()].clear();
        let mut context = context!(self);
        let outcome = self.decoder.gap(direction, missing, &mut context);
        if !matches!(outcome, Outcome::Parsed(_)) {
            self.stopped = Some(outcome);
        }
        self
    }

    /// The decoder of a flow to or from this end, if one was announced.
    pub fn announced(&mut self, host: IpAddr, port: u16, carrier: Carrier) -> Option<Box<dyn Decoder>> {
        let end = (host, port);
        self.expectations.meet(self.time, carrier, end, end).map(|expected| expected.decoder)
    }

    /// Arbitrary bytes as a conversation, for fuzz targets: each part behind two bytes, of which the lowest bit is the
    /// direction, the next makes it a gap, and the rest is its length.
    pub fn script(&mut self, mut bytes: &[u8]) {
        while let Some((head, rest)) = bytes.split_first_chunk::<2>() {
            let head = u16::from_le_bytes(*head);
            let direction = if head & 1 == 0 { Direction::ToServer } else { Direction::ToClient };
            let (part, rest) = rest.split_at(usize::from(head >> 2).min(rest.len()));
            if head & 2 == 0 || self.datagrams {
                self.feed(direction, part);
            } else if self.stopped.is_none() {
                self.gap(direction, u64::from(head >> 2));
            }
            self.time = Micros(self.time.0 + 1_000_000);
            bytes = rest;
        }
        self.finish();
    }

    /// FIN of one direction.
    pub fn end(&mut self, direction: Direction) -> &mut Self {
        let mut context = context!(self);
        self.decoder.end(direction, &mut context);
        self
    }

    /// Ends the flow and gives all events, by dataset.
    pub fn finish(&mut self) -> Vec<ReadableEvent> {
        let mut context = context!(self);
        self.decoder.close(&mut context);
        tell_unfinished(&mut self.files, &mut self.events, None);
        self.events.take().iter().flat_map(|(_, batch)| readable(batch)).collect()
    }

    /// Names of the anomalies met so far.
    #[must_use]
    pub fn anomalies(&self) -> Vec<&'static str> {
        self.journal.anomalies.iter().map(|a| a.name).collect()
    }
}

/// A sensor named `test` with the defaults of the product.
#[must_use]
pub fn engine() -> Engine {
    Engine::new(settings())
}

/// The defaults of the product.
#[must_use]
pub fn settings() -> EngineSettings {
    EngineSettings {
        observer: "test".into(),
        source: "test.pcap".into(),
        file_limit: 16 << 20,
        md5: true,
        sha1: true,
        keep_files: true,
        max_flows: 65_536,
    }
}

/// The events that an engine has so far, `stats` left out.
#[must_use]
pub fn events(engine: &mut Engine) -> Vec<ReadableEvent> {
    let batches = engine.take();
    let told = batches.iter().filter(|(dataset, _)| *dataset != "stats");
    told.flat_map(|(_, batch)| readable(batch)).collect()
}

/// One counter of an engine.
#[must_use]
pub fn counter(engine: &Engine, name: &str) -> u64 {
    engine.counters().iter().find(|(other, _)| *other == name).map_or(0, |(_, value)| *value)
}

/// The rows of a batch with their values as text.
#[must_use]
pub fn readable(batch: &RecordBatch) -> Vec<ReadableEvent> {
    (0..batch.num_rows())
        .map(|row| {
            batch
                .schema()
                .fields()
                .iter()
                .zip(batch.columns())
                .filter(|(_, column)| column.is_valid(row))
                .map(|(field, column)| (field.name().clone(), value(column, row)))
                .collect()
        })
        .collect()
}

fn value(column: &ArrayRef, row: usize) -> String {
    match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().value(row).to_owned(),
        DataType::Int64 => column.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::Int32 => column.as_primitive::<Int32Type>().value(row).to_string(),
        DataType::Float64 => format!("{:.3}", column.as_primitive::<Float64Type>().value(row)),
        DataType::Boolean => column.as_boolean().value(row).to_string(),
        DataType::Timestamp(..) => column.as_primitive::<TimestampMicrosecondType>().value(row).to_string(),
        DataType::List(_) => {
            let items = column.as_list::<i32>().value(row);
            let texts: Vec<String> = (0..items.len()).map(|i| value(&items, i)).collect();
            format!("[{}]", texts.join(", "))
        }
        other => format!("<{other}>"),
    }
}
