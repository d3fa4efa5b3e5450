"""Verified clean by evidence: quiet days in which the machine was on and somebody was looking. Pure.

A machine that is switched off is not clean, and a sensor that is down sees nothing. A local day counts only when it is over,
nothing was found in it, and the machine was seen in at least ``hours`` hours in which the sensors lost next to nothing.
Days need not follow each other: a weekend neither counts nor spoils. Any new evidence spoils everything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Final, Literal

Reason = Literal["counted", "alert", "off", "short", "blind", "running"]
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Day:
    """One local day after the cleaning."""

    day: date
    seen: int
    """Hours in which the machine was seen."""
    good: int
    """… and the sensors were healthy."""
    reason: Reason
    """counted; or why not: alert, off (not seen), short (seen too little), blind (sensor trouble), running (not over)."""


@dataclass(frozen=True, slots=True)
class Verification:
    """How far the proof has come."""

    since: datetime
    needed: int
    hours: int
    days: tuple[Day, ...]

    @property
    def counted(self) -> int:
        """Days that count."""
        return sum(day.reason == "counted" for day in self.days)

    @property
    def spoiled(self) -> bool:
        """There is new evidence."""
        return any(day.reason == "alert" for day in self.days)

    @property
    def complete(self) -> bool:
        """Verified clean."""
        return not self.spoiled and self.counted >= self.needed

    @property
    def share(self) -> float:
        """0 to 1, for the bar."""
        return 0.0 if self.spoiled else min(1.0, self.counted / self.needed)


def verify(
    since: datetime,
    now: datetime,
    evidence: Iterable[datetime],
    seen: Collection[datetime],
    healthy: Collection[datetime],
    needed: int,
    hours: int,
    zone: tzinfo,
) -> Verification:
    """``evidence``: times of findings; ``seen`` and ``healthy``: starts of hours (UTC) in which the machine was seen,
    and in which the sensors were healthy; only what lies after ``since`` counts."""
    alerts = {at.astimezone(zone).date() for at in evidence if at > since}
    seen_on = _by_day(seen, since, now, zone)
    good_on = _by_day(set(seen) & set(healthy), since, now, zone)
    days = []
    day, today = since.astimezone(zone).date(), now.astimezone(zone).date()
    while day <= today:
        was_seen, good = seen_on.get(day, 0), good_on.get(day, 0)
        days.append(Day(day, was_seen, good, _reason(day in alerts, day == today, was_seen, good, hours)))
        day += timedelta(days=1)
    return Verification(since, needed, hours, tuple(days))


def _by_day(starts: Iterable[datetime], since: datetime, now: datetime, zone: tzinfo) -> dict[date, int]:
    counted: dict[date, int] = {}
    for start in starts:
        if since <= start < now:
            day = start.astimezone(zone).date()
            counted[day] = counted.get(day, 0) + 1
    return counted


def _reason(alert: bool, running: bool, seen: int, good: int, hours: int) -> Reason:
    if alert:
        return "alert"
    if running:
        return "running"
    if good >= hours:
        return "counted"
    if seen == 0:
        return "off"
    return "blind" if seen >= hours else "short"
