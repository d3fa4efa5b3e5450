"""Segments made by hand, as a sensor would give them: only what a test says, the rest is absent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pyarrow as pa

from collectors.segment import Segment
from schema import DATASETS, ENRICHED

START = datetime(2026, 11, 2, 1, tzinfo=UTC)
_ids = count()


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def micros(seconds: float) -> int:
    return round(at(seconds).timestamp() * 1_000_000)


def row(dataset: str, seconds: float = 0, **fields: Any) -> dict[str, Any]:
    """One event; ``source_ip="…"`` stands for ``source.ip`` where the dots do not fit, or give ``fields={…}``."""
    given = {**fields.pop("fields", {})}
    return {
        "@timestamp": at(seconds),
        "event.id": f"e{next(_ids)}",
        "event.dataset": dataset,
        "observer.id": "t",
        "vonggac.flow.id": f"f{next(_ids)}",
        **given,
        **{name.replace("_", "."): value for name, value in fields.items()},
    }


def segment(*rows: Mapping[str, Any], number: int = 1) -> Segment:
    tables = {}
    for dataset in {one["event.dataset"] for one in rows}:
        schema = pa.schema([field for field in DATASETS[dataset] if field.name not in ENRICHED])
        tables[dataset] = pa.Table.from_pylist([dict(one) for one in rows if one["event.dataset"] == dataset], schema)
    clock = max((round(one["@timestamp"].timestamp() * 1_000_000) for one in rows), default=0)
    return Segment(f"t-{number}", "t", tables, clock)


def flow(client: str, server: str, seconds: float = 0, answered: bool = True, **fields: Any) -> dict[str, Any]:
    base = {"source.packets": 3, "destination.packets": 3 if answered else 0, "event.end": at(seconds + 1)}
    more = fields.pop("fields", {})
    return row("flow", seconds, fields={"source.ip": client, "destination.ip": server, **base, **more}, **fields)


def answer(client: str, name: str, *addresses: str, seconds: float = 0) -> dict[str, Any]:
    fields = {
        "source.ip": client,
        "destination.ip": "10.20.1.5",
        "dns.type": "answer",
        "dns.question.name": name,
        "dns.question.type": "A",
        "dns.answers.type": ["A"] * len(addresses),
        "dns.answers.data": list(addresses),
        "dns.resolved_ip": list(addresses),
    }
    return row("dns", seconds, fields=fields)
