"""DNS messages (RFC 1035, EDNS of RFC 6891) and lookups at the office's resolver."""

from __future__ import annotations

import ipaddress
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenarios.net.datagram import udp_exchange
from scenarios.net.host import Host
from scenarios.net.tcp import TcpSession

if TYPE_CHECKING:
    from scenarios.scene import Scene

TYPES = {
    "A": 1,
    "NS": 2,
    "CNAME": 5,
    "SOA": 6,
    "NULL": 10,
    "PTR": 12,
    "MX": 15,
    "TXT": 16,
    "AAAA": 28,
    "SRV": 33,
    "OPT": 41,
    "DS": 43,
    "SVCB": 64,
    "HTTPS": 65,
    "ANY": 255,
    "CAA": 257,
}
NOERROR, SERVFAIL, NXDOMAIN, REFUSED = 0, 2, 3, 5
"""Response codes."""
QUERY_FLAGS, RESPONSE_FLAGS = 0x0100, 0x8180
"""Recursion desired; response, recursion desired and available."""
UDP_SIZE = 1232
"""Advertised by EDNS (DNS flag day 2020)."""
PORT = 53


@dataclass(frozen=True)
class Record:
    """One resource record; ``data`` is text in the usual presentation, or raw bytes."""

    type: str
    data: str | bytes
    name: str = ""
    """Owner; empty for the question's name."""
    ttl: int = 300

    def encode(self) -> bytes:
        """The record; the question's name is a compression pointer to offset 12."""
        owner = name(self.name) if self.name else b"\xc0\x0c"
        data = self.data if isinstance(self.data, bytes) else _rdata(self.type, self.data)
        return owner + struct.pack("!HHIH", TYPES[self.type], 1, self.ttl, len(data)) + data


def name(text: str) -> bytes:
    """A domain name as labels."""
    labels = [label.encode("latin-1") for label in text.rstrip(".").split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def query(ident: int, question: str, kind: str = "A", *, edns: bool = False, flags: int = QUERY_FLAGS) -> bytes:
    """A question."""
    head = struct.pack("!HHHHHH", ident, flags, 1, 0, 0, int(edns))
    return head + name(question) + struct.pack("!HH", TYPES[kind], 1) + (_opt() if edns else b"")


def response(
    ident: int,
    question: str,
    kind: str,
    answers: Sequence[Record] = (),
    *,
    rcode: int = NOERROR,
    authority: Sequence[Record] = (),
    additional: Sequence[Record] = (),
    edns: bool = False,
    flags: int = RESPONSE_FLAGS,
) -> bytes:
    """An answer."""
    counts = (1, len(answers), len(authority), len(additional) + int(edns))
    parts = [struct.pack("!HHHHHH", ident, flags | rcode, *counts), name(question), struct.pack("!HH", TYPES[kind], 1)]
    parts += [record.encode() for record in (*answers, *authority, *additional)]
    return b"".join(parts) + (_opt() if edns else b"")


def lookup(
    scene: Scene,
    client: Host,
    question: str,
    when: float,
    *,
    kind: str = "A",
    answers: Sequence[Record] = (),
    rcode: int = NOERROR,
    resolver: Host | None = None,
    answered: bool = True,
    edns: bool = False,
    delay: float = 0.003,
) -> float:
    """One question over UDP; gives the time of the answer."""
    ident = scene.rng.getrandbits(16)
    authority = [] if answers else [_negative(question)]
    reply = response(ident, question, kind, answers, rcode=rcode, authority=authority, edns=edns)
    asked = query(ident, question, kind, edns=edns)
    server = resolver or scene.resolver
    return udp_exchange(scene, client, server, PORT, when, asked, reply if answered else None, delay=delay)


def resolve(scene: Scene, client: Host, host: str, when: float, *, kind: str = "A") -> tuple[Host, float]:
    """The host of that name, asked for unless ``client`` remembers it or it is an address; and the time then."""
    server = scene.outside(host)
    if host == server.ip or scene.knows(client, host, when):
        return server, when
    delay = 0.002 + scene.rng.expovariate(40)
    done = lookup(scene, client, host, when, kind=kind, answers=[Record("A", server.ip)], delay=delay)
    return server, done + 0.001


def lookup_tcp(
    scene: Scene,
    client: Host,
    question: str,
    when: float,
    *,
    kind: str = "A",
    answers: Sequence[Record] = (),
    resolver: Host | None = None,
) -> float:
    """One question over TCP (each message after its length, RFC 7766)."""
    ident = scene.rng.getrandbits(16)
    session = TcpSession(scene, client, resolver or scene.resolver, PORT, when).connect()
    for act, message in (
        (session.send, query(ident, question, kind)),
        (session.reply, response(ident, question, kind, answers)),
    ):
        act(struct.pack("!H", len(message)) + message)
    session.close()
    return session.now


def _opt() -> bytes:
    return b"\0" + struct.pack("!HHIH", TYPES["OPT"], UDP_SIZE, 0, 0)


def _negative(question: str) -> Record:
    """The SOA that says for how long "no" holds (RFC 2308)."""
    zone = ".".join(question.rstrip(".").split(".")[-2:])
    return Record("SOA", f"ns1.{zone} hostmaster.{zone} 2026110201 7200 900 1209600 300", name=zone)


def _rdata(kind: str, text: str) -> bytes:
    if kind in ("A", "AAAA"):
        return ipaddress.ip_address(text).packed
    if kind in ("CNAME", "NS", "PTR"):
        return name(text)
    if kind == "TXT":
        raw = text.encode()
        return b"".join(bytes([len(raw[i : i + 255])]) + raw[i : i + 255] for i in range(0, len(raw) or 1, 255))
    first, *rest = text.split()
    if kind == "MX":
        return struct.pack("!H", int(first)) + name(rest[0])
    if kind == "SRV":
        return struct.pack("!HHH", int(first), int(rest[0]), int(rest[1])) + name(rest[2])
    if kind == "SOA":
        return name(first) + name(rest[0]) + struct.pack("!IIIII", *map(int, rest[1:]))
    if kind == "CAA":
        return struct.pack("!BB", int(first), len(rest[0])) + rest[0].encode() + rest[1].encode()
    if kind in ("HTTPS", "SVCB"):
        return struct.pack("!H", int(first)) + name(rest[0]) + bytes.fromhex("".join(rest[1:]))
    raise ValueError(f"no presentation format for {kind}")
