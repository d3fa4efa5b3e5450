"""Rows of a query → findings: severity, weight, what speaks against it, and the explanation."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pipelines.detect.behaviour.rule import BehaviourRule
from pipelines.detect.behaviour.text import fill
from pipelines.detect.finding import SEVERITIES, Fact, Finding, Severity, Weight
from pipelines.detect.rulefiles import trusted

AGAINST_STEP: Final = 0.6
"""What each circumstance against a finding takes from its log10 ratio: a factor of four."""
MANY_SHARE: Final = 0.3
MANY_LEAST: Final = 3
"""A place that so large a share of at least so many machines call belongs to the office's life (prevalence)."""
MANY: Final = 10
"""… or so many machines, whatever the share."""
RARE_NETWORK: Final = 10
"""Below so many machines nothing can be called rare."""
RARE_SHARE: Final = 0.02
_HIDDEN: Final = frozenset({"machine", "peer", "events", "role"})
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def moment(micros: int) -> datetime:
    """µs since 1970 → time; clocks of captures may be before 1970 and far in the future."""
    return _EPOCH + timedelta(microseconds=micros)


def finding(rule: BehaviourRule, end: int, row: Mapping[str, Any], seen: tuple[int, int] | None) -> Finding:
    """One row as a finding. ``seen``: (machines that call the peer, machines of the network), where known."""
    definition = rule.definition
    flags = {**circumstances(seen), **{name: bool(value) for name, value in row.items() if isinstance(value, bool)}}
    against = tuple(name for name in definition.against if flags.get(name))
    events = row["events"]
    facts = _facts(row, seen)
    return Finding(
        rule=rule.id,
        version=definition.version,
        engine="behaviour",
        behaviour=definition.behaviour,
        machine=row["machine"],
        role="target" if row.get("role") == "target" else "source",
        peer=row.get("peer"),
        severity=_severity(rule, flags, len(against)),
        window=moment(end),
        first=moment(events[0]["at"]),
        last=moment(events[-1]["at"]),
        events=tuple(event["id"] for event in events),
        event_count=row["event_count"],
        weight=_weight(rule, flags, len(against)),
        title={"vi": definition.title.vi, "en": definition.title.en},
        explanation={
            "vi": fill(definition.explain.vi, {**facts, "reasons": _reasons(rule, flags, "vi")}, "vi"),
            "en": fill(definition.explain.en, {**facts, "reasons": _reasons(rule, flags, "en")}, "en"),
        },
        technique=definition.technique,
        facts=facts,
        against=against,
    )


def mirrored(found: Finding) -> Finding:
    """The same as the peer sees it: it was acted upon, which weighs nothing against it."""
    weight = replace(found.weight, log10_ratio=0.0, deterministic=False)
    return replace(found, machine=str(found.peer), peer=found.machine, role="target", weight=weight)


def circumstances(seen: tuple[int, int] | None) -> dict[str, bool]:
    """``rare_destination`` and ``seen_by_many``."""
    if seen is None:
        return {"rare_destination": False, "seen_by_many": False}
    callers, machines = seen
    many = callers >= MANY or (callers >= MANY_LEAST and callers >= MANY_SHARE * machines)
    return {
        "rare_destination": machines >= RARE_NETWORK and callers <= max(1, RARE_SHARE * machines),
        "seen_by_many": many,
    }


def is_home(address: str, row: Mapping[str, Any]) -> bool:
    """As the query says (``peer_home``), else by the address itself."""
    stated = row.get("peer_home")
    if isinstance(stated, bool):
        return stated
    try:
        return ipaddress.ip_address(address).is_private
    except ValueError:
        return False


def unusable(row: Mapping[str, Any]) -> bool:
    """A row about no machine (the events had no address)."""
    return not row.get("machine")


def _severity(rule: BehaviourRule, flags: Mapping[str, bool], against: int) -> Severity:
    level = SEVERITIES.index(rule.definition.severity)
    for name, alternatives in rule.definition.raise_.items():
        if any(all(flags.get(flag) for flag in group) for group in alternatives):
            level = max(level, SEVERITIES.index(name))
    return SEVERITIES[max(0, level - against)]


def _weight(rule: BehaviourRule, flags: Mapping[str, bool], against: int) -> Weight:
    definition = rule.definition
    ratio = definition.weight + sum(more for flag, more in definition.adds.items() if flags.get(flag))
    sure = definition.deterministic
    deterministic = (flags.get(sure, False) if isinstance(sure, str) else sure) and not against
    weight = Weight(
        log10_ratio=round(max(0.0, ratio - AGAINST_STEP * against), 3),
        family=definition.family,
        cap=definition.cap,
        half_life_hours=definition.half_life / 3_600_000_000,
        deterministic=deterministic,
    )
    return trusted(weight, rule.rehearsed)


def _reasons(rule: BehaviourRule, flags: Mapping[str, bool], language: str) -> str:
    texts = (getattr(text, language) for flag, text in rule.definition.reasons.items() if flags.get(flag))
    return ", ".join(texts)


def _facts(row: Mapping[str, Any], seen: tuple[int, int] | None) -> dict[str, Fact]:
    facts: dict[str, Fact] = {"machine": row["machine"], "peer": row.get("peer")}
    facts.update((name, _fact(value)) for name, value in _shown(row))
    facts["count"] = row["event_count"]
    if seen is not None:
        facts["seen_by"], facts["machines"] = seen
    else:
        facts.setdefault("seen_by", None)
        facts.setdefault("machines", None)
    return facts


def _shown(row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((name, value) for name, value in row.items() if name not in _HIDDEN)


def _fact(value: Any) -> Fact:
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def permitted(found: Finding, allowed: Collection[str]) -> bool:
    """Whether the machine's zone allows this policy behaviour."""
    return found.behaviour in allowed
