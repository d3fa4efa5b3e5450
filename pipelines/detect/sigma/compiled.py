"""Converted Sigma rules and their cache: with it a start reads one JSON file and does not import pySigma."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from pipelines.detect.engine import RuleError
from pipelines.detect.finding import Severity, Weight
from pipelines.detect.rulefiles import SHIPPED, RuleFolder, content_key, trusted, write_atomically
from pipelines.detect.sigma.mapping import PATH
from pipelines.detect.single import Statement

SUFFIXES: Final = (".yml",)
_CONVERTER: Final = ("backend.py", "convert.py", "columns.py", "mapping.py", "repair.py")
_SCHEMA: Final = SHIPPED.parent / "schema/columns.py"


@dataclass(frozen=True, slots=True)
class SigmaRule:
    """One rule, ready to run."""

    id: str
    path: str
    dataset: str
    predicate: str
    """SQL over the columns in ``needs``."""
    needs: list[str]
    behaviour: str
    severity: Severity
    title: dict[str, str]
    explanation: dict[str, str]
    technique: list[str]
    ratio: float
    family: str
    half_life_hours: float
    version: int
    deterministic: bool
    """It has no honest explanation (a name that one malware family gives itself); never so for rules from outside."""
    server_acts: bool
    """The rule is about the server of the conversation (a rogue DHCP server), not about its client."""

    def statement(self, rehearsed: bool) -> Statement:
        """What it says about a machine."""
        weight = Weight(
            self.ratio,
            self.family,
            cap=max(self.ratio, 2.0),
            half_life_hours=self.half_life_hours,
            deterministic=self.deterministic,
        )
        return Statement(
            rule=self.id,
            version=self.version,
            engine="sigma",
            behaviour=self.behaviour,
            severity=self.severity,
            weight=trusted(weight, rehearsed),
            title=self.title,
            explanation=self.explanation,
            technique=tuple(self.technique),
        )


def load(folders: Sequence[RuleFolder], cache: Path) -> tuple[list[tuple[SigmaRule, bool]], list[RuleError]]:
    """Rules with whether they are rehearsed, and what could not be converted."""
    sources = [(folder, path, path.read_bytes()) for folder in folders for path in folder.files(SUFFIXES)]
    here = Path(__file__).parent
    code = [(here / name).read_bytes() for name in _CONVERTER] + [PATH.read_bytes(), _SCHEMA.read_bytes()]
    parts: list[bytes | str] = [version("pysigma"), *code]
    key = content_key([*parts, *(part for _, path, raw in sources for part in (str(path), raw))])
    stored = cache / f"sigma-{key}.json"
    if not stored.exists():
        write_atomically(stored, json.dumps(_converted([(path, raw) for _, path, raw in sources])).encode())
    data = json.loads(stored.read_text())
    rehearsed = {str(path): folder.rehearsed for folder, path, _ in sources}
    rules = [SigmaRule(**entry) for entry in data["rules"]]
    errors = [RuleError(e["rule"], Path(e["path"]), e["line"], e["message"]) for e in data["errors"]]
    return [(rule, rehearsed[rule.path]) for rule in rules], errors


def _converted(sources: list[tuple[Path, bytes]]) -> dict[str, Any]:
    from pipelines.detect.sigma.convert import convert  # pySigma costs 0.2 s to import: only when the cache has nothing

    rules: list[dict[str, Any]] = []
    errors: list[dict[str, Any]] = []
    for path, raw in sources:
        found, failed = convert(path, raw)
        rules += [asdict(rule) for rule in found]
        errors += [{"rule": e.rule, "path": str(e.path), "line": e.line, "message": e.message} for e in failed]
    return {"rules": rules, "errors": errors}
