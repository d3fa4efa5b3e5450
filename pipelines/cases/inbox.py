"""What waits in somebody's inbox: their own messages, and of these only what they may still see."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, func, or_, select, update
from sqlalchemy.orm import Session

from pipelines.store.state import Case, Machine, Message
from pipelines.store.state.base import now


def messages(person: str, sees_cases: bool, scope: Collection[str] | None) -> Select[Message]:
    """The messages of a person. One about a case that is out of their sight (the role went, the machine or the person moved
    to another unit) stays hidden: it quotes the case.

    ``scope``: units whose machines the person sees; None = all.
    """
    mine = select(Message).where(Message.person == person)
    if not sees_cases:
        return mine.where(Message.case_id.is_(None))
    if scope is None:
        return mine
    seen = select(Case.id).join(Case.machine).where(Machine.unit.in_(scope))
    return mine.where(or_(Message.case_id.is_(None), Message.case_id.in_(seen)))


def unread(session: Session, found: Select[Message]) -> int:
    """How many of these nobody has read."""
    counted = found.where(Message.read_at.is_(None)).with_only_columns(func.count())
    return session.scalar(counted) or 0


def read_up_to(session: Session, person: str, newest: int) -> None:
    """A person has read all their messages up to this one; what came in meanwhile stays unread."""
    _read(session, person, Message.id <= newest)


def read_one(session: Session, person: str, message: int) -> None:
    """A person has read this message; one of somebody else is left alone."""
    _read(session, person, Message.id == message)


def read_case(session: Session, person: str, case: str) -> None:
    """A person has looked at a case, and so knows what its messages say."""
    _read(session, person, Message.case_id == case)


def _read(session: Session, person: str, which: ColumnElement[bool]) -> None:
    mine = update(Message).where(Message.person == person, Message.read_at.is_(None))
    session.execute(mine.where(which).values(read_at=now()))
