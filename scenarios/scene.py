"""The world of one capture: a wire, the hosts on it, the names they know, and one source of chance."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from random import Random
from zlib import crc32

from scenarios.net.host import Host
from scenarios.net.route import Route
from scenarios.net.wire import Wire
from scenarios.sites import DOMAIN

OUTSIDE = ("203.0.113.", "198.51.100.", "192.0.2.")
"""Documentation networks (RFC 5737): every outside server stands in one of them."""
OFFICE_DNS = "10.20.1.5"
GATEWAY_MAC = "00:1b:54:aa:07:01"
VENDORS = ("00:1b:21", "3c:52:82", "18:66:da", "b8:ca:3a", "e4:54:e8", "9c:7b:ef")
"""Prefixes of makers of office PCs."""
NAME_TTL = 900
"""Seconds for which machines remember an answer."""
ADDRESSES = 250
"""Hosts of each outside network that are given to names."""


class Scene:
    """One capture in the making."""

    def __init__(self, seed: str, start: float, *, actor: str = "10.20.7.31", vlans: Sequence[int] = ()) -> None:
        self.rng = Random(seed)
        self.start = start
        self.wire = Wire()
        self.vlans = tuple(vlans)
        self.domain = DOMAIN
        """The office's own domain."""
        self._hosts: dict[str, Host] = {}
        self._routes: dict[tuple[str, str], Route] = {}
        self._names: dict[str, str] = {}
        self._taken: set[str] = set()
        self._known: dict[tuple[str, str], float] = {}
        self.actor = self.machine(actor)
        self.resolver = self.server(OFFICE_DNS, name=f"dc01.{DOMAIN}")

    # hosts

    def machine(self, ip: str, *, name: str = "", ttl: int = 128) -> Host:
        """A machine on the tapped segment, with a MAC of its own."""
        if ip not in self._hosts:
            code = crc32(ip.encode())
            tail = ":".join(f"{byte:02x}" for byte in code.to_bytes(4)[1:])
            self._hosts[ip] = Host(ip, f"{VENDORS[code % len(VENDORS)]}:{tail}", ttl, name or _machine_name(ip))
        return self._hosts[ip]

    def machines(self, count: int, *, first: Host | None = None) -> list[Host]:
        """``count`` machines with addresses that follow one another, from ``first`` (the actor)."""
        base = ipaddress.ip_address((first or self.actor).ip)
        return [self.machine(str(base + offset)) for offset in range(count)]

    def server(self, ip: str, *, name: str = "", ttl: int = 127) -> Host:
        """A server of the office behind the gateway: one hop and less than a millisecond away."""
        if ip not in self._hosts:
            self._hosts[ip] = Host(ip, GATEWAY_MAC, ttl, name, 0.0009)
        return self._hosts[ip]

    def host(self, target: str) -> Host:
        """Whoever ``target`` is: a machine beside the actor, another part of the office, or an outside host."""
        if not is_address(target) or not is_private(target):
            return self.outside(target)
        beside = ipaddress.ip_network(f"{self.actor.ip}/24", strict=False) if "." in self.actor.ip else None
        near = beside is not None and ipaddress.ip_address(target) in beside
        return self.machine(target) if near else self.server(target)

    @property
    def gateway(self) -> Host:
        """The router of the actor's segment."""
        ip = str(next(ipaddress.ip_network(f"{self.actor.ip}/24", strict=False).hosts()))
        if ip not in self._hosts:
            self._hosts[ip] = Host(ip, GATEWAY_MAC, 64, "gateway", 0.0003)
        return self._hosts[ip]

    def outside(self, target: str) -> Host:
        """The host with that outside address, or the one that a name stands for; its distance is its own."""
        ip = target if is_address(target) else self.address(target)
        if ip not in self._hosts:
            code = crc32(ip.encode())
            ttl = (64, 128, 64, 255)[code % 4] - 8 - code // 4 % 12
            self._hosts[ip] = Host(ip, GATEWAY_MAC, ttl, target, 0.012 + code % 1000 / 6000)
        return self._hosts[ip]

    def address(self, name: str) -> str:
        """The outside address of a name: the same in every run; no two names share one while there is room."""
        if name not in self._names:
            code = crc32(name.lower().encode())
            for step in range(len(OUTSIDE) * ADDRESSES):
                network, number = divmod((code + step) % (len(OUTSIDE) * ADDRESSES), ADDRESSES)
                ip = f"{OUTSIDE[network]}{number + 3}"
                if ip not in self._taken:
                    break
            self._taken.add(ip)
            self._names[name] = ip
        return self._names[name]

    def pin(self, name: str, ip: str) -> None:
        """Give a name a fixed address."""
        self._names[name] = ip
        self._taken.add(ip)

    def route(self, source: Host, target: Host) -> Route:
        """Headers from one host to another."""
        key = (source.ip, target.ip)
        if key not in self._routes:
            self._routes[key] = Route(source, target, self.vlans)
        return self._routes[key]

    # what machines remember

    def knows(self, client: Host, name: str, when: float) -> bool:
        """Whether ``client`` still remembers ``name``; it does from now on."""
        key = (client.ip, name)
        fresh = -1.0 <= when - self._known.get(key, -1e12) < NAME_TTL
        if not fresh:
            self._known[key] = when
        return fresh


def is_address(text: str) -> bool:
    """Whether ``text`` is an IP address and not a name."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def is_private(ip: str) -> bool:
    """Whether an address belongs to an office and not to the Internet (RFC 1918, RFC 4193, link-local)."""
    return any(ipaddress.ip_address(ip) in network for network in PRIVATE if network.version == _version(ip))


def _version(ip: str) -> int:
    return 6 if ":" in ip else 4


PRIVATE = tuple(
    ipaddress.ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10")
)
WARDS = ("TINHUY", "VANPHONG", "BTC", "BTG", "UBKT", "DANVAN", "CNTT", "LUUTRU")
"""Departments in machine names."""


def _machine_name(ip: str) -> str:
    last = int(ipaddress.ip_address(ip)) & 0xFF
    return f"VP-{WARDS[last % len(WARDS)]}-{last:02d}"
