"""Small segments for the tests of the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from collectors.segment import Segment
from schema import DATASETS

START = datetime(2026, 11, 2, 1, tzinfo=UTC)


def table(dataset: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows of a dataset; what a row does not say is empty."""
    schema = DATASETS[dataset]
    return pa.table({name: [row.get(name) for row in rows] for name in schema.names}, schema=schema)


def event(identity: str, dataset: str = "dns", seconds: float = 0, **values: Any) -> dict[str, Any]:
    """An event some seconds after ``START``; ``__`` stands for the dots of names."""
    return {
        "@timestamp": START + timedelta(seconds=seconds),
        "event.id": identity,
        "event.dataset": dataset,
        "observer.id": "sensor-1",
        **{name.replace("__", "."): value for name, value in values.items()},
    }


def segment(identity: str, events: Sequence[Mapping[str, Any]]) -> Segment:
    """A segment of these events."""
    by_dataset: dict[str, list[Mapping[str, Any]]] = {}
    for one in events:
        by_dataset.setdefault(str(one["event.dataset"]), []).append(one)
    tables = {name: table(name, rows) for name, rows in by_dataset.items()}
    newest = max((one["@timestamp"] for one in events), default=START)
    return Segment(identity, "sensor-1", tables, int(newest.timestamp() * 1_000_000))
