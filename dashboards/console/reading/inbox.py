"""Somebody's inbox: what the scheduler and other people tell them about cases, the newest first."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

from pydantic import BaseModel
from sqlalchemy import func, select

from dashboards.console.reading import cases
from dashboards.console.visit import Visit
from pipelines.cases import inbox
from pipelines.store.state import Case, Message

PAGE: Final = 50
Shown = Literal["unread", "all"]


class MessageRow(BaseModel):
    """One message."""

    id: int
    kind: str
    """assigned, mentioned, comment, moved, returned, reminder, escalated, verified or clock."""
    at: datetime
    unread: bool
    case: cases.CaseRow | None
    by: str | None
    """Who; None: the system."""
    text: str
    due: datetime | None
    before: str | None
    """States of the case, where it moved."""
    after: str | None


class Inbox(BaseModel):
    """One page of messages."""

    messages: list[MessageRow]
    counts: dict[str, int]
    newest: int
    """Id of the newest message when this was read: what "all are read" goes up to."""
    page: int
    pages: int
    shown: Shown
    next: str


def listing(visit: Visit, shown: Shown, page: int) -> Inbox:
    """The reader's own messages."""
    with visit.console.database.session() as session:
        mine = visit.messages()
        counts = {
            "unread": inbox.unread(session, mine),
            "all": session.scalar(mine.with_only_columns(func.count())) or 0,
        }
        chosen = mine.where(Message.read_at.is_(None)) if shown == "unread" else mine
        newest_first = chosen.order_by(Message.id.desc()).limit(PAGE).offset(PAGE * (page - 1))
        found = session.scalars(newest_first).all()
        told = cases.seen(visit).where(Case.id.in_({one.case_id for one in found if one.case_id}))
        about = {case.id: cases.line(case) for case in session.scalars(told).unique()}
        return Inbox(
            messages=[_row(one, about.get(one.case_id or "")) for one in found],
            counts=counts,
            newest=session.scalar(select(func.max(Message.id)).where(Message.person == visit.person.name)) or 0,
            page=page,
            pages=max(1, -(-counts[shown] // PAGE)),
            shown=shown,
            next="/inbox",
        )


def _row(one: Message, case: cases.CaseRow | None) -> MessageRow:
    due = one.data.get("due")
    return MessageRow(
        id=one.id,
        kind=one.kind,
        at=one.at,
        unread=one.read_at is None,
        case=case,
        by=one.data.get("by"),
        text=one.data.get("text") or one.data.get("comment") or "",
        due=datetime.fromisoformat(due) if due else None,
        before=one.data.get("before"),
        after=one.data.get("after"),
    )
