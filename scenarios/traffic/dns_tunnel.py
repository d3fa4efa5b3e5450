"""Data carried in names, and lookups of long names that carry none."""

from __future__ import annotations

import base64

from scenarios.net.host import Host
from scenarios.protocols.dns import NXDOMAIN, Record, lookup, lookup_tcp
from scenarios.protocols.tls_connection import visit
from scenarios.registry import one_of, scenario
from scenarios.scene import Scene
from scenarios.sites import SITES

LABEL_LIMIT = 60
"""Most characters of data in a label (63 are allowed)."""
RESOLVERS = ("office", "direct")


@scenario("dns-tunnel")
def dns_tunnel(
    scene: Scene,
    *,
    domain: str = "t.cloud-relay.example",
    record: str = "TXT",
    length: int = 100,
    count: int = 300,
    rate: float = 2.0,
    answers: bool = True,
    answer_size: int = 90,
    distinct: float = 1.0,
    encoding: str = "base32",
    resolver: str = "office",
    machines: int = 1,
) -> None:
    """A program carries data in the names that it looks up.

    domain: whose name server is the other end
    record: TXT, NULL, CNAME, MX, A or AAAA
    length: characters of data in each name
    count: lookups of each machine
    rate: lookups a second
    answers: the name server answers (false: only data out, each answer NXDOMAIN)
    answer_size: bytes of data in an answer that can carry some
    distinct: share of names that are new
    encoding: base32, base64 or hex
    resolver: office, or direct to the tunnel's own server
    machines: how many machines do it
    """
    one_of("record", record, ("TXT", "NULL", "CNAME", "MX", "A", "AAAA"))
    one_of("encoding", encoding, ("base32", "base64", "hex"))
    server = scene.outside(domain) if one_of("resolver", resolver, RESOLVERS) == "direct" else None
    for machine in scene.machines(machines):
        when, name = scene.start, ""
        for _ in range(count):
            if not name or scene.rng.random() < distinct:
                name = f"{tunnel_name(scene, length, encoding)}.{domain}"
            found = [_answer(scene, record, answer_size, domain)] if answers else []
            rcode = 0 if answers else NXDOMAIN
            lookup(scene, machine, name, when, kind=record, answers=found, rcode=rcode, resolver=server, delay=0.03)
            when += scene.rng.uniform(0.5, 1.5) / rate


@scenario("cdn-lookups")
def cdn_lookups(
    scene: Scene,
    *,
    domain: str = "edge-delivery.example",
    length: int = 40,
    count: int = 120,
    distinct: float = 0.5,
    rate: float = 0.2,
    connect: bool = True,
    machines: int = 5,
) -> None:
    """Long names of a content network that are answered with addresses, which are then visited: no tunnel.

    domain: the content network
    length: characters of the changing label
    count: lookups of each machine
    distinct: share of names that are new
    rate: lookups a second
    connect: the addresses are visited
    machines: how many machines do it
    """
    for machine in scene.machines(machines):
        when, name = scene.start, ""
        for _ in range(count):
            if not name or scene.rng.random() < distinct:
                name = f"{tunnel_name(scene, length, 'hex')}.{domain}"
            server = scene.outside(name)
            lookup(scene, machine, name, when, answers=[Record("CNAME", f"lb.{domain}"), _address(server.ip, domain)])
            if connect and scene.rng.random() < 0.3:
                visit(scene, machine, server.ip, when + 0.05, name=name)
            when += scene.rng.expovariate(rate)


@scenario("antivirus-lookups")
def antivirus_lookups(
    scene: Scene,
    *,
    domain: str = "hash-reputation.example",
    length: int = 40,
    count: int = 200,
    rate: float = 0.5,
    distinct: float = 0.95,
    machines: int = 5,
) -> None:
    """An antivirus asks a reputation service for hashes of files by names, on every machine: no tunnel.

    domain: the service
    length: characters of the hash
    count: lookups of each machine
    rate: lookups a second
    distinct: share of names that are new
    machines: how many machines do it
    """
    _reputation(scene, domain, length, count, rate, distinct, scene.machines(machines))


@scenario("blocklist-lookups")
def blocklist_lookups(
    scene: Scene, *, domain: str = "zen.blocklist.example", count: int = 300, rate: float = 1.0, listed: float = 0.2
) -> None:
    """A mail server asks a blocklist for the reversed addresses of its peers: short names, many NXDOMAIN.

    domain: the blocklist
    count: lookups
    rate: lookups a second
    listed: share of addresses that are on the list
    """
    rng, when = scene.rng, scene.start
    for _ in range(count):
        name = f"{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(1, 224)}.{domain}"
        hit = rng.random() < listed
        answers = [Record("A", "127.0.0.2")] if hit else []
        lookup(scene, scene.actor, name, when, answers=answers, rcode=0 if hit else NXDOMAIN)
        when += rng.expovariate(rate)


@scenario("lookups")
def lookups(scene: Scene, *, count: int = 150, rate: float = 0.3, txt: float = 0.05, tcp: float = 0.0) -> None:
    """Ordinary lookups of ordinary names, some of them TXT.

    count: lookups
    rate: lookups a second
    txt: share of TXT lookups (mail policies)
    tcp: share of lookups over TCP
    """
    rng, when = scene.rng, scene.start
    for _ in range(count):
        site = rng.choice(SITES)
        if rng.random() < txt:
            policy = Record("TXT", "v=spf1 include:_spf.mail.example -all")
            lookup(scene, scene.actor, site, when, kind="TXT", answers=[policy])
        else:
            ask = lookup_tcp if tcp and rng.random() < tcp else lookup
            ask(scene, scene.actor, site, when, answers=[Record("A", scene.address(site))])
        when += rng.expovariate(rate)


def _reputation(
    scene: Scene, domain: str, length: int, count: int, rate: float, distinct: float, machines: list[Host]
) -> None:
    for machine in machines:
        when, name = scene.start + scene.rng.random(), ""
        for _ in range(count):
            if not name or scene.rng.random() < distinct:
                name = f"{tunnel_name(scene, length, 'hex')}.{domain}"
            lookup(scene, machine, name, when, answers=[Record("A", f"127.0.0.{scene.rng.choice((2, 4, 8))}")])
            when += scene.rng.expovariate(rate)


def tunnel_name(scene: Scene, length: int, encoding: str) -> str:
    """``length`` characters of data as labels; ``encoding`` is base32, base64 or hex."""
    text = _encoded(scene, length, encoding)
    return ".".join(text[at : at + LABEL_LIMIT] for at in range(0, len(text), LABEL_LIMIT))


def _encoded(scene: Scene, length: int, encoding: str) -> str:
    data = scene.rng.randbytes(length + 2)
    if encoding == "hex":
        return data.hex()[:length]
    if encoding == "base32":
        return base64.b32encode(data).decode().rstrip("=").lower()[:length]
    return base64.urlsafe_b64encode(data).decode().rstrip("=")[:length]


def _address(ip: str, domain: str) -> Record:
    return Record("A", ip, name=f"lb.{domain}", ttl=60)


def _answer(scene: Scene, record: str, size: int, domain: str) -> Record:
    rng = scene.rng
    if record == "TXT":
        return Record("TXT", base64.b64encode(rng.randbytes(size)).decode(), ttl=5)
    if record == "NULL":
        return Record("NULL", rng.randbytes(size), ttl=5)
    if record == "A":
        return Record("A", f"203.0.113.{rng.randrange(1, 255)}", ttl=5)
    if record == "AAAA":
        return Record("AAAA", f"2001:db8::{rng.randrange(1, 65_536):x}", ttl=5)
    name = f"{tunnel_name(scene, min(size, 120), 'base32')}.{domain}"
    return Record(record, f"10 {name}" if record == "MX" else name, ttl=5)
