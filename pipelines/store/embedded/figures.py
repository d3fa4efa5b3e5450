"""Matches over time, and the most frequent values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from pipelines.store.embedded.catalogue import HOUR
from pipelines.store.embedded.engine import Engine
from pipelines.store.embedded.scan import Plan, Scan, instant
from pipelines.store.embedded.search import Hours
from pipelines.store.events import Bucket, FacetValue, Group, QueryError
from pipelines.store.query import duck, fields

_SECOND: Final = 1_000_000
_DAY: Final = 86_400 * _SECOND
_LOCAL: Final = 7 * 3_600 * _SECOND
"""Asia/Ho_Chi_Minh is ahead of UTC by this and has no summer time: bars of hours and days begin where people's do."""
_WIDTHS: Final = (
    *(unit * step for unit in (1, 10, 100, 1_000, 10_000, 100_000) for step in (1, 2, 5)),
    *(_SECOND * seconds for seconds in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800)),
    *(_SECOND * 3_600 * hours for hours in (1, 2, 3, 6, 12)),
    *(_DAY * days for days in (1, 2, 5, 7, 14, 28, 91, 182, 365, 1_825, 3_650, 36_500, 365_000, 3_650_000)),
)
"""Widths of a bar, µs: what people count in."""


def histogram(engine: Engine, plan: Plan, hours: Hours, start: int | None, end: int | None, bars: int) -> list[Bucket]:
    """See ``EventStore.histogram``; ``start`` and ``end`` in µs, ``hours`` of the same query."""
    if start is None or end is None:
        span = _extent(engine, plan, hours, bars)
        if span is None:
            return []
        start, end = (span[0] if start is None else start), (span[1] if end is None else end)
    if end <= start:
        return []
    width, first, count = aligned(start, end, bars)
    counted: dict[int, Counter[str]] = {}
    for dataset, bar, matches in _per_bar(engine, plan, hours, width, first):
        counted.setdefault(bar, Counter())[dataset] += matches
    none: Counter[str] = Counter()
    filled = (counted.get(bar, none) for bar in range(count))
    return [
        Bucket(instant(first + bar * width), timedelta(microseconds=width), matches.total(), matches)
        for bar, matches in enumerate(filled)
    ]


def _per_bar(engine: Engine, plan: Plan, hours: Hours, width: int, first: int) -> Iterator[tuple[str, int, int]]:
    """(dataset, number of the bar, matches), several times for a bar."""
    if width % HOUR == 0 and first % HOUR == 0:  # no need to read the events again
        for dataset, per_hour in hours.items():
            for hour, matches in per_hour.items():
                yield dataset, (hour * HOUR - first) // width, matches
        return
    statements = [
        f"select '{scan.dataset}' as dataset, (epoch_us(\"@timestamp\") - {first}) // {width} as bar, count(*)"
        f" from {plan.source(scan)} where {plan.where(scan)} group by bar"
        for scan in plan.scans
        if hours.get(scan.dataset)
    ]
    if statements:
        yield from engine.rows(" union all ".join(statements), plan.parameters.values)


def _extent(engine: Engine, plan: Plan, hours: Hours, bars: int) -> tuple[int, int] | None:
    """From the first match to after the last one, µs; by the hour when bars will be longer than that."""
    held = [hour for per_hour in hours.values() for hour, matches in per_hour.items() if matches]
    if not held:
        return None
    start, end = min(held) * HOUR, (max(held) + 1) * HOUR
    if end - start > bars * HOUR:
        return start, end
    statements = [
        'select epoch_us(min("@timestamp")), epoch_us(max("@timestamp"))'
        f" from {plan.source(scan)} where {plan.where(scan, start, end)}"
        for scan in plan.scans
    ]
    found = engine.rows(" union all ".join(statements), plan.parameters.values)
    moments = [moment for row in found for moment in row if moment is not None]
    return min(moments), max(moments) + 1


def aligned(start: int, end: int, bars: int) -> tuple[int, int, int]:
    """Width, start of the first bar and number of bars (at most ``bars``) that cover [start, end), in µs."""
    for width in _WIDTHS:
        first = (start + _LOCAL) // width * width - _LOCAL
        count = -(-(end - first) // width)
        if count <= bars:
            return width, first, count
    width = -(-(end - start) // max(1, bars))
    return width, start, -(-(end - start) // width)


def facets(engine: Engine, plan: Plan, names: Sequence[str], size: int) -> dict[str, list[FacetValue]]:
    """See ``EventStore.facets``."""
    for name in names:
        fields.known(name, None)
    statements = [statement for scan in plan.scans for statement in _counts(plan, scan, names)]
    found: dict[str, list[FacetValue]] = {name: [] for name in names}
    if statements:
        sql = (
            f"select field, value, sum(n) from ({' union all '.join(statements)}) where value is not null"
            " group by field, value"
            f" qualify row_number() over (partition by field order by sum(n) desc, value) <= {int(size)}"
            " order by 3 desc, value"
        )
        for name, value, count in engine.rows(sql, plan.parameters.values):
            found[name].append(FacetValue(value, int(count)))
    return found


def groups(engine: Engine, plan: Plan, names: Sequence[str], size: int, newest_first: bool) -> list[Group]:
    """See ``EventStore.groups``."""
    for name in names:
        fields.known(name, None)
        if fields.is_list(name):
            raise QueryError(f"events cannot be grouped by {name}, which holds lists; ask for its facets")
    keys = [f"k{place}" for place in range(len(names))]
    statements = []
    for scan in plan.scans:
        values = [
            f"cast({duck.column(name)} as varchar)"
            if scan.dataset in fields.carriers(name)
            else "cast(null as varchar)"
            for name in names
        ]
        named = ", ".join(f"{value} as {key}" for value, key in zip(values, keys, strict=True))
        statements.append(
            f'select {named}, count(*) as n, max("@timestamp") as newest from {plan.source(scan)}'
            f" where {plan.where(scan)} group by all"
        )
    if not statements:
        return []
    listed = ", ".join(keys)
    sql = (
        f"select {listed}, sum(n) as total, epoch_us(max(newest)) as moment from ({' union all '.join(statements)})"
        f" where coalesce({listed}, null) is not null group by {listed}"
        f" order by {'moment desc, total desc' if newest_first else 'total desc, moment desc'}, {listed} limit {int(size)}"
    )
    rows = engine.rows(sql, plan.parameters.values)
    return [Group(tuple(row[:-2]), int(row[-2]), instant(row[-1])) for row in rows]


def _counts(plan: Plan, scan: Scan, names: Sequence[str]) -> list[str]:
    """Statements that give (field, value, n) of one dataset: one for all plain fields, one for each list."""
    mine = [name for name in names if scan.dataset in fields.carriers(name)]
    plain = [name for name in mine if not fields.is_list(name)]
    condition = plan.where(scan)
    source = plan.source(scan)
    statements = [
        f"select '{name}' as field, cast(value as varchar) as value, count(*) as n"
        f" from (select unnest({duck.column(name)}) as value from {source} where {condition}) group by value"
        for name in mine
        if fields.is_list(name)
    ]
    if plain:
        labels = " ".join(f"when {_grouping(place, len(plain))} then '{name}'" for place, name in enumerate(plain))
        texts = ", ".join(f"cast({duck.column(name)} as varchar)" for name in plain)
        sets = ", ".join(f"({duck.column(name)})" for name in plain)
        quoted = ", ".join(duck.column(name) for name in plain)
        statements.append(
            f"select case grouping({quoted}) {labels} end as field, coalesce({texts}, null) as value, count(*) as n"
            f" from {source} where {condition} group by grouping sets ({sets})"
        )
    return statements


def _grouping(place: int, count: int) -> int:
    """What ``grouping(…)`` says in the set of the column at a place: a bit for each column that is not grouped by."""
    return int((1 << count) - 1 - (1 << (count - 1 - place)))
