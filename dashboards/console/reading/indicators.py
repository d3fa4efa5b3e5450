"""Indicators that people have added by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

from pydantic import BaseModel
from sqlalchemy import select

from dashboards.console.visit import Visit
from pipelines.store.state.base import now
from pipelines.store.state.content import ListedIndicator

SHOWN: Final = 1_000


class IndicatorLine(BaseModel):
    """One indicator and how often it was met."""

    id: str
    kind: str
    value: str
    label: str
    severity: str
    tlp: str
    source: str
    added_by: str
    added_at: datetime
    expires_at: datetime | None
    ended_by: str | None
    sightings: int
    last_seen: datetime | None
    standing: Literal["in_force", "over", "ended"]


class IndicatorPage(BaseModel):
    """All of them, those that are looked for first."""

    indicators: list[IndicatorLine]
    present: int
    next: str = "/indicators"


def listing(visit: Visit) -> IndicatorPage:
    """Every indicator that was added by hand."""
    with visit.console.database.session() as session:
        found = session.scalars(select(ListedIndicator).order_by(ListedIndicator.added_at.desc()).limit(SHOWN)).all()
    lines = sorted(map(_line, found), key=lambda one: (one.standing != "in_force", not one.sightings))
    return IndicatorPage(indicators=lines, present=sum(one.standing == "in_force" for one in lines))


def _line(one: ListedIndicator) -> IndicatorLine:
    over = one.expires_at is not None and one.expires_at <= now()
    copied = {name: getattr(one, name) for name in IndicatorLine.model_fields if hasattr(ListedIndicator, name)}
    standing = "ended" if one.ended_at else "over" if over else "in_force"
    return IndicatorLine.model_validate({**copied, "standing": standing})
