"""Compares every event with all indicators: hash look-ups per column, networks by their prefixes, names with their parents."""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from collectors.segment import Segment
from pipelines.detect.finding import Fact, Finding, Weight
from pipelines.detect.indicators import formats
from pipelines.detect.indicators.indicator import Indicator, Kind
from pipelines.detect.rulefiles import RuleFolder, trusted
from pipelines.detect.single import Sighting, Statement, ends, findings

RULE: Final = "indicator"
COLUMNS: Final[dict[str, dict[str, Kind]]] = {
    "flow": {"source.ip": "ip", "destination.ip": "ip"},
    "dns": {"dns.question.name": "domain", "dns.resolved_ip": "ip"},
    "http": {"url.domain": "domain"},
    "tls": {"tls.client.server_name": "domain", "tls.client.ja3": "ja3", "tls.client.ja4": "ja4"},
    "x509": {"file.hash.sha256": "certificate"},
    "file": {"file.hash.md5": "md5", "file.hash.sha1": "sha1", "file.hash.sha256": "sha256"},
}
"""Dataset → column → what is looked for in it. Flows are compared once, at their end."""
CERTIFICATES: Final = {"tls.server.hash.sha1": "certificate", "tls.server.hash.sha256": "certificate"}
WEIGHT: Final = Weight(1.5, "indicator", cap=2.0)
UNANSWERED: Final = Weight(0.75, "indicator", cap=2.0)
"""A lone SYN towards a listed address proves less."""
ANSWERED: Final = frozenset({"SF", "S1", "RSTO", "RSTR", "OTH"})
"""Flow states in which the other side answered."""
TITLE: Final = {"vi": "Trùng dấu hiệu nhận biết mã độc", "en": "Known indicator"}
EXPLANATION: Final = {
    "vi": "{machine} có liên hệ với {value} ({peer}), có trong danh sách {source}, dòng {line}: {label}.",
    "en": "{machine} was in touch with {value} ({peer}), listed in {source}, line {line}: {label}.",
}
ROW: Final = (
    "event.id",
    "@timestamp",
    "source.ip",
    "destination.ip",
    "vonggac.source.home",
    "vonggac.destination.home",
)


class IndicatorEngine:
    """An ``Engine``: single events match or do not, so every answer comes at once."""

    def __init__(self, folders: Sequence[RuleFolder], off: Sequence[str] = ()) -> None:
        """Reads every file below the folders; ``off`` names files (without ending) that are not used."""
        self.errors = []
        self._known: dict[Kind, dict[str, tuple[Indicator, bool]]] = defaultdict(dict)
        for folder in folders:
            for path in folder.files(formats.SUFFIXES):
                if path.stem not in off:
                    found, wrong = formats.read(path, path.read_bytes())
                    self.errors += wrong
                    for indicator in found:
                        self._known[indicator.kind].setdefault(indicator.value, (indicator, folder.rehearsed))
        self._prefixes = _prefixes(self._known["network"])
        self._parents = lru_cache(maxsize=65536)(self._listed_parent)

    @property
    def counters(self) -> dict[str, int]:
        """How many indicators of each kind are in use."""
        return {kind: len(known) for kind, known in self._known.items() if known}

    def feed(self, segment: Segment) -> list[Finding]:
        """Compare every event of ``segment``."""
        if not self.counters:
            return []
        found: dict[tuple[Indicator, bool, bool], list[Sighting]] = defaultdict(list)
        for dataset, table in segment.tables.items():
            for row, indicator, rehearsed in self._hits(dataset, table):
                found[indicator, rehearsed, _answered(row)] += _sightings(row, indicator)
        return [one for key, seen in found.items() for one in findings(_statement(*key), seen)]

    def advance(self, clock: int) -> list[Finding]:
        """Nothing waits for a window."""
        return []

    def finish(self) -> list[Finding]:
        """Nothing waits for the end."""
        return []

    def close(self) -> None:
        """Nothing is held outside this object."""

    def _hits(self, dataset: str, table: pa.Table) -> Iterator[tuple[dict[str, Any], Indicator, bool]]:
        columns = {**COLUMNS.get(dataset, {}), **(CERTIFICATES if dataset == "tls" else {})}
        hits: dict[int, tuple[Indicator, bool]] = {}
        for column, kind in columns.items():
            if column in table.column_names:
                for row, match in self._column(table[column], kind):  # type: ignore[arg-type]
                    hits.setdefault(row, match)
        if dataset == "http" and self._known["url"]:
            for row, match in self._urls(table):
                hits.setdefault(row, match)
        if hits:
            wanted = [
                name for name in (*ROW, "vonggac.flow.state", "vonggac.file.direction") if name in table.column_names
            ]
            rows = table.select(wanted).take(pa.array(sorted(hits), pa.int64())).to_pylist()
            for row, place in zip(rows, sorted(hits), strict=True):
                yield row, *hits[place]

    def _column(self, column: pa.ChunkedArray, kind: Kind) -> Iterator[tuple[int, tuple[Indicator, bool]]]:
        """(row, indicator) for each value that is listed; each distinct value is looked up once."""
        values, rows = column.combine_chunks(), None
        if pa.types.is_list(values.type):
            values, rows = values.flatten(), pc.list_parent_indices(values)
        encoded = values.dictionary_encode()
        listed = {
            at: match
            for at, text in enumerate(encoded.dictionary.to_pylist())
            if text and (match := self._match(kind, text))
        }
        if not listed:
            return
        mask = pc.is_in(encoded.indices, value_set=pa.array(list(listed), encoded.indices.type))
        for place in pc.indices_nonzero(pc.fill_null(mask, False)).to_pylist():
            yield (rows[place].as_py() if rows is not None else place), listed[encoded.indices[place].as_py()]

    def _match(self, kind: Kind, text: str) -> tuple[Indicator, bool] | None:
        if kind == "ip":
            return self._known["ip"].get(text) or self._network(text)
        if kind == "domain":
            return self._parents(text.lower().rstrip("."))
        return self._known[kind].get(text.lower())

    def _listed_parent(self, name: str) -> tuple[Indicator, bool] | None:
        """The name itself or the nearest parent that is listed: who is told of bad.example means all below it."""
        while name:
            if match := self._known["domain"].get(name):
                return match
            _, _, name = name.partition(".")
        return None

    def _network(self, text: str) -> tuple[Indicator, bool] | None:
        if not self._prefixes:
            return None
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            return None
        for length in self._prefixes.get(address.version, ()):
            network = str(ipaddress.ip_network((address, length), strict=False))
            if match := self._known["network"].get(network):
                return match
        return None

    def _urls(self, table: pa.Table) -> Iterator[tuple[int, tuple[Indicator, bool]]]:
        columns = table.select(["url.domain", "url.port", "url.original"]).to_pydict()
        for row, (host, port, target) in enumerate(zip(*columns.values(), strict=True)):
            if host and target:
                where = f"{host}:{port}" if port not in (None, 80, 443) else host
                path = target.split("://", 1)[1].partition("/")[2] if "://" in target else target.removeprefix("/")
                if match := self._known["url"].get(f"{where}/{path}"):
                    yield row, match


def _prefixes(networks: dict[str, tuple[Indicator, bool]]) -> dict[int, list[int]]:
    """Prefix lengths in use by IP version, the longest first."""
    lengths: dict[int, set[int]] = defaultdict(set)
    for text in networks:
        network = ipaddress.ip_network(text)
        lengths[network.version].add(network.prefixlen)
    return {version: sorted(found, reverse=True) for version, found in lengths.items()}


def _sightings(row: dict[str, Any], indicator: Indicator) -> list[Sighting]:
    upload = row.get("vonggac.file.direction") != "download"
    facts: dict[str, Fact] = {"value": indicator.value, "source": indicator.source, "line": indicator.line,
             "label": indicator.label or indicator.kind, "headline": indicator.value}  # fmt: skip
    own = [end for end in ends("known-indicator", row, upload) if end.machine != indicator.value]
    return [Sighting(row["event.id"], row["@timestamp"], end, facts) for end in own]


def _answered(row: dict[str, Any]) -> bool:
    return row.get("vonggac.flow.state", "SF") in ANSWERED


def _statement(indicator: Indicator, rehearsed: bool, answered: bool) -> Statement:
    """One rule a file: a machine has one alert a list, however many of its lines it met."""
    return Statement(
        rule=f"{RULE}:{Path(indicator.source).stem}"[:200],
        version=1,
        engine="indicator",
        behaviour="known-indicator",
        severity=indicator.severity,
        weight=trusted(WEIGHT if answered else UNANSWERED, rehearsed),
        title=TITLE,
        explanation=EXPLANATION,
    )
