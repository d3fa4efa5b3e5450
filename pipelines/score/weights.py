"""The constants of the score, from ``weights.yaml`` beside this file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from pipelines.detect.finding import Finding, Severity
from schema import behaviours

PATH: Final = Path(__file__).with_name("weights.yaml")


@dataclass(frozen=True, slots=True)
class Judged:
    """What a person's verdict does to the findings of an alert."""

    factor: float
    deterministic: bool = False
    least: float = 0.0
    """λ that a confirmed alert has at least: a person's word is proof."""


@dataclass(frozen=True, slots=True)
class Grave:
    """Severity from which one finding is enough for even odds."""

    severity: Severity
    least: float
    """Log10 odds that the machine then has at least."""


@dataclass(frozen=True, slots=True)
class Weights:
    """See ``weights.yaml`` for what each one means; odds are log10, times hours."""

    prior: float
    infected: int
    suspicious: int
    repeat: float
    stage_bonus: Mapping[int, float]
    stage_window: float
    order_bonus: float
    target: Mapping[str, float]
    grave: Grave
    payload_stages: frozenset[str]
    payload_behaviours: frozenset[str]
    outbound_stages: frozenset[str]
    attacks: frozenset[str]
    roles: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Role → behaviour → what the role takes from λ."""
    judged: Mapping[str, Judged] = field(default_factory=dict)
    violating: Severity = "medium"

    def is_payload(self, finding: Finding) -> bool:
        """Something that infects came to the machine; an attack that it makes itself is none."""
        if finding.role == "source" and finding.behaviour in self.attacks:
            return False
        behaviour = behaviours()[finding.behaviour]
        return behaviour.stage in self.payload_stages or finding.behaviour in self.payload_behaviours

    def explained(self, finding: Finding, roles: Collection[str]) -> float:
        """What the roles of the machine take from λ."""
        if finding.weight.deterministic:
            return 0.0
        return max((self.roles.get(role, {}).get(finding.behaviour, 0.0) for role in roles), default=0.0)

    def share(self, finding: Finding) -> float:
        """Share of λ that counts for this machine: all for who acted, little for who was acted upon."""
        if finding.role == "source":
            return 1.0
        return self.target.get(finding.behaviour, 0.0)


def load(path: Path) -> Weights:
    """Read a file of constants; raises ValueError or KeyError for what cannot be."""
    given = yaml.safe_load(path.read_text(encoding="utf-8"))
    if given.pop("format", None) != 1:
        raise ValueError(f"{path}:1: format 1 is expected")
    for name in ("payload_stages", "payload_behaviours", "outbound_stages", "attacks"):
        given[name] = frozenset(given[name])
    given["grave"] = Grave(**given["grave"])
    given["judged"] = {verdict: Judged(**what) for verdict, what in given["judged"].items()}
    return Weights(**given)


@cache
def shipped() -> Weights:
    """The constants that come with the product."""
    return load(PATH)
