"""What the stores know about a machine's days after cleaning: hours in which it was seen, hours in which sensors were well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipelines.cases.following import evidence_of
from pipelines.cases.opening import stands
from pipelines.cases.quiet import HOUR, Verification, verify
from pipelines.cases.workflow import workflow
from pipelines.settings import Cases
from pipelines.store.state import Alert, Case, CaseAlert, CounterPoint, MachineDay
from pipelines.store.state.base import now

SEEN: Final = "packets.seen"
LOST: Final = ("packets.dropped", "source.kernel_drops")
_SENSOR: Final = "sensor:%"


def seen_hours(session: Session, machine: str, since: datetime) -> set[datetime]:
    """Starts of the hours in which a machine was seen."""
    rows = select(MachineDay).where(MachineDay.machine_id == machine, MachineDay.day >= since.date())
    return {
        datetime(one.day.year, one.day.month, one.day.day, hour, tzinfo=UTC)
        for one in session.scalars(rows)
        for hour in range(24)
        if one.hours >> hour & 1
    }


def healthy_hours(session: Session, since: datetime, loss_most: float) -> set[datetime]:
    """Starts of the hours in which sensors reported and lost at most this share of the packets."""
    wanted = CounterPoint.component.like(_SENSOR), CounterPoint.at > since - HOUR, CounterPoint.name.in_((SEEN, *LOST))
    rows = session.execute(select(CounterPoint.name, CounterPoint.at, CounterPoint.value).where(*wanted))
    return healthy(((name, at, value) for name, at, value in rows), loss_most)


def healthy(points: Iterable[tuple[str, datetime, int]], loss_most: float) -> set[datetime]:
    """The same from counter points; a point stands at the end of its minute."""
    seen: dict[datetime, int] = {}
    lost: dict[datetime, int] = {}
    for name, at, value in points:
        hour = (at - timedelta(seconds=1)).replace(minute=0, second=0, microsecond=0)
        counted = seen if name == SEEN else lost
        counted[hour] = counted.get(hour, 0) + value
    return {hour for hour, packets in seen.items() if packets and lost.get(hour, 0) <= packets * loss_most}


def days_needed(behaviours: Iterable[str], settings: Cases) -> int:
    """Quiet days that the behaviours of a case ask for: the most of any."""
    asked: Mapping[str, int] = settings.quiet_days_for
    return max((asked.get(one, settings.quiet_days) for one in behaviours), default=settings.quiet_days)


def verification(session: Session, case: Case, settings: Cases, at: datetime | None = None) -> Verification | None:
    """How far the proof of a case that was cleaned has come; None before it was declared clean."""
    if case.clean_since is None:
        return None
    at = at or now()
    rows = session.execute(
        select(Alert).join(CaseAlert, CaseAlert.alert_id == Alert.id).where(CaseAlert.case_id == case.id)
    ).scalars()
    alerts = list(rows)
    rule = workflow().returning["policy" if case.track == "policy" else "infection"]
    spoiling = [one.last for one in alerts if _spoils(one, rule.not_stages)]
    return verify(
        case.clean_since,
        case.closed_at or at,
        spoiling,
        seen_hours(session, case.machine_id, case.clean_since),
        healthy_hours(session, case.clean_since, settings.loss_most),
        days_needed((one.behaviour for one in alerts), settings),
        settings.quiet_hours,
        ZoneInfo(settings.time_zone),
    )


def _spoils(alert: Alert, harmless: tuple[str, ...]) -> bool:
    return stands(evidence_of(alert)) and alert.stage not in harmless
