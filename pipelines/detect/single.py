"""Findings of rules that look at one event at a time (Sigma, YARA, indicators)."""

from __future__ import annotations

import ipaddress
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from pipelines.detect.finding import EVENTS_KEPT, Engine, Fact, Finding, Role, Severity, Weight
from schema import behaviours

SINGLE_FINDINGS: Final = 100
"""Findings of one rule about one pair in one segment that stand alone; further events join the last one, so that a
flood of matching events makes few findings and still counts."""
_VICTIM_STAGES: Final = frozenset({"discovery", "credential", "lateral"})
_VICTIM_BEHAVIOURS: Final = frozenset({"web-attack", "web-shell", "exploit", "packet-injection", "dos"})
_PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Statement:
    """What a rule says, whichever machine it is about."""

    rule: str
    version: int
    engine: Engine
    behaviour: str
    severity: Severity
    weight: Weight
    title: Mapping[str, str]
    explanation: Mapping[str, str]
    """Text in vi and en; ``{machine}``, ``{peer}`` and names of facts are filled in, anything else is left as it is."""
    technique: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class End:
    """A machine that a matching event is about, and its counterpart."""

    machine: str
    peer: str | None
    role: Role


@dataclass(frozen=True, slots=True)
class Sighting:
    """One event that matched."""

    event: str
    time: datetime
    end: End
    facts: Mapping[str, Fact] = field(default_factory=dict)


def ends(behaviour: str, row: Mapping[str, Any], upload: bool = True) -> list[End]:
    """Who acted and who was acted upon in a row with ``source.*`` and ``destination.*``.

    ``upload`` says that what matched was sent by the client; otherwise the server sent it.
    """
    client, server = row.get("source.ip"), row.get("destination.ip")
    if not client:
        return [End(server, None, "source")] if server else []
    client_home = _home(row, "source", client)
    server_home = server is not None and _home(row, "destination", server)
    if server and server_home and not client_home and not upload:
        return [End(server, client, "source")]  # our server hands it out
    found = [End(client, server, "source")]
    attack = behaviours()[behaviour].stage in _VICTIM_STAGES or behaviour in _VICTIM_BEHAVIOURS
    if server and upload and (attack or (server_home and not client_home)):
        found.append(End(server, client, "target"))
    return found


def findings(statement: Statement, sightings: Iterable[Sighting]) -> list[Finding]:
    """One finding an event; a flood between one pair is folded, see ``SINGLE_FINDINGS``."""
    groups: dict[End, dict[datetime, list[Sighting]]] = defaultdict(dict)
    for sighting in sightings:
        times = groups[sighting.end]
        if sighting.time in times or len(times) < SINGLE_FINDINGS:
            times.setdefault(sighting.time, []).append(sighting)
        else:
            next(reversed(times.values())).append(sighting)
    return [_finding(statement, end, seen) for end, times in groups.items() for seen in times.values()]


def fill(template: str, facts: Mapping[str, Fact]) -> str:
    """``{name}`` → the fact of that name; never evaluates anything, because rule texts come from outside as well."""
    return _PLACEHOLDER.sub(lambda match: _shown(facts.get(match[1]), match[0]), template)


def placeholders(template: str) -> set[str]:
    """Names of the facts that a text asks for."""
    return set(_PLACEHOLDER.findall(template))


def _finding(statement: Statement, end: End, seen: list[Sighting]) -> Finding:
    facts: dict[str, Fact] = {**seen[0].facts, "machine": end.machine, "peer": end.peer}
    events = list(dict.fromkeys(s.event for s in seen))
    half = EVENTS_KEPT // 2
    kept = events if len(events) <= EVENTS_KEPT else events[:half] + events[-half:]
    return Finding(
        rule=statement.rule,
        version=statement.version,
        engine=statement.engine,
        behaviour=statement.behaviour,
        machine=end.machine,
        role=end.role,
        peer=end.peer,
        severity=statement.severity,
        window=seen[0].time,
        first=min(s.time for s in seen),
        last=max(s.time for s in seen),
        events=tuple(kept),
        event_count=len(events),
        weight=statement.weight,
        title=statement.title,
        explanation={language: fill(text, facts) for language, text in statement.explanation.items()},
        technique=statement.technique,
        facts=facts,
    )


def _shown(value: Fact, otherwise: str) -> str:
    return otherwise if value is None else str(value)


def _home(row: Mapping[str, Any], side: str, address: str) -> bool:
    """As enrichment says; private by its address where a row was not enriched."""
    stated = row.get(f"vonggac.{side}.home")
    return stated if isinstance(stated, bool) else _private(address)


@lru_cache(maxsize=4096)
def _private(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_private
    except ValueError:
        return False
