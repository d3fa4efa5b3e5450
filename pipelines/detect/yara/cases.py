"""Proof of YARA rules: each must match its sample and refuse the near miss of each named condition.

A condition line ends with ``// when: <name>``; ``cases/<file>.yaml`` holds, for every rule id, ``match`` (a sample) and
``near_miss`` (name → what differs; ``name`` is the file's name, ``rename`` renames parts, ``first`` puts a part in front).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
import yara

from pipelines.detect.engine import RuleError
from pipelines.detect.rulefiles import RuleFolder
from pipelines.detect.yara.rules import EXTERNALS, SUFFIXES, read
from pipelines.detect.yara.samples import sample, varied
from pipelines.detect.yara.worker import scan

_SECONDS: Final = 10
_CONDITION: Final = re.compile(r"^(\s*(?:and )?)(.+?)\s*// when: (\w+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Case:
    """One file and what the rule must say about it."""

    rule: str
    without: str | None
    """The condition that keeps the rule quiet; None for the file that must match."""
    name: str
    content: bytes


def load(path: Path) -> dict[str, list[Case]]:
    """Cases by rule id from the file of cases that belongs to the rule file ``path``; empty if there is none."""
    beside = path.parent / "cases" / f"{path.stem}.yaml"
    if not beside.exists():
        return {}
    entries: Mapping[str, Any] = yaml.safe_load(beside.read_text(encoding="utf-8")) or {}
    return {rule: list(_cases(rule, entry)) for rule, entry in entries.items()}


def conditions(text: str, rule: str) -> list[str]:
    """Names of the conditions of one rule."""
    return [match[3] for match in _CONDITION.finditer(_body(text, rule))]


def without(text: str, rule: str, condition: str) -> str:
    """The rule file with one condition of one rule made true (and still mentioned: YARA refuses unused strings)."""
    body = _body(text, rule)

    def dropped(match: re.Match[str]) -> str:
        return f"{match[1]}(({match[2]}) or true)" if match[3] == condition else match[0]

    return text.replace(body, _CONDITION.sub(dropped, body))


def matches(text: str, case: Case) -> list[str]:
    """Names of the rules in ``text`` that match the case's file."""
    compiled = yara.compile(source=text, externals=EXTERNALS, includes=False)
    answer = scan(compiled, case.name, case.content, _SECONDS)
    if "failed" in answer:
        raise ValueError(f"the scan of a case failed: {answer['failed']}")
    return [rule for _, rule, _ in answer["matches"]]


def test(folder: Path) -> list[RuleError]:
    """Replay every case below ``folder``: rules that miss theirs, match a near miss, or have none."""
    errors: list[RuleError] = []
    for path in RuleFolder(folder).files(SUFFIXES):
        rules, error = read(path, path.read_bytes())
        if error:
            errors.append(error)
            continue
        text, cases = path.read_text(encoding="utf-8"), load(path)
        for rule in rules:
            identifier = str(rule["meta"].get("id", rule["name"]))
            problems = _problems(text, rule["name"], cases.get(identifier, []))
            errors += [RuleError(identifier, path, rule["line"], problem) for problem in problems]
    return errors


def _problems(text: str, rule: str, cases: list[Case]) -> Iterator[str]:
    if not cases:
        yield "no case: add a sample that must match and near misses to the file of cases"
        return
    missing = set(conditions(text, rule)) - {case.without for case in cases}
    if missing:
        yield f"no near miss for the condition {', '.join(sorted(missing))}: add one"
    for case in cases:
        found = rule in matches(text, case)
        if case.without is None and not found:
            yield "does not match its own sample"
        elif case.without is not None and found:
            yield f"matches the near miss of {case.without}"
        elif case.without is not None and rule not in matches(without(text, rule, case.without), case):
            yield f"the near miss of {case.without} stays quiet without that condition: it proves nothing"


def _cases(rule: str, entry: Mapping[str, Any]) -> Iterator[Case]:
    name = str(entry.get("name", "sample"))
    yield Case(rule, None, name, sample(entry["match"]))
    for condition, change in entry.get("near_miss", {}).items():
        description = varied(entry["match"], change)
        parts: dict[str, Any] = {change.get("rename", {}).get(k, k): v for k, v in description.get("parts", {}).items()}
        if "first" in change:
            parts = {change["first"]: parts.pop(change["first"]), **parts}
        yield Case(rule, condition, str(change.get("name", name)), sample({**description, "parts": parts}))


def _body(text: str, rule: str) -> str:
    found = re.search(rf"^rule {re.escape(rule)}\b.*?^}}", text, re.MULTILINE | re.DOTALL)
    return found[0] if found else ""
