"""Runs all Sigma rules over a fresh segment: one query a dataset, however many rules there are."""

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
from pipelines.detect.rulefiles import RuleFolder
from pipelines.detect.sigma import compiled, mapping
from pipelines.detect.sigma.columns import ROW, derived
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
)


@dataclass(frozen=True, slots=True)
class _Loaded:
    rule: compiled.SigmaRule
    statement: Statement


class SigmaEngine:
    """An ``Engine``: single events match or do not, so every answer comes at once."""

    def __init__(self, folders: Sequence[RuleFolder], cache: Path, off: Collection[str] = ()) -> None:
        """``cache``: folder of converted rules; ``off``: ids of rules not to run. OSError when ``cache`` cannot be written."""
        rules, self.errors = compiled.load(folders, cache)
        self._rules: dict[str, list[_Loaded]] = defaultdict(list)
        for rule, rehearsed in rules:
            if rule.id not in off:
                self._rules[rule.dataset].append(_Loaded(rule, rule.statement(rehearsed)))
        self._connection = duckdb.connect(
            ":memory:", config={"enable_external_access": "false", "threads": "1", "memory_limit": MEMORY}
        )
        self._connection.execute("SET lock_configuration = true")

    def feed(self, segment: Segment) -> list[Finding]:
        """Match every event of ``segment``."""
        found: list[Finding] = []
        for dataset, rules in list(self._rules.items()):
            table = segment.tables.get(dataset)
            if table is not None and table.num_rows:
                found += self._match(dataset, table, rules)
        return found

    def advance(self, clock: int) -> list[Finding]:
        """Nothing waits for a window."""
        return []

    def finish(self) -> list[Finding]:
        """Nothing waits for the end."""
        return []

    def close(self) -> None:
        """Free the connection."""
        self._connection.close()

    def _match(self, dataset: str, table: pa.Table, rules: list[_Loaded]) -> list[Finding]:
        try:
            hits = self._hits(table, rules)
        except duckdb.Error as error:
            if len(rules) == 1:
                self._retire(dataset, rules[0], error)
                return []
            # One rule fails on these values: run them one by one, so that only that rule falls out.
            return [finding for loaded in rules for finding in self._match(dataset, table, [loaded])]
        rows = table.take(pa.array([row for row, _ in hits], pa.int64())) if hits else None
        return _findings(dataset, rules, rows.to_pylist(), [which for _, which in hits]) if rows is not None else []

    def _hits(self, table: pa.Table, rules: list[_Loaded]) -> list[tuple[int, list[int]]]:
        """(row, positions of the rules that match it), for rows with any."""
        tests = [loaded.rule.predicate for loaded in rules]
        flags = ", ".join(f"({test})" for test in tests)
        anywhere = " OR ".join(f"({test})" for test in tests)
        self._connection.register("fresh", derived(table, {name for loaded in rules for name in loaded.rule.needs}))
        try:
            query = f'SELECT "{ROW}", [{flags}] FROM fresh WHERE {anywhere} ORDER BY 1'
            rows = self._connection.execute(query).fetchall()
        finally:
            self._connection.unregister("fresh")
        return [(row, [place for place, hit in enumerate(which) if hit]) for row, which in rows]

    def _retire(self, dataset: str, loaded: _Loaded, error: duckdb.Error) -> None:
        self._rules[dataset] = [other for other in self._rules[dataset] if other is not loaded]
        message = f"failed on live events and is out of use: {' '.join(str(error).split())}"
        self.errors.append(RuleError(loaded.rule.id, Path(loaded.rule.path), None, message))


def _findings(dataset: str, rules: list[_Loaded], rows: list[dict[str, Any]], hits: list[list[int]]) -> list[Finding]:
    sightings: dict[int, list[Sighting]] = defaultdict(list)
    for row, which in zip(rows, hits, strict=True):
        facts = _facts(dataset, row)
        for place in which:
            for end in _ends(rules[place].rule, row):
                sightings[place].append(Sighting(row["event.id"], row["@timestamp"], end, facts))
    return [finding for place in sorted(sightings) for finding in findings(rules[place].statement, sightings[place])]


def _ends(rule: compiled.SigmaRule, row: Mapping[str, Any]) -> list[End]:
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
