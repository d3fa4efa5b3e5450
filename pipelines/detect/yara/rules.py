"""From .yar files to one compiled set and what each of its rules says; compiled once, then read from a cache."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yara

from pipelines.detect.engine import RuleError
from pipelines.detect.finding import Weight
from pipelines.detect.rulefiles import RuleFolder, content_key, trusted, write_atomically
from pipelines.detect.single import Statement
from pipelines.detect.yara.mapping import Mapping

SUFFIXES: Final = (".yar", ".yara")
EXTERNALS: Final = {"filename": "", "extension": "", "filepath": "", "filetype": "", "owner": ""}
"""Variables that public rule sets expect; the worker fills the first two."""
FAMILY: Final = "file-content"
"""Scoring family of rules that name none: many rules about one file are one piece of evidence."""
DEFAULT_WEIGHT: Final = 1.0
HALF_LIFE_HOURS: Final = 168.0
"""A malicious file on a machine stays until somebody removes it; a week without a further sign halves it."""
_LINE: Final = re.compile(r"line (\d+): (.*)", re.DOTALL)
_RULE: Final = re.compile(r"^\s*(?:(?:private|global)\s+)*rule\s+(\w+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class YaraRule:
    """One rule as its file has it."""

    namespace: str
    name: str
    path: Path
    line: int
    meta: dict[str, Any]
    tags: tuple[str, ...]
    rehearsed: bool

    @property
    def id(self) -> str:
        """The id that the rule gives itself, or its name."""
        return str(self.meta.get("id", self.name))

    def statement(self, mapping: Mapping) -> Statement:
        """What it says about a machine; ``mapping`` fills what a rule from outside leaves out. Raises ValueError."""
        meta = self.meta
        kind = mapping.kind(self.name, self.tags, meta)
        ratio = float(meta.get("weight", DEFAULT_WEIGHT))
        weight = Weight(
            ratio,
            str(meta.get("family", FAMILY)),
            cap=max(ratio, 2.0),
            half_life_hours=HALF_LIFE_HOURS,
            deterministic=str(meta.get("deterministic", "")).lower() == "true",
        )
        return Statement(
            rule=self.id,
            version=int(meta.get("version", 1)),
            engine="yara",
            behaviour=kind.behaviour,
            severity=kind.severity,
            weight=trusted(weight, self.rehearsed),
            title={language: str(meta.get(f"title_{language}", kind.title[language])) for language in ("vi", "en")},
            explanation={
                language: str(
                    meta.get(f"explanation_{language}", kind.explanation[language].replace("{rule}", self.name))
                )
                for language in ("vi", "en")
            },
            technique=tuple(str(meta.get("technique", "")).replace(",", " ").split()),
        )


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Everything that compiled, and what did not."""

    compiled: Path
    rules: dict[tuple[str, str], YaraRule]
    errors: list[RuleError]


def load(folders: Sequence[RuleFolder], cache: Path) -> RuleSet:
    """The compiled rules of ``folders``; a file that does not compile is an error and the others go on."""
    sources = [(folder, path, path.read_bytes()) for folder in folders for path in folder.files(SUFFIXES)]
    key = content_key([yara.__version__, *(part for _, path, raw in sources for part in (str(path), raw))])
    compiled, index = cache / f"yara-{key}.bin", cache / f"yara-{key}.json"
    rehearsed = {str(path): folder.rehearsed for folder, path, _ in sources}
    if not (compiled.exists() and index.exists()):
        _compile([(path, raw) for _, path, raw in sources], compiled, index)
    stored = json.loads(index.read_text())
    rules = [
        YaraRule(r["path"], r["name"], Path(r["path"]), r["line"], r["meta"], tuple(r["tags"]), rehearsed[r["path"]])
        for r in stored["rules"]
    ]
    errors = [RuleError(e["rule"], Path(e["path"]), e["line"], e["message"]) for e in stored["errors"]]
    return RuleSet(compiled, {(r.namespace, r.name): r for r in rules}, errors)


def read(path: Path, raw: bytes) -> tuple[list[dict[str, Any]], RuleError | None]:
    """The rules of one file, or why it does not compile."""
    try:
        text = raw.decode("utf-8")
        lines = {match[1]: text.count("\n", 0, match.start(1)) + 1 for match in _RULE.finditer(text)}
        # includes could read any file of this machine; every file stands for itself.
        rules = yara.compile(source=text, externals=EXTERNALS, includes=False)
    except UnicodeDecodeError as error:
        return [], RuleError(path.stem, path, raw.count(b"\n", 0, error.start) + 1, "not UTF-8: save the file as UTF-8")
    except yara.Error as error:
        place = _LINE.match(str(error))
        line, message = (int(place[1]), place[2]) if place else (None, str(error))
        return [], RuleError(_enclosing(lines, line) or path.stem, path, line, message)
    return [
        {
            "path": str(path),
            "name": r.identifier,
            "line": lines.get(r.identifier, 1),
            "meta": dict(r.meta),
            "tags": list(r.tags),
        }
        for r in rules
        if not r.is_private
    ], None


def _compile(sources: list[tuple[Path, bytes]], compiled: Path, index: Path) -> None:
    rules: list[dict[str, Any]] = []
    errors: list[RuleError] = []
    good: dict[str, str] = {}
    for path, raw in sources:
        found, error = read(path, raw)
        if error:
            errors.append(error)
        else:
            rules += found
            good[str(path)] = raw.decode()
    whole = yara.compile(sources=good, externals=EXTERNALS, includes=False)
    compiled.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    buffer = _Buffer()
    whole.save(file=buffer)
    write_atomically(compiled, bytes(buffer.content))
    listed = [{"rule": e.rule, "path": str(e.path), "line": e.line, "message": e.message} for e in errors]
    write_atomically(index, json.dumps({"rules": rules, "errors": listed}).encode())


class _Buffer:
    """Just enough of a file for ``yara.Rules.save``."""

    def __init__(self) -> None:
        self.content = bytearray()

    def write(self, data: bytes) -> None:
        self.content += data

    def flush(self) -> None:
        """Nothing is held back."""


def _enclosing(lines: dict[str, int], line: int | None) -> str | None:
    """The rule that begins last before ``line``."""
    before = [(start, name) for name, start in lines.items() if line and start <= line]
    return max(before)[1] if before else None
