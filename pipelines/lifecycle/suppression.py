"""Suppressions: which findings one covers, and what a person may suppress.

>>> made = suppress(session, Wanted(rule="beacon", machine="mac:00", reason="…", expires_at=…), by="lan")
>>> for one in in_force(session, now()): one.covers(finding, machine_id)
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final, Literal, get_args

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from pipelines.detect.finding import Finding
from pipelines.store.state.base import now
from pipelines.store.state.findings import FindingRow
from pipelines.store.state.suppressions import SuppressionRow
from schema import behaviours

Kind = Literal["suppression", "scan", "maintenance"]
LONGEST: Final = timedelta(days=366)
"""A suppression that nobody looks at for a year hides what nobody remembers."""
REASON_LEAST: Final = 5
"""Characters: a reason that is a word, not a dot."""
SCAN_STAGES: Final = frozenset({"discovery", "credential"})
SCAN_BEHAVIOURS: Final = frozenset({"web-attack", "exploit", "dos"})
"""What a vulnerability scanner does; an approved scan explains this and nothing else."""


class SuppressionError(ValueError):
    """What is asked for cannot be; ``key`` names the reason (texts of the console: ``suppressions.error.<key>``)."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


Told = Finding | FindingRow
"""What a suppression looks at."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """One that is in force."""

    id: str
    kind: str
    rule: str | None
    machine: str | None
    peer: str | None
    starts: datetime
    expires: datetime

    @property
    def is_window(self) -> bool:
        """It is about a stretch of packet time, and stays true when that is over."""
        return self.kind != "suppression"

    def covers(self, told: Told, machine: str) -> bool:
        """Whether a finding about the machine with this id fits every part that is given."""
        if self.rule is not None and told.rule != self.rule:
            return False
        if self.is_window and not (self.starts <= told.first and told.last < self.expires):
            return False
        if self.kind == "scan" and not _scans(told.behaviour):
            return False
        if self.is_window and told.role == "target":  # the machine that was scanned is told of as well
            return _is(self.machine, told.peer) and (self.peer is None or _is(self.peer, told.machine))
        if self.machine is not None and self.machine != machine and not _is(self.machine, told.machine):
            return False
        return self.peer is None or _is(self.peer, told.peer)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A suppression as somebody asks for it."""

    reason: str
    expires_at: datetime
    approver: str = ""
    kind: Kind = "suppression"
    rule: str | None = None
    machine: str | None = None
    peer: str | None = None
    starts_at: datetime | None = None


def suppress(session: Session, wanted: Wanted, by: str) -> SuppressionRow:
    """Write it down; raises SuppressionError."""
    check(wanted)
    row = SuppressionRow(
        id=uuid.uuid4().hex,
        kind=wanted.kind,
        rule=wanted.rule,
        machine=wanted.machine,
        peer=wanted.peer,
        reason=wanted.reason.strip(),
        created_by=by,
        approver=wanted.approver.strip() or by,
        starts_at=wanted.starts_at or now(),
        expires_at=wanted.expires_at,
        hits=0,
    )
    session.add(row)
    return row


def check(wanted: Wanted) -> None:
    """Raises SuppressionError for what would hide too much, for too long, or for no reason."""
    if wanted.kind not in get_args(Kind):
        raise SuppressionError("kind", f"{wanted.kind!r} is none of {', '.join(get_args(Kind))}")
    if not (wanted.rule or wanted.machine or wanted.peer):
        raise SuppressionError("nothing", "name a machine, a peer or a rule: without any, everything would be hidden")
    starts = wanted.starts_at or now()
    if wanted.kind != "suppression" and not wanted.machine:
        raise SuppressionError(
            "window_machine", "name the machine that scans or is maintained (id, address or network)"
        )
    if wanted.expires_at <= starts:
        raise SuppressionError("order", "it would be over before it begins")
    if wanted.kind == "suppression" and wanted.expires_at <= now():
        raise SuppressionError("past", "it would be over already")
    if wanted.expires_at - starts > LONGEST:
        raise SuppressionError("long", f"at most {LONGEST.days} days; it can be made anew when it ends")
    if len(wanted.reason.strip()) < REASON_LEAST:
        raise SuppressionError("reason", "say why, so that others understand it later")


def end(session: Session, identity: str, by: str) -> SuppressionRow:
    """End one early: what it hid is told again. Raises SuppressionError."""
    row = session.get(SuppressionRow, identity)
    if row is None:
        raise SuppressionError("unknown", f"there is no suppression {identity!r}")
    if row.ended_at is None:
        row.ended_at, row.ended_by = now(), by
    return row


def in_force(session: Session, wall: datetime) -> list[Suppression]:
    """Suppressions that have not ended, and all windows: those count by packet time, which may be of any year."""
    lasting = or_(SuppressionRow.expires_at > wall, SuppressionRow.kind != "suppression")
    found = select(SuppressionRow).where(SuppressionRow.ended_at.is_(None), lasting)
    return [of(row) for row in session.scalars(found.order_by(SuppressionRow.created_at, SuppressionRow.id))]


def of(row: SuppressionRow) -> Suppression:
    """What a row means."""
    return Suppression(row.id, row.kind, row.rule, row.machine, row.peer, row.starts_at, row.expires_at)


def covering(all_of_them: Collection[Suppression], told: Told, machine: str) -> Suppression | None:
    """The first that covers a finding."""
    return next((one for one in all_of_them if one.covers(told, machine)), None)


def _scans(behaviour: str) -> bool:
    known = behaviours().get(behaviour)
    return behaviour in SCAN_BEHAVIOURS or (known is not None and known.stage in SCAN_STAGES)


def _is(wanted: str | None, value: str | None) -> bool:
    """The value is what is wanted: the same word, an address within the network, or a name below the domain."""
    if wanted is None or value is None:
        return wanted is None
    if wanted == value or (any(map(str.isalpha, wanted)) and value.endswith(f".{wanted}")):
        return True
    network = _network(wanted)
    try:
        return network is not None and ip_address(value) in network
    except ValueError:
        return False


@lru_cache(maxsize=1024)
def _network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None
