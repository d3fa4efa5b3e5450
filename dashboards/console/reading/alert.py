"""One alert: the sentence, why it is believed, what speaks against it, what would change it, the picture, the events."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboards.console.problems import Problem
from dashboards.console.reading import pictures
from dashboards.console.reading.alerts import AlertRow, Words, row, seen, sparks
from dashboards.console.reading.events import EventLine, line
from dashboards.console.reading.machines import reference
from dashboards.console.visit import Visit
from pipelines.store.events import Event, StoreError
from pipelines.store.state.alerts import Alert
from pipelines.store.state.findings import FindingRow

FINDINGS: Final = 20
"""Findings listed; an alert of weeks has thousands that say the same."""
PEERS: Final = 20
DECIMAL_ODDS: Final = 10.0


class Evidence(BaseModel):
    """One finding: what was seen in one window and how much it weighs."""

    id: str
    explanation: Words
    peer: str | None
    first: datetime
    last: datetime
    count: int
    weight: float
    family: str
    deterministic: bool


class ScoreItem(BaseModel):
    """A part of the machine's score."""

    rule: str
    title: Words
    weight: float
    own: bool
    """It is this alert."""


class Peer(BaseModel):
    """The other side and how many of the evidence events went there."""

    address: str
    name: str | None
    events: int


class AlertPage(BaseModel):
    """Everything about one alert."""

    alert: AlertRow
    technique: list[str]
    facts: dict[str, str | int | float | bool | None]
    against: list[str]
    weight: float
    score_without: int
    half_life_hours: float | None
    deterministic: bool
    evidence: list[Evidence]
    findings: int
    items: list[ScoreItem]
    peers: list[Peer]
    picture: pictures.Picture | None
    events: list[EventLine]
    events_missing: str | None
    """Why there are no events to show (the store is down, or they have expired), else None."""
    note: str | None
    next: str


def find(session: Session, visit: Visit, identity: str) -> Alert:
    """The alert, if it exists and this person may see it; else a Problem that does not say which."""
    found = session.scalars(seen(visit).where(Alert.id == identity)).unique().one_or_none()
    if found is None:
        raise Problem(404, "problem.no_alert")
    return found


def _evidence(finding: FindingRow) -> Evidence:
    weight = finding.weight
    return Evidence(
        id=finding.id,
        explanation=Words(**finding.explanation),
        peer=finding.peer,
        first=finding.first,
        last=finding.last,
        count=finding.event_count,
        weight=float(weight.get("log10_ratio", 0.0)),
        family=str(weight.get("family", "")),
        deterministic=bool(weight.get("deterministic", False)),
    )


def without(score: int, weight: float) -> int:
    """The score of the machine if this weight were taken out of its log-odds (docs/scoring.md)."""
    share = min(max(score, 1), 99) / 100
    odds = math.log10(share / (1 - share)) - weight
    return round(100 / (1 + math.pow(DECIMAL_ODDS, -odds)))


def _items(session: Session, alert: Alert) -> list[ScoreItem]:
    same = select(Alert).where(Alert.machine_id == alert.machine_id, Alert.weight != 0).order_by(Alert.weight.desc())
    return [
        ScoreItem(rule=one.rule, title=Words(**one.title), weight=one.weight, own=one.id == alert.id)
        for one in session.scalars(same)
    ]


def _events(visit: Visit, alert: Alert) -> tuple[list[Event], str | None]:
    margin = timedelta(seconds=1)
    try:
        found = visit.console.events.events(alert.events, alert.first - margin, alert.last + margin)
    except StoreError as error:
        return [], str(error)
    return list(found), None if found else "expired"


def _peers(alert: Alert, events: Sequence[Event]) -> list[Peer]:
    own = {address.address for address in alert.machine.addresses}
    counted: Counter[str] = Counter()
    names: dict[str, str] = {}
    for event in events:
        sides = [event.get("source.ip"), event.get("destination.ip")]
        for other in (side for side in sides if side and side not in own):
            counted[other] += 1
            if event.get("destination.domain") and other == event.get("destination.ip"):
                names[other] = event["destination.domain"]
    listed = [*dict.fromkeys([*(peer for peer, _ in counted.most_common()), *alert.peers])]
    return [Peer(address=peer, name=names.get(peer), events=counted.get(peer, 0)) for peer in listed[:PEERS]]


def read(visit: Visit, identity: str, at: datetime) -> AlertPage:
    """The page of an alert; ``at`` ends the sparkline's 24 hours."""
    with visit.console.database.session() as session:
        alert = find(session, visit, identity)
        mine = select(FindingRow).where(FindingRow.rule == alert.rule, FindingRow.machine_id == alert.machine_id)
        found = [_evidence(one) for one in session.scalars(mine.order_by(FindingRow.last.desc()).limit(1000))]
        half_life = session.scalar(mine.with_only_columns(FindingRow.weight).order_by(FindingRow.last.desc()).limit(1))
        items = _items(session, alert)
        spark = sparks(session, [alert], at)[alert.id]
    events, missing = _events(visit, alert)
    strongest = sorted(found, key=lambda one: (one.weight, one.last), reverse=True)[:FINDINGS]
    return AlertPage(
        alert=row(alert, reference(alert.machine), spark),
        technique=alert.technique,
        facts=_facts(alert.facts),
        against=alert.against,
        weight=alert.weight,
        score_without=without(alert.machine.score, alert.weight),
        half_life_hours=(half_life or {}).get("half_life_hours"),
        deterministic=any(one.deterministic for one in found),
        evidence=strongest,
        findings=len(found),
        items=items,
        peers=_peers(alert, events),
        picture=pictures.evidence(visit, events),
        events=[line(event) for event in events],
        events_missing=missing,
        note=alert.note,
        next=f"/alerts/{alert.id}",
    )


def _facts(facts: dict[str, Any]) -> dict[str, str | int | float | bool | None]:
    return {name: value for name, value in facts.items() if name != "headline" and not isinstance(value, dict | list)}
