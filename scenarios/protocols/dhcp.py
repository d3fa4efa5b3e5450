"""DHCP (RFC 2131) on the local segment."""

from __future__ import annotations

import ipaddress
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenarios.net.host import Host
from scenarios.net.route import UDP, Route
from scenarios.protocols.arp import BROADCAST

if TYPE_CHECKING:
    from scenarios.scene import Scene

SERVER_PORT, CLIENT_PORT = 67, 68
DISCOVER, OFFER, REQUEST, ACK = 1, 2, 3, 5
"""Message types (option 53)."""
MASK, ROUTER, DNS, NAME, DOMAIN, ADDRESS, LEASE, TYPE, SERVER, WANTED, VENDOR, FULL_NAME = (
    1, 3, 6, 12, 15, 50, 51, 53, 54, 55, 60, 81,
)  # fmt: skip
"""Options (RFC 2132, RFC 4702)."""
COOKIE = bytes.fromhex("63825363")
WINDOWS_WANTS = bytes((1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252))
NOWHERE = str(ipaddress.IPv4Address(0))
"""The address of who has none yet."""
HOURS_8 = 28_800
"""Seconds of a lease."""


@dataclass(frozen=True)
class Offer:
    """What a server gives with an address."""

    server: str
    router: str
    dns: str
    domain: str = "tinhuy.example"
    lease: int = HOURS_8

    def options(self, kind: int) -> dict[int, bytes]:
        """As options of an OFFER or ACK."""
        addresses = {SERVER: self.server, MASK: "255.255.255.0", ROUTER: self.router, DNS: self.dns}
        packed = {code: ipaddress.IPv4Address(ip).packed for code, ip in addresses.items()}
        return {TYPE: bytes([kind]), **packed, LEASE: struct.pack("!I", self.lease), DOMAIN: self.domain.encode()}


def message(
    operation: int, xid: int, mac: str, options: Mapping[int, bytes], *, given: str = NOWHERE, own: str = NOWHERE
) -> bytes:
    """A message: ``operation`` 1 from the client (``own`` address), 2 from the server (``given`` address)."""
    addresses = b"".join(ipaddress.IPv4Address(ip).packed for ip in (own, given, NOWHERE, NOWHERE))
    head = struct.pack("!BBBBIHH", operation, 1, 6, 0, xid, 0, 0) + addresses
    head += bytes.fromhex(mac.replace(":", "")).ljust(16, b"\0") + bytes(192) + COOKIE
    body = b"".join(bytes([code, len(value)]) + value for code, value in options.items())
    return (head + body + b"\xff").ljust(300, b"\0")


def lease(
    scene: Scene, client: Host, when: float, *, server: Host | None = None, offer: Offer | None = None, name: str = ""
) -> float:
    """DISCOVER, OFFER, REQUEST, ACK for the client's address; gives the time of the ACK."""
    giver = server or scene.gateway
    terms = offer or usual(scene)
    xid = scene.rng.getrandbits(32)
    asked = _client_options(client, name or client.name, scene.domain)
    first = {TYPE: bytes([DISCOVER]), **asked}
    broadcast(scene, client.mac, NOWHERE, when, message(1, xid, client.mac, first))
    answer(scene, giver, client, when + 0.004, xid, terms.options(OFFER))
    chosen = {ADDRESS: _packed(client.ip), SERVER: _packed(terms.server)}
    second = {TYPE: bytes([REQUEST]), **chosen, **asked}
    broadcast(scene, client.mac, NOWHERE, when + 0.01, message(1, xid, client.mac, second))
    answer(scene, giver, client, when + 0.014, xid, terms.options(ACK))
    return when + 0.014


def renew(scene: Scene, client: Host, when: float, *, name: str = "") -> float:
    """REQUEST and ACK between two hosts that know each other; gives the time of the ACK."""
    terms = usual(scene)
    server = scene.server(terms.server)
    xid = scene.rng.getrandbits(32)
    asked = {TYPE: bytes([REQUEST]), **_client_options(client, name or client.name, scene.domain)}
    request = message(1, xid, client.mac, asked, own=client.ip)
    _send(scene, scene.route(client, server), when, CLIENT_PORT, SERVER_PORT, request)
    given = message(2, xid, client.mac, terms.options(ACK), given=client.ip, own=client.ip)
    _send(scene, scene.route(server, client), when + 0.002, SERVER_PORT, CLIENT_PORT, given)
    return when + 0.002


def usual(scene: Scene) -> Offer:
    """What the office's server offers; the gateway relays for it."""
    return Offer(server=scene.resolver.ip, router=scene.gateway.ip, dns=scene.resolver.ip, domain=scene.domain)


def answer(scene: Scene, server: Host, client: Host, when: float, xid: int, options: Mapping[int, bytes]) -> None:
    """From a server to a client that has no address yet."""
    target = Host(client.ip, client.mac)
    body = message(2, xid, client.mac, options, given=client.ip)
    _send(scene, Route(server, target, scene.vlans), when, SERVER_PORT, CLIENT_PORT, body)


def broadcast(scene: Scene, mac: str, ip: str, when: float, body: bytes) -> None:
    """From a client to everybody."""
    route = Route(Host(ip, mac), Host("255.255.255.255", BROADCAST), scene.vlans)
    _send(scene, route, when, CLIENT_PORT, SERVER_PORT, body)


def _send(scene: Scene, route: Route, when: float, source: int, target: int, body: bytes) -> None:
    header = struct.pack("!HHHH", source, target, len(body) + 8, 0)
    scene.wire.add(when, route.segment(UDP, header, body, 6))


def _client_options(client: Host, name: str, domain: str) -> dict[int, bytes]:
    number = b"\x01" + bytes.fromhex(client.mac.replace(":", ""))
    full = b"\0\0\0" + f"{name}.{domain}".encode()
    return {61: number, NAME: name.encode(), FULL_NAME: full, VENDOR: b"MSFT 5.0", WANTED: WINDOWS_WANTS}


def _packed(ip: str) -> bytes:
    return ipaddress.IPv4Address(ip).packed
