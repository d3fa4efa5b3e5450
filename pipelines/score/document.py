"""What ``vonggac analyse`` says about captures, as ``schema/analysis.schema.json`` describes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pipelines.detect.finding import SEVERITIES, Finding
from pipelines.enrich.inventory import Inventory
from pipelines.enrich.machine import KnownMachine
from pipelines.score.alerts import AlertSummary, fold_all
from pipelines.score.attribution import machine_of
from pipelines.score.standing import VERDICTS, Standing, worst_standing
from pipelines.score.texts import explanation
from pipelines.score.weights import Weights
from schema import behaviours

FORMAT: Final = 1
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class AssessedMachine:
    """A machine with its standing over the whole input and its alerts, the gravest first."""

    machine: KnownMachine
    standing: Standing
    alerts: Sequence[AlertSummary]
    findings: Sequence[Finding] = ()
    """All that the standing and the alerts were made of."""


def assess(inventory: Inventory, findings: Iterable[Finding], weights: Weights) -> list[AssessedMachine]:
    """Every machine that was seen or that a finding is about, the worst first."""
    by_machine: dict[str, list[Finding]] = {}
    for finding in {finding.id: finding for finding in findings}.values():
        machine = machine_of(finding, inventory)
        if machine is not None:
            by_machine.setdefault(machine.id, []).append(finding)
    return ranked(((machine, by_machine.get(machine.id, [])) for machine in inventory), weights)


def ranked(known: Iterable[tuple[KnownMachine, Sequence[Finding]]], weights: Weights) -> list[AssessedMachine]:
    """Machines with what was found about each, the worst first."""
    assessed = []
    for machine, about in known:
        standing = worst_standing(about, weights, machine.roles)
        alerts = sorted(fold_all(machine.id, about).values(), key=lambda one: _gravity(one, standing))
        assessed.append(AssessedMachine(machine, standing, alerts, about))
    return sorted(assessed, key=_badness)


def machine_document(assessed: AssessedMachine) -> dict[str, Any]:
    """One entry of ``machines``."""
    machine, standing = assessed.machine, assessed.standing
    return {
        "ips": machine.ips,
        "mac": machine.mac,
        "names": machine.called_names,
        "verdict": standing.verdict,
        "score": standing.score,
        "violating": standing.violating,
        "alerts": [alert_document(alert, standing) for alert in assessed.alerts],
    }


def alert_document(alert: AlertSummary, standing: Standing) -> dict[str, Any]:
    """One entry of ``alerts``."""
    finding = alert.strongest
    behaviour = behaviours()[finding.behaviour]
    return {
        "id": alert.id,
        "rule": finding.rule,
        "behaviour": finding.behaviour,
        "track": behaviour.track,
        "stage": behaviour.stage,
        "technique": list(finding.technique),
        "severity": alert.severity,
        "role": finding.role,
        "title": dict(finding.title),
        "explanation": explanation(alert, standing),
        "first": rfc3339(alert.first),
        "last": rfc3339(alert.last),
        "count": alert.count,
        "peers": list(alert.peers),
        "peer_count": alert.peer_count,
        "events": list(alert.events),
    }


def document(captures: Sequence[Mapping[str, Any]], machines: Sequence[AssessedMachine]) -> dict[str, Any]:
    """The whole object."""
    return {
        "format": FORMAT,
        "captures": [dict(capture) for capture in captures],
        "machines": [machine_document(one) for one in machines],
    }


def rfc3339(moment: datetime) -> str:
    """Time in UTC with microseconds and Z."""
    plain = moment.astimezone(UTC).replace(tzinfo=None)
    return f"{plain.isoformat(timespec='microseconds')}Z"


def from_micros(micros: int) -> datetime:
    """µs since 1970 (negative before) → time."""
    return _EPOCH + timedelta(microseconds=micros)


def _gravity(alert: AlertSummary, standing: Standing) -> tuple[Any, ...]:
    rank = SEVERITIES.index(alert.severity)
    return (-rank, alert.strongest.role != "source", -standing.weight(alert.strongest.rule), alert.first, alert.id)


def _badness(one: AssessedMachine) -> tuple[Any, ...]:
    return (
        VERDICTS.index(one.standing.verdict),
        -one.standing.score,
        -len(one.alerts),
        one.machine.seen.first,
        one.machine.id,
    )
