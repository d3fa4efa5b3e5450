"""What people do with a case. Every act checks what the workflow asks for, and stands in the timeline.

The caller has looked at who may see the case; what a permission allows is asked here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pipelines.cases import observed, timeline
from pipelines.cases.plan import alerts_of, doings, plan_of
from pipelines.cases.workflow import Transition, workflow
from pipelines.settings import Cases
from pipelines.store.state import Alert, Case, CaseAlert, CaseAttachment, CaseStep, Person
from pipelines.store.state.base import now

MENTION: Final = re.compile(r"(?<![\w@.])@([a-z0-9][a-z0-9._-]{0,62}[a-z0-9])")
CLOCKS: Final = ("immediately", "first", "full")


class CaseError(Exception):
    """The act cannot be done; ``reason`` is a key of the texts (``cases.refused.<reason>``)."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason)
        self.reason, self.values = reason, values


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and what they may."""

    name: str
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Way:
    """A transition that a person may make, and what it still needs."""

    name: str
    transition: Transition
    missing: tuple[str, ...]


def ways(session: Session, case: Case, actor: Actor, settings: Cases) -> list[Way]:
    """What this person can do next; ``comment`` is asked for in the act itself and never counted as missing."""
    found = workflow().leading_from(case.state, actor.permissions)
    return [
        Way(name, one, tuple(need for need in missing(session, case, one, settings) if need != "comment"))
        for name, one in found.items()
    ]


def missing(session: Session, case: Case, transition: Transition, settings: Cases, comment: str = "") -> list[str]:
    """The requirements of a transition that are not met."""
    return [need for need in transition.requires if not _met(session, case, need, settings, comment)]


def _met(session: Session, case: Case, need: str, settings: Cases, comment: str) -> bool:
    if need == "quiet":
        proof = observed.verification(session, case, settings)
        return proof is not None and proof.complete
    if need == "steps":
        found = plan_of(alerts_of(session, case))
        return all(one.complete for one in doings(session, case, found) if one.task.required)
    if need == "proof":
        files = select(CaseAttachment.id).where(CaseAttachment.case_id == case.id, CaseAttachment.round == case.round)
        return session.scalar(files.limit(1)) is not None
    return bool({"assignee": case.assignee, "cause": case.cause, "action": case.action, "comment": comment}[need])


def move(session: Session, case: Case, name: str, actor: Actor, settings: Cases, comment: str = "") -> None:
    """Make a transition. CaseError: it does not start here, the person may not, or something is missing."""
    transition = workflow().transitions.get(name)
    if transition is None or case.state not in transition.before or name == "merge":
        raise CaseError("no_way")
    if transition.by not in actor.permissions:
        raise CaseError("forbidden")
    if "assignee" in transition.requires and case.assignee is None:
        assign(session, case, actor.name, actor)
    needs = missing(session, case, transition, settings, comment.strip())
    if needs:
        raise CaseError("missing", needs=",".join(needs))
    before, case.state = case.state, transition.to
    case.open = workflow().states[transition.to].open
    _arrive(session, case)
    data = {"transition": name, "before": before, "after": case.state, "comment": comment.strip()}
    timeline.add(session, case, "moved", data, actor.name)
    _tell(session, case, "moved", actor.name, data)


def _arrive(session: Session, case: Case) -> None:
    """What a state brings with it."""
    at = now()
    if case.state == "cleaned":
        case.clean_since = at
    elif case.state == "in_progress":
        case.clean_since = case.closed_at = None
    elif case.state in ("closed", "false_alarm"):
        case.closed_at = at
        verdict = "false_alarm" if case.state == "false_alarm" else "confirmed"
        mine = select(CaseAlert.alert_id).where(CaseAlert.case_id == case.id)
        judged = update(Alert).where(Alert.id.in_(mine)).values(state="closed", updated_at=at)
        session.execute(judged.where(Alert.verdict.is_(None)).values(verdict=verdict))
        if verdict == "false_alarm":
            session.execute(judged.values(verdict=verdict))
        else:
            session.execute(judged)
    session.flush()


def assign(session: Session, case: Case, person: str | None, actor: Actor) -> None:
    """Name who works on it; None: nobody. CaseError for somebody who is not there."""
    if "cases_work" not in actor.permissions:
        raise CaseError("forbidden")
    if person == case.assignee:
        return
    found = session.get(Person, person) if person else None
    if person and (found is None or found.disabled):
        raise CaseError("no_person", person=person)
    before, case.assignee = case.assignee, person
    timeline.add(session, case, "assigned", {"before": before, "after": person}, actor.name)
    if person and person != actor.name:
        key = f"{case.id}:assigned:{now().isoformat()}"
        timeline.tell(session, case, "assigned", {person}, key, {"by": actor.name})


def describe(session: Session, case: Case, actor: Actor, cause: str, action: str) -> None:
    """Write down how it came about and what was done."""
    _needs_work(case, actor)
    if (cause, action) != (case.cause, case.action):
        case.cause, case.action = cause.strip(), action.strip()
        timeline.add(session, case, "described", {"cause": case.cause, "action": case.action}, actor.name)


def comment(session: Session, case: Case, actor: Actor, text: str, question: bool = False) -> list[str]:
    """Say something; who is mentioned with @name follows the case from now on. Gives those people."""
    text = text.strip()
    if not text:
        raise CaseError("empty")
    named = set(MENTION.findall(text.lower()))
    people = sorted(session.scalars(select(Person.name).where(Person.name.in_(named), ~Person.disabled)))
    timeline.add(session, case, "question" if question else "comment", {"text": text, "mentions": people}, actor.name)
    for person in people:
        timeline.watch(session, case, person)
    key = f"{case.id}:comment:{now().isoformat()}"
    timeline.tell(session, case, "mentioned", set(people) - {actor.name}, key, {"text": text[:200], "by": actor.name})
    others = timeline.followers(session, case) - {actor.name, *people}
    timeline.tell(session, case, "comment", others, key, {"text": text[:200], "by": actor.name})
    timeline.watch(session, case, actor.name)
    return people


def tick(session: Session, case: Case, actor: Actor, step: str, done: bool, answer: str = "") -> None:
    """A step of the playbook is done (or not). CaseError for a step that the case does not have."""
    _needs_work(case, actor)
    if step not in {task.id for task in plan_of(alerts_of(session, case)).tasks}:
        raise CaseError("no_step")
    found = session.get(CaseStep, (case.id, case.round, step))
    answer = answer.strip()
    if found is None:
        session.add(
            CaseStep(case_id=case.id, round=case.round, step=step, done=done, answer=answer, by=actor.name, at=now())
        )
    elif (found.done, found.answer) != (done, answer):
        found.done, found.answer, found.by, found.at = done, answer, actor.name, now()
    else:
        return
    timeline.add(session, case, "step", {"step": step, "done": done, "answer": answer}, actor.name)


def mark_incident(session: Session, case: Case, actor: Actor, values: Mapping[str, Any]) -> None:
    """Whether it is an incident in the sense of the law, of which class, with which ticks."""
    if "cases_approve" not in actor.permissions:
        raise CaseError("forbidden")
    fields = ("incident", "incident_class", "security_sign", "disruption", "system_level")
    before = {name: getattr(case, name) for name in fields}
    after = {name: values.get(name, before[name]) for name in fields}
    if before == after:
        return
    for name, value in after.items():
        setattr(case, name, value)
    timeline.add(session, case, "incident", after, actor.name)


def reported(session: Session, case: Case, actor: Actor, clock: str) -> None:
    """The authority has been told within a clock of the law."""
    if "cases_approve" not in actor.permissions:
        raise CaseError("forbidden")
    if clock not in CLOCKS or not case.incident:
        raise CaseError("no_clock")
    if clock not in case.reported:
        case.reported = {**case.reported, clock: now().isoformat()}
        timeline.add(session, case, "reported", {"clock": clock}, actor.name)


def merge(session: Session, case: Case, target: Case, actor: Actor) -> None:
    """Let the work go on in another case; alerts and watchers go along, the timeline is read together."""
    transition = workflow().transitions["merge"]
    if transition.by not in actor.permissions:
        raise CaseError("forbidden")
    if case.id == target.id or case.state not in transition.before or not target.open or case.track != target.track:
        raise CaseError("no_merge")
    have = set(session.scalars(select(CaseAlert.alert_id).where(CaseAlert.case_id == target.id)))
    for link in list(session.scalars(select(CaseAlert).where(CaseAlert.case_id == case.id))):
        if link.alert_id not in have:
            session.add(CaseAlert(case_id=target.id, alert_id=link.alert_id, round=target.round))
    for person in timeline.followers(session, case):
        timeline.watch(session, target, person)
    before, case.state, case.open, case.merged_into, case.closed_at = case.state, "merged", False, target.id, now()
    target.first, target.last = min(target.first, case.first), max(target.last, case.last)
    target.due_at = min(target.due_at, case.due_at)
    timeline.add(session, case, "merged", {"before": before, "into": target.number}, actor.name)
    timeline.add(session, target, "absorbed", {"case": case.number}, actor.name, key=f"absorbed:{case.id}")


def permissions(can: Collection[str], wanted: Sequence[str] = ("cases_work", "cases_approve")) -> frozenset[str]:
    """Of what somebody may, what cases ask about."""
    return frozenset(one for one in wanted if one in can)


def _needs_work(case: Case, actor: Actor) -> None:
    if "cases_work" not in actor.permissions:
        raise CaseError("forbidden")
    if not case.open:
        raise CaseError("not_open")


def _tell(session: Session, case: Case, kind: str, author: str, data: Mapping[str, Any]) -> None:
    others = timeline.followers(session, case) - {author}
    timeline.tell(session, case, kind, others, f"{case.id}:{kind}:{now().isoformat()}", {**data, "by": author})
