"""ARP (RFC 826): questions, answers and announcements on the local segment."""

from __future__ import annotations

import ipaddress
import struct
from typing import TYPE_CHECKING

from scenarios.net.host import Host

if TYPE_CHECKING:
    from scenarios.scene import Scene

ETHERTYPE = 0x0806
REQUEST, REPLY = 1, 2
BROADCAST = "ff:ff:ff:ff:ff:ff"
NOBODY = "00:00:00:00:00:00"


def frame(operation: int, sender: tuple[str, str], target: tuple[str, str], to: str) -> bytes:
    """An Ethernet frame with one message; ``sender`` and ``target`` are (MAC, IPv4 address), ``to`` gets it."""
    body = struct.pack("!HHBBH", 1, 0x0800, 6, 4, operation)
    for mac, ip in (sender, target):
        body += _mac(mac) + ipaddress.IPv4Address(ip).packed
    return (_mac(to) + _mac(sender[0]) + struct.pack("!H", ETHERTYPE) + body).ljust(60, b"\0")


def ask(scene: Scene, client: Host, target: Host, when: float, *, answered: bool = True) -> float:
    """Who has ``target``? Gives the answer's time."""
    scene.wire.add(when, frame(REQUEST, (client.mac, client.ip), (NOBODY, target.ip), BROADCAST))
    if answered:
        when += 0.0003
        scene.wire.add(when, frame(REPLY, (target.mac, target.ip), (client.mac, client.ip), client.mac))
    return when


def claim(scene: Scene, mac: str, ip: str, victim: Host, when: float) -> None:
    """An answer that nobody asked for: ``ip`` is at ``mac``."""
    scene.wire.add(when, frame(REPLY, (mac, ip), (victim.mac, victim.ip), victim.mac))


def announce(scene: Scene, host: Host, when: float) -> None:
    """A gratuitous announcement of one's own address (RFC 5227)."""
    scene.wire.add(when, frame(REQUEST, (host.mac, host.ip), (NOBODY, host.ip), BROADCAST))


def _mac(text: str) -> bytes:
    return bytes.fromhex(text.replace(":", ""))
