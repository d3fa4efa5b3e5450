"""Alerts as pages show them, and the list of them grouped by machine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final, Literal

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, or_, select, tuple_
from sqlalchemy.orm import Session, contains_eager

from dashboards.console.reading.machines import MachineRef, matching, reference, visible
from dashboards.console.reading.span import Span
from dashboards.console.visit import Visit
from pipelines.detect.finding import SEVERITIES
from pipelines.store.state.alerts import Alert
from pipelines.store.state.base import now
from pipelines.store.state.findings import FindingRow
from pipelines.store.state.machines import Machine
from schema import behaviours

State = Literal["open", "new", "acknowledged", "suppressed", "closed", "all"]
Track = Literal["infection", "policy"]
Severity = Literal["low", "medium", "high", "critical"]
OPEN: Final = ("new", "acknowledged")
"""States in which an alert waits for somebody."""
PAGE: Final = 100
"""Alerts of one page."""
SPARK_HOURS: Final = 24
WORST_FIRST: Final = case(
    {severity: rank for rank, severity in enumerate(reversed(SEVERITIES))}, value=Alert.severity, else_=len(SEVERITIES)
)


class Words(BaseModel):
    """A text in both languages."""

    vi: str = ""
    en: str = ""


class Headline(BaseModel):
    """The one number that convinces."""

    name: str | None
    value: str | float | bool | None


class AlertRow(BaseModel):
    """An alert in one line."""

    id: str
    rule: str
    engine: str
    behaviour: str
    behaviour_words: Words
    track: str
    stage: str
    severity: str
    role: str
    title: Words
    explanation: Words
    peers: list[str]
    peer_count: int
    headline: Headline | None
    first: datetime
    last: datetime
    count: int
    spark: list[int]
    state: str
    verdict: str | None
    assignee: str | None
    machine: MachineRef


class AlertGroup(BaseModel):
    """The alerts of one machine."""

    machine: MachineRef
    alerts: list[AlertRow]


class AlertFilter(BaseModel):
    """What the list is narrowed to."""

    state: State = "open"
    severity: list[Severity] = []
    track: Track | None = None
    text: str = ""
    page: int = 1


class AlertList(BaseModel):
    """One page of alerts, grouped by machine, the worst machine first."""

    groups: list[AlertGroup]
    total: int
    machines: int
    page: int
    pages: int
    chosen: AlertFilter
    span: Span
    states: dict[str, int]
    severities: dict[str, int]
    read_at: datetime
    """Wall clock of this answer: alerts made later are "new"."""


def headline(facts: dict[str, Any]) -> Headline | None:
    """The fact that ``headline`` names; of a bare value, the name of the fact that equals it."""
    told = facts.get("headline")
    if told is None:
        return None
    if isinstance(told, str) and told in facts:
        return Headline(name=told, value=facts[told])
    return Headline(
        name=next((name for name, value in facts.items() if name != "headline" and value == told), None), value=told
    )


def row(alert: Alert, machine: MachineRef, spark: Sequence[int] = ()) -> AlertRow:
    """The line about an alert."""
    behaviour = behaviours().get(alert.behaviour)
    words = Words(vi=behaviour.vi, en=behaviour.en) if behaviour else Words(vi=alert.behaviour, en=alert.behaviour)
    copied = {name: getattr(alert, name) for name in AlertRow.model_fields if hasattr(Alert, name)}
    return AlertRow.model_validate(
        {
            **copied,
            "behaviour_words": words,
            "headline": headline(alert.facts),
            "spark": list(spark),
            "machine": machine,
            "peers": alert.peers,
        }
    )


def sparks(session: Session, alerts: Sequence[Alert], end: datetime) -> dict[str, list[int]]:
    """For each alert, evidence events per hour in the 24 hours before ``end``."""
    start = end - timedelta(hours=SPARK_HOURS)
    keys = {(alert.rule, alert.machine_id): alert.id for alert in alerts}
    bars = {alert.id: [0] * SPARK_HOURS for alert in alerts}
    found = select(FindingRow.rule, FindingRow.machine_id, FindingRow.last, FindingRow.event_count).where(
        FindingRow.last >= start, FindingRow.last < end, tuple_(FindingRow.rule, FindingRow.machine_id).in_(list(keys))
    )
    for rule, machine, last, count in session.execute(found):
        bars[keys[rule, machine]][int((last - start) / timedelta(hours=1))] += count
    return bars


def seen(visit: Visit) -> Select[Alert]:
    """The alerts that this person may see, with their machines."""
    loaded = contains_eager(Alert.machine)
    found = (
        select(Alert)
        .join(Alert.machine)
        .options(loaded.selectinload(Machine.names), loaded.selectinload(Machine.addresses))
    )
    return found if visit.scope is None else found.where(Machine.unit.in_(visit.scope))


def _in_state(state: State) -> list[ColumnElement[bool]]:
    if state == "all":
        return []
    return [Alert.state.in_(OPEN) if state == "open" else Alert.state == state]


def _narrow(visit: Visit, chosen: AlertFilter, span: Span) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [Alert.first < span.end]
    if span.start is not None:
        wanted.append(Alert.last >= span.start)
    if chosen.track:
        wanted.append(Alert.track == chosen.track)
    if chosen.text:
        like = f"%{chosen.text.replace('%', '').replace('_', '')}%"
        machines = matching(visible(visit), chosen.text).with_only_columns(Machine.id)
        words = cast(Alert.peers, String).ilike(like)
        wanted.append(or_(Alert.machine_id.in_(machines), Alert.rule.ilike(like), Alert.behaviour.ilike(like), words))
    return wanted


def _counts(session: Session, visit: Visit, column: Any, wanted: Sequence[ColumnElement[bool]]) -> dict[str, int]:
    found = select(column, func.count()).select_from(Alert).join(Alert.machine).where(and_(True, *wanted))
    if visit.scope is not None:
        found = found.where(Machine.unit.in_(visit.scope))
    return {str(value): int(count) for value, count in session.execute(found.group_by(column))}


def group(session: Session, alerts: Sequence[Alert], end: datetime) -> list[AlertGroup]:
    """Alerts that stand in order of machines, as groups."""
    bars = sparks(session, alerts, end)
    groups = []
    for _, together in groupby(alerts, key=lambda alert: alert.machine_id):
        same = list(together)
        machine = reference(same[0].machine)
        groups.append(AlertGroup(machine=machine, alerts=[row(alert, machine, bars[alert.id]) for alert in same]))
    return groups


def listing(visit: Visit, chosen: AlertFilter, span: Span) -> AlertList:
    """One page of alerts."""
    wanted = _narrow(visit, chosen, span)
    in_state = _in_state(chosen.state)
    severe = [Alert.severity.in_(chosen.severity)] if chosen.severity else []
    with visit.console.database.session() as session:
        states = _counts(session, visit, Alert.state, [*wanted, *severe])
        severities = _counts(session, visit, Alert.severity, [*wanted, *in_state])
        found = seen(visit).where(*wanted, *in_state, *severe)
        plain = found.with_only_columns(Alert.id, Alert.machine_id).options().subquery()
        total, machines = session.execute(select(func.count(), func.count(func.distinct(plain.c.machine_id)))).one()
        ordered = found.order_by(Machine.score.desc(), Machine.id, WORST_FIRST, Alert.last.desc())
        shown = session.scalars(ordered.limit(PAGE).offset(PAGE * (chosen.page - 1))).unique().all()
        return AlertList(
            groups=group(session, shown, span.anchor),
            total=total,
            machines=machines,
            page=chosen.page,
            pages=max(1, -(-total // PAGE)),
            chosen=chosen,
            span=span,
            states=states,
            severities=severities,
            read_at=now(),
        )
