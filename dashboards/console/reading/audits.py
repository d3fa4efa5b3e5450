"""The audit log: who saw and did what."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel
from sqlalchemy import Select, func, select

from dashboards.console.reading.span import Span
from dashboards.console.visit import Visit
from pipelines.store.state import audit
from pipelines.store.state.audit import AuditEntry

PAGE: Final = 100


class AuditFilter(BaseModel):
    """What is asked for."""

    actor: str
    action: str
    text: str
    page: int


class AuditLine(BaseModel):
    """One entry."""

    number: int
    at: datetime
    actor: str
    address: str
    action: str
    entity: str
    details: dict[str, Any]


class AuditPage(BaseModel):
    """Entries, newest first."""

    entries: list[AuditLine]
    total: int
    page: int
    pages: int
    asked: AuditFilter
    actors: list[str]
    actions: list[str]
    span: Span


class AuditProof(BaseModel):
    """Whether the chain holds."""

    entries: int
    head: str
    broken: int | None
    why: str


def read(visit: Visit, asked: AuditFilter, span: Span) -> AuditPage:
    """One page of entries."""
    found = _chosen(asked, span)
    with visit.console.database.session() as session:
        total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
        rows = session.scalars(
            found.order_by(AuditEntry.number.desc()).offset((asked.page - 1) * PAGE).limit(PAGE)
        ).all()
        actors = session.scalars(select(AuditEntry.actor).distinct().order_by(AuditEntry.actor)).all()
        actions = session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action)).all()
    return AuditPage(
        entries=[AuditLine.model_validate(row, from_attributes=True) for row in rows],
        total=total,
        page=asked.page,
        pages=max(1, -(-total // PAGE)),
        asked=asked,
        actors=list(actors),
        actions=list(actions),
        span=span,
    )


def _chosen(asked: AuditFilter, span: Span) -> Select[AuditEntry]:
    found = select(AuditEntry)
    if asked.actor:
        found = found.where(AuditEntry.actor == asked.actor)
    if asked.action:
        found = found.where(AuditEntry.action == asked.action)
    if asked.text:
        found = found.where(AuditEntry.entity.contains(asked.text, autoescape=True))
    if span.start:
        found = found.where(AuditEntry.at >= span.start)
    return found.where(AuditEntry.at < span.end) if span.end else found


def prove(visit: Visit) -> AuditProof:
    """Walk the whole chain."""
    with visit.console.database.session() as session:
        found = audit.verify(session)
        newest = session.scalar(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1))
    return AuditProof(
        entries=newest.number if newest else 0,
        head=newest.hash if newest else "",
        broken=found.number if found else None,
        why=found.why if found else "",
    )
