"""Deadlines by severity, and the clocks of the law for incidents. Pure: times in, times out.

Source of the clocks: Nghị định 331/2026/NĐ-CP, Điều 31 khoản 2 điểm d: at once on signs against national security or on
serious disruption; within 24 h the first notice of a serious incident; within 72 h cause, scope and remedy; all from detection.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

Urgency = Literal["done", "calm", "soon", "overdue"]
CLOCKS: Final = {"immediately": timedelta(0), "first": timedelta(hours=24), "full": timedelta(hours=72)}
"""Clock → time allowed from T0."""
SOON: Final = 0.25
"""Share of the whole time that is left when a clock turns urgent."""


@dataclass(frozen=True, slots=True)
class Clock:
    """One time limit from T0."""

    name: str
    due: datetime
    reported: datetime | None
    urgency: Urgency


def due(opened: datetime, severity: str, allowed: Mapping[str, timedelta]) -> datetime:
    """When a case of this severity has to be cleaned."""
    return opened + allowed[severity]


def sooner(present: datetime, now: datetime, severity: str, allowed: Mapping[str, timedelta]) -> datetime:
    """The deadline after the severity has risen: never later than before, and time enough to act from now."""
    return min(present, now + allowed[severity])


def urgency(opened: datetime, limit: datetime, now: datetime) -> Urgency:
    """How near a deadline is."""
    if now >= limit:
        return "overdue"
    return "soon" if limit - now <= (limit - opened) * SOON else "calm"


def incident_clocks(
    opened: datetime, serious: bool, grave: bool, reported: Mapping[str, datetime], now: datetime
) -> list[Clock]:
    """The limits that hold for an incident: ``grave`` (security sign or disruption) at once, ``serious`` 24 h and 72 h."""
    names = [*(["immediately"] if grave else []), *(["first", "full"] if serious or grave else [])]
    clocks = []
    for name in names:
        limit, told = opened + CLOCKS[name], reported.get(name)
        clocks.append(Clock(name, limit, told, "done" if told else urgency(opened, limit, now)))
    return clocks
