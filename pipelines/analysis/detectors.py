"""All detection engines as one."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from collectors.segment import Segment
from pipelines.detect.engine import Engine, RuleError, Tunable
from pipelines.detect.finding import Finding

_LOG: Final = logging.getLogger(__name__)


class Detectors:
    """Feeds every engine in turn. An engine that breaks is counted and logged; the others go on."""

    def __init__(self, engines: Mapping[str, Engine], off: Collection[str] = ()) -> None:
        """``off``: rules whose findings do not count, whatever engine they belong to."""
        self._engines = dict(engines)
        self._off = self._without = frozenset(off)
        self.failures: Counter[str] = Counter()
        """Engine → calls that broke."""

    @property
    def errors(self) -> list[RuleError]:
        """Rules that are out of use, engine by engine."""
        return [error for engine in self._engines.values() for error in engine.errors]

    def tune(self, parameters: Mapping[str, Mapping[str, Any]], off: Collection[str]) -> None:
        """People have changed rules: their parameters, and which do not run (besides those that never do)."""
        self._without = self._off | frozenset(off)
        for engine in self._engines.values():
            if isinstance(engine, Tunable):
                engine.tune(parameters, off)

    def feed(self, segment: Segment) -> list[Finding]:
        """Take one enriched segment."""
        return self._ask(lambda engine: engine.feed(segment))

    def advance(self, clock: int) -> list[Finding]:
        """The packet clock has reached ``clock`` (µs)."""
        return self._ask(lambda engine: engine.advance(clock))

    def finish(self) -> list[Finding]:
        """The input has ended."""
        return self._ask(lambda engine: engine.finish())

    def close(self) -> None:
        """End child processes."""
        for engine in self._engines.values():
            engine.close()

    def _ask(self, question: Callable[[Engine], list[Finding]]) -> list[Finding]:
        found: list[Finding] = []
        for name, engine in self._engines.items():
            try:
                answer = question(engine)
            except Exception:  # noqa: BLE001  the one place that contains an engine: hostile traffic must not stop the rest
                self.failures[name] += 1
                _LOG.exception("engine %s failed; the others go on", name)
                continue
            found += [finding for finding in answer if finding.rule not in self._without]
        return found
