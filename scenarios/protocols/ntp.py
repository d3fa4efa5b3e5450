"""NTP (RFC 5905): a client and its server."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from scenarios.net.datagram import udp_exchange
from scenarios.net.host import Host

if TYPE_CHECKING:
    from scenarios.scene import Scene

PORT = 123
ERA = 2_208_988_800
"""Seconds from 1900, where NTP counts from, to 1970."""
CLIENT, SERVER = 3, 4
"""Modes."""


def timestamp(when: float) -> bytes:
    """A time in NTP's fixed-point form."""
    seconds = int(when)
    return struct.pack("!II", seconds + ERA, int((when - seconds) * 2**32))


def packet(mode: int, when: float, *, origin: bytes = bytes(8), stratum: int = 0) -> bytes:
    """A version 4 packet; ``when`` is the transmit time."""
    head = struct.pack("!BBbb", 4 << 3 | mode, stratum, 10, -23) + struct.pack("!II", 0, 0x50)
    reference = b"LOCL" if stratum == 1 else bytes(4)
    return head + reference + timestamp(when - 17) + origin + timestamp(when) + timestamp(when)


def synchronise(scene: Scene, client: Host, server: Host, when: float) -> float:
    """One question for the time and its answer; gives the answer's time."""
    asked = packet(CLIENT, when)
    answer = packet(SERVER, when + 0.001, origin=asked[40:48], stratum=3)
    return udp_exchange(scene, client, server, PORT, when, asked, answer, client_port=PORT)
