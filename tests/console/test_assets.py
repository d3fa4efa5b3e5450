"""The committed browser files are what the sources make, checked by hash without Node."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from dashboards.console.assets import DIST

CONSOLE = DIST.parent.parent
INPUTS = ("assets", "build.mjs", "package.json", "package-lock.json")


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_outputs_and_inputs_agree_with_the_manifest() -> None:
    manifest = json.loads((DIST / "manifest.json").read_text())
    outputs = {f"static/dist/{path.name}": digest(path) for path in DIST.iterdir() if path.name != "manifest.json"}
    assert outputs == manifest["outputs"]
    paths = [
        path
        for name in INPUTS
        for path in ([CONSOLE / name] if (CONSOLE / name).is_file() else (CONSOLE / name).rglob("*"))
    ]
    inputs = {str(path.relative_to(CONSOLE)): digest(path) for path in paths if path.is_file()}
    assert inputs == manifest["inputs"], "run `make assets`"


def test_nothing_is_fetched_from_elsewhere() -> None:
    for path in DIST.iterdir():
        if path.suffix in {".css", ".js"}:
            text = path.read_text(encoding="utf-8")
            assert "url(http" not in text
            assert "url(//" not in text
            assert 'import"http' not in text


def test_the_lock_file_names_no_download_address() -> None:
    assert "://" not in (CONSOLE / "package-lock.json").read_text().replace("https://opencollective", "").replace(
        "https://github.com", ""
    )
