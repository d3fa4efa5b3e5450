"""Events made by hand, in the schema that the sensor and enrichment give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import pyarrow as pa

from collectors.segment import ExtractedFile, Segment
from schema import DATASETS

START: Final = datetime(2026, 11, 2, 1, tzinfo=UTC)
MACHINE: Final = "10.20.7.31"
OUTSIDE: Final = "203.0.113.9"


def segment(rows: Mapping[str, Sequence[Mapping[str, Any]]], files: Sequence[ExtractedFile] = ()) -> Segment:
    """A segment of these rows by dataset; ids, times and addresses are filled in where a row has none."""
    tables = {}
    for dataset, given in rows.items():
        filled = [
            {
                "@timestamp": START, "event.id": f"{dataset}-{at}", "event.dataset": dataset, "source.ip": MACHINE,
                "destination.ip": OUTSIDE, "vonggac.source.home": True, "vonggac.destination.home": False, **row,
            }
            for at, row in enumerate(given)
        ]  # fmt: skip
        tables[dataset] = pa.Table.from_pylist(filled, schema=DATASETS[dataset])
    return Segment("test-1", "test", tables, int(START.timestamp() * 1_000_000), tuple(files))
