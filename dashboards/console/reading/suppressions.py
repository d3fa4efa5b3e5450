"""Suppressions: those there are, and what a new one would hide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboards.console.reading.alert import find
from dashboards.console.reading.alerts import AlertRow, Words, row
from dashboards.console.reading.machines import MachineRef, reference, visible
from dashboards.console.visit import Visit
from pipelines.lifecycle.cover import Covered, preview, totals
from pipelines.lifecycle.suppression import Suppression
from pipelines.store.state.alerts import Alert
from pipelines.store.state.base import now
from pipelines.store.state.machines import Machine
from pipelines.store.state.suppressions import SuppressionRow

Standing = Literal["in_force", "planned", "over", "ended"]
SHOWN: Final = 20
"""Lines of a preview; the totals say the rest."""
PAST_SHOWN: Final = 100
DAYS: Final = (1, 7, 30, 90, 365)
"""How long a person may choose to suppress."""


class SuppressionLine(BaseModel):
    """One suppression and what it has hidden."""

    id: str
    kind: str
    rule: str | None
    rule_title: Words | None
    machine: str | None
    machine_ref: MachineRef | None
    """The machine, where ``machine`` is its id."""
    peer: str | None
    reason: str
    created_by: str
    approver: str
    created_at: datetime
    starts_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    ended_by: str | None
    hits: int
    last_hit: datetime | None
    standing: Standing


class SuppressionPage(BaseModel):
    """All of them: what holds now first."""

    present: list[SuppressionLine]
    past: list[SuppressionLine]
    next: str = "/suppressions"


class CoveredLine(BaseModel):
    """What would be hidden of one rule about one machine."""

    rule: str
    title: Words
    severity: str
    machine: MachineRef
    findings: int
    all: int
    last: datetime


class Preview(BaseModel):
    """What a suppression would have hidden."""

    lines: list[CoveredLine]
    findings: int
    alerts: int
    machines: int
    days: int
    beyond: int
    """Lines that are not shown."""


class SuppressPage(BaseModel):
    """The form, begun from an alert."""

    alert: AlertRow
    days: list[int]


def form(visit: Visit, identity: str) -> SuppressPage:
    """What can be suppressed about an alert."""
    with visit.console.database.session() as session:
        alert = find(session, visit, identity)
        return SuppressPage(alert=row(alert, reference(alert.machine)), days=list(DAYS))


def listing(visit: Visit) -> SuppressionPage:
    """Every suppression."""
    with visit.console.database.session() as session:
        found = session.scalars(select(SuppressionRow).order_by(SuppressionRow.created_at.desc())).all()
        machines, titles = _machines(visit, session, found), _titles(session, found)
        lines = [_line(one, machines, titles) for one in found]
    present = [one for one in lines if one.standing in ("in_force", "planned")]
    past = [one for one in lines if one.standing in ("over", "ended")]
    return SuppressionPage(present=present, past=past[:PAST_SHOWN])


def look(visit: Visit, wanted: Suppression, end: datetime, days: int) -> Preview:
    """What it would have hidden in so many days before ``end``."""
    with visit.console.database.session() as session:
        found = preview(session, wanted, end - timedelta(days=days))
        known = {one.id: one for one in _loaded(visit, session, {line.machine for line in found[:SHOWN]})}
        lines = [_covered(one, reference(known[one.machine])) for one in found[:SHOWN] if one.machine in known]
    return Preview(lines=lines, days=days, beyond=max(0, len(found) - SHOWN), **totals(found))


def _covered(one: Covered, machine: MachineRef) -> CoveredLine:
    return CoveredLine(
        rule=one.rule,
        title=Words(**one.title),
        severity=one.severity,
        machine=machine,
        findings=one.findings,
        all=one.all,
        last=one.last,
    )


def _loaded(visit: Visit, session: Session, identities: set[str]) -> Sequence[Machine]:
    return session.scalars(visible(visit).where(Machine.id.in_(identities))).unique().all()


def _machines(visit: Visit, session: Session, found: Sequence[SuppressionRow]) -> dict[str, MachineRef]:
    named = {one.machine for one in found if one.machine}
    return {machine.id: reference(machine) for machine in _loaded(visit, session, named)}


def _titles(session: Session, found: Sequence[SuppressionRow]) -> dict[str, Words]:
    rules = {one.rule for one in found if one.rule}
    told = session.execute(select(Alert.rule, Alert.title).where(Alert.rule.in_(rules)))
    return {rule: Words(**title) for rule, title in told}


def _line(one: SuppressionRow, machines: dict[str, MachineRef], titles: dict[str, Words]) -> SuppressionLine:
    copied = {name: getattr(one, name) for name in SuppressionLine.model_fields if hasattr(SuppressionRow, name)}
    return SuppressionLine.model_validate(
        {
            **copied,
            "rule_title": titles.get(one.rule or ""),
            "machine_ref": machines.get(one.machine or ""),
            "standing": _standing(one),
        }
    )


def _standing(one: SuppressionRow) -> Standing:
    if one.ended_at is not None:
        return "ended"
    if one.expires_at <= now():
        return "over"
    return "planned" if one.starts_at > now() else "in_force"
