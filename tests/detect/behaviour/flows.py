"""Events made in tests, in the full schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from collectors.segment import Segment
from schema import DATASETS

SECOND = 1_000_000
START = 1_762_000_000 * SECOND


def flow(number: int, at: float, **values: Any) -> dict[str, Any]:
    """One outward flow ``at`` seconds after the start."""
    row = {
        "@timestamp": START + int(at * SECOND),
        "event.id": f"e{number:05d}",
        "source.ip": "10.0.0.1",
        "destination.ip": "203.0.113.9",
        "destination.port": 443,
        "network.transport": "tcp",
        "vonggac.source.home": True,
        "vonggac.destination.home": False,
        "vonggac.flow.state": "SF",
    }
    return {**row, **{name.replace("__", "."): value for name, value in values.items()}}


def table(dataset: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows as a table with every column of the dataset."""
    schema = DATASETS[dataset]
    columns = [pa.array([row.get(name) for row in rows], schema.field(name).type) for name in schema.names]
    return pa.table(columns, schema=schema)


def segment(rows: Sequence[Mapping[str, Any]], dataset: str = "flow") -> Segment:
    """One segment of ``rows``."""
    clock = max((row["@timestamp"] for row in rows), default=START)
    return Segment("s-1", "s", {dataset: table(dataset, rows)}, clock)


RULE = """id: {id}
behaviour: port-scan
severity: medium
window: {window}
every: {every}
reads: [flow]
family: scan
parameters:
  calls: {{default: {calls}, least: 1, most: 100, why: "calls of one machine"}}
weight: 1.0
title: {{vi: "Gọi nhiều", en: "Many calls"}}
explain:
  vi: "{{machine}} gọi {{calls}} lần"
  en: "{{machine}} called {{calls}} times"
"""
QUERY = """select "source.ip" as machine, "destination.ip" as peer, count(*) as calls,
  evidence("event.id", "@timestamp") as events
from flow
group by "source.ip", "destination.ip"
having count(*) >= $calls
"""


def write_rule(
    folder: Path,
    id: str = "many-calls",
    query: str = QUERY,
    window: str = "10m",
    every: str = "5m",
    calls: int = 3,
    **replaced: str,
) -> Path:
    """A small rule in ``folder``; ``replaced``: text of rule.yaml → other text."""
    path = folder / id
    path.mkdir(parents=True, exist_ok=True)
    text = RULE.format(id=id, window=window, every=every, calls=calls)
    for old, new in replaced.items():
        text = text.replace(old, new)
    (path / "rule.yaml").write_text(text, encoding="utf-8")
    (path / "query.sql").write_text(query, encoding="utf-8")
    return path


def last_words(findings: Iterable[Any]) -> dict[str, Any]:
    """Findings by id, the last one said."""
    return {finding.id: finding for finding in findings}
