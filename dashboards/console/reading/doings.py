"""What a machine does, from the events: what it serves and runs, who logs in from it, its files and its peers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

from pydantic import BaseModel
from sqlalchemy.orm import Session

from dashboards.console.reading.span import Span
from dashboards.console.visit import Visit
from pipelines.cases.observed import seen_hours
from pipelines.enrich.roles import CLIENTS, PORTS
from pipelines.enrich.systems import guesses
from pipelines.store.events import EventQuery, EventStore, Group

DAYS: Final = 14
ROWS: Final = 12
"""Of each list: what one reads at a glance; the hunt has all."""
PAIRS: Final = 200
"""Pairs of port and client that decide about roles."""
SOFTWARE: Final = {
    "user_agent.original": "user_agent",
    "tls.client.ja4": "ja4",
    "vonggac.ssh.client.software": "ssh_client",
}
OUT: Final = ("destination.registered_domain", "destination.port", "network.protocol")
"""Facets of the connections that a machine opens."""
_TTL: Final = "vonggac.source.ttl_first"
_VENDOR: Final = "vonggac.dhcp.vendor_class"


class Day(BaseModel):
    """The hours of a local day in which a machine was seen."""

    day: date
    seen: list[int]
    """One for each hour from midnight: 1 seen, 0 not."""
    hours: int


class Count(BaseModel):
    """A value and how often it occurs."""

    value: str
    count: int


class Service(BaseModel):
    """A port on which the machine answered."""

    port: int | None
    transport: str | None
    protocol: str | None
    connections: int
    last: datetime


class Software(BaseModel):
    """A program that showed itself."""

    kind: str
    """``user_agent``, ``ja4``, ``ssh_client`` or ``ssh_server``."""
    value: str
    count: int


class LogIn(BaseModel):
    """An account that was used from the machine."""

    user: str
    domain: str | None
    protocol: str | None
    outcome: str | None
    count: int
    last: datetime


class Passed(BaseModel):
    """A file that the machine received or sent."""

    name: str | None
    kind: str | None
    size: int | None
    sha256: str | None
    received: bool | None
    """None where the events do not say."""
    last: datetime


class Peer(BaseModel):
    """Another address and the connections with it."""

    address: str
    opened: bool
    """By this machine; else by the peer."""
    connections: int
    last: datetime


class Reason(BaseModel):
    """A guess about what the machine is, and what speaks for it."""

    guess: str
    reason: str
    """``dhcp``, ``user_agent``, ``ttl``, or for roles ``port_53`` and the like, with clients as the value."""
    value: str
    role: bool
    """A role; else an operating system."""


class Doings(BaseModel):
    """All of it."""

    services: list[Service]
    software: list[Software]
    log_ins: list[LogIn]
    files: list[Passed]
    peers: list[Peer]
    guesses: list[Reason]
    facets: dict[str, list[Count]]


def days(visit: Visit, session: Session, machine: str, span: Span) -> list[Day]:
    """The last ``DAYS`` local days before the end of the span, newest first."""
    newest = visit.formats.local(span.anchor).date()
    seen = seen_hours(session, machine, span.anchor.astimezone(UTC) - timedelta(days=DAYS + 1))
    local = {(at.date(), at.hour) for at in map(visit.formats.local, seen)}
    found = []
    for past in range(DAYS):
        day = newest - timedelta(days=past)
        hours = [int((day, hour) in local) for hour in range(24)]
        found.append(Day(day=day, seen=hours, hours=sum(hours)))
    return found


def read(store: EventStore, addresses: Sequence[str], mac: str | None, span: Span) -> Doings:
    """Everything about these addresses in the span. Raises StoreError."""
    listed = " OR ".join(f'"{address}"' for address in addresses)
    opened, answered = f"source.ip:({listed})", f"destination.ip:({listed}) AND destination.packets:>0"

    def ask(text: str, *datasets: str) -> EventQuery:
        return EventQuery(text=text, start=span.start, end=span.end, datasets=datasets)

    outward = ask(opened, "flow")
    counted = store.facets(outward, (*OUT, _TTL), ROWS)
    software = store.facets(ask(opened, "http", "quic", "tls", "ssh"), tuple(SOFTWARE), ROWS)
    serving = store.facets(ask(f"destination.ip:({listed})", "ssh"), ("vonggac.ssh.server.software",), ROWS)
    leases = {_VENDOR: []} if mac is None else store.facets(ask(f'vonggac.dhcp.client_mac:"{mac}"', "dhcp"), (_VENDOR,))
    systems = guesses(
        [one.value for one in leases[_VENDOR]],
        [one.value for one in software["user_agent.original"]],
        [int(one.value) for one in counted[_TTL]],
    )
    programs = [
        Software(kind=kind, value=one.value, count=one.count)
        for name, kind in SOFTWARE.items()
        for one in software[name]
    ]
    programs += [
        Software(kind="ssh_server", value=one.value, count=one.count) for one in serving["vonggac.ssh.server.software"]
    ]
    return Doings(
        services=_services(store, ask(answered, "flow")),
        software=programs,
        log_ins=_log_ins(store, ask(f"{opened} AND user.name:*", "login")),
        files=_files(store, ask(f"{opened} OR destination.ip:({listed})", "file"), frozenset(addresses)),
        peers=_peers(store, outward, ask(answered, "flow")),
        guesses=[Reason(guess=one.system, reason=one.reason, value=one.value, role=False) for one in systems]
        + _roles(store, ask(f"{answered} AND vonggac.source.home:true AND destination.port:({_ports()})", "flow")),
        facets={name: [Count(value=one.value, count=one.count) for one in counted[name]] for name in OUT},
    )


def _services(store: EventStore, query: EventQuery) -> list[Service]:
    groups = store.groups(query, ("destination.port", "network.transport", "network.protocol"), ROWS)
    return [
        Service(port=_number(port), transport=transport, protocol=protocol, connections=one.count, last=one.last)
        for one in groups
        for port, transport, protocol in [one.values]
    ]


def _log_ins(store: EventStore, query: EventQuery) -> list[LogIn]:
    groups = store.groups(query, ("user.name", "user.domain", "network.protocol", "event.outcome"), ROWS, True)
    return [
        LogIn(user=user or "", domain=domain, protocol=protocol, outcome=outcome, count=one.count, last=one.last)
        for one in groups
        for user, domain, protocol, outcome in [one.values]
    ]


def _files(store: EventStore, query: EventQuery, own: frozenset[str]) -> list[Passed]:
    fields = ("file.name", "vonggac.file.kind", "file.size", "file.hash.sha256", "vonggac.file.direction", "source.ip")
    return [_passed(one, own) for one in store.groups(query, fields, ROWS, True)]


def _passed(group: Group, own: frozenset[str]) -> Passed:
    name, kind, size, sha256, direction, client = group.values
    return Passed(
        name=name, kind=kind, size=_number(size), sha256=sha256,
        received=None if direction is None else (direction == "download") == (client in own), last=group.last,
    )  # fmt: skip


def _peers(store: EventStore, outward: EventQuery, inward: EventQuery) -> list[Peer]:
    both = ((outward, "destination.ip", True), (inward, "source.ip", False))
    found = [
        Peer(address=one.values[0] or "", opened=opened, connections=one.count, last=one.last)
        for query, side, opened in both
        for one in store.groups(query, (side,), ROWS)
    ]
    return sorted(found, key=lambda one: -one.connections)[:ROWS]


def _roles(store: EventStore, query: EventQuery) -> list[Reason]:
    clients: dict[int, int] = {}
    for one in store.groups(query, ("destination.port", "source.ip"), PAIRS):
        port = int(one.values[0] or 0)
        clients[port] = clients.get(port, 0) + 1
    return [
        Reason(guess=PORTS[port], reason=f"port_{port}", value=str(count), role=True)
        for port, count in sorted(clients.items())
        if count >= CLIENTS
    ]


def _ports() -> str:
    return " OR ".join(map(str, PORTS))


def _number(value: str | None) -> int | None:
    return None if value is None else int(value)
