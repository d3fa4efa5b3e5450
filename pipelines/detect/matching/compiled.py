"""Converted rules and their cache: with it a start reads one JSON file and imports no converter."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from pipelines.detect.engine import RuleError
from pipelines.detect.matching.rule import EventRule
from pipelines.detect.rulefiles import SHIPPED, RuleFolder, content_key, write_atomically

SUFFIXES: Final = (".yml",)
"""Files of Sigma rules."""
SIGNATURES: Final = (".rules",)
"""Files of Suricata's signatures."""
_HERE: Final = Path(__file__).parent
_CODE: Final = (
    *sorted(_HERE.glob("*.py")),
    *sorted(_HERE.parent.glob("si*/*.py")),
    *sorted(_HERE.parent.glob("su*/*.py")),
)
_DATA: Final = (SHIPPED / "sigma/mapping.yaml", SHIPPED / "suricata/mapping.yaml", SHIPPED.parent / "schema/columns.py")
Converter = Callable[[Path, bytes], tuple[list[EventRule], list[RuleError]]]


def load(folders: Sequence[RuleFolder], cache: Path) -> tuple[list[tuple[EventRule, bool]], list[RuleError]]:
    """Rules with whether they are rehearsed, and what could not be converted."""
    endings = (*SUFFIXES, *SIGNATURES)
    sources = [(folder, path, path.read_bytes()) for folder in folders for path in folder.files(endings)]
    parts: list[bytes | str] = [version("pysigma"), *(path.read_bytes() for path in (*_CODE, *_DATA))]
    key = content_key([*parts, *(part for _, path, raw in sources for part in (str(path), raw))])
    stored = cache / f"events-{key}.json"
    if not stored.exists():
        write_atomically(stored, json.dumps(_converted([(path, raw) for _, path, raw in sources])).encode())
    data = json.loads(stored.read_text())
    rehearsed = {str(path): folder.rehearsed for folder, path, _ in sources}
    rules = [EventRule(**entry) for entry in data["rules"]]
    errors = [RuleError(e["rule"], Path(e["path"]), e["line"], e["message"]) for e in data["errors"]]
    return [(rule, rehearsed[rule.path]) for rule in rules], errors


def _converted(sources: list[tuple[Path, bytes]]) -> dict[str, Any]:
    rules: list[dict[str, Any]] = []
    errors: list[dict[str, Any]] = []
    for path, raw in sources:
        found, failed = _converter(path)(path, raw)
        rules += [asdict(rule) for rule in found]
        errors += [{"rule": e.rule, "path": str(e.path), "line": e.line, "message": e.message} for e in failed]
    return {"rules": rules, "errors": errors}


def _converter(path: Path) -> Converter:
    """Imported here: pySigma costs 0.2 s, and is needed only when the cache has nothing."""
    if path.suffix in SIGNATURES:
        from pipelines.detect.suricata.translate import convert as signatures

        return signatures
    from pipelines.detect.sigma.convert import convert as sigma

    return sigma
