"""Proof of behaviour rules: packets of scenarios that must be found, near misses that must not, and a miss for every condition.

``cases.yaml`` beside a rule::

    match:                                   # scenarios by name (python -m scenarios list) with their parameters
      - {beacon: {period: 60, jitter: 0.2}}
      - {browsing: {}, beacon: {}}           # several in one capture; the first names the machine that must be found
    near_miss:
      - {updater: {}}
    rows:                                    # events of one condition's edge, without packets
      match: [{dataset: http, count: 5, every: 60, row: {url.domain: a.example}}]
      near_miss:
        posts or repeats: [{count: 2}]       # what differs in the first, second … group of ``match``
      proof:                                 # must be found as deterministic evidence …
        several servers: [{count: 9}]
      no_proof:                              # … and what must not, though it may be found
        two of one owner: [{count: 3}]

Scenarios are written as packets by their own process and read by the real sensor. Rows fill the columns of the schema
directly; ``{i}`` in a value is the row's number, ``{i+100}`` counts from 100, ``{h12}`` is 12 characters of chance, ``{w}`` two
words. ``repeat: 5`` numbers the rows 0 to 4 again and again; ``every`` may be a list of gaps, taken in turn.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import yaml

from collectors.segment import Segment
from pipelines import settings
from pipelines.detect.behaviour.conditions import Condition, conditions, without
from pipelines.detect.behaviour.engine import BehaviourEngine
from pipelines.detect.behaviour.rule import BehaviourRule
from pipelines.detect.behaviour.rules import RuleSet
from pipelines.detect.engine import RuleError
from pipelines.detect.finding import Finding
from pipelines.detect.rulefiles import RuleFolder, content_key
from pipelines.enrich import Enricher
from pipelines.settings import Zone
from schema import DATASETS

ACTOR: Final = "10.20.7.31"
"""The machine that acts in every scenario and row, unless a parameter ``machine`` says otherwise."""
ZONES: Final = (
    Zone(name="archive", networks=(IPv4Network("10.20.9.0/24"),), isolated=True),
    Zone(name="office", networks=(IPv4Network("10.20.0.0/16"),)),
)
"""The network of the cases."""
SCENARIOS: Final = Path(__file__).resolve().parents[3] / "scenarios"
SECONDS: Final = 120
"""For one scenario's process to write its packets."""
_START: Final = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
_NUMBER: Final = re.compile(r"\{i(?:\+(\d+))?\}")
_CHANCE: Final = re.compile(r"\{h(\d+)\}")
_WORDS: Final = (
    "market", "station", "garden", "river", "cloud", "mountain", "paper", "silver", "summer", "travel", "doctor", "school",
    "kitchen",
)  # fmt: skip
_DEFAULTS: Final[Mapping[str, Any]] = {
    "observer.id": "case", "network.transport": "tcp", "source.ip": ACTOR, "source.port": "{i+50000}",
    "destination.ip": "203.0.113.9", "destination.port": 80, "vonggac.source.home": True, "vonggac.destination.home": False,
    "network.direction": "outbound", "vonggac.source.zone": "office",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """One input and whether the rule must speak."""

    name: str
    expected: str | None
    """The machine that must be found, and no other; None for a near miss."""
    segments: tuple[Segment, ...]
    proof: bool | None = None
    """Whether the finding must be deterministic; None where that is not asked."""


class CaseError(Exception):
    """A case that cannot be played; the message says why."""


def test(folder: Path) -> list[RuleError]:
    """Play every case of every rule below ``folder``, see ``prove``."""
    return prove(folder)


def prove(folder: Path, mutate: bool = True, only: str = "", cache: Path | None = None) -> list[RuleError]:
    """Play every case below ``folder``: rules that miss theirs, find a near miss, have none, or have a condition that no
    case needs (``mutate``). ``only``: one rule. ``cache``: folder of written captures.
    """
    found = RuleSet([RuleFolder(folder, rehearsed=True)], {}, ())
    proving = _Proving(found)
    errors = [*found.errors, *proving.engine.errors]
    try:
        for rule in list(proving.engine.rules.values()):
            if not only or rule.id == only:
                errors += proving.prove(rule, cache or default_cache(), mutate)
    finally:
        proving.engine.close()
    return errors


def default_cache() -> Path:
    """Where captures of cases are kept between runs."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vonggac" / "cases"


class _Proving:
    """One engine that is given one rule after the other."""

    def __init__(self, found: RuleSet) -> None:
        self._set = found
        self.engine = BehaviourEngine([], rules=found, zones=ZONES)

    def prove(self, rule: BehaviourRule, cache: Path, mutate: bool) -> Iterator[RuleError]:
        path = rule.folder / "cases.yaml"
        try:
            cases = load(path, cache)
        except (CaseError, OSError, yaml.YAMLError) as error:
            yield RuleError(rule.id, path, None, " ".join(str(error).split()))
            return
        for problem in self._problems(rule, cases):
            yield RuleError(rule.id, path, None, problem)
        if mutate:
            for condition in conditions(rule.query):
                if condition.final and not self._missed(rule, condition, cases):
                    message = f"no case fails without the condition {condition.text!r}: add a near miss"
                    yield RuleError(rule.id, rule.folder / "query.sql", condition.line, message)

    def _missed(self, rule: BehaviourRule, condition: Condition, cases: Sequence[Case]) -> bool:
        # Without what wakes and guards it as well: they only save work, and repeat conditions of the query.
        bare = rule.definition.model_copy(update={"wakes": {}, "guard": None})
        changed = replace(rule, definition=bare, query=without(rule.query, condition))
        # Near misses first: one of them is what the condition is for.
        ordered = sorted((case for case in cases if case.proof is None), key=lambda case: case.expected is not None)
        return next(self._problems(changed, ordered), None) is not None

    def _problems(self, rule: BehaviourRule, cases: Iterable[Case]) -> Iterator[str]:
        self._set.rules = {rule.id: rule}
        self.engine.reload()
        if rule.id not in self.engine.rules:
            yield "; ".join(error.message for error in self.engine.errors)
            return
        for case in cases:
            found = [finding for finding in self._play(case) if finding.role == "source" or not rule.definition.mirror]
            machines = {finding.machine for finding in found}
            proof = any(finding.weight.deterministic for finding in found)
            if case.proof is not None:
                if case.proof != proof:
                    yield f"{case.name}: must {'' if case.proof else 'not '}be deterministic evidence"
            elif case.expected is None and machines:
                yield f"near miss {case.name}: finds {', '.join(sorted(machines))}"
            elif case.expected is not None and machines != {case.expected}:
                yield f"{case.name}: must find {case.expected} and nothing else, finds {', '.join(sorted(machines)) or 'nothing'}"

    def _play(self, case: Case) -> list[Finding]:
        found = [finding for segment in case.segments for finding in self.engine.feed(segment)]
        return found + self.engine.finish()


def load(path: Path, cache: Path) -> list[Case]:
    """The cases of one rule. CaseError, OSError, YAMLError."""
    if not path.exists():
        raise CaseError("no cases: add one that must match and near misses that must not")
    content: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    unknown = set(content) - {"match", "near_miss", "rows"}
    if unknown:
        raise CaseError(f"{', '.join(sorted(unknown))}: there are match, near_miss and rows")
    cases = [_scenario(entry, True, cache) for entry in content.get("match", ())]
    cases += [_scenario(entry, False, cache) for entry in content.get("near_miss", ())]
    cases += _rows(content.get("rows") or {})
    if not any(case.expected for case in cases) or not any(case.expected is None for case in cases):
        raise CaseError("a rule needs both a case that must match and a near miss")
    return cases


# packets


def _scenario(entry: Mapping[str, Mapping[str, Any] | None], match: bool, cache: Path) -> Case:
    parts = [(name, dict(values or {})) for name, values in entry.items()]
    capture = write(parts, cache)
    name = " + ".join(f"{name} {values}" if values else name for name, values in parts)
    machine = str(parts[0][1].get("machine", ACTOR))
    return Case(name, machine if match else None, tuple(read(capture)))


def write(parts: Sequence[tuple[str, Mapping[str, Any]]], cache: Path) -> Path:
    """The capture of some scenarios, written by their own process unless it is there already. Raises CaseError."""
    words: list[str] = []
    for name, values in parts:
        words += (["+"] if words else []) + [name, *(f"{key}={_word(value)}" for key, value in values.items())]
    path = cache / f"{content_key([_programs(), *words])}.pcap"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "scenarios", "write", *words, "--out", str(path)]
        done = subprocess.run(
            command, cwd=SCENARIOS.parent, capture_output=True, text=True, timeout=SECONDS, check=False
        )
        if done.returncode:
            raise CaseError(f"scenario {' '.join(words)}: {done.stderr.strip().splitlines()[-1:] or done.returncode}")
    return path


def read(capture: Path) -> Iterator[Segment]:
    """What sensor and enrichment make of a capture."""
    from collectors.capture import CaptureReader, SensorOptions

    enricher = Enricher(settings.load())
    for segment in CaptureReader(capture, SensorOptions(observer="case")).segments():
        yield enricher.enrich(segment)


def _word(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _programs() -> str:
    """Changes when the generators do."""
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted(SCENARIOS.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


# rows


def _rows(content: Mapping[str, Any]) -> Iterator[Case]:
    if not content:
        return
    groups: list[dict[str, Any]] = content["match"]
    yield Case("rows", ACTOR, (segment(groups),))
    for name, changes in content.get("near_miss", {}).items():
        yield Case(f"rows, {name}", None, (segment(_all_changed(groups, changes)),))
    for key, proof in (("proof", True), ("no_proof", False)):
        for name, changes in content.get(key, {}).items():
            yield Case(f"rows, {name}", None, (segment(_all_changed(groups, changes)),), proof)


def _all_changed(
    groups: Sequence[Mapping[str, Any]], changes: Sequence[Mapping[str, Any] | None]
) -> list[dict[str, Any]]:
    changed = [_changed(group, change) for group, change in zip(groups, [*changes, *[{}] * len(groups)], strict=False)]
    return changed + [dict(further or {}) for further in changes[len(groups) :]]


def _changed(group: Mapping[str, Any], change: Mapping[str, Any] | None) -> dict[str, Any]:
    change = change or {}
    if "dataset" in change:
        return dict(change)
    return {**group, **change, "row": {**group.get("row", {}), **change.get("row", {})}}


def segment(groups: Iterable[Mapping[str, Any]]) -> Segment:
    """Groups of like events as one segment. Raises CaseError."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for place, group in enumerate(groups):
        rows.setdefault(group["dataset"], []).extend(_events(place, group))
    tables = {dataset: _table(dataset, events) for dataset, events in rows.items()}
    return Segment("case-1", "case", tables, int(_START.timestamp() * 1e6))


def _events(place: int, group: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    dataset = group["dataset"]
    schema = DATASETS[dataset]
    unknown = set(group.get("row", {})) - set(schema.names)
    if unknown:
        raise CaseError(f"{dataset} has no column {', '.join(sorted(unknown))}")
    gaps = group.get("every", 1)
    gaps = gaps if isinstance(gaps, list) else [gaps]
    seconds = group.get("after", 0)
    for place_in_group in range(int(group.get("count", 1))):
        number = place_in_group % int(group.get("repeat", 1 << 30))
        values = {**_DEFAULTS, **group.get("row", {})}
        event = {
            name: _value(value, schema.field(name).type, number)
            for name, value in values.items()
            if name in schema.names
        }
        event |= {
            "@timestamp": _START + timedelta(seconds=seconds),
            "event.dataset": dataset,
            "event.id": f"{dataset}-{place}-{place_in_group}",
        }
        yield event
        seconds += gaps[place_in_group % len(gaps)]


def _value(value: Any, kind: pa.DataType, number: int) -> Any:
    if isinstance(value, list):
        return [_value(item, kind.value_type, number) for item in value]
    if not isinstance(value, str):
        return value
    text = _NUMBER.sub(lambda match: str(number + int(match[1] or 0)), value)
    text = text.replace("{w}", _WORDS[number % len(_WORDS)] + _WORDS[number * 5 % 13])
    text = _CHANCE.sub(lambda match: hashlib.sha256(str(number).encode()).hexdigest()[: int(match[1])], text)
    if pa.types.is_timestamp(kind):
        return datetime.fromisoformat(text)
    return int(text) if pa.types.is_integer(kind) else text


def _table(dataset: str, events: Sequence[Mapping[str, Any]]) -> pa.Table:
    schema = DATASETS[dataset]
    return pa.table(
        [pa.array([event.get(name) for event in events], schema.field(name).type) for name in schema.names],
        schema=schema,
    )
