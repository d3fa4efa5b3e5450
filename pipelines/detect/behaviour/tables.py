"""What queries can read: the datasets as tables of just the columns that some rule names, and the sums by hour."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa

from pipelines.detect.behaviour import rollups
from pipelines.detect.behaviour.rule import BehaviourRule
from schema import DATASETS

MACROS: Final = Path(__file__).with_name("macros.sql")
ALWAYS: Final = ("@timestamp", "event.id", "source.ip", "destination.ip", "vonggac.source.home")
"""Columns of every table: windows, evidence and prevalence need them."""
PREVALENCE: Final = ("destination.registered_domain", "destination.domain")
"""Columns of ``flow`` from which the engine tells how many machines call a place."""
EXTRA: Final = "zone"
"""A small table of the configured zones: ``zone(name, isolated)``."""
_QUOTED: Final = re.compile(r'"([^"\n]+)"')
_TYPES: Final = {"string": "varchar", "int64": "bigint", "int32": "integer", "double": "double", "bool": "boolean"}


def readable() -> set[str]:
    """Everything that a rule may name in ``reads``."""
    return {*DATASETS, *rollups.COLUMNS, EXTRA}


def sources(reads: Iterable[str]) -> set[str]:
    """The datasets behind ``reads``: where an event makes a window worth looking at."""
    found: set[str] = set()
    for name in reads:
        found |= set(rollups.NEEDS) if name in rollups.COLUMNS else {name} & set(DATASETS)
    return found


def unknown_columns(query: str, reads: Sequence[str]) -> list[tuple[int, str]]:
    """(line, name) of quoted names that look like columns (with a dot) and are in nothing that the rule reads."""
    known = {field for name in reads if name in DATASETS for field in DATASETS[name].names}
    known |= {column for name in reads for column in rollups.COLUMNS.get(name, ())}
    found = []
    for number, line in enumerate(query.splitlines(), 1):
        names = _QUOTED.findall(line.partition("--")[0])
        found += [(number, name) for name in names if "." in name and name not in known]
    return found


def columns(rules: Iterable[BehaviourRule]) -> dict[str, list[str]]:
    """Dataset → the columns that have to be kept for ``rules``."""
    kept: dict[str, set[str]] = {}
    for rule in rules:
        for dataset in sources(rule.definition.reads):
            named = _QUOTED.findall(rule.query) + _QUOTED.findall(rule.definition.wakes.get(dataset, ""))
            names = set(named) & set(DATASETS[dataset].names)
            kept.setdefault(dataset, set(ALWAYS)).update(names)
        if set(rule.definition.reads) & set(rollups.COLUMNS):
            for dataset, needed in rollups.NEEDS.items():
                kept.setdefault(dataset, set(ALWAYS)).update(needed)
    if kept:
        kept.setdefault("flow", set(ALWAYS)).update(PREVALENCE)
    return {dataset: [n for n in DATASETS[dataset].names if n in names] for dataset, names in sorted(kept.items())}


def create(kept: Mapping[str, Sequence[str]]) -> list[str]:
    """SQL that makes the tables, and for every dataset an empty view against which queries are checked."""
    statements = []
    for dataset in DATASETS:
        names = kept.get(dataset, ())
        defined = ["batch integer", *(f'"{n}" {_type(DATASETS[dataset].field(n).type)}' for n in names)]
        statements.append(f"create table raw_{dataset} ({', '.join(defined)})")
        statements.append(f"create view {dataset} as select * from raw_{dataset}")
    if rollups_wanted(kept):
        statements += rollups.CREATE
    return statements


def rollups_wanted(kept: Mapping[str, Sequence[str]]) -> bool:
    """Whether the columns for the sums by hour are there."""
    return all(set(needed) <= set(kept.get(dataset, ())) for dataset, needed in rollups.NEEDS.items())


def pruned(table: pa.Table, dataset: str, names: Sequence[str], batch: int) -> pa.Table:
    """``table`` with just ``names``, times as DuckDB's plain timestamps; columns that are not there yet are null."""
    arrays, fields = [pa.array([batch] * table.num_rows, pa.int32())], [pa.field("batch", pa.int32())]
    for name in names:
        kind = DATASETS[dataset].field(name).type
        column = table.column(name) if name in table.column_names else pa.nulls(table.num_rows, kind)
        plain = pa.timestamp("us") if pa.types.is_timestamp(kind) else kind
        arrays.append(column.cast(plain))
        fields.append(pa.field(name, plain))
    return pa.table(arrays, schema=pa.schema(fields))


def bounded(reads: Sequence[str], start: int, end: int, since: int = 0) -> str:
    """The WITH clause that shows a query just one window of what it reads; of the sums by hour, if ``since`` is the number of
    a load, only those of pairs that have changed after it.
    """
    parts = []
    if since:
        parts.append(rollups.changed(start // rollups.HOUR, -(-end // rollups.HOUR), since))
    for name in reads:
        if name in rollups.COLUMNS and not since:
            where = f"hour >= {start // rollups.HOUR} and hour < {-(-end // rollups.HOUR)}"
            parts.append(f"{name} as not materialized (select * from main.{name} where {where})")
        elif name in DATASETS:
            where = f'"@timestamp" >= make_timestamp({start}) and "@timestamp" < make_timestamp({end})'
            parts.append(f"{name} as not materialized (select * from raw_{name} where {where})")
    return f"with {', '.join(parts)} " if parts else ""


def _type(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return _type(kind.value_type) + "[]"
    return "timestamp" if pa.types.is_timestamp(kind) else _TYPES[str(kind)]
