"""A few scanning processes, started when they are first needed and replaced when they die."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Final

from pipelines.detect.childprocess import ChildProcess
from pipelines.detect.yara.worker import ANSWER, REQUEST

LANE_BYTES: Final = 4 << 20
"""Bytes to scan that are worth one more process: below that, starting it costs more than it saves."""
GRACE_SECONDS: Final = 5
"""What a worker gets beyond the time limit of the scan (modules parse before libyara looks at the clock) until it is killed."""
_LOG = logging.getLogger(__name__)
_WORKER: Final = Path(__file__).with_name("worker.py")


@dataclass(frozen=True, slots=True)
class Match:
    """One rule that matched one file."""

    namespace: str
    rule: str
    strings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one scan."""

    matches: tuple[Match, ...] = ()
    failed: str | None = None
    """Why there is no result: ``timeout``, ``crash`` or what libyara said."""


class ScanPool:
    """Scans files in child processes. A file that kills its process is an ``Outcome``, never an exception."""

    def __init__(self, compiled: Path, size: int, seconds: int) -> None:
        """``compiled``: file of compiled rules; ``size``: most processes; ``seconds``: time limit of one scan."""
        self.counters: Counter[str] = Counter()
        self._seconds = seconds
        self._workers = [_Worker(compiled, seconds + GRACE_SECONDS) for _ in range(max(1, size))]

    def scan(self, files: Sequence[tuple[str, bytes]]) -> list[Outcome]:
        """Outcomes of (name, content) pairs, in their order."""
        lanes = min(len(self._workers), len(files), 1 + sum(len(content) for _, content in files) // LANE_BYTES)
        if lanes <= 1:
            return [self._scan(self._workers[0], name, content) for name, content in files]
        idle: SimpleQueue[_Worker] = SimpleQueue()
        for worker in self._workers[:lanes]:
            idle.put(worker)

        def one(file: tuple[str, bytes]) -> Outcome:
            worker = idle.get()
            try:
                return self._scan(worker, *file)
            finally:
                idle.put(worker)

        with ThreadPoolExecutor(lanes) as threads:
            return list(threads.map(one, files))

    def close(self) -> None:
        """End the processes."""
        for worker in self._workers:
            worker.stop()

    def _scan(self, worker: _Worker, name: str, content: bytes) -> Outcome:
        outcome = worker.scan(name, content, self._seconds)
        self.counters["scanned"] += 1
        self.counters["bytes"] += len(content)
        if outcome.failed:
            kind = outcome.failed if outcome.failed in ("timeout", "crash") else "error"
            self.counters[f"failed_{kind}"] += 1
            _LOG.warning("YARA gave no result for a file of %d bytes: %s", len(content), outcome.failed)
        return outcome


class _Worker:
    def __init__(self, compiled: Path, patience: int) -> None:
        self._patience = patience
        self._process = ChildProcess(_WORKER, ANSWER, str(compiled))

    def scan(self, name: str, content: bytes, seconds: int) -> Outcome:
        shown = name.encode("utf-8", "replace")
        head = REQUEST.pack(seconds, len(shown), len(content)) + shown
        answer: dict[str, list[list[str]]] | None = self._process.ask((head, content), self._patience)
        if answer is None:
            return Outcome(failed="crash")
        if "failed" in answer:
            return Outcome(failed=str(answer["failed"]))
        return Outcome(tuple(Match(namespace, rule, tuple(strings)) for namespace, rule, strings in answer["matches"]))

    def stop(self) -> None:
        self._process.stop()
