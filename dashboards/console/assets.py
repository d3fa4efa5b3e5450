"""Built browser files: which hashed file an entry became (``make assets`` writes the manifest)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Final

DIST: Final = Path(__file__).parent / "static" / "dist"


@cache
def _entries() -> dict[str, str]:
    manifest = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))
    entries: dict[str, str] = manifest["entries"]
    return entries


def asset(name: str) -> str:
    """Address of a built file by the name of its source: ``asset("app.js")``."""
    return f"/static/dist/{_entries()[name]}"
