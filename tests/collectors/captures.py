"""Frames and capture files made by hand: a conversation that the sensor must see, in any format."""

from __future__ import annotations

import socket
import struct
from collections.abc import Sequence
from dataclasses import dataclass

START = 1_700_000_000_000_000
CLIENT, SERVER = "10.20.7.31", "203.0.113.9"


@dataclass(frozen=True)
class Captured:
    """One frame and its time in µs."""

    time: int
    frame: bytes


def ethernet(payload: bytes, kind: int = 0x0800, vlan: int | None = None) -> bytes:
    tag = b"" if vlan is None else struct.pack("!HH", 0x8100, vlan)
    return bytes.fromhex("021b213c9d02 021b21000001") + tag + struct.pack("!H", kind) + payload


def ipv4(source: str, destination: str, protocol: int, payload: bytes) -> bytes:
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), 1, 0, 64, protocol, 0)
    addresses = socket.inet_aton(source) + socket.inet_aton(destination)
    total = sum(struct.unpack("!10H", head + addresses))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return head[:10] + struct.pack("!H", 0xFFFF - total) + addresses + payload


def udp(client_port: int, payload: bytes = b"\x01hello", back: bool = False, vlan: int | None = None) -> bytes:
    """A datagram to port 7777 of the server, or its answer."""
    ports = (7777, client_port) if back else (client_port, 7777)
    ends = (SERVER, CLIENT) if back else (CLIENT, SERVER)
    datagram = struct.pack("!HHHH", *ports, 8 + len(payload), 0) + payload
    return ethernet(ipv4(*ends, 17, datagram), vlan=vlan)


def conversations(count: int, step: int = 1_000) -> list[Captured]:
    """Question and answer from ``count`` client ports: as many flows."""
    frames = []
    for n in range(count):
        begin = START + n * step
        frames.append(Captured(begin, udp(20_000 + n)))
        frames.append(Captured(begin + step // 2, udp(20_000 + n, back=True)))
    return frames


def pcap(frames: Sequence[Captured], link_type: int = 1) -> bytes:
    records = [
        struct.pack("<IIII", one.time // 1_000_000, one.time % 1_000_000, len(one.frame), len(one.frame)) + one.frame
        for one in frames
    ]
    return struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262_144, link_type) + b"".join(records)
