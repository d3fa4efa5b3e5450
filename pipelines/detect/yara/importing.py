"""Takes over a folder of YARA rules: what compiles and costs little is used, everything else is told with file and line."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import yara

from pipelines.detect.importing import source
from pipelines.detect.importing.outcome import USED, Outcome, Report
from pipelines.detect.yara import cost
from pipelines.detect.yara.mapping import shipped
from pipelines.detect.yara.rules import EXTERNALS, SUFFIXES, YaraRule
from pipelines.detect.yara.rules import read as compiled
from pipelines.detect.yara.source import expanded, places, silenced, without

REMOVED_MOST: Final = 500
"""Rules of one file that may be wrong until the whole file is given up."""
_ERROR: Final = re.compile(r"line (\d+): (.*)", re.DOTALL)
_UNKNOWN: Final = re.compile(r'undefined identifier "(\w+)"')
_WHERE_ALL: Final = "the whole file"


@dataclass(slots=True)
class _File:
    """One file on its way."""

    name: str
    raw: str
    """As it came."""
    text: str = ""
    """What is used of it; the lines of its own rules keep their numbers unless it includes others."""
    rules: list[YaraRule] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)


def read(path: Path, name: str, show: Callable[[str, int], None] = lambda *_: None) -> tuple[Report, dict[str, bytes]]:
    """What became of every rule below ``path``, and the files of those that are used; raises SourceError."""
    outcomes: list[Outcome] = []
    files: dict[str, _File] = {}
    for one in source.files(path, SUFFIXES):
        if isinstance(one, source.Refused):
            outcomes.append(Outcome("", "", one.name, None, "wrong", one.reason))
        else:
            files[one.name] = _File(one.name, source.text(one.raw))
    seen: dict[str, str] = {}
    for count, file in enumerate(files.values()):
        show(file.name, count)
        _take(file, files)
        _leave_doubles(file, seen)
    _leave_slow(files, show)
    for file in files.values():
        outcomes += file.outcomes + [_used(file.name, rule) for rule in file.rules]
    used = {one.file for one in outcomes if one.status in USED}
    contents = {file.name: file.text.encode() for file in files.values() if file.name in used}
    return Report(name, "yara", outcomes), contents


def _take(file: _File, files: dict[str, _File]) -> None:
    """Fill in what the file includes, and take out rule by rule what does not compile."""
    try:
        text = expanded(file.name, file.raw, lambda name: files[name].raw if name in files else None)
    except ValueError as error:
        file.outcomes.append(Outcome("", _WHERE_ALL, file.name, None, "wrong", str(error)))
        return
    shifted = text != file.raw
    removed: set[str] = set()
    for _ in range(REMOVED_MOST):
        try:
            yara.compile(source=text, externals=EXTERNALS, includes=False)
            break
        except yara.Error as error:
            wrong = _place(text, str(error), removed)
            file.outcomes.append(
                _wrong(file.name, str(error), wrong and wrong[0], None if shifted else wrong and wrong[1])
            )
            if wrong is None or not wrong[0]:
                return
            removed.add(wrong[0])
            text = without(text, {wrong[0]})
    file.text = text
    entries, failure = compiled(Path(file.name), text.encode())
    if failure is not None:
        file.outcomes.append(Outcome("", _WHERE_ALL, file.name, failure.line, "wrong", failure.message))
        return
    file.rules = [
        YaraRule(file.name, one["name"], Path(file.name), one["line"], one["meta"], tuple(one["tags"]), rehearsed=False)
        for one in entries
    ]
    if not file.rules and not file.outcomes and shifted:
        file.outcomes.append(Outcome("", _WHERE_ALL, file.name, None, "double", "only includes other files"))


def _place(text: str, message: str, removed: set[str]) -> tuple[str, int] | None:
    """(rule, line) that an error is about; ("", line) where it stands in no rule."""
    match = _ERROR.match(message)
    if match is None:
        return None
    line = int(match[1])
    before = [place for place in places(text) if place.line <= line]
    if not before or before[-1].name in removed:
        return "", line
    return before[-1].name, line


def _wrong(file: str, message: str, rule: str | None, line: int | None) -> Outcome:
    match = _ERROR.match(message)
    told = " ".join((match[2] if match else message).split())
    unknown = _UNKNOWN.search(told)
    if unknown:
        return Outcome(
            rule or "", rule or "", file, line, "field", f"asks for {unknown[1]!r}, which nobody fills in here"
        )
    return Outcome(rule or "", rule or _WHERE_ALL, file, line, "wrong", told)


def _leave_doubles(file: _File, seen: dict[str, str]) -> None:
    """The same rule in a second file of the set; rules that only share a name stay, each in the namespace of its file."""
    twice: set[str] = set()
    own = {rule.name for rule in file.rules}
    for place in places(file.text):
        if place.name not in own:
            continue
        body = " ".join(file.text[place.start : place.end].split())
        key = hashlib.blake2b(body.encode(), digest_size=16).hexdigest()
        if key in seen:
            twice.add(place.name)
            file.outcomes.append(
                Outcome(place.name, place.name, file.name, place.line, "double", f"stands in {seen[key]} as well")
            )
        else:
            seen[key] = file.name
    file.text = silenced(file.text, twice)
    file.rules = [rule for rule in file.rules if rule.name not in twice]


def _leave_slow(files: dict[str, _File], show: Callable[[str, int], None]) -> None:
    texts = {file.name: file.text for file in files.values() if file.rules}
    slow: dict[str, set[str]] = {}
    for one in cost.slow(texts, show):
        file = files[one.file]
        line = next((rule.line for rule in file.rules if rule.name == one.rule), None)
        took = f"{one.seconds * 1000:,.0f} ms for {sum(map(len, cost.samples())) / (1 << 20):.1f} MiB of samples"
        file.outcomes.append(
            Outcome(
                one.rule, one.rule, one.file, line, "off", f"takes {took}, more than {cost.SLOW_SECONDS * 1000:.0f}"
            )
        )
        slow.setdefault(one.file, set()).add(one.rule)
    for name, rules in slow.items():
        _drop(files[name], rules)


def _drop(file: _File, rules: set[str]) -> None:
    """Take rules out; what leaned on them goes with them, since the file has to compile."""
    while rules:
        file.text = without(file.text, rules)
        file.rules = [rule for rule in file.rules if rule.name not in rules]
        rules = set()
        try:
            yara.compile(source=file.text, externals=EXTERNALS, includes=False)
        except yara.Error as error:
            wrong = _place(file.text, str(error), set())
            if wrong is None or not wrong[0]:
                file.rules = []
                return
            file.outcomes.append(_wrong(file.name, str(error), *wrong))
            rules = {wrong[0]}


def _used(file: str, rule: YaraRule) -> Outcome:
    try:
        said = rule.statement(shipped())
    except ValueError as error:
        return Outcome(rule.id, rule.name, file, rule.line, "wrong", str(error))
    title = str(rule.meta.get("description", rule.name))[:200]
    return Outcome(rule.id, title, file, rule.line, "used", "", "file", said.behaviour, said.severity)
