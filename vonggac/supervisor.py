"""Keeps the parts of an installation running, each in a process of its own, and says how they are."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from pipelines.store.state import ComponentHealth, Database

BACK_OFF: Final = (0.5, 1.0, 2.0, 5.0, 15.0, 30.0)
"""Seconds until a part that ended is started again; the last one repeats."""
STEADY: Final = 60.0
"""Seconds after which a restarted part counts as well again and its back-off begins anew."""
POLL: Final = 0.2
STOP_SECONDS: Final = 20.0
"""What a part gets to write down what it holds before it is killed; the spool makes even that harmless."""
_LOG: Final = logging.getLogger(__name__)
_RESTARTED: Final = {
    "vi": "Đã dừng bất thường ({reason}) và được khởi động lại {restarts} lần. Xem nhật ký nếu lặp lại.",
    "en": "Ended unexpectedly ({reason}) and was restarted {restarts} times. See the log if it recurs.",
}
_FAILING: Final = {
    "vi": "Liên tục dừng ({reason}); sẽ thử lại. Xem nhật ký của chương trình.",
    "en": "Keeps ending ({reason}); it will be tried again. See the program's log.",
}


@dataclass(slots=True)
class Part:
    """One child process."""

    name: str
    command: Sequence[str]
    stops: int
    """Order of stopping: sensors first, so that what they have is still processed."""
    process: subprocess.Popen[bytes] | None = None
    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    started: float = 0.0
    due: float = 0.0
    """Monotonic time of the next start."""
    restarts: int = 0
    failures: int = 0
    """Ends since it last ran steadily."""
    reason: str = ""

    @property
    def status(self) -> str:
        """ok, warning (restarted a short while ago) or failed (not running)."""
        if self.process is None:
            return "failed"
        return "warning" if self.failures else "ok"

    @property
    def message(self) -> dict[str, str]:
        """What is wrong, in both languages; empty when all is well."""
        texts: Mapping[str, str] = {"ok": {}, "warning": _RESTARTED, "failed": _FAILING}[self.status]
        return {lang: text.format(reason=self.reason, restarts=self.restarts) for lang, text in texts.items()}


class Supervisor:
    """``run`` until ``stop``; parts that end are started again with growing pauses."""

    def __init__(self, parts: Sequence[Part], database: Database, report_every: float) -> None:
        self._parts = parts
        self._database = database
        self._report_every = report_every
        self._stopping = False
        self._reported = 0.0

    @property
    def pids(self) -> dict[str, int]:
        """Process ids of the running parts."""
        return {part.name: part.process.pid for part in self._parts if part.process is not None}

    def stop(self) -> None:
        """Ask for the end; may be called from a signal handler."""
        self._stopping = True

    def run(self) -> None:
        """Start everything and keep it running; returns when all parts have ended after ``stop``."""
        try:
            while not self._stopping:
                self.look()
                time.sleep(POLL)
        finally:
            self._end()

    def look(self) -> None:
        """Start what is due, notice what has ended, report."""
        changed = False
        for part in self._parts:
            changed |= self._look_at(part)
        if changed or time.monotonic() - self._reported >= self._report_every:
            self._reported = time.monotonic()
            self._report()

    def _look_at(self, part: Part) -> bool:
        now = time.monotonic()
        if part.process is None:
            if now < part.due:
                return False
            self._start(part)
            return True
        code = part.process.poll()
        if code is None:
            if part.failures and now - part.started > STEADY:
                part.failures = 0
                return True
            return False
        self._failed(part, _reason(code))
        _close(part)
        return True

    @staticmethod
    def _failed(part: Part, reason: str) -> None:
        pause = BACK_OFF[min(part.failures, len(BACK_OFF) - 1)]
        part.reason, part.due = reason, time.monotonic() + pause
        part.failures += 1
        _LOG.error("%s ended (%s); starting it again in %.1f s", part.name, reason, pause)

    def _start(self, part: Part) -> None:
        # The pipe tells the child when this process is gone, even by kill -9: it then reads the end of the file.
        part.started, part.since = time.monotonic(), datetime.now(UTC)
        try:
            part.process = subprocess.Popen(part.command, stdin=subprocess.PIPE, start_new_session=True)
        except OSError as error:  # no memory, no process numbers left: that may pass
            self._failed(part, error.strerror or str(error))
            return
        part.restarts += part.failures > 0

    def _report(self) -> None:
        try:
            with self._database.transaction() as session:
                for part in self._parts:
                    row = session.get(ComponentHealth, part.name) or ComponentHealth(name=part.name)
                    row.status, row.message, row.restarts = part.status, part.message, part.restarts
                    row.since, row.updated_at = part.since, datetime.now(UTC)
                    row.detail = {"pid": part.process.pid} if part.process else {}
                    session.add(row)
        except SQLAlchemyError as error:
            _LOG.error("health cannot be written: %s", str(error).splitlines()[0])

    def _end(self) -> None:
        for order in sorted({part.stops for part in self._parts}):
            ending = [part for part in self._parts if part.stops == order and part.process is not None]
            for part in ending:
                _signal(part, signal.SIGTERM)
            deadline = time.monotonic() + STOP_SECONDS
            for part in ending:
                _wait(part, max(0.1, deadline - time.monotonic()))
        self._report_stopped()

    def _report_stopped(self) -> None:
        try:
            with self._database.transaction() as session:
                for part in self._parts:
                    row = session.get(ComponentHealth, part.name)
                    if row is not None:
                        row.status, row.message, row.updated_at = "stopped", {}, datetime.now(UTC)
        except SQLAlchemyError as error:
            _LOG.error("health cannot be written: %s", str(error).splitlines()[0])


def command(*arguments: str) -> list[str]:
    """The command line of a part of this very installation."""
    return [sys.executable, "-m", "vonggac", "part", *arguments]


def _reason(code: int) -> str:
    if code >= 0:
        return f"exit {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _signal(part: Part, number: signal.Signals) -> None:
    if part.process is not None and part.process.poll() is None:
        part.process.send_signal(number)


def _wait(part: Part, seconds: float) -> None:
    assert part.process is not None
    try:
        part.process.wait(seconds)
    except subprocess.TimeoutExpired:
        _LOG.error("%s did not stop in %.0f s and is killed", part.name, STOP_SECONDS)
        # Its own session: children that it has started go with it.
        os.killpg(part.process.pid, signal.SIGKILL)
        part.process.wait()
    _close(part)


def _close(part: Part) -> None:
    if part.process is not None and part.process.stdin is not None:
        part.process.stdin.close()
    part.process = None
