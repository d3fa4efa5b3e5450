"""When a case is opened, goes on, or comes back. Pure: what is known about a machine in, what to do out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from pipelines.cases.workflow import Workflow
from pipelines.detect.finding import SEVERITIES

Step = Literal["nothing", "open", "join", "return"]
JUDGED_AWAY: Final = frozenset({"false_alarm", "benign"})
"""Verdicts of people after which an alert says nothing against its machine."""
TRACKS: Final = ("infection", "policy")


@dataclass(frozen=True, slots=True)
class Evidence:
    """An alert, as far as cases look at it."""

    id: str
    track: str
    stage: str
    severity: str
    role: str
    weight: float
    """What it adds to the score of the machine."""
    first: datetime
    last: datetime
    verdict: str | None
    """What people have judged."""


@dataclass(frozen=True, slots=True)
class Present:
    """The latest case of the machine on the track."""

    state: str
    ordinal: int
    clean_since: datetime | None
    closed_at: datetime | None


def case_id(machine: str, track: str, ordinal: int) -> str:
    """The id of the n-th case of a machine on a track, wherever it is computed."""
    return hashlib.blake2b(f"{machine}\x1f{track}\x1f{ordinal}".encode(), digest_size=12).hexdigest()


def stands(alert: Evidence) -> bool:
    """Whether an alert speaks against its machine: its own act, and nobody has judged it away."""
    return alert.role == "source" and alert.verdict not in JUDGED_AWAY


def at_least(severity: str, least: str) -> bool:
    """Whether a severity is as grave as another."""
    return SEVERITIES.index(severity) >= SEVERITIES.index(least)


def gravest(alerts: Sequence[Evidence]) -> str:
    """The highest severity."""
    return max((alert.severity for alert in alerts), key=SEVERITIES.index, default="low")


def decide(
    flow: Workflow,
    track: str,
    verdict: str,
    alerts: Sequence[Evidence],
    present: Present | None,
    reopen_within: timedelta,
) -> tuple[Step, list[Evidence]]:
    """What to do, and the alerts of the track that belong to it.

    No case, or the last one was a false alarm or ended too long ago: ``open`` when the rule of the workflow says so.
    A case that waits for people: ``join``. One that was cleaned: ``return`` when there is later evidence, else nothing.
    """
    own = [alert for alert in alerts if alert.track == track]
    if present is None:
        return ("open", own) if _opens(flow, track, verdict, own) else ("nothing", [])
    state = flow.states[present.state]
    if present.state not in flow.transitions["recur"].before:
        if state.open:
            return ("join", own) if own else ("nothing", [])
        # Dismissed: what was known then has been judged; only later evidence can open another case.
        later = _later(own, present.closed_at)
        return ("open", later) if _opens(flow, track, verdict, later) else ("nothing", [])
    later = _later(own, present.clean_since)
    returned = [alert for alert in later if _returns(flow, track, alert)]
    if not returned:
        return "nothing", []
    over = present.closed_at is not None and max(one.last for one in returned) > present.closed_at + reopen_within
    if over:
        return ("open", later) if _opens(flow, track, verdict, later) else ("nothing", [])
    return "return", later


def _opens(flow: Workflow, track: str, verdict: str, alerts: Sequence[Evidence]) -> bool:
    rule = flow.opening["policy" if track == "policy" else "infection"]
    standing = [alert for alert in alerts if stands(alert)]
    if rule.verdict is not None:
        return bool(standing) and verdict in _as_bad_as(rule.verdict)
    return any(at_least(alert.severity, rule.severity or "critical") for alert in standing)


def _as_bad_as(verdict: str) -> tuple[str, ...]:
    return ("infected",) if verdict == "infected" else ("infected", "suspicious")


def _returns(flow: Workflow, track: str, alert: Evidence) -> bool:
    rule = flow.returning["policy" if track == "policy" else "infection"]
    weighs = track == "policy" or alert.weight > 0
    return stands(alert) and weighs and at_least(alert.severity, rule.severity) and alert.stage not in rule.not_stages


def _later(alerts: Sequence[Evidence], since: datetime | None) -> list[Evidence]:
    return [alert for alert in alerts if since is None or alert.last > since]
