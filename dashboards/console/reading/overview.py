"""The first page: is anything on fire, and can the picture be trusted?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import BaseModel
from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from dashboards.console.access import Needs
from dashboards.console.reading import cases, health, pictures
from dashboards.console.reading.alerts import OPEN, AlertRow, row, seen
from dashboards.console.reading.machines import (
    MachineRow,
    reference,
    rows,
    verdict_counts,
    visible,
    worst_first,
)
from dashboards.console.reading.span import Span
from dashboards.console.visit import Visit
from pipelines.detect.finding import SEVERITIES
from pipelines.store.state.alerts import Alert
from pipelines.store.state.machines import Machine

MACHINES: Final = 12
LATEST: Final = 6
BARS: Final = 56
"""Bars of the timeline: three hours each over a week."""


class Overview(BaseModel):
    """Counts, the machines to look at, the latest alerts, and how far to trust all that."""

    counts: dict[str, int]
    total: int
    open_alerts: int
    new_alerts: int
    machines: list[MachineRow]
    latest: list[AlertRow]
    timeline: pictures.Picture | None
    trust: health.Trust
    throughput: pictures.Picture | None
    cases: cases.Glance | None
    """None: this person may not see cases."""
    span: Span


def _timeline(visit: Visit, session: Session, span: Span) -> pictures.Picture | None:
    wanted = [Alert.last < span.end] if span.start is None else [Alert.last >= span.start, Alert.last < span.end]
    found = select(Alert.severity, Alert.last).join(Alert.machine).where(*wanted)
    if visit.scope is not None:
        found = found.where(Machine.unit.in_(visit.scope))
    times = [(severity, last) for severity, last in session.execute(found)]
    if not times:
        return None
    start = span.start or min(last for _, last in times)
    width = max((span.end - start) / BARS, timedelta(minutes=1))
    series = [_series(visit, severity, times, start, width) for severity in SEVERITIES]
    words = visit.text("overview.timeline_words", count=len(times))
    return pictures.stacked(visit.text("overview.timeline"), words, series, (start, span.end))


def _series(
    visit: Visit, severity: str, times: Sequence[tuple[str, datetime]], start: datetime, width: timedelta
) -> dict[str, Any]:
    bars = [0] * (BARS + 1)
    for kind, last in times:
        if kind == severity:
            bars[int((last - start) / width)] += 1
    data = [[pictures.ms(start + width * (at + 0.5)), count] for at, count in enumerate(bars) if count]
    return {"name": visit.text(f"severity.{severity}"), "tone": pictures.TONES[severity], "data": data}


def _counted(visit: Visit, session: Session, *states: str) -> int:
    found = select(func.count()).select_from(Alert).join(Alert.machine).where(and_(Alert.state.in_(states)))
    if visit.scope is not None:
        found = found.where(Machine.unit.in_(visit.scope))
    return session.scalar(found) or 0


def read(visit: Visit, span: Span) -> Overview:
    """The first page."""
    with visit.console.database.session() as session:
        counts = verdict_counts(visit, session)
        worst = worst_first(visible(visit).where(Machine.verdict != "clean")).limit(MACHINES)
        latest = seen(visit).where(Alert.state.in_(OPEN)).order_by(Alert.last.desc()).limit(LATEST)
        return Overview(
            counts=counts,
            total=sum(counts.values()),
            open_alerts=_counted(visit, session, *OPEN),
            new_alerts=_counted(visit, session, "new"),
            machines=rows(session, session.scalars(worst).all()),
            latest=[row(alert, reference(alert.machine)) for alert in session.scalars(latest).unique()],
            timeline=_timeline(visit, session, span),
            trust=health.trust(visit, session, span, health.parts(session)),
            throughput=health.throughput(visit, session, span),
            cases=cases.glance(visit, session) if visit.can(Needs.CASES) else None,
            span=span,
        )
