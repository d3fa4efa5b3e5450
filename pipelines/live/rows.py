"""Between what the pipeline works with and the rows of the state database."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from pipelines.detect.finding import Fact, Finding, Weight
from pipelines.enrich.machine import KnownMachine, Seen
from pipelines.score.alerts import AlertSummary
from pipelines.store.state import Base, FindingRow, Machine, MachineDay
from schema import behaviours

PEER_LENGTH: Final = 300
"""Width of the column; a longer domain is no host name."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def moment(micros: int) -> datetime:
    """µs since 1970 → time."""
    return _EPOCH + timedelta(microseconds=micros)


def micros(when: datetime) -> int:
    """Time → µs since 1970."""
    return (when - _EPOCH) // timedelta(microseconds=1)


def upsert(session: Session, model: type[Base], values: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; where the primary key is there already, update the columns that ``values`` name."""
    if not values:
        return
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    keys = [column.name for column in model.__table__.primary_key]
    statement = insert(model)
    changed = {name: statement.excluded[name] for name in values[0] if name not in keys}
    session.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), [dict(one) for one in values])


def seen_in(session: Session, machine: str, when: datetime) -> None:
    """Note that a machine was seen in the hour of ``when``; noting it again changes nothing."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(MachineDay).values(machine_id=machine, day=when.date(), hours=1 << when.hour)
    both = MachineDay.hours.op("|")(statement.excluded.hours)
    session.execute(statement.on_conflict_do_update(index_elements=["machine_id", "day"], set_={"hours": both}))


def finding_row(finding: Finding, machine: str) -> dict[str, Any]:
    """The columns of ``FindingRow``."""
    plain = {name: getattr(finding, name) for name in _PLAIN}
    return {
        **plain,
        "id": finding.id,
        "machine_id": machine,
        "peer": finding.peer[:PEER_LENGTH] if finding.peer else None,
        "events": list(finding.events),
        "weight": asdict(finding.weight),
        "title": dict(finding.title),
        "explanation": dict(finding.explanation),
        "technique": list(finding.technique),
        "facts": facts(finding.facts),
        "against": list(finding.against),
    }


_PLAIN: Final = (
    "rule", "version", "engine", "behaviour", "machine", "role", "severity", "window", "first", "last", "event_count",
)  # fmt: skip


def finding_of(row: FindingRow) -> Finding:
    """The finding of a row."""
    plain: dict[str, Any] = {name: getattr(row, name) for name in _PLAIN}
    return Finding(
        **plain,
        peer=row.peer,
        events=tuple(row.events),
        weight=Weight(**row.weight),
        title=row.title,
        explanation=row.explanation,
        technique=tuple(row.technique),
        facts=row.facts,
        against=tuple(row.against),
    )


def facts(given: Mapping[str, Fact]) -> dict[str, Fact]:
    """JSON has no infinity: a figure that is none is left out."""
    return {name: value for name, value in given.items() if not isinstance(value, float) or math.isfinite(value)}


def alert_columns(alert: AlertSummary, machine: str, weight: float) -> dict[str, Any]:
    """What detection writes of an ``Alert``; state, verdict, assignee and note belong to people."""
    finding = alert.strongest
    behaviour = behaviours()[finding.behaviour]
    return {
        "id": alert.id,
        "rule": finding.rule,
        "machine_id": machine,
        "engine": finding.engine,
        "behaviour": finding.behaviour,
        "track": behaviour.track,
        "stage": behaviour.stage,
        "technique": list(finding.technique),
        "severity": alert.severity,
        "role": finding.role,
        "title": dict(finding.title),
        "explanation": dict(finding.explanation),
        "first": alert.first,
        "last": alert.last,
        "count": alert.count,
        "peers": list(alert.peers),
        "peer_count": alert.peer_count,
        "events": list(alert.events),
        "facts": facts(finding.facts),
        "against": list(finding.against),
        "weight": weight,
    }


def machine_columns(machine: KnownMachine) -> dict[str, Any]:
    """Who a machine is; how it is judged is written apart."""
    return {
        "id": machine.id,
        "mac": machine.mac,
        "home": machine.home,
        "zone": machine.zone,
        "unit": machine.unit,
        "first_seen": moment(machine.seen.first),
        "last_seen": moment(machine.seen.last),
    }


def address_columns(machine: KnownMachine) -> Iterable[dict[str, Any]]:
    """The columns of ``MachineAddress``."""
    for address, seen in machine.addresses.items():
        yield {
            "machine_id": machine.id,
            "address": address,
            "first": moment(seen.first),
            "last": moment(seen.last),
        }


def name_columns(machine: KnownMachine) -> Iterable[dict[str, Any]]:
    """The columns of ``MachineName``."""
    for (name, source), seen in machine.names.items():
        yield {
            "machine_id": machine.id,
            "name": name,
            "source": source,
            "first": moment(seen.first),
            "last": moment(seen.last),
        }


def known_machine(row: Machine) -> KnownMachine:
    """A machine with its addresses and names, as an earlier process left it."""
    return KnownMachine(
        id=row.id,
        seen=Seen(micros(row.first_seen), micros(row.last_seen)),
        mac=row.mac,
        home=row.home,
        zone=row.zone,
        unit=row.unit,
        addresses={one.address: Seen(micros(one.first), micros(one.last)) for one in row.addresses},
        names={(one.name, one.source): Seen(micros(one.first), micros(one.last)) for one in row.names},
    )
