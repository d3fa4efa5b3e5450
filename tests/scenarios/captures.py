"""Reads a scenario's packets the way a stranger would: from the bytes alone."""

from __future__ import annotations

import struct
from dataclasses import dataclass

TCP, UDP, ICMP = 6, 17, 1
IPV4, ARP, VLAN = 0x0800, 0x0806, 0x8100


@dataclass(frozen=True)
class Seen:
    """One IPv4 packet."""

    source: str
    target: str
    protocol: int
    source_port: int
    target_port: int
    flags: int
    payload: bytes


def sum16(data: bytes) -> int:
    """One's complement sum of 16-bit words; 0xFFFF where the checksum within is right."""
    if len(data) & 1:
        data += b"\0"
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def network(frame: bytes) -> tuple[int, bytes]:
    """EtherType and what follows, behind any VLAN tags."""
    at = 12
    kind = int.from_bytes(frame[at : at + 2])
    while kind == VLAN:
        at += 4
        kind = int.from_bytes(frame[at : at + 2])
    return kind, frame[at + 2 :]


def checked(frame: bytes) -> Seen | None:
    """The packet with every length and checksum asserted; ``None`` for what is not IPv4."""
    kind, packet = network(frame)
    if kind != IPV4:
        return None
    size = (packet[0] & 15) * 4
    total = int.from_bytes(packet[2:4])
    assert total <= len(packet)
    assert sum16(packet[:size]) == 0xFFFF, "IPv4 header checksum"
    protocol, body = packet[9], packet[size:total]
    if protocol in (TCP, UDP):
        pseudo = packet[12:20] + struct.pack("!HH", protocol, len(body))
        assert sum16(pseudo + body) == 0xFFFF, "transport checksum"
    elif protocol == ICMP:
        assert sum16(body) == 0xFFFF, "ICMP checksum"
    ports = (int.from_bytes(body[:2]), int.from_bytes(body[2:4])) if protocol in (TCP, UDP) else (0, 0)
    head = (body[12] >> 4) * 4 if protocol == TCP else 8
    source, target = (".".join(map(str, packet[at : at + 4])) for at in (12, 16))
    return Seen(source, target, protocol, ports[0], ports[1], body[13] if protocol == TCP else 0, body[head:])
