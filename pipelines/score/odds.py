"""Evidence → log-odds that a machine is infected.

L = prior + Σ over families of min(cap, Σⱼ ½^(j−1)·λ₍ⱼ₎·2^(−age/half-life)) + bonus for stages. Evidence of one family
is not independent, so its second item says half as much and the whole of it is capped; several windows of one rule
about one destination are one item.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from pipelines.detect.finding import SEVERITIES, Finding
from pipelines.detect.rulefiles import UNREHEARSED_WEIGHT
from pipelines.score.weights import Judged, Weights
from schema import STAGES, behaviours


@dataclass(frozen=True, slots=True)
class Item:
    """One part of the sum: the strongest finding of one rule about one destination."""

    finding: Finding
    family: str
    stage: str
    weight: float
    """What it adds to the log-odds, after repeat, cap and age."""
    deterministic: bool
    opens: bool
    """It may open the gate: not a rule from outside that nobody has rehearsed."""


@dataclass(frozen=True, slots=True)
class Sum:
    """Log-odds and what they are made of, the strongest item first."""

    log_odds: float
    prior: float
    stage_bonus: float
    floor: float
    """What was added because of one grave finding, so that the odds are even at least."""
    items: tuple[Item, ...]

    @property
    def score(self) -> int:
        """0 to 100: the probability in per cent."""
        return score(self.log_odds)


@dataclass(frozen=True, slots=True)
class _Candidate:
    finding: Finding
    strength: float
    deterministic: bool


def score(log_odds: float) -> int:
    """100/(1+10^−L), rounded; verdicts are taken from this figure, so that what people read is what was decided."""
    bounded = max(-300.0, min(300.0, log_odds))
    return round(100 / (1 + math.exp(-bounded * math.log(10))))


def add_up(
    findings: Iterable[Finding],
    now: datetime,
    weights: Weights,
    judged: Mapping[str, str] | None = None,
    roles: Collection[str] = (),
) -> Sum:
    """The sum at the moment ``now`` (packet time): later findings do not count, older ones have faded.

    ``judged``: rule → verdict of a person about its alert; ``roles``: what the machine is for.
    """
    candidates = _strongest(findings, now, weights, judged or {}, roles)
    items: list[Item] = []
    for family in sorted({one.finding.weight.family for one in candidates}):
        items += _family(family, [one for one in candidates if one.finding.weight.family == family], weights)
    items.sort(key=lambda item: (-item.weight, item.finding.rule, item.finding.peer or ""))
    bonus = _stage_bonus(items, now, weights)
    total = weights.prior + sum(item.weight for item in items) + bonus
    floor = max(0.0, weights.grave.least - total) if any(_is_grave(item, now, weights) for item in items) else 0.0
    return Sum(round(total + floor, 4), weights.prior, bonus, round(floor, 4), tuple(items))


def _is_grave(item: Item, now: datetime, weights: Weights) -> bool:
    """The machine did it, a rule that we trust calls it grave, and it has not faded by half."""
    finding = item.finding
    least = SEVERITIES.index(weights.grave.severity)
    fresh = _faded(finding, now) >= 0.5
    return item.opens and finding.role == "source" and SEVERITIES.index(finding.severity) >= least and fresh


def _strongest(
    findings: Iterable[Finding], now: datetime, weights: Weights, judged: Mapping[str, str], roles: Collection[str]
) -> list[_Candidate]:
    """One candidate for each rule and destination."""
    best: dict[tuple[str, str | None, str], _Candidate] = {}
    for finding in findings:
        if finding.last > now or behaviours()[finding.behaviour].track != "infection":
            continue
        said = weights.judged.get(judged.get(finding.rule, ""), Judged(1.0))
        plain = max(0.0, finding.weight.log10_ratio - weights.explained(finding, roles))
        ratio = max(plain, said.least) * said.factor * weights.share(finding)
        strength = ratio * _faded(finding, now)
        if strength <= 0:
            continue
        sure = (finding.weight.deterministic or said.deterministic) and finding.role == "source"
        key = (finding.rule, finding.peer, finding.role)
        if key not in best or strength >= best[key].strength:
            best[key] = _Candidate(finding, strength, sure)
    return list(best.values())


def _faded(finding: Finding, now: datetime) -> float:
    half_life = finding.weight.half_life_hours
    if half_life <= 0:
        return 1.0
    age: float = (now - finding.last) / timedelta(hours=1)
    return float(2.0 ** (-age / half_life))


def _family(family: str, candidates: Sequence[_Candidate], weights: Weights) -> list[Item]:
    items: list[Item] = []
    total = 0.0
    ordered = sorted(candidates, key=lambda one: (-one.strength, one.finding.rule, one.finding.peer or ""))
    for rank, candidate in enumerate(ordered):
        cap = max(candidate.finding.weight.cap, candidate.strength if candidate.deterministic else 0.0)
        added = max(0.0, min(candidate.strength * weights.repeat**rank, cap - total))
        total += added
        items.append(
            Item(
                finding=candidate.finding,
                family=family,
                stage=behaviours()[candidate.finding.behaviour].stage,
                weight=round(added, 4),
                deterministic=candidate.deterministic,
                opens=candidate.deterministic or candidate.finding.weight.cap > UNREHEARSED_WEIGHT,
            )
        )
    return items


def _stage_bonus(items: Sequence[Item], now: datetime, weights: Weights) -> float:
    since = now - timedelta(hours=weights.stage_window) if now.year > 1 else now
    counted = [item for item in items if item.weight > 0 and item.finding.last >= since and item.stage != "exposure"]
    begun: dict[str, datetime] = {}
    for item in counted:
        begun[item.stage] = min(begun.get(item.stage, item.finding.first), item.finding.first)
    stages = min(len(begun), len({item.family for item in counted}))
    reached = [least for least in weights.stage_bonus if least <= stages]
    if not reached:
        return 0.0
    times = [begun[stage] for stage in STAGES if stage in begun]
    ordered = all(earlier < later for earlier, later in pairwise(times))
    return round(weights.stage_bonus[max(reached)] + (weights.order_bonus if ordered else 0.0), 4)
