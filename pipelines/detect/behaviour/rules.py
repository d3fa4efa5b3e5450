"""All rules of some folders: read, checked, and read again when their files change."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from pipelines.detect.behaviour import rollups, tables
from pipelines.detect.behaviour.lists import Lists
from pipelines.detect.behaviour.reading import read
from pipelines.detect.behaviour.rule import BehaviourRule
from pipelines.detect.engine import RuleError
from pipelines.detect.rulefiles import RuleFolder

_PAST_THE_WINDOW: Final = re.compile(r"(?i)\b(raw_[a-z]|main\s*\.|memory\s*\.|temp\s*\.)")


class RuleSet:
    """The rules in force. A rule whose files break keeps its last good form, and the error is told."""

    def __init__(
        self, folders: Sequence[RuleFolder], parameters: Mapping[str, Mapping[str, Any]], off: Collection[str]
    ) -> None:
        """``parameters``: rule → parameter → value of the site; ``off``: rules not to run."""
        self._folders = folders
        self._given, self._never = parameters, frozenset(off)
        self._parameters, self._off = parameters, self._never
        self._seen: dict[Path, tuple[int, int]] = {}
        self.rules: dict[str, BehaviourRule] = {}
        self.errors: list[RuleError] = []
        self.refresh()

    def tune(self, parameters: Mapping[str, Mapping[str, Any]], off: Collection[str]) -> None:
        """Over what was given at the beginning; holds from the next ``refresh`` on."""
        names = {*self._given, *parameters}
        merged = {name: {**self._given.get(name, {}), **parameters.get(name, {})} for name in names}
        without = self._never | frozenset(off)
        if (merged, without) != (self._parameters, self._off):
            self._parameters, self._off, self._seen = merged, without, {}

    def lists(self) -> Lists:
        """The shared lists as they are now."""
        return Lists([folder.path for folder in self._folders])

    def refresh(self) -> bool:
        """Read what has changed on disk; True if anything has."""
        seen = self._signature()
        if seen == self._seen:
            return False
        self._seen = seen
        before, self.rules, self.errors = self.rules, {}, []
        for folder in self._folders:
            for path in sorted(folder.path.glob("*/rule.yaml")):
                self._take(path.parent, folder.rehearsed, before)
        unknown = set(self._parameters) - set(self.rules) - self._off - {error.rule for error in self.errors}
        for name in sorted(unknown):
            self.errors.append(RuleError(name, Path("detect.parameters"), None, "there is no rule of that name"))
        return True

    def _take(self, path: Path, rehearsed: bool, before: Mapping[str, BehaviourRule]) -> None:
        if path.name in self._off:
            return
        if path.name in self.rules:
            message = f"there is already a rule of that name in {self.rules[path.name].folder}"
            self.errors.append(RuleError(path.name, path / "rule.yaml", None, message))
            return
        rule, errors = read(path, self._parameters.get(path.name, {}), rehearsed)
        if rule is not None:
            errors = statically(rule)
        self.errors += errors
        good = rule if not errors else before.get(path.name)
        if good is not None:
            self.rules[good.id] = good

    def _signature(self) -> dict[Path, tuple[int, int]]:
        found = {}
        for folder in self._folders:
            for path in [
                *folder.path.glob("*/rule.yaml"),
                *folder.path.glob("*/query.sql"),
                *folder.path.glob("lists/*.txt"),
            ]:
                state = path.stat()
                found[path] = (state.st_mtime_ns, state.st_size)
        return found


def statically(rule: BehaviourRule) -> list[RuleError]:
    """What can be told of a query without running it."""
    definition, path = rule.definition, rule.folder / "query.sql"
    errors = []
    for name in definition.reads:
        if name not in tables.readable():
            message = f"reads: there is no {name}; there are {', '.join(sorted(tables.readable()))}"
            errors.append(RuleError(rule.id, rule.folder / "rule.yaml", None, message))
    if not errors:
        for line, name in tables.unknown_columns(rule.query, definition.reads):
            errors.append(RuleError(rule.id, path, line, f'"{name}" is no column of {", ".join(definition.reads)}'))
    for line, text in enumerate(rule.query.splitlines(), 1):
        if _PAST_THE_WINDOW.search(text.partition("--")[0]):
            errors.append(
                RuleError(
                    rule.id, path, line, "tables are named without a schema, and never raw_…: only so the window holds"
                )
            )
    if set(definition.reads) & set(rollups.COLUMNS) and definition.every % rollups.HOUR:
        message = "every: sums by hour need windows of whole hours"
        errors.append(RuleError(rule.id, rule.folder / "rule.yaml", None, message))
    return errors
