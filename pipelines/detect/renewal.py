"""Engines on single events take up changed rule files while they run."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from collectors.segment import Segment
from pipelines.detect.engine import Engine, RuleError
from pipelines.detect.finding import Finding

LOOK_SECONDS: Final = 10.0
"""Between looks at the files: a few thousand of them are asked for their times in some milliseconds."""
_LOG = logging.getLogger(__name__)


class Renewed:
    """An ``Engine`` that is made anew when a file of its folders has changed. Nothing it says depends on earlier events,
    so nothing is lost by it. Where the new one cannot be made, the old one goes on and the reason is told.
    """

    def __init__(self, make: Callable[[], Engine], folders: Callable[[], Iterable[Path]]) -> None:
        """``folders``: where its rules lie at present."""
        self._make, self._folders = make, folders
        self._seen = self._signature()
        self._engine = make()
        self._looked = time.monotonic()
        self._trouble: list[RuleError] = []

    @property
    def errors(self) -> list[RuleError]:
        """Rules that are out of use, and why."""
        return [*self._engine.errors, *self._trouble]

    def feed(self, segment: Segment) -> list[Finding]:
        """Take one segment."""
        if time.monotonic() - self._looked >= LOOK_SECONDS:
            self.look()
        return self._engine.feed(segment)

    def advance(self, clock: int) -> list[Finding]:
        """As the engine does."""
        return self._engine.advance(clock)

    def finish(self) -> list[Finding]:
        """As the engine does."""
        return self._engine.finish()

    def close(self) -> None:
        """As the engine does."""
        self._engine.close()

    def look(self) -> bool:
        """Take up what has changed on disk; True if anything has."""
        self._looked = time.monotonic()
        seen = self._signature()
        if seen == self._seen:
            return False
        self._seen = seen
        try:
            fresh = self._make()
        except Exception as error:  # noqa: BLE001  whatever a rule file makes a library do
            _LOG.exception("changed rules cannot be taken up")
            self._trouble = [
                RuleError("changed rules", self._first(), None, f"not taken up: {error}; correct the files")
            ]
            return False
        old, self._engine, self._trouble = self._engine, fresh, []
        old.close()
        return True

    def _first(self) -> Path:
        return next(iter(self._folders()), Path())

    def _signature(self) -> Sequence[tuple[str, int, int]]:
        files = (path for folder in self._folders() for path in ([folder] if folder.is_file() else folder.rglob("*")))
        return sorted(one for path in files if (one := _state(path)) is not None)


def _state(path: Path) -> tuple[str, int, int] | None:
    try:
        found = path.stat()
    except OSError:  # removed while we looked
        return None
    return (str(path), found.st_mtime_ns, found.st_size)
