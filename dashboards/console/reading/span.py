"""The stretch of time that a page looks at, relative to the newest packet: captures may be of any year."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, Literal

from fastapi import Query
from pydantic import BaseModel
from sqlalchemy import func, select

from dashboards.console.problems import Problem
from dashboards.console.visit import Visit, Visiting
from pipelines.store.state.base import now
from pipelines.store.state.machines import Machine

Length = Literal["1h", "24h", "7d", "30d", "365d", "all"]
LENGTHS: Final[dict[str, timedelta | None]] = {
    "1h": timedelta(hours=1),
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
    "365d": timedelta(days=365),
    "all": None,
}
CURRENT: Final = timedelta(minutes=15)
"""Events younger than this count as "now": quiet networks pause, clocks differ."""


class Span(BaseModel):
    """From (inclusive) to (exclusive); ``start`` is None for everything."""

    length: Length | None
    """The relative choice; None when from and to were given."""
    start: datetime | None
    end: datetime
    anchor: datetime
    """What "the last 24 hours" count back from: now, or the newest packet where that is older or lies ahead."""
    stale: bool
    """The newest packet is not from now."""

    def query(self) -> dict[str, str]:
        """The same span as query parameters, for links."""
        if self.length is not None:
            return {"range": self.length}
        start = {"from": self.start.astimezone(UTC).isoformat()} if self.start else {}
        return {**start, "to": self.end.astimezone(UTC).isoformat()}


def newest(visit: Visit) -> datetime | None:
    """Time of the newest packet of any machine."""
    with visit.console.database.session() as session:
        found: datetime | None = session.scalar(select(func.max(Machine.last_seen)))
        return found


def _span(
    visit: Visit,
    length: Length | None,
    start: datetime | None,
    end: datetime | None,
    usual: Length,
    packets: bool = True,
) -> Span:
    present = now()
    packet = newest(visit) if packets else None
    current = packet is None or abs(present - packet) < CURRENT
    anchor = present if packet is None or current else packet + timedelta(microseconds=1)
    if start is not None or end is not None:
        start, end = _aware(visit, start), _aware(visit, end) or anchor
        if start is not None and start >= end:
            raise Problem(422, "problem.range")
        return Span(length=None, start=start, end=end, anchor=anchor, stale=not current)
    chosen = length or usual
    back = LENGTHS[chosen]
    return Span(length=chosen, start=anchor - back if back else None, end=anchor, anchor=anchor, stale=not current)


def _aware(visit: Visit, at: datetime | None) -> datetime | None:
    """A time without zone is one that a person typed: it is in the site's zone."""
    return at if at is None or at.tzinfo else at.replace(tzinfo=visit.formats.zone)


From = Annotated[datetime | None, Query(alias="from")]


def last_week(visit: Visiting, range: Length | None = None, start: From = None, to: datetime | None = None) -> Span:  # noqa: A002
    """Span of the query; seven days where it gives none."""
    return _span(visit, range, start, to, "7d")


def last_day(visit: Visiting, range: Length | None = None, start: From = None, to: datetime | None = None) -> Span:  # noqa: A002
    """Span of the query; 24 hours where it gives none."""
    return _span(visit, range, start, to, "24h")


def everything(visit: Visiting, range: Length | None = None, start: From = None, to: datetime | None = None) -> Span:  # noqa: A002
    """Span of the query; all that is kept where it gives none."""
    return _span(visit, range, start, to, "all")


def acts(visit: Visiting, range: Length | None = None, start: From = None, to: datetime | None = None) -> Span:  # noqa: A002
    """Span of what people did, which counts back from now whatever the packets' time; seven days by itself."""
    return _span(visit, range, start, to, "7d", packets=False)
