"""Runs all rules about single events over a fresh segment: one query a dataset, however many rules there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from collectors.segment import Segment
from pipelines.detect.engine import RuleError
from pipelines.detect.finding import Fact, Finding
from pipelines.detect.matching import compiled
from pipelines.detect.matching.columns import ROW, derived
from pipelines.detect.matching.flowmarks import Memory, in_order
from pipelines.detect.matching.prefilter import Prefilter
from pipelines.detect.matching.rule import EventRule
from pipelines.detect.rulefiles import RuleFolder
from pipelines.detect.sigma import mapping
from pipelines.detect.single import End, Sighting, Statement, ends, findings

MEMORY: Final = "256MB"
"""DuckDB's share: one segment's columns and a hash of literals fit many times over."""
SHOWN: Final = 200
"""Characters of a value that a text may show: requests and names are the attacker's to write."""
_WHO: Final = (
    "event.id",
    "@timestamp",
    "source.ip",
    "destination.ip",
    "vonggac.source.home",
    "vonggac.destination.home",
    "vonggac.flow.id",
    "vonggac.file.direction",
    "vonggac.dhcp.server_ip",
)


@dataclass(frozen=True, slots=True)
class _Loaded:
    rule: EventRule
    statement: Statement
    rank: int
    """Of rules that match one event, those of a lower rank come first."""


@dataclass(frozen=True, slots=True)
class _Hit:
    loaded: _Loaded
    row: Mapping[str, Any]


class MatchEngine:
    """An ``Engine``: single events match or do not, so every answer comes at once."""

    def __init__(self, folders: Sequence[RuleFolder], cache: Path, off: Collection[str] = ()) -> None:
        """``cache``: folder of converted rules; ``off``: ids of rules not to run. OSError when ``cache`` cannot be written."""
        loaded, self.errors = compiled.load(folders, cache)
        rules = [(rule, rehearsed) for rule, rehearsed in loaded if rule.id not in off]
        ranks = in_order([rule for rule, _ in rules])
        self._rules: dict[str, list[_Loaded]] = defaultdict(list)
        for rule, rehearsed in rules:
            self._rules[rule.dataset].append(_Loaded(rule, rule.statement(rehearsed), ranks.get(rule.id, 0)))
        self._filters: dict[str, Prefilter] = {}
        self._memory = Memory()
        self._connection = duckdb.connect(
            ":memory:", config={"enable_external_access": "false", "threads": "1", "memory_limit": MEMORY}
        )
        self._connection.execute("SET lock_configuration = true")

    def feed(self, segment: Segment) -> list[Finding]:
        """Match every event of ``segment``."""
        hits: list[_Hit] = []
        for dataset in list(self._rules):
            table = segment.tables.get(dataset)
            if table is not None and table.num_rows:
                hits += self._match(dataset, table, self._candidates(dataset, table))
        return self._findings(hits)

    def advance(self, clock: int) -> list[Finding]:
        """Nothing waits for a window."""
        return []

    def finish(self) -> list[Finding]:
        """The input has ended: the next one begins without marks and counts."""
        self._memory = Memory()
        return []

    def close(self) -> None:
        """Free the connection."""
        self._connection.close()

    def _candidates(self, dataset: str, table: pa.Table) -> list[_Loaded]:
        rules = self._rules[dataset]
        if dataset not in self._filters:
            self._filters[dataset] = Prefilter([loaded.rule for loaded in rules])
        return [rules[place] for place in self._filters[dataset].candidates(table)]

    def _match(self, dataset: str, table: pa.Table, rules: list[_Loaded]) -> list[_Hit]:
        if not rules:
            return []
        try:
            hits = self._hits(table, rules)
        except duckdb.Error as error:
            if len(rules) == 1:
                self._retire(dataset, rules[0], error)
                return []
            # One rule fails on these values: run them one by one, so that only that rule falls out.
            return [hit for loaded in rules for hit in self._match(dataset, table, [loaded])]
        if not hits:
            return []
        shown = set(mapping.shipped().facts.get(dataset, {}).values())
        wanted = [name for name in table.column_names if name in _WHO or name in shown]
        rows = table.select(wanted).take(pa.array([row for row, _ in hits], pa.int64())).to_pylist()
        return [_Hit(rules[place], row) for row, (_, which) in zip(rows, hits, strict=True) for place in which]

    def _hits(self, table: pa.Table, rules: list[_Loaded]) -> list[tuple[int, list[int]]]:
        """(row, positions of the rules that match it), for rows with any."""
        flags = ", ".join(f"({loaded.rule.predicate})" for loaded in rules)
        self._connection.register("fresh", derived(table, {name for loaded in rules for name in loaded.rule.needs}))
        try:
            query = f'''SELECT "{ROW}", flags FROM (SELECT "{ROW}", [{flags}] AS flags FROM fresh)
                WHERE list_contains(flags, true) ORDER BY 1'''
            rows = self._connection.execute(query).fetchall()
        finally:
            self._connection.unregister("fresh")
        return [(row, [place for place, hit in enumerate(which) if hit]) for row, which in rows]

    def _findings(self, hits: list[_Hit]) -> list[Finding]:
        hits = [*(hit for hit in hits if not _remembers(hit)), *self._remembered(hits)]
        sightings: dict[int, list[Sighting]] = defaultdict(list)
        said: dict[int, Statement] = {}
        for hit in hits:
            key = id(hit.loaded)
            said[key] = hit.loaded.statement
            facts = _facts(hit.loaded.rule.dataset, hit.row)
            for end in _ends(hit.loaded.rule, hit.row):
                sightings[key].append(Sighting(hit.row["event.id"], hit.row["@timestamp"], end, facts))
        return [finding for key, seen in sightings.items() for finding in findings(said[key], seen)]

    def _remembered(self, hits: list[_Hit]) -> list[_Hit]:
        """Hits of rules with marks or counts that say something, taken in order of time."""
        waiting = [hit for hit in hits if _remembers(hit)]
        waiting.sort(key=lambda hit: (hit.row["@timestamp"], hit.loaded.rank, hit.row["event.id"]))
        return [hit for hit in waiting if self._passes(hit)]

    def _passes(self, hit: _Hit) -> bool:
        rule, row = hit.loaded.rule, hit.row
        address = row.get(str(rule.counts[0])) if rule.counts else None
        return self._memory.passes(rule, str(row.get("vonggac.flow.id")), str(address), row["@timestamp"])

    def _retire(self, dataset: str, loaded: _Loaded, error: duckdb.Error) -> None:
        self._rules[dataset] = [other for other in self._rules[dataset] if other is not loaded]
        self._filters.pop(dataset, None)
        message = f"failed on live events and is out of use: {' '.join(str(error).split())}"
        self.errors.append(RuleError(loaded.rule.id, Path(loaded.rule.path), None, message))


def _remembers(hit: _Hit) -> bool:
    rule = hit.loaded.rule
    return bool(rule.marks or rule.counts or rule.silent)


def _ends(rule: EventRule, row: Mapping[str, Any]) -> list[End]:
    if rule.server_acts:
        server = row.get("vonggac.dhcp.server_ip") or row.get("destination.ip")
        return [End(server, row.get("source.ip"), "source")] if server else []
    # Files come from the server unless the client sent them; everything else is the client's own act.
    return ends(rule.behaviour, row, upload=row.get("vonggac.file.direction") != "download")


def _facts(dataset: str, row: Mapping[str, Any]) -> dict[str, Fact]:
    facts = {name: _shown(row.get(column)) for name, column in mapping.shipped().facts.get(dataset, {}).items()}
    headline = next((value for value in facts.values() if value not in (None, "")), None)
    return {**facts, "headline": headline}


def _shown(value: Any) -> Fact:
    if isinstance(value, list):
        value = ", ".join(str(item) for item in value)
    if isinstance(value, str):
        return value if len(value) <= SHOWN else value[:SHOWN] + "…"
    return value if isinstance(value, int | float | bool) else None
