"""Counting what matches, and giving a page of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from pipelines.store.embedded.catalogue import HOUR, Part
from pipelines.store.embedded.engine import Engine
from pipelines.store.embedded.scan import Plan, Scan, columns, event, instant
from pipelines.store.events import Event, EventQuery, Page

IDS_AT_ONCE: Final = 500
"""Ids in one statement."""
Hours = dict[str, Counter[int]]
"""Dataset → hour (from 1970) → matches."""


def hours(engine: Engine, plan: Plan) -> Hours:
    """How many events match in each hour. Files of which everything matches are not opened."""
    counted: Hours = {}
    statements = []
    for scan in plan.scans:
        of_dataset = counted.setdefault(scan.dataset, Counter())
        to_read: list[Part] = []
        for part in scan.parts:
            if scan.condition == "true" and part.hours and scan.inside(part):
                of_dataset.update(part.per_hour)
            else:
                to_read.append(part)
        if to_read:
            statements.append(
                f"select '{scan.dataset}' as dataset, epoch_us(\"@timestamp\") // {HOUR} as hour, count(*)"
                f" from {plan.source(scan, to_read)} where {plan.where(scan)} group by hour"
            )
    if statements:
        for dataset, hour, count in engine.rows(" union all ".join(statements), plan.parameters.values):
            counted[dataset][hour] += count
    return counted


def page(engine: Engine, plan: Plan, query: EventQuery, counted: Hours) -> Page:
    """One page; only the hours that it lies in are read."""
    by_dataset = {name: total for name, per_hour in counted.items() if (total := per_hour.total())}
    total = sum(by_dataset.values())
    if query.offset >= total or query.limit == 0:
        return Page([], total, by_dataset)
    start, end, skipped = _window(counted, query)
    direction = "desc" if query.newest_first else "asc"
    statements = []
    for scan in plan.scans:
        parts = [part for part in scan.parts if part.last >= start and part.first < end]
        if parts:
            statements.append(
                f'select epoch_us("@timestamp") as moment, "event.id" as id, \'{scan.dataset}\' as dataset'
                f" from {plan.source(scan, parts)} where {plan.where(scan, start, end)}"
            )
    chosen = engine.rows(
        f"select * from ({' union all '.join(statements)}) order by moment {direction}, id {direction}, dataset"
        f" limit {int(query.limit)} offset {int(query.offset - skipped)}",
        plan.parameters.values,
    )
    return Page(_whole(engine, plan, chosen), total, by_dataset)


def _window(counted: Hours, query: EventQuery) -> tuple[int, int, int]:
    """Start and end (µs) of the hours that hold the page, and how many matches come before them."""
    per_hour: Counter[int] = Counter()
    for of_dataset in counted.values():
        per_hour.update(of_dataset)
    passed = skipped = 0
    chosen: list[int] = []
    for hour in sorted((hour for hour, count in per_hour.items() if count), reverse=query.newest_first):
        if passed + per_hour[hour] <= query.offset:
            skipped += per_hour[hour]
        else:
            chosen.append(hour)
        passed += per_hour[hour]
        if passed >= query.offset + query.limit:
            break
    return min(chosen) * HOUR, (max(chosen) + 1) * HOUR, skipped


def _whole(engine: Engine, plan: Plan, chosen: Sequence[tuple[int, str, str]]) -> list[Event]:
    """The chosen events with all their fields, in the same order."""
    found: dict[tuple[str, str], Event] = {}
    for scan in plan.scans:
        mine = [(moment, identity) for moment, identity, dataset in chosen if dataset == scan.dataset]
        if mine:
            first, last = min(mine)[0], max(mine)[0]
            parts = [part for part in scan.parts if part.last >= first and part.first <= last]
            ids = [identity for _moment, identity in mine]
            events = by_ids(engine, plan, scan, parts, ids, (first, last))
            found.update({(scan.dataset, str(one["event.id"])): one for one in events})
    return [found[dataset, identity] for _moment, identity, dataset in chosen if (dataset, identity) in found]


def by_ids(
    engine: Engine, plan: Plan, scan: Scan, parts: Sequence[Part], ids: Sequence[str], between: tuple[int, int] | None
) -> list[Event]:
    """The events of a dataset with these ids; ``between`` (µs, both included) lets most of the file be skipped."""
    found: list[Event] = []
    for start in range(0, len(ids), IDS_AT_ONCE):
        places = ", ".join(plan.parameters.add(identity) for identity in ids[start : start + IDS_AT_ONCE])
        condition = f'"event.id" in ({places})'
        if between:
            low, high = (plan.parameters.add(instant(moment)) for moment in between)
            condition += f' and "@timestamp" between {low} and {high}'
        sql = f"select {columns(scan.dataset)} from {plan.source(scan, parts)} where {condition}"
        found.extend(event(scan.dataset, row) for row in engine.rows(sql, plan.parameters.values))
    return found
