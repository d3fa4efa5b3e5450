"""One rule about single events, ready to run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from pipelines.detect.finding import Engine, Severity, Weight
from pipelines.detect.rulefiles import trusted
from pipelines.detect.single import Statement

ANCHOR_LEAST: Final = 4
"""Letters of a text that tells something: shorter ones are everywhere."""


@dataclass(frozen=True, slots=True)
class EventRule:
    """Plain data, so that it can be cached as JSON."""

    id: str
    path: str
    dataset: str
    predicate: str
    """SQL over the columns in ``needs``."""
    needs: list[str]
    behaviour: str
    severity: Severity
    title: dict[str, str]
    explanation: dict[str, str]
    technique: list[str]
    ratio: float
    family: str
    half_life_hours: float = 72.0
    version: int = 1
    deterministic: bool = False
    """It has no honest explanation (a name that one malware family gives itself); never so for rules from outside."""
    server_acts: bool = False
    """The rule is about the server of the conversation (a rogue DHCP server), not about its client."""
    engine: Engine = "sigma"
    anchors: list[list[str]] = field(default_factory=list)
    """(column, text in lower case): an event without any of these texts cannot match; none: every event has to be tried."""
    marks: list[list[str]] = field(default_factory=list)
    """(verb, name): marks on the flow that a match sets or unsets, or needs (``set``, ``unset``, ``isset``, ``isnotset``)."""
    silent: bool = False
    """A match only sets marks."""
    counts: list[str | int] = field(default_factory=list)
    """(address column that is counted by, matches, seconds): fewer matches within the time say nothing."""

    def statement(self, rehearsed: bool) -> Statement:
        """What it says about a machine."""
        weight = Weight(
            self.ratio,
            self.family,
            cap=max(self.ratio, 2.0),
            half_life_hours=self.half_life_hours,
            deterministic=self.deterministic,
        )
        return Statement(
            rule=self.id,
            version=self.version,
            engine=self.engine,
            behaviour=self.behaviour,
            severity=self.severity,
            weight=trusted(weight, rehearsed),
            title=self.title,
            explanation=self.explanation,
            technique=tuple(self.technique),
        )


def best_anchors(choices: Sequence[Sequence[Sequence[str]]]) -> list[list[str]]:
    """The anchors of "all of these": those of the part that is the most telling; none if no part has any.

    Each choice is an "any of these texts"; its worth is the length of its shortest text.
    """
    telling = [choice for choice in choices if choice]
    if not telling:
        return []
    best = max(telling, key=lambda choice: (min(len(text) for _, text in choice), -len(choice)))
    return [list(anchor) for anchor in best]
