"""The events of the windows that can still matter, in the worker's tables; survives the worker's death."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from pipelines.detect.behaviour import rollups, tables
from pipelines.detect.behaviour.child import Child, ChildError
from pipelines.detect.behaviour.lists import Lists
from pipelines.detect.behaviour.worker import MOST_ROWS
from pipelines.settings import Zone

COPY_BYTES: Final = 64 << 20
"""Copies kept to fill a new worker with after a crash: a capture, or the last hours of a site. Older events are then lost."""

WAKE_SECONDS: Final = 30
"""To sort new events into windows: one pass over them."""

SUM_SECONDS: Final = 30
"""To find the hours that new events lie in."""

BUCKETS_MOST: Final = 1_000_000
"""Buckets of time that one batch of events may lie in: ten years of five minutes, with room."""


class Held:
    """Tables in a child process that can be loaded, queried, cut and made anew."""

    def __init__(self, zones: Sequence[Zone], spill: Path | None = None) -> None:
        """``spill``: folder for what does not fit into the worker's memory."""
        self._child = Child(spill)
        self._zones = zones
        self._columns: dict[str, list[str]] = {}
        self._lists = Lists(())
        self._setup: list[str] = []
        self._copies: deque[tuple[str, pa.Table]] = deque()
        self._copied = 0
        self._batch = 0
        self._summed = 0
        self._seen = 0
        self._fresh: set[str] = set()
        self.rows = 0
        """Events in the tables."""

    def set_up(self, columns: Mapping[str, Sequence[str]], lists: Lists) -> None:
        """Make the tables for ``columns`` and the macros; where columns are new, what was held is loaded again.

        Raises ChildError.
        """
        if self._setup and all(set(names) <= set(self._columns.get(dataset, ())) for dataset, names in columns.items()):
            self._lists = lists
            self._execute(lists.setup())
            for dataset, table in self._copies:
                lists.note(dataset, table)
            return
        self._columns = {dataset: list(names) for dataset, names in columns.items()}
        self._lists = lists
        macros = tables.MACROS.read_text(encoding="utf-8")
        self._setup = [macros, *tables.create(self._columns), *self._zone_table()]
        self._fill()

    @property
    def layout(self) -> str:
        """The SQL that made the tables: whatever changes it may change what queries give."""
        return "\n".join([*self._setup, *sorted(self._lists.names)])

    @property
    def batch(self) -> int:
        """Number of the last load that the sums by hour hold."""
        return self._summed

    def check(self, queries: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
        """Columns of queries, or why they cannot run. Raises ChildError."""
        return self._child.ask({"do": "check", "queries": list(queries)})["rules"]  # type: ignore[no-any-return]

    def load(self, dataset: str, table: pa.Table) -> None:
        """Add events. Raises ChildError."""
        if dataset not in self._columns or not table.num_rows:
            return
        self._batch += 1
        fresh = tables.pruned(table, dataset, self._columns[dataset], self._batch)
        self._lists.note(dataset, fresh)
        self._copies.append((dataset, fresh))
        self._copied += fresh.nbytes
        while self._copied > COPY_BYTES and len(self._copies) > 1:
            self._copied -= self._copies.popleft()[1].nbytes
        self.rows += table.num_rows
        self._fresh.add(dataset)
        self._ask_load(dataset, fresh)

    def query(self, sql: str, parameters: Mapping[str, Any], seconds: float, most: int = MOST_ROWS) -> dict[str, Any]:
        """Run one query: ``{"rows": …}`` (at most ``most``) or ``{"failed": why}``. Raises ChildError."""
        request = {"do": "query", "sql": sql, "parameters": dict(parameters), "seconds": seconds, "most": most}
        return self._child.ask(request)

    def fresh(self, wanted: Sequence[tuple[str, str, int, str]]) -> list[tuple[str, list[int]]]:
        """Which buckets (time // every) the events loaded since the last call lie in, by rule. Raises ChildError.

        ``wanted``: (dataset, rule, every, condition on the event). After a crash everything held counts as new: windows are
        looked at again, which changes nothing.
        """
        woken = []
        listed = self._lists.update()
        if listed:
            self._execute(listed)
        for dataset in sorted(self._fresh):
            asked = [(rule, every, condition) for name, rule, every, condition in wanted if name == dataset]
            conditions = sorted({condition for _, _, condition in asked if condition != "false"})
            if not conditions:
                continue
            step = math.gcd(*(every for _, every, _ in asked))
            # Floor division: // of DuckDB cuts towards zero, and captures may be older than 1970.
            flags = ", ".join(f"bool_or({condition})" for condition in conditions)
            sql = f"""select floor(epoch_us("@timestamp") / {step})::bigint, {flags} from raw_{dataset}
                where batch > {self._seen} group by 1"""
            answer = self.query(sql, {}, WAKE_SECONDS, BUCKETS_MOST)
            if "failed" in answer:
                raise ChildError(answer["failed"])
            rows = [tuple(row.values()) for row in answer["rows"]]
            for rule, every, condition in asked:
                place = conditions.index(condition) + 1 if condition in conditions else None
                woken.append((rule, [row[0] * step // every for row in rows if place and row[place]]))
        self._fresh.clear()
        self._seen = self._batch
        return woken

    def sum_up(self) -> None:
        """Bring the sums by hour up to date. Raises ChildError."""
        if self._summed >= self._batch or not tables.rollups_wanted(self._columns):
            return
        self._execute(rollups.touch(self._summed))
        answer = self.query(rollups.TOUCHED_SPAN, {}, SUM_SECONDS)
        if "failed" in answer:
            raise ChildError(answer["failed"])
        span = answer["rows"][0]
        if span["first"] is not None:
            self._execute(rollups.refresh(span["first"], span["last"], self._batch))
        self._summed = self._batch

    def forget(self, before: int) -> None:
        """Drop events and sums older than ``before`` (µs). Raises ChildError."""
        statements = [
            f'delete from raw_{dataset} where "@timestamp" < make_timestamp({before})' for dataset in self._columns
        ]
        if tables.rollups_wanted(self._columns):
            statements += [f"delete from {name} where hour < {before // rollups.HOUR}" for name in rollups.COLUMNS]
        self._execute(statements)

    def clear(self) -> None:
        """Drop everything, for the next input. Raises ChildError."""
        self._lists.forget()
        names = [f"raw_{dataset}" for dataset in self._columns]
        if tables.rollups_wanted(self._columns):
            names += rollups.COLUMNS
        self._copies.clear()
        self._fresh.clear()
        self._copied, self.rows, self._summed, self._seen = 0, 0, self._batch, self._batch
        self._execute([f"truncate {name}" for name in names])

    def recover(self) -> None:
        """After a ChildError: a new worker with what is still held. Raises ChildError when that fails as well."""
        self._fill()

    def close(self) -> None:
        """End the worker."""
        self._child.stop()

    def _fill(self) -> None:
        self._child.stop()
        self._execute([*self._lists.setup(), *self._setup])
        self._summed = 0
        self._seen = 0
        self._fresh = {dataset for dataset, _ in self._copies}
        self.rows = sum(table.num_rows for _, table in self._copies)
        for dataset, table in self._copies:
            self._ask_load(dataset, _fitting(table, self._columns.get(dataset, ())))

    def _execute(self, statements: Sequence[str]) -> None:
        answer = self._child.ask({"do": "execute", "sql": list(statements)})
        if "failed" in answer:
            raise ChildError(answer["failed"])

    def _ask_load(self, dataset: str, table: pa.Table) -> None:
        answer = self._child.ask({"do": "load", "table": f"raw_{dataset}"}, table)
        if "failed" in answer:
            raise ChildError(f"{dataset}: {answer['failed']}")

    def _zone_table(self) -> list[str]:
        rows = ", ".join(f"('{zone.name}', {str(zone.isolated).lower()})" for zone in self._zones)  # names: [a-z0-9_.-]
        return [
            "create table zone (name varchar, isolated boolean)",
            *([f"insert into zone values {rows}"] if rows else []),
        ]


def _fitting(table: pa.Table, columns: Sequence[str]) -> pa.Table:
    """A copy made before the rules changed, with the columns that are wanted now."""
    wanted = [name for name in table.column_names if name == "batch" or name in columns]
    return table.select(wanted)
