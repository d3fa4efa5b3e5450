"""From a query to what DuckDB has to read: which files, under which condition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from pipelines.store.embedded.catalogue import Catalogue, Part
from pipelines.store.embedded.parts import EPOCH, fingerprint, template
from pipelines.store.events import Event, EventQuery, QueryError
from pipelines.store.query import duck, parse
from schema import DATASETS

_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Scan:
    """What a query reads of one dataset."""

    dataset: str
    parts: Sequence[Part]
    condition: str
    """Of the text alone: ``true`` when it says nothing."""
    start: int | None
    """µs, inclusive; None: open. Likewise ``end``, exclusive."""
    end: int | None

    def inside(self, part: Part) -> bool:
        """Whether all events of a part are in the time range."""
        return (self.start is None or part.first >= self.start) and (self.end is None or part.last < self.end)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a query reads."""

    folder: Path
    scans: Sequence[Scan]
    parameters: duck.Parameters

    def source(self, scan: Scan, parts: Sequence[Part] | None = None) -> str:
        """``read_parquet(…)`` of the parts of a scan, or of some of them."""
        chosen = scan.parts if parts is None else parts
        paths = [str(self.folder / part.path) for part in chosen]
        if all(part.columns == fingerprint(scan.dataset) for part in chosen):
            return f"read_parquet({self.parameters.add(paths)})"
        paths = [str(template(self.folder, scan.dataset)), *paths]
        return f"read_parquet({self.parameters.add(paths)}, union_by_name = true)"

    def where(self, scan: Scan, start: int | None = None, end: int | None = None) -> str:
        """The whole condition of a scan, perhaps with a narrower time range (µs)."""
        low = max((moment for moment in (scan.start, start) if moment is not None), default=None)
        high = min((moment for moment in (scan.end, end) if moment is not None), default=None)
        tests = [] if scan.condition == "true" else [scan.condition]
        if low is not None:
            tests.append(f'"@timestamp" >= {self.parameters.add(instant(low))}')
        if high is not None:
            tests.append(f'"@timestamp" < {self.parameters.add(instant(high))}')
        return " and ".join(tests) or "true"


def plan(query: EventQuery, catalogue: Catalogue, folder: Path) -> Plan:
    """Understand a query; datasets and files that cannot match are left out. Raises QueryError."""
    _check(query)
    node = parse(query.text)
    start, end = micros(query.start), micros(query.end)
    found = catalogue.parts(query.datasets, start, end)
    parameters = duck.Parameters()
    scans = []
    for dataset in DATASETS:  # parts of a dataset that the vocabulary has given up are not read
        if dataset in found:
            condition = duck.where(node, dataset, parameters)
            if condition != "false":
                scans.append(Scan(dataset, found[dataset], condition, start, end))
    if not scans:
        parameters = duck.Parameters()
    return Plan(folder, scans, parameters)


def _check(query: EventQuery) -> None:
    for moment in (query.start, query.end):
        if moment is not None and moment.tzinfo is None:
            raise QueryError("a time range without zone means nothing; give aware times", None, "not_time")
    unknown = [name for name in query.datasets if name not in DATASETS]
    if unknown:
        raise QueryError(f"there is no dataset {unknown[0]}", None, "unknown_dataset", {"value": unknown[0]})


def micros(moment: datetime | None) -> int | None:
    """µs since 1970."""
    return None if moment is None else (moment - EPOCH) // _MICROSECOND


def instant(value: int) -> datetime:
    """The moment at µs since 1970; times beyond the calendar become its end."""
    try:
        return EPOCH + timedelta(microseconds=value)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC) if value > 0 else datetime.min.replace(tzinfo=UTC)


def columns(dataset: str) -> str:
    """All columns in the order of the vocabulary, times as µs (``event`` undoes it)."""
    return ", ".join(
        f"epoch_us({duck.column(column.name)})" if pa.types.is_timestamp(column.type) else duck.column(column.name)
        for column in DATASETS[dataset]
    )


def event(dataset: str, row: Sequence[Any]) -> Event:
    """A row of ``columns`` as an event: without empty fields, times aware."""
    named: dict[str, Any] = {}
    for column, value in zip(DATASETS[dataset], row, strict=True):
        if value is not None:
            named[column.name] = instant(value) if pa.types.is_timestamp(column.type) else value
    return named
