"""What the product itself sees and misses: its parts, its loss, its content, its store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from pydantic import BaseModel
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from dashboards.console.reading import pictures
from dashboards.console.reading.span import Span
from dashboards.console.visit import Visit
from pipelines.store.events import StoreError
from pipelines.store.state.base import now
from pipelines.store.state.findings import SegmentRow
from pipelines.store.state.health import ComponentHealth, ContentError, Counter, CounterPoint

SEEN: Final = "packets.seen"
DROPPED: Final = ("packets.dropped", "source.kernel_drops")
"""What the sensor refused, and what the kernel dropped because the sensor was too slow."""
LOSS_WARNS: Final = 0.001
"""Share of lost packets from which findings can be missing noticeably (1 in 1,000)."""
SILENT: Final = timedelta(minutes=5)
"""A running part reports every minute; after this its word no longer counts."""
RUNNING: Final = frozenset({"ok", "warning"})


class Part(BaseModel):
    """One part of the product."""

    name: str
    status: str
    """ok, warning, failed, stopped, or silent."""
    message: dict[str, str]
    detail: dict[str, Any]
    restarts: int
    since: datetime
    updated_at: datetime
    sensor: bool


class CounterLine(BaseModel):
    """A counter of a part."""

    component: str
    name: str
    value: int


class ContentLine(BaseModel):
    """A rule or indicator file that is out of use."""

    path: str
    rule: str
    line: int | None
    message: str
    seen_at: datetime


class StoreLine(BaseModel):
    """What one dataset takes."""

    dataset: str
    events: int
    bytes: int
    files: int
    first_day: date | None
    last_day: date | None


class Trust(BaseModel):
    """Can the picture be trusted? Doubts are catalogue keys with their values; none of them = yes."""

    sensors: int
    sensors_running: int
    seen: int
    dropped: int
    loss: float | None
    newest: datetime | None
    stale: bool
    content_errors: int
    doubts: list[Doubt]


class Doubt(BaseModel):
    """One reason why something may have been missed."""

    key: str
    values: dict[str, str]
    grave: bool


class HealthPage(BaseModel):
    """Everything about the product's own state."""

    trust: Trust
    parts: list[Part]
    counters: list[CounterLine]
    content: list[ContentLine]
    store: list[StoreLine]
    store_trouble: str | None
    segments: int
    last_segment: datetime | None
    throughput: pictures.Picture | None
    span: Span


def parts(session: Session) -> list[Part]:
    """Every part with what it said last; a part that has said nothing for long is ``silent``."""
    found = session.scalars(select(ComponentHealth).order_by(ComponentHealth.name))
    return [_part(one) for one in found]


def _part(one: ComponentHealth) -> Part:
    quiet = one.status in RUNNING and now() - one.updated_at > SILENT
    return Part(
        name=one.name,
        status="silent" if quiet else one.status,
        message=one.message,
        detail=one.detail,
        restarts=one.restarts,
        since=one.since,
        updated_at=one.updated_at,
        sensor=one.name.startswith("sensor"),
    )


def trust(visit: Visit, session: Session, span: Span, known: Sequence[Part]) -> Trust:
    """Whether "no infection" may be read as "looked and found none"."""
    counted = dict(
        session.execute(
            select(Counter.name, func.sum(Counter.value))
            .where(Counter.name.in_((SEEN, *DROPPED)))
            .group_by(Counter.name)
        ).all()
    )
    seen, dropped = int(counted.get(SEEN, 0)), sum(int(counted.get(name, 0)) for name in DROPPED)
    loss = dropped / (seen + dropped) if seen + dropped else None
    errors = session.scalar(select(func.count()).select_from(ContentError)) or 0
    sensors = [part for part in known if part.sensor]
    running = [part for part in sensors if part.status in RUNNING]
    newest = (
        None if not span.stale and session.scalar(select(func.count()).select_from(SegmentRow)) == 0 else span.anchor
    )
    made = Trust(
        sensors=len(sensors),
        sensors_running=len(running),
        seen=seen,
        dropped=dropped,
        loss=loss,
        newest=newest,
        stale=span.stale,
        content_errors=errors,
        doubts=[],
    )
    made.doubts = _doubts(visit, made, known)
    return made


def _doubts(visit: Visit, told: Trust, known: Sequence[Part]) -> list[Doubt]:
    f = visit.formats
    doubts = []
    if not told.sensors:
        doubts.append(Doubt(key="trust.no_sensor", values={}, grave=False))
    for part in known:
        if part.status not in RUNNING:
            key = "trust.sensor_down" if part.sensor else "trust.part_down"
            values = {"name": part.name, "time": f.time(part.updated_at)}
            doubts.append(Doubt(key=key, values=values, grave=part.sensor))
    if told.loss is not None and told.loss >= LOSS_WARNS:
        values = {"loss": f.percent(told.loss, 2), "dropped": f.number(told.dropped)}
        doubts.append(Doubt(key="trust.loss", values=values, grave=True))
    if told.newest is None:
        doubts.append(Doubt(key="trust.nothing_seen", values={}, grave=True))
    elif told.stale:
        doubts.append(Doubt(key="trust.stale", values={"time": f.time(told.newest)}, grave=False))
    if told.content_errors:
        values = {"count": f.number(told.content_errors)}
        doubts.append(Doubt(key="trust.content", values=values, grave=False))
    return doubts


def throughput(visit: Visit, session: Session, span: Span) -> pictures.Picture | None:
    """Packets seen and lost in each interval."""
    kind = case((CounterPoint.name == SEEN, "seen"), else_="dropped")
    wanted = select(kind, CounterPoint.at, func.sum(CounterPoint.value))
    wanted = wanted.where(CounterPoint.name.in_((SEEN, *DROPPED)), CounterPoint.at < span.end)
    if span.start is not None:
        wanted = wanted.where(CounterPoint.at >= span.start)
    points: dict[str, list[list[int]]] = {"seen": [], "dropped": []}
    for name, at, value in session.execute(wanted.group_by(kind, CounterPoint.at).order_by(CounterPoint.at)):
        points[name].append([pictures.ms(at), value])
    if not points["seen"]:
        return None
    t = visit.text
    series = [
        {"name": t("health.seen"), "tone": "accent", "fill": True, "data": points["seen"]},
        {"name": t("health.dropped"), "tone": "critical", "data": points["dropped"]},
    ]
    edge = [points["seen"][0][0], points["seen"][-1][0]]
    total = visit.formats.number(sum(value for _, value in points["seen"]))
    lost = visit.formats.number(sum(value for _, value in points["dropped"]))
    words = t("health.throughput_words", seen=total, dropped=lost)
    return pictures.Picture(
        title=t("health.throughput"), words=words, spec={"kind": "line", "range": edge, "series": series}
    )


def read(visit: Visit, span: Span) -> HealthPage:
    """The page of the product's own state."""
    store, trouble = _store(visit)
    with visit.console.database.session() as session:
        known = parts(session)
        counters = session.scalars(select(Counter).order_by(Counter.component, Counter.name)).all()
        content = session.scalars(select(ContentError).order_by(ContentError.path, ContentError.line)).all()
        segments, last = session.execute(select(func.count(), func.max(SegmentRow.processed_at))).one()
        return HealthPage(
            trust=trust(visit, session, span, known),
            parts=known,
            counters=[CounterLine(component=one.component, name=one.name, value=one.value) for one in counters],
            content=[ContentLine.model_validate(one, from_attributes=True) for one in content],
            store=store,
            store_trouble=trouble,
            segments=segments,
            last_segment=last,
            throughput=throughput(visit, session, span),
            span=span,
        )


def _store(visit: Visit) -> tuple[list[StoreLine], str | None]:
    try:
        return [StoreLine.model_validate(one, from_attributes=True) for one in visit.console.events.usage()], None
    except StoreError as error:
        return [], str(error)
