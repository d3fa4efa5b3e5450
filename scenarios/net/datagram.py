"""UDP and ICMP packets."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from scenarios.net.host import Host
from scenarios.net.route import ICMP, ICMPV6, UDP

if TYPE_CHECKING:
    from scenarios.scene import Scene

ECHO_REPLY, UNREACHABLE, ECHO, TIME_EXCEEDED = 0, 3, 8, 11
"""ICMP types (RFC 792)."""
ECHO_V6, ECHO_REPLY_V6 = 128, 129
"""ICMPv6 types (RFC 4443)."""


def udp(scene: Scene, source: Host, port: int, target: Host, target_port: int, when: float, payload: bytes) -> None:
    """One datagram."""
    header = struct.pack("!HHHH", port, target_port, len(payload) + 8, 0)
    scene.wire.add(when, scene.route(source, target).segment(UDP, header, payload, 6))


def udp_exchange(
    scene: Scene,
    client: Host,
    server: Host,
    port: int,
    when: float,
    question: bytes,
    answer: bytes | None,
    *,
    client_port: int = 0,
    delay: float = 0.0,
) -> float:
    """A question and, unless it is ``None``, its answer one round trip and ``delay`` later; gives the end's time."""
    own = client_port or client.port()
    udp(scene, client, own, server, port, when, question)
    if answer is None:
        return when
    done = when + client.rtt + server.rtt + delay
    udp(scene, server, port, client, own, done, answer)
    return done


def icmp(scene: Scene, source: Host, target: Host, when: float, kind: int, code: int, rest: bytes, data: bytes) -> None:
    """One ICMP message (ICMPv6 between IPv6 hosts) with the four bytes ``rest`` after the checksum."""
    protocol = ICMPV6 if source.version == 6 else ICMP
    header = struct.pack("!BBH", kind, code, 0) + rest
    scene.wire.add(when, scene.route(source, target).segment(protocol, header, data, 2))


def ping(
    scene: Scene,
    client: Host,
    server: Host,
    when: float,
    data: bytes,
    *,
    ident: int = 1,
    sequence: int = 1,
    answer: bytes | None = None,
    answered: bool = True,
) -> float:
    """An echo and its reply, which carries the same data unless ``answer`` is given; gives the end's time."""
    request, response = (ECHO_V6, ECHO_REPLY_V6) if client.version == 6 else (ECHO, ECHO_REPLY)
    rest = struct.pack("!HH", ident & 0xFFFF, sequence & 0xFFFF)
    icmp(scene, client, server, when, request, 0, rest, data)
    if not answered:
        return when
    done = when + client.rtt + server.rtt
    icmp(scene, server, client, done, response, 0, rest, data if answer is None else answer)
    return done
