"""One machine: what it is, whether it behaves, and with whom it talks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboards.console.problems import Problem
from dashboards.console.reading import alerts, doings, pictures
from dashboards.console.reading.alert import ScoreItem
from dashboards.console.reading.machines import MachineRef, reference, visible
from dashboards.console.reading.span import Span
from dashboards.console.visit import Visit
from pipelines.store.events import EventQuery, StoreError
from pipelines.store.state.alerts import Alert
from pipelines.store.state.machines import Machine, ScorePoint

BARS: Final = 72
ADDRESSES: Final = 20
"""Addresses that a query names; a machine with more has changed them daily for weeks."""
LIMITS: Final = ((80, "infected", "critical"), (50, "suspicious", "medium"))


class Name(BaseModel):
    """A name or address and when it was in use."""

    value: str
    source: str | None
    first: datetime
    last: datetime


class MachinePage(BaseModel):
    """Everything about one machine."""

    machine: MachineRef
    mac: str | None
    first_seen: datetime
    names: list[Name]
    addresses: list[Name]
    alerts: list[alerts.AlertRow]
    items: list[ScoreItem]
    score: pictures.Picture
    traffic: pictures.Picture | None
    days: list[doings.Day]
    doings: doings.Doings | None
    """None in the drawer, without addresses, and when the store is in trouble."""
    query: str
    """The hunt that shows this machine's events."""
    store_trouble: str | None
    span: Span


def about(addresses: Sequence[str]) -> str:
    """A query for the events of these addresses, on either side."""
    listed = " OR ".join(f'"{address}"' for address in addresses[:ADDRESSES])
    return f"source.ip:({listed}) OR destination.ip:({listed})"


def find(session: Session, visit: Visit, identity: str) -> Machine:
    """The machine, if it exists and this person may see it; else a Problem that does not say which."""
    found = session.scalars(visible(visit).where(Machine.id == identity)).one_or_none()
    if found is None:
        raise Problem(404, "problem.no_machine")
    return found


def _score(visit: Visit, session: Session, machine: Machine, span: Span) -> pictures.Picture:
    points = select(ScorePoint.at, ScorePoint.score).where(ScorePoint.machine_id == machine.id).order_by(ScorePoint.at)
    data: list[list[int]] = [[pictures.ms(at), score] for at, score in session.execute(points)]
    end = pictures.ms(span.end)
    data.append([max(end, data[-1][0] if data else end), machine.score])
    start = pictures.ms(span.start or machine.first_seen)
    t = visit.text
    limits = [{"at": at, "text": t(f"verdict.{name}"), "tone": tone} for at, name, tone in LIMITS]
    series = [{"name": t("machine.score"), "tone": "accent", "fill": True, "data": data}]
    spec = {"kind": "steps", "range": [start, end], "floor": 0, "ceiling": 100, "limits": limits, "series": series}
    return pictures.Picture(
        title=t("machine.score_over_time"), words=t("machine.score_words", score=machine.score), spec=spec
    )


def _alerts(session: Session, machine: Machine, span: Span) -> list[alerts.AlertRow]:
    newest_first = select(Alert).where(Alert.machine_id == machine.id).order_by(alerts.WORST_FIRST, Alert.last.desc())
    found = session.scalars(newest_first.limit(alerts.PAGE)).all()
    bars = alerts.sparks(session, found, span.anchor)
    ref = reference(machine)
    return [alerts.row(alert, ref, bars[alert.id]) for alert in found]


def read(visit: Visit, identity: str, span: Span, whole: bool = True) -> MachinePage:
    """The page of a machine; without ``whole`` what the drawer needs, which asks the event store for little."""
    with visit.console.database.session() as session:
        machine = find(session, visit, identity)
        shown = _alerts(session, machine, span)
        items = select(Alert).where(Alert.machine_id == machine.id, Alert.weight != 0).order_by(Alert.weight.desc())
        parts = [
            ScoreItem(rule=one.rule, title=alerts.Words(**one.title), weight=one.weight, own=False)
            for one in session.scalars(items)
        ]
        score = _score(visit, session, machine, span)
        days = doings.days(visit, session, machine.id, span) if whole else []
        names, addresses = machine.names, machine.addresses
    held = [one.address for one in addresses if span.start is None or one.last >= span.start][:ADDRESSES]
    traffic, does, trouble = _events(visit, held, machine.mac, span) if whole and held else (None, None, None)
    return MachinePage(
        machine=reference(machine),
        mac=machine.mac,
        first_seen=machine.first_seen,
        names=[Name(value=one.name, source=one.source, first=one.first, last=one.last) for one in names],
        addresses=[Name(value=one.address, source=None, first=one.first, last=one.last) for one in addresses],
        alerts=shown,
        items=parts,
        score=score,
        traffic=traffic,
        days=days,
        doings=does,
        query=about([address.address for address in addresses]),
        store_trouble=trouble,
        span=span,
    )


def _events(
    visit: Visit, addresses: Sequence[str], mac: str | None, span: Span
) -> tuple[pictures.Picture | None, doings.Doings | None, str | None]:
    query = EventQuery(text=about(addresses), start=span.start, end=span.end, datasets=("flow",))
    try:
        bars = visit.console.events.histogram(query, BARS)
        return pictures.histogram(visit, bars, ""), doings.read(visit.console.events, addresses, mac, span), None
    except StoreError as error:
        return None, None, str(error)
