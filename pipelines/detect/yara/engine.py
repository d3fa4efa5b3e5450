"""Scans every extracted file and says which machine it concerns."""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from collectors.segment import ExtractedFile, Segment
from pipelines.detect.engine import RuleError
from pipelines.detect.finding import Fact, Finding
from pipelines.detect.rulefiles import RuleFolder
from pipelines.detect.single import Sighting, Statement, ends, findings
from pipelines.detect.yara import mapping, rules
from pipelines.detect.yara.pool import Match, Outcome, ScanPool

COLUMNS: Final = (
    "event.id", "@timestamp", "source.ip", "destination.ip", "vonggac.source.home", "vonggac.destination.home",
    "file.name", "file.size", "file.mime_type", "file.hash.sha256", "vonggac.file.direction", "url.domain", "url.original",
)  # fmt: skip
REMEMBERED: Final = 4096
"""Outcomes kept by content: an office of 500 machines downloads the same update 500 times and it is scanned once."""
_UNNAMED: Final = "-"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one scan may cost."""

    workers: int = 2
    seconds: int = 10
    """Time limit of one scan; ordinary files take milliseconds, so a longer one is an attack on the scanner."""
    max_bytes: int = 64 << 20
    """Larger files are counted and not scanned: what infects a machine is small, a disk image would stall the queue."""


class YaraEngine:
    """An ``Engine``: answers as soon as a segment with files comes in."""

    def __init__(self, folders: Sequence[RuleFolder], cache: Path, limits: Limits | None = None) -> None:
        """``cache``: folder of compiled rules, readable by this user only; OSError when it cannot be written."""
        self._limits = limits or Limits()
        self._set = rules.load(folders, cache)
        self.errors = list(self._set.errors)
        """Rule files that do not compile and rules that say nothing usable."""
        self._statements = self._read_statements()
        self._pool = ScanPool(self._set.compiled, self._limits.workers, self._limits.seconds)
        self._known: OrderedDict[bytes, tuple[Match, ...]] = OrderedDict()
        self._skipped: Counter[str] = Counter()

    @property
    def counters(self) -> dict[str, int]:
        """Files scanned, remembered, skipped and failed since the start, by reason."""
        return dict(self._pool.counters + self._skipped)

    def feed(self, segment: Segment) -> list[Finding]:
        """Scan the files of ``segment``."""
        table = segment.tables.get("file")
        if table is None or not segment.files or not self._statements:
            return []
        present = [name for name in COLUMNS if name in table.column_names]
        rows: dict[str, dict[str, Any]] = {row["event.id"]: row for row in table.select(present).to_pylist()}
        files = [file for file in segment.files if self._wanted(file, rows)]
        sightings: dict[str, list[Sighting]] = defaultdict(list)
        said: dict[str, Statement] = {}
        for file, matches in zip(files, self._scan(files, rows), strict=True):
            for match in matches:
                statement = self._statements.get((match.namespace, match.rule))
                if statement:
                    said[statement.rule] = statement
                    sightings[statement.rule] += _sightings(statement, rows[file.event_id], file, match)
        return [finding for rule, statement in said.items() for finding in findings(statement, sightings[rule])]

    def advance(self, clock: int) -> list[Finding]:
        """Nothing waits for a window."""
        return []

    def finish(self) -> list[Finding]:
        """Nothing waits for the end."""
        return []

    def close(self) -> None:
        """End the scanning processes."""
        self._pool.close()

    def _read_statements(self) -> dict[tuple[str, str], Statement]:
        statements = {}
        for key, rule in self._set.rules.items():
            try:
                statements[key] = rule.statement(mapping.shipped())
            except ValueError as error:
                self.errors.append(RuleError(rule.id, rule.path, rule.line, str(error)))
        return statements

    def _wanted(self, file: ExtractedFile, rows: dict[str, dict[str, Any]]) -> bool:
        if len(file.content) > self._limits.max_bytes:
            self._skipped["skipped_too_large"] += 1
            return False
        if file.event_id not in rows:
            self._skipped["skipped_no_event"] += 1
            return False
        return bool(file.content)

    def _scan(self, files: list[ExtractedFile], rows: dict[str, dict[str, Any]]) -> list[tuple[Match, ...]]:
        """Matches of each file; equal files are scanned once."""
        names = [str(rows[file.event_id].get("file.name") or "") for file in files]
        keys = [
            blake2b(file.content, digest_size=16, key=name.encode()[:64]).digest()
            for file, name in zip(files, names, strict=True)
        ]
        fresh = {
            key: (name, file.content)
            for key, name, file in zip(keys, names, files, strict=True)
            if key not in self._known
        }
        outcomes = dict(zip(fresh, self._pool.scan(list(fresh.values())), strict=True))
        self._skipped["remembered"] += len(files) - len(fresh)
        result = [outcomes[key].matches if key in outcomes else self._known[key] for key in keys]
        self._remember(outcomes)
        return result

    def _remember(self, outcomes: dict[bytes, Outcome]) -> None:
        """Failures are not kept: the next copy gets another try in a fresh process."""
        self._known.update((key, outcome.matches) for key, outcome in outcomes.items() if not outcome.failed)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


def _sightings(statement: Statement, row: dict[str, Any], file: ExtractedFile, match: Match) -> list[Sighting]:
    url = f"{row.get('url.domain') or ''}{row.get('url.original') or ''}"
    facts: dict[str, Fact] = {
        "file": row.get("file.name") or url or _UNNAMED,
        "size": row.get("file.size") or len(file.content),
        "mime": row.get("file.mime_type"),
        "sha256": row.get("file.hash.sha256"),
        "url": url or None,
        "strings": ", ".join(match.strings),
        "headline": row.get("file.name") or url or match.rule,
    }
    when = row.get("@timestamp") or datetime.fromtimestamp(0, UTC)
    upload = row.get("vonggac.file.direction") == "upload"
    return [Sighting(file.event_id, when, end, facts) for end in ends(statement.behaviour, row, upload)]
