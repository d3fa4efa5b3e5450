"""What time brings to cases: reminders, escalation, the last quiet day. The scheduler calls it; calling it again is harmless."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipelines.cases import observed, timeline
from pipelines.cases.clocks import CLOCKS
from pipelines.cases.workflow import workflow
from pipelines.settings import Cases
from pipelines.store.state import Case, Machine, Person
from pipelines.store.state.base import now


@dataclass(slots=True)
class Done:
    """How much was done."""

    reminded: int = 0
    escalated: int = 0
    verified: int = 0


def look(session: Session, settings: Cases, at: datetime | None = None) -> Done:
    """Look at every open case."""
    at = at or now()
    done = Done()
    for case in session.scalars(select(Case).where(Case.open).order_by(Case.due_at)):
        waits = workflow().states[case.state].waits
        if waits in ("unit", "centre") and case.state != "cleaned":
            done.reminded += _remind(session, case, settings, at)
            done.escalated += _escalate(session, case, settings, at)
        if case.state == "observation":
            done.verified += _verified(session, case, settings, at)
        if case.incident:
            _clocks(session, case, at)
    return done


def _remind(session: Session, case: Case, settings: Cases, at: datetime) -> bool:
    if case.reminded_at is not None or at < case.due_at - settings.remind_before:
        return False
    case.reminded_at = at
    people = timeline.followers(session, case) or unit_people(session, case) or approvers(session)
    data = {"due": case.due_at.isoformat(), "to": sorted(people)}
    timeline.add(session, case, "reminded", data, key=f"{case.round}:reminded", at=at)
    timeline.tell(session, case, "reminder", people, f"{case.id}:{case.round}:reminder", data)
    return True


def _escalate(session: Session, case: Case, settings: Cases, at: datetime) -> bool:
    if case.escalated_at is not None or at < case.due_at + settings.escalate_after:
        return False
    case.escalated_at = at
    people = approvers(session) | timeline.followers(session, case)
    data = {"due": case.due_at.isoformat(), "to": sorted(people)}
    timeline.add(session, case, "escalated", data, key=f"{case.round}:escalated", at=at)
    timeline.tell(session, case, "escalated", people, f"{case.id}:{case.round}:escalated", data)
    return True


def _verified(session: Session, case: Case, settings: Cases, at: datetime) -> bool:
    proof = observed.verification(session, case, settings, at)
    if proof is None or not proof.complete:
        return False
    data = {"days": proof.counted, "hours": proof.hours}
    if not timeline.add(session, case, "verified", data, key=f"{case.round}:verified", at=at):
        return False
    people = timeline.followers(session, case) | approvers(session)
    timeline.tell(session, case, "verified", people, f"{case.id}:{case.round}:verified", data)
    return True


def _clocks(session: Session, case: Case, at: datetime) -> None:
    grave = case.security_sign or case.disruption
    for name, allowed in CLOCKS.items():
        holds = grave if name == "immediately" else grave or case.incident_class == "serious"
        if not holds or name in case.reported or at < case.opened_at + allowed:
            continue
        if timeline.add(session, case, "clock", {"clock": name}, key=f"{case.round}:clock:{name}", at=at):
            people = approvers(session) | timeline.followers(session, case)
            timeline.tell(session, case, "clock", people, f"{case.id}:{case.round}:clock:{name}", {"clock": name})


def approvers(session: Session) -> set[str]:
    """The centre's people: those who may accept a cleaning."""
    people = session.scalars(select(Person).where(~Person.disabled))
    return {person.name for person in people if "specialist" in person.roles}


def unit_people(session: Session, case: Case) -> set[str]:
    """Administrators who are named for the machine's own unit."""
    unit = session.scalar(select(Machine.unit).where(Machine.id == case.machine_id))
    people = session.scalars(select(Person).where(~Person.disabled))
    return {one.name for one in people if "unit_admin" in one.roles and unit is not None and unit in one.units}
