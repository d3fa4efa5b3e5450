"""Conditions tried before they are used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import duckdb
import pyarrow as pa

from pipelines.detect.matching.columns import ROW, derived
from pipelines.detect.matching.rule import EventRule
from schema import DATASETS


def trial(predicate: str, dataset: str, needs: Iterable[str]) -> None:
    """Run it on one empty row: what DuckDB refuses (an expression of another dialect) is found now, not on live traffic."""
    empty = derived(DATASETS[dataset].empty_table(), needs)
    one = pa.table({name: pa.nulls(1, empty.schema.field(name).type) for name in empty.column_names})
    connection = _scratch()
    connection.register("fresh", one)
    connection.execute(f'SELECT "{ROW}" FROM fresh WHERE {predicate}').fetchall()


def matches(rule: EventRule, events: Sequence[Mapping[str, Any]]) -> list[bool]:
    """Which of the events (columns of the rule's dataset) the rule's condition holds for."""
    table = pa.Table.from_pylist([_typed(rule.dataset, event) for event in events], schema=DATASETS[rule.dataset])
    connection = _scratch()
    connection.register("fresh", derived(table, rule.needs))
    rows = connection.execute(f'SELECT "{ROW}" FROM fresh WHERE {rule.predicate}').fetchall()
    hit = {row for (row,) in rows}
    return [at in hit for at in range(len(events))]


def _typed(dataset: str, event: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(event) - set(DATASETS[dataset].names)
    if unknown:
        raise ValueError(f"{dataset} events have no field {', '.join(sorted(unknown))}")
    return {"event.id": "case", "event.dataset": dataset, **event}


@cache
def _scratch() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(":memory:", config={"enable_external_access": "false", "threads": "1"})
