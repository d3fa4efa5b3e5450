//! One interface's TPACKET_V3 ring: memory shared with the kernel, which fills it block by block
//! (Documentation/networking/packet_mmap.rst).

use std::io;
use std::mem::{offset_of, size_of};
use std::os::fd::{AsRawFd, OwnedFd};
use std::ptr::{NonNull, null_mut};
use std::sync::atomic::{AtomicU32, Ordering, fence};

use libc::{tpacket_block_desc, tpacket_hdr_v1, tpacket3_hdr};

use super::filter::Program;
use super::{RETIRE, socket, unreadable};
use crate::frame::{Frame, Link};
use crate::sources::SourceError;
use crate::time::Micros;

/// Size of a block: holds the longest frame that receive offload makes, and fills fast enough to be worth a wake-up.
const BLOCK: usize = 512 << 10;
/// Room kept in front of each frame, to put the VLAN tag back that the kernel takes out.
const VLAN_TAG: usize = 4;
/// Both hardware addresses: what stands before the place of the tag.
const ADDRESSES: usize = 12;
/// Tag type where the kernel does not say (before Linux 3.14): 802.1Q.
const DOT1Q: u16 = 0x8100;
/// Mobile modems; libc does not name it.
const ARPHRD_RAWIP: u16 = 519;

/// An open interface.
pub(super) struct Ring {
    pub(super) interface: String,
    pub(super) socket: OwnedFd,
    /// Packets that passed the filter, also those that were dropped then.
    pub(super) packets: u64,
    /// Packets that found no room in the ring.
    pub(super) drops: u64,
    link: Link,
    memory: Memory,
    block: usize,
    held: Option<Held>,
}

/// The block that is being read: where its next frame begins, and how many are left.
#[derive(Clone, Copy)]
struct Held {
    next: usize,
    left: u32,
}

impl Ring {
    pub(super) fn open(
        interface: &str,
        program: Option<&Program>,
        bytes: usize,
        fanout: Option<u16>,
    ) -> Result<Self, SourceError> {
        let explain = |error: io::Error| unreadable(interface, reason(&error));
        let socket = socket::packet_socket().map_err(explain)?;
        let index = socket::interface_index(interface).map_err(explain)?;
        let hardware = socket::hardware_type(&socket, interface).map_err(explain)?;
        let link = link(hardware).ok_or_else(|| {
            unreadable(
                interface,
                format!("interfaces of type {hardware} are not supported; use an Ethernet one"),
            )
        })?;
        if link != Link::Ethernet && program.is_some_and(|program| program.needs_ethernet) {
            return Err(unreadable(interface, "a filter needs an Ethernet interface; leave it out here"));
        }
        let loopback = hardware == libc::ARPHRD_LOOPBACK;
        let blocks = (bytes / BLOCK).max(4);
        prepare(&socket, blocks, loopback).map_err(explain)?;
        let memory = Memory::map(&socket, blocks * BLOCK).map_err(explain)?;
        if let Some(program) = program {
            socket::attach(&socket, &program.code).map_err(|error| match error.raw_os_error() {
                Some(libc::ENOMEM) => {
                    unreadable("filter", "is longer than net.core.optmem_max allows; shorten it")
                }
                _ => unreadable("filter", format!("the kernel refuses it: {error}")),
            })?;
        }
        listen(&socket, index, loopback, fanout).map_err(explain)?;
        let interface = interface.to_owned();
        Ok(Self { interface, socket, packets: 0, drops: 0, link, memory, block: 0, held: None })
    }

    /// Time of the next frame; `None` when the kernel has handed over none.
    pub(super) fn peek(&mut self) -> Option<Micros> {
        loop {
            match self.held {
                Some(Held { next, left: 1.. }) => {
                    let header: tpacket3_hdr = self.memory.read(next)?;
                    return Some(time(&header));
                }
                Some(_) => self.release(),
                None => self.acquire()?,
            }
        }
    }

    /// The next frame.
    pub(super) fn next(&mut self) -> Option<Frame<'_>> {
        self.peek()?;
        let Held { next, left } = self.held?;
        let header: tpacket3_hdr = self.memory.read(next)?;
        let step = usize::try_from(header.tp_next_offset).unwrap_or_default();
        self.held = Some(Held { next: next + step, left: if step == 0 { 0 } else { left - 1 } });
        let start = next + usize::from(header.tp_mac);
        let captured = usize::try_from(header.tp_snaplen).unwrap_or_default();
        let (start, added) = self.restore_tag(&header, start, captured);
        let bytes = self.memory.bytes(start, captured + added)?;
        let length = header.tp_len.saturating_add(u32::try_from(added).unwrap_or_default());
        Some(Frame { time: time(&header), link: self.link, bytes, length })
    }

    /// Adds up the kernel's counters, which start anew with each look.
    pub(super) fn read_statistics(&mut self) {
        let none = libc::tpacket_stats_v3 { tp_packets: 0, tp_drops: 0, tp_freeze_q_cnt: 0 };
        if let Ok(seen) = socket::get(&self.socket, libc::SOL_PACKET, libc::PACKET_STATISTICS, none) {
            self.packets += u64::from(seen.tp_packets);
            self.drops += u64::from(seen.tp_drops);
        }
    }

    /// Puts a tag that the kernel took out back into the frame, as every recorder does.
    fn restore_tag(&mut self, header: &tpacket3_hdr, start: usize, captured: usize) -> (usize, usize) {
        if header.tp_status & libc::TP_STATUS_VLAN_VALID == 0 || captured < ADDRESSES || start < VLAN_TAG {
            return (start, 0);
        }
        let known = header.tp_status & libc::TP_STATUS_VLAN_TPID_VALID != 0;
        let kind = if known { header.hv1.tp_vlan_tpid } else { DOT1Q };
        let tag = u16::try_from(header.hv1.tp_vlan_tci & 0xffff).unwrap_or_default();
        let front = start - VLAN_TAG;
        if let Some(place) = self.memory.bytes_mut(front, ADDRESSES + VLAN_TAG) {
            place.copy_within(VLAN_TAG.., 0);
            place[ADDRESSES..ADDRESSES + 2].copy_from_slice(&kind.to_be_bytes());
            place[ADDRESSES + 2..].copy_from_slice(&tag.to_be_bytes());
        }
        (front, VLAN_TAG)
    }

    fn acquire(&mut self) -> Option<()> {
        let start = self.block * BLOCK;
        if self.memory.status(start).load(Ordering::Acquire) & libc::TP_STATUS_USER == 0 {
            return None;
        }
        let head: tpacket_hdr_v1 = self.memory.read(start + HEAD)?;
        let first = usize::try_from(head.offset_to_first_pkt).unwrap_or_default();
        self.held = Some(Held { next: start + first, left: head.num_pkts });
        Some(())
    }

    fn release(&mut self) {
        self.held = None;
        // Reads of the block end before the kernel may write it again.
        fence(Ordering::Release);
        self.memory.status(self.block * BLOCK).store(libc::TP_STATUS_KERNEL, Ordering::Release);
        self.block = (self.block + 1) % (self.memory.length / BLOCK);
    }
}

const HEAD: usize = offset_of!(tpacket_block_desc, hdr);

/// The shared memory. Every access is checked against its length.
struct Memory {
    start: NonNull<u8>,
    length: usize,
}

// SAFETY: the mapping belongs to this value alone and is not tied to a thread.
unsafe impl Send for Memory {}

impl Memory {
    fn map(socket: &OwnedFd, length: usize) -> io::Result<Self> {
        let (protection, flags) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_SHARED);
        // SAFETY: a fresh mapping of the socket's ring at an address of the kernel's choice.
        let start = unsafe { libc::mmap(null_mut(), length, protection, flags, socket.as_raw_fd(), 0) };
        match NonNull::new(start.cast::<u8>()) {
            Some(start) if start.as_ptr().cast() != libc::MAP_FAILED => Ok(Self { start, length }),
            _ => Err(io::Error::last_os_error()),
        }
    }

    /// Status of the block at `start`, which is a multiple of [`BLOCK`] within the ring.
    fn status(&self, start: usize) -> &AtomicU32 {
        let at = (start % self.length) + HEAD + offset_of!(tpacket_hdr_v1, block_status);
        // SAFETY: `at` is within the mapping and, as blocks are page-aligned, aligned for 32 bits; the kernel changes
        // the status only as a whole, which is what an atomic allows.
        unsafe { AtomicU32::from_ptr(self.start.as_ptr().add(at).cast()) }
    }

    /// Copies a structure of the kernel out of a block that user space owns.
    fn read<T: Copy>(&self, at: usize) -> Option<T> {
        let fits = at.checked_add(size_of::<T>()).is_some_and(|end| end <= self.length);
        // SAFETY: the bytes are within the mapping, and T is a structure of integers, valid for any bytes.
        fits.then(|| unsafe { self.start.as_ptr().add(at).cast::<T>().read_unaligned() })
    }

    fn bytes(&self, at: usize, length: usize) -> Option<&[u8]> {
        let fits = at.checked_add(length).is_some_and(|end| end <= self.length);
        // SAFETY: within the mapping; the kernel leaves a block alone until it is released, for which the ring must be
        // borrowed mutably and the slice be gone.
        fits.then(|| unsafe { std::slice::from_raw_parts(self.start.as_ptr().add(at), length) })
    }

    fn bytes_mut(&mut self, at: usize, length: usize) -> Option<&mut [u8]> {
        let fits = at.checked_add(length).is_some_and(|end| end <= self.length);
        // SAFETY: as for `bytes`, and `&mut self` makes it the only view.
        fits.then(|| unsafe { std::slice::from_raw_parts_mut(self.start.as_ptr().add(at), length) })
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        // SAFETY: unmaps exactly what `map` mapped; nothing borrows from it any more.
        unsafe { libc::munmap(self.start.as_ptr().cast(), self.length) };
    }
}

fn prepare(socket: &OwnedFd, blocks: usize, loopback: bool) -> io::Result<()> {
    let number = |value: usize| u32::try_from(value).map_err(io::Error::other);
    let frame = 2_048; // frames are of any size in this version; the kernel only checks the product
    let request = libc::tpacket_req3 {
        tp_block_size: number(BLOCK)?,
        tp_block_nr: number(blocks)?,
        tp_frame_size: number(frame)?,
        tp_frame_nr: number(blocks * BLOCK / frame)?,
        tp_retire_blk_tov: u32::try_from(RETIRE.as_millis()).map_err(io::Error::other)?,
        tp_sizeof_priv: 0,
        tp_feature_req_word: 0,
    };
    let option = |name, value: libc::c_int| socket::set(socket, libc::SOL_PACKET, name, &value);
    option(libc::PACKET_VERSION, 2)?; // TPACKET_V3
    option(libc::PACKET_RESERVE, libc::c_int::try_from(VLAN_TAG).unwrap_or_default())?;
    // The kernel stamps each frame once, as it arrives, for all who listen. Without this every socket reads the clock for
    // itself, a few microseconds apart, and a recording beside us would give other times and other event ids.
    let stamped: libc::c_int = 1;
    socket::set(socket, libc::SOL_SOCKET, libc::SO_TIMESTAMPNS, &stamped)?;
    if loopback {
        // Loopback shows each frame twice, going out and coming in; anywhere else going out is the only sight of it.
        option(libc::PACKET_IGNORE_OUTGOING, 1)?;
    }
    socket::set(socket, libc::SOL_PACKET, libc::PACKET_RX_RING, &request)
}

fn listen(socket: &OwnedFd, index: libc::c_int, loopback: bool, fanout: Option<u16>) -> io::Result<()> {
    socket::bind(socket, index)?;
    if !loopback {
        let kind = u16::try_from(libc::PACKET_MR_PROMISC).unwrap_or_default();
        let request = libc::packet_mreq { mr_ifindex: index, mr_type: kind, mr_alen: 0, mr_address: [0; 8] };
        socket::set(socket, libc::SOL_PACKET, libc::PACKET_ADD_MEMBERSHIP, &request)?;
    }
    if let Some(group) = fanout {
        // By a hash that is the same for both directions, fragments joined first: whole connections stay together.
        let mode = libc::PACKET_FANOUT_HASH | libc::PACKET_FANOUT_FLAG_DEFRAG;
        let value = (mode << 16) | u32::from(group);
        socket::set(socket, libc::SOL_PACKET, libc::PACKET_FANOUT, &value)?;
    }
    Ok(())
}

fn time(header: &tpacket3_hdr) -> Micros {
    Micros(i64::from(header.tp_sec) * 1_000_000 + i64::from(header.tp_nsec / 1_000))
}

fn link(hardware: u16) -> Option<Link> {
    match hardware {
        libc::ARPHRD_ETHER | libc::ARPHRD_LOOPBACK => Some(Link::Ethernet),
        // tun devices, IP tunnels and mobile modems: frames begin with the IP header.
        libc::ARPHRD_NONE | libc::ARPHRD_TUNNEL | libc::ARPHRD_SIT | ARPHRD_RAWIP => Some(Link::RawIp),
        _ => None,
    }
}

fn reason(error: &io::Error) -> String {
    match error.raw_os_error() {
        Some(libc::EPERM | libc::EACCES) => {
            "no right to capture; run as root or give the process CAP_NET_RAW".to_owned()
        }
        Some(libc::ENODEV) => "no such interface; `ip link` lists them".to_owned(),
        Some(libc::ENOMEM) => "no memory for the ring; use a smaller one".to_owned(),
        _ => format!("cannot capture: {error}"),
    }
}
