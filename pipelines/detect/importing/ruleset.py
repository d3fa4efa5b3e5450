"""A rule set that was taken over: a folder below the installation's own rules, replaced as a whole."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pipelines.detect.importing.outcome import Report

REPORT: Final = "import.json"
"""What became of each rule, beside the rules that are used."""
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")


def named(path: Path) -> str:
    """A name for the set that lies at ``path``."""
    stem = path.resolve().name.lower()
    for ending in (".zip", ".tar.gz", ".tgz", ".tar", ".rules", ".yar", ".yara", ".yml"):
        stem = stem.removesuffix(ending)
    return re.sub(r"[^a-z0-9_.-]+", "-", stem).strip("-._")[:64] or "imported"


def usable(name: str) -> bool:
    """Whether a set may have this name."""
    return bool(_NAME.fullmatch(name))


def publish(folder: Path, name: str, contents: Mapping[str, bytes], report: Report) -> Path:
    """Put the set in place of the one of the same name; readers see the old or the new one. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = folder / name
    fresh = Path(tempfile.mkdtemp(dir=folder, prefix=f".{name}-"))
    try:
        for place, raw in contents.items():
            path = fresh / _visible(place)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(raw)
        (fresh / REPORT).write_text(report.json(), encoding="utf-8")
        old = Path(tempfile.mkdtemp(dir=folder, prefix=f".{name}-"))
        if target.exists():
            target.rename(old / "set")
        fresh.rename(target)
    except OSError:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    shutil.rmtree(old, ignore_errors=True)
    return target


def _visible(place: str) -> str:
    """Names that folders of rules pass over (hidden ones, cases) are changed, so that what was taken over is read."""
    return "/".join(f"_{part}" if part.startswith(".") or part == "cases" else part for part in place.split("/"))
