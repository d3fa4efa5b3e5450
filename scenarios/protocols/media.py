"""Sound and pictures over UDP: RTP (RFC 3550), found by STUN (RFC 8489)."""

from __future__ import annotations

import ipaddress
import struct
from typing import TYPE_CHECKING

from scenarios.net.datagram import udp
from scenarios.net.host import Host

if TYPE_CHECKING:
    from scenarios.scene import Scene

STUN_COOKIE = 0x2112A442
BINDING, BINDING_ANSWER = 0x0001, 0x0101
OPUS, VIDEO = 111, 96
"""Payload types as conferences agree on them."""


def stun(kind: int, ident: bytes, attributes: bytes = b"") -> bytes:
    """A STUN message (RFC 8489), with which a conference finds its way."""
    return struct.pack("!HHI", kind, len(attributes), STUN_COOKIE) + ident + attributes


def _mapped(ip: str, port: int) -> bytes:
    """XOR-MAPPED-ADDRESS: where the server saw the client."""
    address = int(ipaddress.IPv4Address(ip)) ^ STUN_COOKIE
    return struct.pack("!HHBBHI", 0x0020, 8, 0, 1, port ^ STUN_COOKIE >> 16, address)


def rtp(kind: int, sequence: int, stamp: int, source: int, payload: bytes) -> bytes:
    """An RTP packet."""
    return struct.pack("!BBHII", 0x80, kind, sequence & 0xFFFF, stamp & 0xFFFFFFFF, source) + payload


def conference(
    scene: Scene, client: Host, server: Host, port: int, when: float, *, seconds: float, per_second: float = 8.0
) -> float:
    """Both talk for a while; ``per_second`` packets each way (real ones send 50 and more). Gives the end's time."""
    rng, own = scene.rng, client.port()
    ident = rng.randbytes(12)
    udp(scene, client, own, server, port, when, stun(BINDING, ident))
    udp(scene, server, port, client, own, when + server.rtt, stun(BINDING_ANSWER, ident, _mapped(client.ip, own)))
    sources = rng.getrandbits(32), rng.getrandbits(32)
    end, number = when + seconds, rng.getrandbits(15)
    when += 0.1
    while when < end:
        number += 1
        kind, size = (OPUS, rng.randint(60, 120)) if rng.random() < 0.4 else (VIDEO, rng.randint(500, 1150))
        udp(scene, client, own, server, port, when, rtp(kind, number, number * 960, sources[0], rng.randbytes(size)))
        later = when + rng.uniform(0.001, 0.4) / per_second
        udp(
            scene,
            server,
            port,
            client,
            own,
            later,
            rtp(kind, number, number * 960, sources[1], rng.randbytes(size + 40)),
        )
        when += rng.uniform(0.7, 1.3) / per_second
    return when
