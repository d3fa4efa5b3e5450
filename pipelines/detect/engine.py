"""What the pipeline asks of every detection engine, whatever it runs on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from collectors.segment import Segment
from pipelines.detect.finding import Finding


@dataclass(frozen=True, slots=True)
class RuleError:
    """One rule that cannot be used, or failed while it ran; the others go on."""

    rule: str
    path: Path
    line: int | None
    message: str
    """What is wrong and what to do, one line."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line or 1}: {self.rule}: {self.message}"


class Engine(Protocol):
    """Fed with enriched segments in order; gives findings. The same segments give the same findings.

    ``advance`` and ``finish`` are where engines that look at windows of event time answer.
    """

    @property
    def errors(self) -> list[RuleError]:
        """Rules that are out of use, and why."""

    def feed(self, segment: Segment) -> list[Finding]:
        """Take one segment; findings that single events prove come back at once."""

    def advance(self, clock: int) -> list[Finding]:
        """The packet clock (µs) has reached ``clock``: evaluate the windows that ended before it (live only)."""

    def finish(self) -> list[Finding]:
        """The input has ended: evaluate every window with new events, the last one included."""

    def close(self) -> None:
        """Stop child processes and free what is held."""


@runtime_checkable
class Tunable(Protocol):
    """An engine whose rules have parameters that a site may change while it runs."""

    def tune(self, parameters: Mapping[str, Mapping[str, Any]], off: Collection[str]) -> None:
        """Rule → parameter → value, over those of the settings; rules not to run, besides those of the settings."""
