"""The files of the project: those that git holds or would take."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GENERATED = (
    "collectors/sensor/core/src/events/generated.rs",
    "collectors/sensor/Cargo.lock",
    "collectors/sensor/fuzz/Cargo.lock",
    "config/settings.schema.json",
    "dashboards/console/package-lock.json",
    "dashboards/console/static/dist/",
    "docs/reference/",
    "requirements/",
    "schema/columns.py",
)
"""Written by programs: nobody reads them from top to bottom."""


@cache
def files(*suffixes: str) -> list[str]:
    """Paths from the root, of these suffixes or all."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    found = sorted(name for name in listed.split("\0") if name and (ROOT / name).is_file())
    return [name for name in found if not suffixes or name.endswith(suffixes)]


def written(*suffixes: str) -> list[str]:
    """Files that people wrote."""
    return [name for name in files(*suffixes) if not name.startswith(GENERATED)]


@cache
def text(name: str) -> str:
    """Content; empty for what is no text."""
    try:
        return (ROOT / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""
