"""Cases: the list, and the page of one: what happened, what has been done, who is waiting for whom."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final, Literal

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from dashboards.console.access import Needs
from dashboards.console.problems import Problem
from dashboards.console.reading.alerts import AlertRow, Words, row
from dashboards.console.reading.machines import MachineRef, matching, reference, visible
from dashboards.console.visit import Visit
from pipelines.cases import book, clocks, observed, plan, timeline
from pipelines.cases.quiet import Verification
from pipelines.cases.workflow import workflow
from pipelines.store.state import Case, CaseAttachment, CaseEntry, CaseWatcher, Machine, Person
from pipelines.store.state.base import now

PAGE: Final = 100
Shown = Literal["open", "mine", "overdue", "soon", "closed", "all"]
NEAREST: Final = 5
_WAITING: Final = tuple(name for name, state in workflow().states.items() if state.waits == "time")
"""States in which only time has to pass: their deadline is met."""


class CaseRow(BaseModel):
    """A case in one line."""

    id: str
    number: int
    track: str
    state: str
    state_words: Words
    waits: str
    severity: str
    round: int
    assignee: str | None
    opened_at: datetime
    due_at: datetime
    urgency: str
    """done, calm, soon or overdue."""
    incident: bool
    machine: MachineRef


class CaseList(BaseModel):
    """One page of cases, the nearest deadline first."""

    cases: list[CaseRow]
    counts: dict[str, int]
    total: int
    page: int
    pages: int
    shown: Shown
    text: str


class Glance(BaseModel):
    """The open cases at a glance."""

    open: int
    overdue: int
    soon: int
    nearest: list[CaseRow]
    """Those on which somebody has to act, the nearest deadline first."""


class Way(BaseModel):
    """What this person can do next, and what it still needs."""

    name: str
    words: Words
    missing: list[str]
    comment: bool


class Attachment(BaseModel):
    """An uploaded file."""

    id: str
    name: str
    size: int
    by: str
    at: datetime


class Task(BaseModel):
    """A step of the playbook."""

    id: str
    phase: str
    who: str
    required: bool
    minutes: int
    proof: str
    do: Words
    check: Words
    show: Words | None
    done: bool
    complete: bool
    answer: str
    by: str | None
    at: datetime | None
    files: list[Attachment]


class QuietDay(BaseModel):
    """A day of the proof."""

    day: date
    seen: int
    good: int
    reason: str


class Proof(BaseModel):
    """Verified clean: how far."""

    needed: int
    counted: int
    hours: int
    share: float
    complete: bool
    spoiled: bool
    days: list[QuietDay]


class Entry(BaseModel):
    """A line of the timeline."""

    kind: str
    at: datetime
    event_at: datetime | None
    author: str | None
    data: dict[str, Any]


class Clock(BaseModel):
    """A time limit of the law."""

    name: str
    due: datetime
    reported: datetime | None
    urgency: str


class CasePage(BaseModel):
    """Everything about one case."""

    case: CaseRow
    cause: str
    action: str
    incident_class: str
    security_sign: bool
    disruption: bool
    system_level: int | None
    clocks: list[Clock]
    first: list[Words]
    families: list[Words]
    tasks: list[Task]
    proof: Proof | None
    ways: list[Way]
    alerts: list[AlertRow]
    entries: list[Entry]
    files: list[Attachment]
    watched: bool
    related: list[CaseRow]
    people: list[str]
    next: str


def actor(visit: Visit) -> book.Actor:
    """The reader as somebody who acts on cases."""
    can = {need.value for need in (Needs.CASES_WORK, Needs.CASES_APPROVE) if visit.can(need)}
    return book.Actor(visit.person.name, book.permissions(can))


def seen(visit: Visit) -> Select[Case]:
    """The cases that this person may see, with their machines."""
    loaded = contains_eager(Case.machine)
    found = (
        select(Case)
        .join(Case.machine)
        .options(loaded.selectinload(Machine.names), loaded.selectinload(Machine.addresses))
    )
    return found if visit.scope is None else found.where(Machine.unit.in_(visit.scope))


def find(session: Session, visit: Visit, identity: str) -> Case:
    """The case, if it exists and this person may see it; else a Problem that does not say which."""
    found = session.scalars(seen(visit).where(Case.id == identity)).unique().one_or_none()
    if found is None:
        raise Problem(404, "problem.404")
    return found


def line(case: Case) -> CaseRow:
    """The line about a case."""
    state = workflow().states[case.state]
    running = case.open and state.waits != "time"
    return CaseRow(
        id=case.id,
        number=case.number,
        track=case.track,
        state=case.state,
        state_words=Words(**state.words(case.track)),
        waits=state.waits,
        severity=case.severity,
        round=case.round,
        assignee=case.assignee,
        opened_at=case.opened_at,
        due_at=case.due_at,
        urgency=clocks.urgency(case.opened_at, case.due_at, now()) if running else "done",
        incident=case.incident,
        machine=reference(case.machine),
    )


def _narrowed(visit: Visit, session: Session, found: Select[Case]) -> dict[str, ColumnElement[bool]]:
    """What each tab shows of these cases."""
    acting = Case.open & Case.state.not_in(_WAITING)
    times = found.with_only_columns(Case.id, Case.opened_at, Case.due_at).where(acting).order_by(None)
    at = now()
    soon = [one for one, opened, due in session.execute(times) if clocks.urgency(opened, due, at) == "soon"]
    return {
        "open": Case.open.is_(True),
        "mine": Case.open & (Case.assignee == visit.person.name),
        "overdue": acting & (Case.due_at <= at),
        "soon": Case.id.in_(soon),
        "closed": ~Case.open,
    }


def _counts(session: Session, found: Select[Case], narrowed: dict[str, ColumnElement[bool]]) -> dict[str, int]:
    plain = found.with_only_columns(func.count()).order_by(None)
    counts = {name: session.scalar(plain.where(wanted)) or 0 for name, wanted in narrowed.items()}
    return {**counts, "all": session.scalar(plain) or 0}


def glance(visit: Visit, session: Session) -> Glance:
    """The open cases that this person sees, for the first page."""
    found = seen(visit)
    narrowed = _narrowed(visit, session, found)
    counts = _counts(session, found, {name: narrowed[name] for name in ("open", "overdue", "soon")})
    acting = found.where(Case.open, Case.state.not_in(_WAITING)).order_by(Case.due_at, Case.number).limit(NEAREST)
    nearest = [line(case) for case in session.scalars(acting).unique()]
    return Glance(open=counts["open"], overdue=counts["overdue"], soon=counts["soon"], nearest=nearest)


def listing(visit: Visit, shown: Shown, text: str, page: int) -> CaseList:
    """One page of cases."""
    with visit.console.database.session() as session:
        found = seen(visit)
        if text:
            machines = matching(visible(visit), text).with_only_columns(Machine.id)
            number = text.lstrip("#")
            same = Case.number == int(number) if number.isdigit() and len(number) < 10 else Case.assignee == text
            found = found.where(or_(Case.machine_id.in_(machines), same))
        narrowed = _narrowed(visit, session, found)
        counts = _counts(session, found, narrowed)
        chosen = found.where(narrowed[shown]) if shown in narrowed else found
        ordered = chosen.order_by(Case.open.desc(), Case.due_at, Case.number).limit(PAGE).offset(PAGE * (page - 1))
        return CaseList(
            cases=[line(case) for case in session.scalars(ordered).unique()],
            counts=counts,
            total=counts[shown],
            page=page,
            pages=max(1, -(-counts[shown] // PAGE)),
            shown=shown,
            text=text,
        )


def read(visit: Visit, identity: str) -> CasePage:
    """The page of a case."""
    settings = visit.console.settings.cases
    with visit.console.database.session() as session:
        case = find(session, visit, identity)
        alerts = plan.alerts_of(session, case)
        found = plan.plan_of(alerts)
        files = session.scalars(
            select(CaseAttachment).where(CaseAttachment.case_id == case.id).order_by(CaseAttachment.at)
        )
        ref = reference(case.machine)
        return CasePage(
            case=line(case),
            cause=case.cause,
            action=case.action,
            incident_class=case.incident_class,
            security_sign=case.security_sign,
            disruption=case.disruption,
            system_level=case.system_level,
            clocks=_clocks(case),
            first=[Words(vi=one.vi, en=one.en) for one in found.first],
            families=[Words(vi=one.vi, en=one.en) for one in found.families.values()],
            tasks=[_task(one) for one in plan.doings(session, case, found)],
            proof=_proof(observed.verification(session, case, settings)),
            ways=[_way(way, case.track) for way in book.ways(session, case, actor(visit), settings)],
            alerts=[row(alert, ref if alert.machine_id == ref.id else reference(alert.machine)) for alert in alerts],
            entries=[_entry(one) for one in reversed(timeline.lines(session, case))],
            files=[_file(one) for one in files],
            watched=session.get(CaseWatcher, (case.id, visit.person.name)) is not None,
            related=_related(session, visit, case),
            people=_people(session) if visit.can(Needs.CASES_WORK) else [],
            next=f"/cases/{case.id}",
        )


def _clocks(case: Case) -> list[Clock]:
    if not case.incident:
        return []
    told = {name: datetime.fromisoformat(at) for name, at in case.reported.items()}
    grave = case.security_sign or case.disruption
    serious = case.incident_class == "serious"
    return [
        Clock(name=one.name, due=one.due, reported=one.reported, urgency=one.urgency)
        for one in clocks.incident_clocks(case.opened_at, serious, grave, told, now())
    ]


def _task(one: plan.Doing) -> Task:
    step, done = one.task.step, one.done
    return Task(
        id=one.task.id,
        phase=step.phase,
        who=step.who,
        required=one.task.required,
        minutes=step.minutes,
        proof=step.proof,
        do=Words(**step.do.model_dump()),
        check=Words(**step.check.model_dump()),
        show=Words(**step.show.model_dump()) if step.show else None,
        done=bool(done and done.done),
        complete=one.complete,
        answer=done.answer if done else "",
        by=done.by if done else None,
        at=done.at if done else None,
        files=[_file(file) for file in one.files],
    )


def _proof(found: Verification | None) -> Proof | None:
    if found is None:
        return None
    days = [QuietDay(day=one.day, seen=one.seen, good=one.good, reason=one.reason) for one in found.days[-30:]]
    return Proof(
        needed=found.needed, counted=found.counted, hours=found.hours, share=found.share, complete=found.complete,
        spoiled=found.spoiled, days=days,
    )  # fmt: skip


def _way(way: book.Way, track: str) -> Way:
    transition = way.transition
    return Way(
        name=way.name, words=Words(**transition.words(track)), missing=list(way.missing),
        comment="comment" in transition.requires,
    )  # fmt: skip


def _entry(one: CaseEntry) -> Entry:
    return Entry(kind=one.kind, at=one.at, event_at=one.event_at, author=one.author, data=one.data)


def _file(one: CaseAttachment) -> Attachment:
    return Attachment(id=one.id, name=one.name, size=one.size, by=one.by, at=one.at)


def _related(session: Session, visit: Visit, case: Case) -> list[CaseRow]:
    """Other cases of the machine, and open ones of its unit."""
    near = Case.machine_id == case.machine_id
    if case.machine.unit:
        near = near | (Case.open & (Machine.unit == case.machine.unit))
    found = seen(visit).where(Case.id != case.id, near).order_by(Case.open.desc(), Case.number.desc()).limit(10)
    return [line(one) for one in session.scalars(found).unique()]


def _people(session: Session) -> list[str]:
    return list(session.scalars(select(Person.name).where(~Person.disabled).order_by(Person.name)))
