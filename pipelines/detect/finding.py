"""One rule's statement about one machine: what all detection engines give."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

Engine = Literal["behaviour", "sigma", "suricata", "yara", "indicator"]
Severity = Literal["low", "medium", "high", "critical"]
Role = Literal["source", "target"]
Fact = str | int | float | bool | None
SEVERITIES: Final[tuple[Severity, ...]] = ("low", "medium", "high", "critical")
EVENTS_KEPT: Final = 100
"""Event ids a finding carries (first and last 50): enough to prove it, bounded against floods."""


@dataclass(frozen=True, slots=True)
class Weight:
    """How a finding counts in the machine's score (docs/scoring.md)."""

    log10_ratio: float
    """λ: log₁₀ of P(fires | infected) / P(fires | benign machine-day)."""
    family: str
    """Findings of one family share ``cap``: ten rules about one thing are not ten things."""
    cap: float = 2.0
    half_life_hours: float = 72.0
    deterministic: bool = False
    """Enough by itself for the verdict "infected" (never so for imported rules)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Immutable. Two runs over the same events give the same ids, so that repeats are harmless."""

    rule: str
    version: int
    engine: Engine
    behaviour: str
    """A name of ``schema.behaviours()``; track and stage follow from it."""
    machine: str
    """Address of the machine that it is about, at that moment."""
    role: Role
    peer: str | None
    severity: Severity
    window: datetime
    """End of the aligned event-time window (for rules on single events: the event's time)."""
    first: datetime
    last: datetime
    events: tuple[str, ...]
    event_count: int
    weight: Weight
    title: Mapping[str, str]
    """``{"vi": …, "en": …}``, likewise ``explanation`` with the numbers filled in."""
    explanation: Mapping[str, str]
    technique: tuple[str, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    """Numbers that the explanation used, and the one that convinces under ``headline``."""
    against: tuple[str, ...] = ()
    """Names of circumstances that speak against it (``update_service``, ``popular_destination`` …) and that hold here."""

    @property
    def id(self) -> str:
        """Hash of (rule, version, machine, peer, window): the identity of a finding."""
        key = "\x1f".join(
            (self.rule, str(self.version), self.machine, self.peer or "", self.role, self.window.isoformat())
        )
        return hashlib.blake2b(key.encode(), digest_size=12).hexdigest()
