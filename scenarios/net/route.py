"""Headers of layers 2 and 3 for one direction between two hosts.

scapy builds each direction's headers once; lengths, identification and checksums are then patched into them,
because building every packet with scapy would take about a millisecond each.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import lru_cache

from scapy.layers.inet import IP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import Dot1Q, Ether

from scenarios.net.host import Host

ICMP, TCP, UDP, ICMPV6 = 1, 6, 17, 58
"""Protocol numbers of the transport layer."""


def checksum(data: bytes) -> int:
    """The Internet checksum (RFC 1071) of ``data``, which is not all zero."""
    if len(data) & 1:
        data += b"\0"
    return 0xFFFF ^ (int.from_bytes(data) % 0xFFFF or 0xFFFF)


class Route:
    """Makes frames from ``source`` to ``target``."""

    def __init__(self, source: Host, target: Host, vlans: Sequence[int] = ()) -> None:
        self.source = source
        self.target = target
        self._vlans = tuple(vlans)
        self._v6 = source.version == 6
        self._addresses = _addresses(source.ip) + _addresses(target.ip)

    def segment(self, protocol: int, header: bytes, payload: bytes, checksum_at: int) -> bytes:
        """A frame with one transport segment whose checksum field stands at ``checksum_at`` of its header."""
        body = header + payload
        pseudo = self._addresses + struct.pack("!HH", len(body), protocol) if protocol != ICMP else b""
        value = checksum(pseudo + body)
        if protocol == UDP and value == 0:
            value = 0xFFFF  # zero means "no checksum" (RFC 768)
        return self.datagram(protocol, body[:checksum_at] + value.to_bytes(2) + body[checksum_at + 2 :])

    def datagram(self, protocol: int, body: bytes) -> bytes:
        """A frame with an IP packet around ``body``."""
        link, network = _template(
            self.source.mac, self.target.mac, self.source.ip, self.target.ip, self.source.ttl, protocol, self._vlans
        )
        if self._v6:
            return b"".join((link, network[:4], len(body).to_bytes(2), network[6:], body))
        head = bytearray(network)
        struct.pack_into("!HH", head, 2, len(body) + len(head), self.source.ident())
        struct.pack_into("!H", head, 10, checksum(bytes(head)))
        return b"".join((link, head, body))

    def quoted(self, source_port: int, target_port: int, size: int = 8) -> bytes:
        """IP header and first bytes of a UDP packet on this route, as an ICMP error quotes it (RFC 792)."""
        header = struct.pack("!HHHH", source_port, target_port, 8 + size, 0)
        frame = self.segment(UDP, header, bytes(size), 6)
        return frame[len(frame) - 28 - size : len(frame) - size]

    def fragments(self, protocol: int, body: bytes, size: int) -> list[bytes]:
        """IPv4 fragments of ``body``, each with ``size`` bytes (a multiple of eight) but the last."""
        ident, frames = self.source.ident(), []
        for offset in range(0, len(body), size):
            piece = body[offset : offset + size]
            more = 0x2000 if offset + size < len(body) else 0
            frame = bytearray(self.datagram(protocol, piece))
            at = len(frame) - len(piece) - 20
            struct.pack_into("!HH", frame, at + 4, ident, more | offset // 8)
            struct.pack_into("!H", frame, at + 10, 0)
            struct.pack_into("!H", frame, at + 10, checksum(bytes(frame[at : at + 20])))
            frames.append(bytes(frame))
        return frames


def _addresses(ip: str) -> bytes:
    if ":" in ip:
        return bytes(IPv6(src=ip, dst="::"))[8:24]
    return bytes(int(part) for part in ip.split("."))


@lru_cache(maxsize=65_536)
def _template(
    source_mac: str, target_mac: str, source: str, target: str, ttl: int, protocol: int, vlans: tuple[int, ...]
) -> tuple[bytes, bytes]:
    """Link header and network header; the IPv4 one has zero length, identification and checksum, and DF set."""
    link = Ether(src=source_mac, dst=target_mac)
    for tag in vlans:
        link = link / Dot1Q(vlan=tag)
    if ":" in source:
        whole = bytes(link / IPv6(src=source, dst=target, hlim=ttl, nh=protocol))
        return whole[:-40], whole[-40:]
    flags = "" if protocol == ICMP else "DF"
    whole = bytes(link / IP(src=source, dst=target, ttl=ttl, proto=protocol, flags=flags, id=0, len=0, chksum=0))
    return whole[:-20], whole[-20:]
