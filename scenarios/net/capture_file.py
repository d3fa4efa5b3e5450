"""Encoders of pcap and pcapng in all byte orders and resolutions (draft-ietf-opsawg-pcap and -pcapng)."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Packet = tuple[int, bytes]
"""Nanoseconds since 1970 and the frame."""

NULL, ETHERNET, RAW_IP, LOOP, LINUX_SLL, LINUX_SLL2 = 0, 1, 101, 108, 113, 276
"""Link types (LINKTYPE_ values of the registry)."""
SNAP_LENGTH = 262_144


def pcap(packets: Iterable[Packet], *, link: int, order: str = "<", nano: bool = False) -> bytes:
    """A classic capture file; ``order`` is ``<`` or ``>``, ``nano`` keeps nanoseconds instead of microseconds."""
    magic = 0xA1B23C4D if nano else 0xA1B2C3D4
    unit = 1 if nano else 1000
    parts = [struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, SNAP_LENGTH, link)]
    for time, frame in packets:
        seconds, rest = divmod(time, 1_000_000_000)
        parts.append(struct.pack(order + "IIII", seconds, rest // unit, len(frame), len(frame)))
        parts.append(frame)
    return b"".join(parts)


@dataclass(frozen=True)
class Interface:
    """One capture interface of a pcapng section."""

    link: int = ETHERNET
    resolution: int = 6
    """``if_tsresol``: negative power of ten, or of two when bit 7 is set."""
    name: str = ""

    def ticks(self, time: int) -> int:
        """Nanoseconds since 1970 in this interface's units."""
        if self.resolution & 0x80:
            return (time << (self.resolution & 0x7F)) // 1_000_000_000
        return time * int(10**self.resolution) // 1_000_000_000


def pcapng(packets: Iterable[tuple[int, int, bytes]], interfaces: Sequence[Interface], *, order: str = "<") -> bytes:
    """One section with ``interfaces``; packets are ``(time in ns, interface number, frame)``."""
    section = struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1)
    parts = [_block(order, 0x0A0D0D0A, section)]
    for interface in interfaces:
        options = _option(order, 9, bytes([interface.resolution]))
        if interface.name:
            options += _option(order, 2, interface.name.encode())
        body = struct.pack(order + "HHI", interface.link, 0, SNAP_LENGTH) + options + _option(order, 0, b"")
        parts.append(_block(order, 1, body))
    for time, number, frame in packets:
        ticks = interfaces[number].ticks(time)
        head = struct.pack(order + "IIIII", number, ticks >> 32, ticks & 0xFFFFFFFF, len(frame), len(frame))
        parts.append(_block(order, 6, head + _padded(frame)))
    return b"".join(parts)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def _option(order: str, code: int, value: bytes) -> bytes:
    return struct.pack(order + "HH", code, len(value)) + _padded(value)


def _block(order: str, kind: int, body: bytes) -> bytes:
    total = len(body) + 12
    return struct.pack(order + "II", kind, total) + body + struct.pack(order + "I", total)
