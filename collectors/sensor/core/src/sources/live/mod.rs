//! Live capture on Linux: one AF_PACKET ring an interface, read without system calls while traffic flows.

pub mod filter;
mod ring;
mod socket;

#[cfg(test)]
mod tests;

use std::io;
use std::os::fd::AsRawFd;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::SourceError;
use crate::frame::Frame;
use crate::time::Micros;
use filter::Program;
use ring::Ring;

/// The kernel hands over a part-filled block after this time: the delay of a lone packet.
pub const RETIRE: Duration = Duration::from_millis(40);
/// Twice that time: what the kernel can still hold back.
const HOLD: Duration = Duration::from_millis(80);
/// Interfaces of one sensor; a tap has two.
const INTERFACES_MAX: usize = 16;

/// What to listen to.
#[derive(Clone, Debug)]
pub struct LiveSettings {
    /// Interface names; frames of several are merged by time (the two directions of a tap).
    pub interfaces: Vec<String>,
    /// Expression or `tcpdump -ddd` output ([`filter`]); empty: everything.
    pub filter: String,
    /// Memory of the ring of each interface, in bytes.
    pub ring_bytes: usize,
    /// Sensors with the same number share the traffic of an interface, whole connections each (PACKET_FANOUT).
    pub fanout: Option<u16>,
}

/// Open interfaces.
pub struct LiveCapture {
    rings: Vec<Ring>,
    frames: u64,
    outages: u64,
}

impl LiveCapture {
    /// Opens every interface. Errors: no such interface, no right to capture, a filter that is not one.
    pub fn open(settings: &LiveSettings) -> Result<Self, SourceError> {
        if settings.interfaces.is_empty() || settings.interfaces.len() > INTERFACES_MAX {
            return Err(unreadable("interfaces", format!("name 1 to {INTERFACES_MAX} of them")));
        }
        let program = match settings.filter.trim() {
            "" => None,
            text => Some(Program::parse(text).map_err(|error| unreadable("filter", error))?),
        };
        let open = |name: &String| Ring::open(name, program.as_ref(), settings.ring_bytes, settings.fanout);
        let rings = settings.interfaces.iter().map(open).collect::<Result<_, _>>()?;
        Ok(Self { rings, frames: 0, outages: 0 })
    }

    /// Waits until [`LiveCapture::next_frame`] has something to give; false when `timeout` is over.
    /// Errors: an interface has gone; a signal came.
    pub fn wait(&mut self, timeout: Duration) -> Result<bool, SourceError> {
        if self.next_ring().is_some() {
            return Ok(true);
        }
        // A frame that is held back becomes free by time alone.
        let held = self.rings.iter_mut().any(|ring| ring.peek().is_some());
        let timeout = if held { timeout.min(RETIRE) } else { timeout };
        let mut waiting: Vec<libc::pollfd> = self
            .rings
            .iter_mut()
            .filter_map(|ring| ring.peek().is_none().then(|| ring.socket.as_raw_fd()))
            .map(|fd| libc::pollfd { fd, events: libc::POLLIN | libc::POLLERR, revents: 0 })
            .collect();
        socket::poll(&mut waiting, timeout).map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => SourceError::Interrupted,
            _ => unreadable("capture", format!("cannot wait for packets: {error}")),
        })?;
        if waiting.iter().any(|one| one.revents & libc::POLLERR != 0) {
            self.outage()?;
        }
        Ok(self.next_ring().is_some())
    }

    /// The next frame in the order of time; `None` when there is none yet.
    pub fn next_frame(&mut self) -> Option<Frame<'_>> {
        let ring = self.next_ring()?;
        self.frames += 1;
        self.rings[ring].next()
    }

    /// Gives every frame that has come by now, also those that the kernel still holds back; what comes later is left.
    pub fn rest(&mut self, mut take: impl FnMut(&Frame<'_>)) {
        let (called, end) = (Instant::now(), now());
        loop {
            if let Some(frame) = self.next_frame() {
                take(&frame);
                if frame.time > end {
                    break;
                }
            } else if called.elapsed() >= HOLD
                || matches!(self.wait(RETIRE), Err(SourceError::Unreadable { .. }))
            {
                break;
            }
        }
    }

    /// The time up to which every frame has been given; `None` while frames wait.
    pub fn quiet_since(&mut self) -> Option<Micros> {
        let waits = self.rings.iter_mut().any(|ring| ring.peek().is_some());
        (!waits).then(|| Micros(now().0 - hold()))
    }

    /// Counters by their dotted names.
    pub fn counters(&mut self) -> Vec<(&'static str, u64)> {
        let (mut packets, mut drops) = (0, 0);
        for ring in &mut self.rings {
            ring.read_statistics();
            packets += ring.packets;
            drops += ring.drops;
        }
        vec![
            ("source.frames", self.frames),
            ("source.kernel_packets", packets),
            ("source.kernel_drops", drops),
            ("source.outages", self.outages),
        ]
    }

    /// The ring with the oldest frame. With several rings a frame waits until the others have shown theirs, or can
    /// have none that is older: without it an answer could overtake its question.
    fn next_ring(&mut self) -> Option<usize> {
        let mut oldest: Option<(Micros, usize)> = None;
        let mut complete = true;
        for (index, ring) in self.rings.iter_mut().enumerate() {
            match ring.peek() {
                Some(time) if oldest.is_none_or(|(first, _)| time < first) => oldest = Some((time, index)),
                Some(_) => {}
                None => complete = false,
            }
        }
        let (time, index) = oldest?;
        (complete || time.0 <= now().0 - hold()).then_some(index)
    }

    /// An interface that went down comes back by itself; one that was removed does not.
    fn outage(&mut self) -> Result<(), SourceError> {
        for ring in &self.rings {
            match socket::pending_error(&ring.socket).and_then(|()| socket::interface_index(&ring.interface))
            {
                Ok(_) => {}
                Err(error) if error.raw_os_error() == Some(libc::ENETDOWN) => {
                    self.outages += 1;
                    socket::interface_index(&ring.interface).map_err(|_| gone(&ring.interface))?;
                }
                Err(_) => return Err(gone(&ring.interface)),
            }
        }
        Ok(())
    }
}

fn gone(interface: &str) -> SourceError {
    unreadable(interface, "the interface has gone; plug it in again and restart the sensor")
}

fn unreadable(name: &str, reason: impl Into<String>) -> SourceError {
    SourceError::Unreadable { name: name.to_owned(), reason: reason.into() }
}

fn hold() -> i64 {
    i64::try_from(HOLD.as_micros()).unwrap_or(i64::MAX)
}

fn now() -> Micros {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
