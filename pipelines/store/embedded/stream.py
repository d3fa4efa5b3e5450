"""Everything that matches, in the order of time, a slice of time after the other: memory does not grow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from collectors.segment import Segment
from pipelines.store.embedded.engine import Engine
from pipelines.store.embedded.scan import Plan, columns, event
from pipelines.store.events import Event
from pipelines.store.query import duck
from schema import DATASETS

ROWS_A_SLICE: Final = 20_000
_GRAINS: Final = (60_000_000, 1_000_000)
"""µs that slices are multiples of: minutes, and where a minute holds too much, seconds."""


def slices(engine: Engine, plan: Plan, newest_first: bool = False) -> Iterator[tuple[int, int]]:
    """Time ranges [start, end) in µs that hold all matches, of about ``ROWS_A_SLICE`` rows each."""
    for start, end, rows in _grouped(_per_grain(engine, plan, _GRAINS[0], None), _GRAINS[0], newest_first):
        if rows <= ROWS_A_SLICE:
            yield start, end
        else:
            finer = _per_grain(engine, plan, _GRAINS[1], (start, end))
            yield from ((low, high) for low, high, _rows in _grouped(finer, _GRAINS[1], newest_first))


def _per_grain(engine: Engine, plan: Plan, grain: int, between: tuple[int, int] | None) -> Counter[int]:
    statements = []
    for scan in plan.scans:
        low, high = between or (None, None)
        statements.append(
            f'select epoch_us("@timestamp") // {grain} as grain, count(*) from {plan.source(scan)}'
            f" where {plan.where(scan, low, high)} group by grain"
        )
    counted: Counter[int] = Counter()
    if statements:
        for place, count in engine.rows(" union all ".join(statements), plan.parameters.values):
            counted[place] += count
    return counted


def _grouped(counted: Counter[int], grain: int, newest_first: bool) -> Iterator[tuple[int, int, int]]:
    group: list[int] = []
    rows = 0
    for place in sorted(counted, reverse=newest_first):
        if group and rows + counted[place] > ROWS_A_SLICE:
            yield min(group) * grain, (max(group) + 1) * grain, rows
            group, rows = [], 0
        group.append(place)
        rows += counted[place]
    if group:
        yield min(group) * grain, (max(group) + 1) * grain, rows


def events(engine: Engine, plan: Plan, between: tuple[int, int], newest_first: bool) -> list[Event]:
    """The matches of a slice, in order."""
    found: list[tuple[tuple[int, str], Event]] = []
    for scan in plan.scans:
        parts = [part for part in scan.parts if part.last >= between[0] and part.first < between[1]]
        if parts:
            sql = f"select {columns(scan.dataset)} from {plan.source(scan, parts)} where {plan.where(scan, *between)}"
            place = DATASETS[scan.dataset].get_field_index("event.id")
            time = DATASETS[scan.dataset].get_field_index("@timestamp")
            rows = engine.rows(sql, plan.parameters.values)
            found.extend(((row[time], row[place] or ""), event(scan.dataset, row)) for row in rows)
    found.sort(key=lambda pair: pair[0], reverse=newest_first)
    return [one for _key, one in found]


def segments(engine: Engine, plan: Plan, between: tuple[int, int]) -> Iterator[Segment]:
    """The events of a slice as segments, one of each sensor."""
    tables: dict[str, dict[str, pa.Table]] = {}
    clocks: Counter[str] = Counter()
    for scan in plan.scans:
        parts = [part for part in scan.parts if part.last >= between[0] and part.first < between[1]]
        if not parts:
            continue
        names = ", ".join(duck.column(name) for name in DATASETS[scan.dataset].names)
        sql = (
            f"select {names} from {plan.source(scan, parts)} where {plan.where(scan, *between)}"
            ' order by "@timestamp", "event.id"'
        )
        table = engine.table(sql, plan.parameters.values).cast(DATASETS[scan.dataset])
        for observer in pc.unique(table["observer.id"]).to_pylist():
            mine = table if observer is None else table.filter(pc.equal(table["observer.id"], observer))
            tables.setdefault(observer or "", {})[scan.dataset] = mine
            clocks[observer or ""] = max(clocks[observer or ""], _newest(mine))
    for observer in sorted(tables):
        yield Segment(f"{observer}-replay-{between[0]}", observer, tables[observer], clocks[observer])


def _newest(table: Any) -> int:
    return int(pc.max(table["@timestamp"].cast(pa.int64())).as_py())
