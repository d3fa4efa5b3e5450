"""Proof of Sigma rules: each must match its event, refuse its near misses, and need every one of its conditions.

``cases/<rule>.yaml`` holds ``match`` (field → value of one event) and ``near_miss`` (a list of changes to that event; ``null``
removes a field). Dropping any one item of the rule's detection must turn a near miss into a match.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from pipelines.detect.engine import RuleError
from pipelines.detect.matching.compiled import SUFFIXES
from pipelines.detect.matching.rule import EventRule
from pipelines.detect.matching.trial import matches
from pipelines.detect.rulefiles import RuleFolder
from pipelines.detect.sigma.convert import convert

Event = Mapping[str, Any]
_ALWAYS: Final = {"event.id|exists": True}
_NEVER: Final = {"event.id|exists": False}
NOT_RULES: Final = frozenset({"mapping.yml"})


def test(folder: Path) -> list[RuleError]:
    """Replay every case below ``folder``: rules that miss theirs, match a near miss, or hold a condition that proves nothing."""
    errors: list[RuleError] = []
    for path in RuleFolder(folder).files(SUFFIXES):
        raw = path.read_bytes()
        rules, wrong = convert(path, raw)
        errors += wrong
        for rule in rules:
            errors += [RuleError(rule.id, path, None, problem) for problem in _problems(rule, path, raw)]
    return errors


def _problems(rule: EventRule, path: Path, raw: bytes) -> Iterator[str]:
    beside = path.parent / "cases" / f"{path.stem}.yaml"
    if not beside.exists():
        yield f"no case: write cases/{path.stem}.yaml with an event that must match and near misses"
        return
    cases: Mapping[str, Any] = yaml.safe_load(beside.read_text(encoding="utf-8"))
    near = [_changed(cases["match"], change) for change in cases["near_miss"]]
    verdicts = matches(rule, [cases["match"], *near])
    if not verdicts[0]:
        yield "does not match its own event"
    for change, matched in zip(cases["near_miss"], verdicts[1:], strict=True):
        if matched:
            yield f"matches the near miss {change}"
    for dropped, mutant in _mutants(path, raw):
        if not any(matches(mutant, near)):
            yield f"every near miss stays quiet without {dropped}: add one that needs it"


def _changed(event: Event, change: Event) -> dict[str, Any]:
    return {name: value for name, value in {**event, **change}.items() if value is not None}


def _mutants(path: Path, raw: bytes) -> Iterator[tuple[str, EventRule]]:
    """The rule with one item of its detection made true (or, under ``not``, false)."""
    document = yaml.safe_load(raw)
    detection = document["detection"]
    for name, block in detection.items():
        if name == "condition":
            continue
        for label, smaller in _smaller(name, block, negated=f"not {name}" in detection["condition"]):
            mutant = copy.deepcopy(document)
            mutant["detection"][name] = smaller
            rules, errors = convert(path, yaml.safe_dump(mutant).encode())
            if errors:
                raise ValueError(f"{path}: without {label} the rule cannot be read: {errors[0].message}")
            yield label, rules[0]


def _smaller(name: str, block: Any, negated: bool) -> Iterator[tuple[str, Any]]:
    if negated:
        yield name, _NEVER
    elif isinstance(block, dict) and len(block) > 1:
        for field in block:
            yield f"{name}.{field}", {key: value for key, value in block.items() if key != field}
    else:
        yield name, _ALWAYS
