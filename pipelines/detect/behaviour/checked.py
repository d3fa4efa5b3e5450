"""What the worker has said about queries, kept between starts: checking all of them takes longer than a small capture."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import duckdb

from pipelines.detect.behaviour import tables
from pipelines.detect.rulefiles import content_key, write_atomically

_FILE: Final = "checked.json"
Requests = Sequence[Mapping[str, Any]]
Answers = dict[str, dict[str, Any]]


class Checked:
    """Answers of checks by the content of what was checked, DuckDB's version and the tables. Failures are not kept."""

    def __init__(self, folder: Path | None) -> None:
        """``folder``: of the cache, this user's own; None keeps nothing."""
        self._path = folder / _FILE if folder else None

    def answers(self, requests: Requests, setup: str, ask: Callable[[Requests], Answers]) -> Answers:
        """Rule → columns of its query or why it cannot run; ``ask`` is asked for what is not known."""
        base = content_key([duckdb.__version__, setup, tables.MACROS.read_bytes()])
        keys = {request["name"]: content_key([base, json.dumps(request, sort_keys=True)]) for request in requests}
        known = self._read()
        unknown = [request for request in requests if keys[request["name"]] not in known]
        fresh = ask(unknown) if unknown else {}
        found = {name: fresh.get(name) or {"columns": known[key]} for name, key in keys.items()}
        if fresh:
            self._write({keys[name]: answer["columns"] for name, answer in found.items() if "columns" in answer})
        return found

    def _read(self) -> dict[str, list[str]]:
        try:
            content = json.loads(self._path.read_bytes()) if self._path else {}
        except (OSError, ValueError):  # not there yet, or damaged: checked again
            return {}
        return content if isinstance(content, dict) else {}

    def _write(self, known: Mapping[str, Sequence[str]]) -> None:
        if self._path is None:
            return
        try:
            write_atomically(self._path, json.dumps(known).encode())
        except OSError:  # a full disk costs the next start a moment, nothing else
            return
