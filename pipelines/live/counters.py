"""Counters of the parts, for the health page: the present value, and what it grew by in each interval."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import pyarrow as pa
from sqlalchemy import select
from sqlalchemy.orm import Session

from collectors.segment import Segment
from pipelines.live.rows import moment
from pipelines.store.state import Counter, CounterPoint

INTERVAL: Final = 60_000_000
"""µs of packet time that one point of a plot stands for."""


def grow(session: Session, component: str, grown: Mapping[str, int], segment: Segment | None) -> None:
    """Counters of a part have grown; the points are placed at the segment's packet time."""
    known = {one.name: one for one in session.scalars(select(Counter).where(Counter.component == component))}
    for name, more in grown.items():
        if name in known:
            known[name].value += more
        else:
            session.add(Counter(component=component, name=name, value=more))
    session.flush()
    if segment is not None:
        _points(session, component, grown, _interval(segment.clock))


def write_sensor(session: Session, segment: Segment) -> None:
    """Counters that the sensor sent along as ``stats`` events, whose values count from the sensor's start."""
    table = segment.tables.get("stats")
    if table is None or not table.num_rows:
        return
    component = f"sensor:{segment.observer}"
    known = {one.name: one for one in session.scalars(select(Counter).where(Counter.component == component))}
    ordered = table.sort_by("@timestamp")
    columns = (ordered["vonggac.stats.name"], ordered["vonggac.stats.value"], ordered["@timestamp"].cast(pa.int64()))
    for name, value, at in zip(*(column.to_pylist() for column in columns), strict=True):
        if name is None or value is None:
            continue
        before = known[name].value if name in known else 0
        grown = value - before if value >= before else value  # less than before: the sensor was restarted
        if name in known:
            known[name].value = value
        else:
            known[name] = Counter(component=component, name=name, value=value)
            session.add(known[name])
        _points(session, component, {name: grown}, _interval(at))
    session.flush()


def _points(session: Session, component: str, grown: Mapping[str, int], at: datetime) -> None:
    for name, more in grown.items():
        point = session.get(CounterPoint, (component, name, at))
        if point is not None:
            point.value += more
        elif more:
            session.add(CounterPoint(component=component, name=name, at=at, value=more))
    session.flush()


def _interval(clock: int) -> datetime:
    return moment((clock // INTERVAL + 1) * INTERVAL)
