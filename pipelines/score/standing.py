"""Where a machine stands: score, gate, verdict."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

from pipelines.detect.finding import SEVERITIES, Finding
from pipelines.score.odds import Item, Sum, add_up
from pipelines.score.weights import Weights
from schema import behaviours

Verdict = Literal["infected", "suspicious", "violating", "clean"]
VERDICTS: Final[tuple[Verdict, ...]] = ("infected", "suspicious", "violating", "clean")
MOMENTS: Final = 64
"""Moments at which a long capture is judged: the sum changes only with a finding, and fades slowly between."""
_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Standing:
    """The answer about one machine at one moment."""

    verdict: Verdict
    score: int
    violating: bool
    gate: bool
    """There is a payload and an outbound act, two outbound acts, or proof."""
    sum: Sum
    at: datetime

    def weight(self, rule: str) -> float:
        """What the alert of this rule adds to the log-odds."""
        return round(sum(item.weight for item in self.sum.items if item.finding.rule == rule), 4)

    def as_items(self) -> list[dict[str, Any]]:
        """``Machine.items``: the parts of the score as JSON, prior first, then the strongest."""
        parts: list[dict[str, Any]] = [{"kind": "prior", "weight": self.sum.prior}]
        parts += [_as_dict(item) for item in self.sum.items]
        if self.sum.stage_bonus:
            parts.append({"kind": "stages", "weight": self.sum.stage_bonus})
        if self.sum.floor:
            parts.append({"kind": "grave", "weight": self.sum.floor})
        return parts


def now_standing(
    findings: Sequence[Finding],
    now: datetime,
    weights: Weights,
    judged: Mapping[str, str] | None = None,
    roles: Collection[str] = (),
) -> Standing:
    """At ``now``: evidence that is not renewed has faded. For live operation."""
    total = add_up(findings, now, weights, judged, roles)
    gate = opens(total.items, weights)
    violating = is_violating(findings, weights, judged or {})
    return Standing(_verdict(total.score, gate, violating, weights), total.score, violating, gate, total, now)


def worst_standing(findings: Sequence[Finding], weights: Weights, roles: Collection[str] = ()) -> Standing:
    """At the worst moment that the findings give. For whole captures: what faded by their end still happened."""
    moments = sorted({finding.last for finding in findings}) or [_BEGINNING]
    if len(moments) > MOMENTS:
        step = (len(moments) - 1) / (MOMENTS - 1)
        moments = [moments[round(at * step)] for at in range(MOMENTS)]
    standings = [now_standing(findings, moment, weights, roles=roles) for moment in moments]
    return min(standings, key=lambda one: (VERDICTS.index(one.verdict), -one.sum.log_odds, -one.at.timestamp()))


def opens(items: Iterable[Item], weights: Weights) -> bool:
    """The gate of the verdict "infected" (docs/scoring.md)."""
    able = [item for item in items if item.opens and item.weight > 0]
    if any(item.deterministic for item in able):
        return True
    payload = any(weights.is_payload(item.finding) for item in able)
    outbound = {
        (item.stage, item.family)
        for item in able
        if item.finding.role == "source"
        and item.stage in weights.outbound_stages
        and not weights.is_payload(item.finding)
    }
    stages, families = {stage for stage, _ in outbound}, {family for _, family in outbound}
    return (payload and bool(outbound)) or (len(stages) >= 2 and len(families) >= 2)


def is_violating(findings: Iterable[Finding], weights: Weights, judged: Mapping[str, str]) -> bool:
    """Some policy alert of the machine's own doing is open and weighty enough."""
    least = SEVERITIES.index(weights.violating)
    return any(
        finding.role == "source"
        and behaviours()[finding.behaviour].track == "policy"
        and SEVERITIES.index(finding.severity) >= least
        and weights.judged.get(judged.get(finding.rule, ""), None) in (None, weights.judged.get("confirmed"))
        for finding in findings
    )


def _verdict(score: int, gate: bool, violating: bool, weights: Weights) -> Verdict:
    if score >= weights.infected and gate:
        return "infected"
    if score >= weights.suspicious:
        return "suspicious"
    return "violating" if violating else "clean"


def _as_dict(item: Item) -> dict[str, Any]:
    finding = item.finding
    return {
        "kind": "evidence",
        "rule": finding.rule,
        "title": dict(finding.title),
        "peer": finding.peer,
        "family": item.family,
        "stage": item.stage,
        "weight": item.weight,
        "ratio": finding.weight.log10_ratio,
        "half_life_hours": finding.weight.half_life_hours,
        "deterministic": item.deterministic,
        "against": list(finding.against),
        "last": finding.last.isoformat(),
    }
