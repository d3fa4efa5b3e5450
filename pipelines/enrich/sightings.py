"""What one enriched segment says about who is there: addresses with the hardware address that carried them, ARP claims,
DHCP leases and names. Reduced in Arrow first, so that the inventory looks at pairs instead of events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from collectors.segment import Segment
from pipelines.enrich.names import answers

GRANTS: Final = ("ACK", "REPLY")
"""Messages of DHCP and DHCPv6 that give an address to a client."""
OWN_NAMES: Final = {"netbios-ns": "netbios", "llmnr": "llmnr", "mdns": "mdns"}
"""Protocols by which a host names itself → source of the name."""
NO_MAC: Final = frozenset({"00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff"})
_PTR4: Final = ".in-addr.arpa"


class Sighting(NamedTuple):
    """An address and the hardware address that its packets came from, with first and last time (µs)."""

    address: str
    mac: str | None
    home: bool
    first: int
    last: int


class Lease(NamedTuple):
    """A DHCP server acknowledged an address to a client."""

    address: str
    mac: str
    time: int


class Called(NamedTuple):
    """A name of the machine at an address (or of the one with a hardware address)."""

    address: str | None
    mac: str | None
    name: str
    source: str
    time: int


@dataclass(frozen=True, slots=True)
class Sightings:
    """Everything one segment says, each list in order of time."""

    seen: list[Sighting]
    claims: list[Sighting]
    """ARP: the sender itself says that it has the address."""
    leases: list[Lease]
    names: list[Called]


def of(segment: Segment) -> Sightings:
    """Reduce a segment."""
    seen: list[Sighting] = []
    for name, table in segment.tables.items():
        if table.num_rows and name != "stats":
            seen += _side(table, "source", "source.mac")
            if name in ("flow", "flow_update"):
                seen += _side(
                    table.filter(pc.greater(table["destination.packets"], 0)), "destination", "destination.mac"
                )
    arp, dhcp = segment.tables.get("arp"), segment.tables.get("dhcp")
    claims = [] if arp is None else _side(arp, "source", "vonggac.arp.sender_mac")
    leases = [] if dhcp is None else list(_leases(dhcp))
    names = sorted(_names(segment), key=lambda one: (one.time, one.name))
    return Sightings(_ordered(seen), _ordered(claims), sorted(leases, key=lambda one: (one.time, one.address)), names)


def _ordered(found: list[Sighting]) -> list[Sighting]:
    return sorted(found, key=lambda one: (one.first, one.address, one.mac or ""))


def _side(table: pa.Table, side: str, mac: str) -> list[Sighting]:
    """Pairs of address and hardware address on one side of a table."""
    last = "event.end" if "event.end" in table.column_names else "@timestamp"
    small = pa.table(
        {
            "address": table[f"{side}.ip"],
            "mac": table[mac],
            "home": table[f"vonggac.{side}.home"],
            "first": table["@timestamp"].cast(pa.int64()),
            "last": pc.coalesce(table[last], table["@timestamp"]).cast(pa.int64()),
        }
    )
    pairs = small.group_by(["address", "mac", "home"], use_threads=False).aggregate([("first", "min"), ("last", "max")])
    return [
        Sighting(
            row["address"],
            None if row["mac"] in NO_MAC else row["mac"],
            bool(row["home"]),
            row["first_min"],
            row["last_max"],
        )
        for row in pairs.to_pylist()
        if row["address"]
    ]


def _leases(table: pa.Table) -> Iterator[Lease]:
    kind = pc.utf8_upper(table["vonggac.dhcp.message_type"])
    granted = table.filter(pc.fill_null(pc.is_in(kind, pa.array(GRANTS)), False))
    rows = zip(
        granted["vonggac.dhcp.assigned_ip"].to_pylist(),
        granted["vonggac.dhcp.client_mac"].to_pylist(),
        granted["@timestamp"].cast(pa.int64()).to_pylist(),
        strict=True,
    )
    for address, mac, time in rows:
        if address and mac and mac not in NO_MAC and address != "0.0.0.0":  # noqa: S104  (INFORM: nothing is assigned)
            yield Lease(address, mac, time)


def _names(segment: Segment) -> Iterator[Called]:
    dhcp, dns = segment.tables.get("dhcp"), segment.tables.get("dns")
    if dhcp is not None:
        columns = ("vonggac.dhcp.client_ip", "vonggac.dhcp.client_mac", "vonggac.dhcp.host_name")
        for row in dhcp.filter(pc.is_valid(dhcp[columns[2]])).select([*columns, "@timestamp"]).to_pylist():
            yield Called(row[columns[0]], row[columns[1]], row[columns[2]], "dhcp", _micros(row["@timestamp"]))
    yield from _own_names(segment)
    if dns is not None:
        for time, _, name, address in answers(dns):
            yield Called(address, None, name, "dns", time)
        yield from _reverse(dns)
    for dataset in ("http", "tls"):
        table = segment.tables.get(dataset)
        if table is not None:
            yield from _served(table, dataset)


def _own_names(segment: Segment) -> Iterator[Called]:
    """Names that hosts and devices give themselves, without a server. What one says of another is not believed."""
    names, devices = segment.tables.get("llmnr"), segment.tables.get("lldp")
    if names is not None:
        prefix = "vonggac.llmnr.host_"
        columns = [f"{prefix}ip", f"{prefix}mac", f"{prefix}name", "network.protocol", "@timestamp"]
        for row in names.filter(pc.is_valid(names[f"{prefix}name"])).select(columns).to_pylist():
            source = OWN_NAMES.get(row["network.protocol"], "llmnr")
            name = row[f"{prefix}name"].removesuffix(".local")
            yield Called(row[f"{prefix}ip"], row[f"{prefix}mac"], name, source, _micros(row["@timestamp"]))
    if devices is not None:
        columns = ["vonggac.lldp.system_name", "vonggac.lldp.management_ip", "@timestamp"]
        for row in devices.filter(pc.is_valid(devices[columns[0]])).select(columns).to_pylist():
            for address in row[columns[1]] or ():
                yield Called(address, None, row[columns[0]], "lldp", _micros(row["@timestamp"]))


def _reverse(dns: pa.Table) -> Iterator[Called]:
    """Answers to PTR questions: 31.7.20.10.in-addr.arpa → a name."""
    asked = dns.filter(pc.fill_null(pc.equal(dns["dns.question.type"], "PTR"), False))
    for row in asked.select(["dns.question.name", "dns.answers.type", "dns.answers.data", "@timestamp"]).to_pylist():
        question = row["dns.question.name"] or ""
        labels = question.removesuffix(_PTR4).split(".")
        if question.endswith(_PTR4) and len(labels) == 4:
            for kind, data in zip(row["dns.answers.type"] or (), row["dns.answers.data"] or (), strict=False):
                if kind == "PTR" and data:
                    yield Called(".".join(reversed(labels)), None, data, "dns", _micros(row["@timestamp"]))


def _served(table: pa.Table, dataset: str) -> Iterator[Called]:
    """Names under which a home server was called, each once a segment."""
    own = table.filter(
        pc.and_(pc.fill_null(table["vonggac.destination.home"], False), pc.is_valid(table["destination.domain"]))
    )
    small = pa.table(
        {"ip": own["destination.ip"], "name": own["destination.domain"], "time": own["@timestamp"].cast(pa.int64())}
    )
    for row in small.group_by(["ip", "name"], use_threads=False).aggregate([("time", "min")]).to_pylist():
        yield Called(row["ip"], None, row["name"], dataset, row["time_min"])


def _micros(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)
