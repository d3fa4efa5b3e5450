"""Capture files as lists of packets that can be changed in place: the container stays as it was, checksums stay as right
as they were.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

ETHERNET, RAW_IP, SLL, NULL, LOOP, SLL2 = 1, 101, 113, 0, 108, 276
IPV4, IPV6, ARP, VLAN, QINQ, PPPOE = 0x0800, 0x86DD, 0x0806, 0x8100, 0x88A8, 0x8864
ICMP, IP_IN_IP, TCP, UDP, GRE = 1, 4, 6, 17, 47
RAW_LINKS = (RAW_IP, 12, 14, 228)
MAGICS = {
    b"\xd4\xc3\xb2\xa1": ("<", 1_000_000), b"\xa1\xb2\xc3\xd4": (">", 1_000_000),
    b"\x4d\x3c\xb2\xa1": ("<", 1_000_000_000), b"\xa1\xb2\x3c\x4d": (">", 1_000_000_000),
}  # fmt: skip
SECTION, INTERFACE, OLD_PACKET, PACKET = 0x0A0D0D0A, 1, 2, 6


class FormatError(Exception):
    """A capture file that is not understood."""


@dataclass(slots=True)
class Frame:
    """One packet of a file: bytes that may be changed but not lengthened, and where they and their time stand."""

    data: bytearray
    link: int
    at: int
    """Where the frame stands in the file."""
    seconds: float


Change = Callable[[Frame], bool]
"""Changes a frame; false: it is left out."""


def rewritten(content: bytes, change: Change, shift: int = 0) -> bytes:
    """The same file with every frame changed, left out or kept, and all times ``shift`` seconds later. Raises FormatError."""
    if content[:4] in MAGICS:
        return _pcap(content, change, shift)
    if content[:4] == SECTION.to_bytes(4):
        return _pcapng(content, change, shift)
    raise FormatError("neither pcap nor pcapng")


def frames(content: bytes) -> Iterator[Frame]:
    """Every packet, for reading."""
    found: list[Frame] = []

    def note(frame: Frame) -> bool:
        found.append(frame)
        return True

    rewritten(content, note)
    return iter(found)


def _pcap(content: bytes, change: Change, shift: int) -> bytes:
    order, unit = MAGICS[content[:4]]
    link = struct.unpack_from(f"{order}I", content, 20)[0] & 0xFFFF
    head = struct.Struct(f"{order}IIII")
    out, at = [content[:24]], 24
    while at + 16 <= len(content):
        seconds, fraction, size, whole = head.unpack_from(content, at)
        frame = Frame(bytearray(content[at + 16 : at + 16 + size]), link, at + 16, seconds + fraction / unit)
        if change(frame):
            out += [head.pack(seconds + shift & 0xFFFFFFFF, fraction, size, whole), bytes(frame.data)]
        at += 16 + size
    return b"".join(out)


def _pcapng(content: bytes, change: Change, shift: int) -> bytes:
    order, links, out, at = "<", list[tuple[int, int]](), [], 0
    while at + 12 <= len(content):
        if content[at : at + 4] == SECTION.to_bytes(4):
            order, links = "<" if content[at + 8 : at + 12] == b"\x4d\x3c\x2b\x1a" else ">", []
        kind, size = struct.unpack_from(f"{order}II", content, at)
        if size < 12 or at + size > len(content):
            out.append(content[at:])
            break
        block = bytearray(content[at : at + size])
        if kind == INTERFACE:
            links.append((struct.unpack_from(f"{order}H", block, 8)[0], _ticks(bytes(block), order)))
        if kind not in (PACKET, OLD_PACKET) or _changed(block, kind, order, links, at, change, shift):
            out.append(bytes(block))
        at += size
    return b"".join(out)


def _changed(
    block: bytearray, kind: int, order: str, links: list[tuple[int, int]], at: int, change: Change, shift: int
) -> bool:
    number = struct.unpack_from(f"{order}{'I' if kind == PACKET else 'H'}", block, 8)[0]
    link, unit = links[number] if number < len(links) else (ETHERNET, 1_000_000)
    high, low, size = struct.unpack_from(f"{order}III", block, 12)
    ticks = high << 32 | low
    frame = Frame(bytearray(block[28 : 28 + size]), link, at + 28, ticks / unit)
    if not change(frame):
        return False
    block[28 : 28 + size] = frame.data
    ticks += shift * unit
    struct.pack_into(f"{order}II", block, 12, ticks >> 32 & 0xFFFFFFFF, ticks & 0xFFFFFFFF)
    return True


def _ticks(block: bytes, order: str) -> int:
    """Units in a second of an interface (option if_tsresol)."""
    at = 16
    while at + 4 <= len(block) - 4:
        code, size = struct.unpack_from(f"{order}HH", block, at)
        if code == 0:
            break
        if code == 9 and size == 1:
            exponent = block[at + 4]
            return int(2 ** (exponent & 0x7F)) if exponent & 0x80 else int(10**exponent)
        at += 4 + size + -size % 4
    return 1_000_000


# layers


def network(frame: Frame) -> tuple[int, int]:
    """EtherType and offset of the network layer; ``(0, 0)`` where it is not understood."""
    data, link = frame.data, frame.link
    if link in RAW_LINKS:
        return (IPV6 if data[:1] and data[0] >> 4 == 6 else IPV4), 0
    if link in (NULL, LOOP):
        return (IPV4 if len(data) > 4 and data[4] >> 4 == 4 else IPV6), 4
    at = {ETHERNET: 12, SLL: 14, SLL2: 0}.get(link, -1)
    if at < 0 or len(data) < at + 2:
        return 0, 0
    kind, at = int.from_bytes(data[at : at + 2]), (20 if link == SLL2 else at + 2)
    while kind in (VLAN, QINQ) and len(data) >= at + 4:
        kind, at = int.from_bytes(data[at + 2 : at + 4]), at + 4
    if kind == PPPOE and len(data) >= at + 8:
        kind, at = {0x0021: IPV4, 0x0057: IPV6}.get(int.from_bytes(data[at + 6 : at + 8]), 0), at + 8
    return kind, at


@dataclass(slots=True)
class Ip4:
    """An IPv4 packet within a frame: offsets of its parts."""

    at: int
    body: int
    end: int
    protocol: int
    whole: bool
    """It is no fragment: the transport header is here and its checksum covers what is here."""


def ip4(data: bytearray, at: int) -> Ip4 | None:
    """The IPv4 packet at this offset."""
    if len(data) < at + 20 or data[at] >> 4 != 4:
        return None
    body = at + (data[at] & 15) * 4
    total = int.from_bytes(data[at + 2 : at + 4])
    fragment = int.from_bytes(data[at + 6 : at + 8]) & 0x3FFF
    end = min(len(data), at + total) if total else len(data)
    return Ip4(at, body, end, data[at + 9], not fragment) if body <= end else None


CHECKSUM = {TCP: 16, UDP: 6, ICMP: 2}
"""Where it stands in the transport header."""


def place(data: bytearray, packet: Ip4, at: int, new: bytes) -> None:
    """Put ``new`` at this offset of the packet's addresses or body; the checksums that cover it change by as much (RFC 1624)."""
    old = bytes(data[at : at + len(new)])
    if old == new:
        return
    data[at : at + len(new)] = new
    header = at < packet.body
    if header:
        _adjust(data, packet.at + 10, at - packet.at, old, new)
    where = packet.body + CHECKSUM.get(packet.protocol, 0)
    covered = packet.protocol in (TCP, UDP) if header else packet.protocol in CHECKSUM
    if not covered or not packet.whole or where + 2 > packet.end:
        return
    if packet.protocol == UDP and data[where : where + 2] == b"\0\0":
        return  # no checksum (RFC 768)
    _adjust(data, where, (at - packet.at) if header else at - packet.body, old, new)


def _adjust(data: bytearray, where: int, offset: int, old: bytes, new: bytes) -> None:
    pad = b"\0" * (offset & 1)
    total = 0xFFFF - int.from_bytes(data[where : where + 2]) + (0xFFFF - _sum(pad + old)) + _sum(pad + new)
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    data[where : where + 2] = (0xFFFF - total).to_bytes(2)


def _sum(data: bytes) -> int:
    total = int.from_bytes(data + b"\0" * (len(data) & 1)) % 0xFFFF
    return total or (0xFFFF if any(data) else 0)
