"""Adding to the timeline of a case and to inboxes; each line once, whatever is repeated."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from pipelines.store.state import Case, CaseEntry, CaseWatcher, Message, Person
from pipelines.store.state.base import now


def add(
    session: Session,
    case: Case,
    kind: str,
    data: Mapping[str, Any] | None = None,
    author: str | None = None,
    key: str | None = None,
    at: datetime | None = None,
    event_at: datetime | None = None,
) -> bool:
    """A line of the timeline; with a ``key`` that is there already nothing happens (False)."""
    if key is not None and session.scalar(
        select(CaseEntry.id).where(CaseEntry.case_id == case.id, CaseEntry.key == key)
    ):
        return False
    entry = CaseEntry(
        case_id=case.id, key=key or secrets.token_hex(12), kind=kind, data=dict(data or {}), author=author,
        at=at or now(), event_at=event_at,
    )  # fmt: skip
    session.add(entry)
    session.flush()
    case.updated_at = now()
    return True


def tell(
    session: Session,
    case: Case,
    kind: str,
    people: Iterable[str],
    key: str,
    data: Mapping[str, Any] | None = None,
) -> None:
    """A message in the inboxes of people; each key once a person."""
    wanted = set(people)
    have = set(session.scalars(select(Message.person).where(Message.person.in_(wanted), Message.key == key)))
    known = set(session.scalars(select(Person.name).where(Person.name.in_(wanted), ~Person.disabled)))
    for person in sorted((wanted & known) - have):
        session.add(Message(person=person, key=key, kind=kind, case_id=case.id, data=dict(data or {})))
    session.flush()


def followers(session: Session, case: Case) -> set[str]:
    """Who is told of what happens to a case: its assignee and those who watch it."""
    found = set(session.scalars(select(CaseWatcher.person).where(CaseWatcher.case_id == case.id)))
    return found | ({case.assignee} if case.assignee else set())


def watch(session: Session, case: Case, person: str, wanted: bool = True) -> None:
    """Follow a case, or no longer."""
    found = session.get(CaseWatcher, (case.id, person))
    if wanted and found is None:
        session.add(CaseWatcher(case_id=case.id, person=person))
    elif not wanted and found is not None:
        session.delete(found)
    session.flush()


def lines(session: Session, case: Case) -> list[CaseEntry]:
    """The timeline of a case and of those that were merged into it, oldest first."""
    merged = select(Case.id).where(Case.merged_into == case.id)
    found = select(CaseEntry).where(or_(CaseEntry.case_id == case.id, CaseEntry.case_id.in_(merged)))
    return list(session.scalars(found.order_by(CaseEntry.at, CaseEntry.id)))
