"""Searching events: a page of them, their histogram, and the most frequent values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pydantic import BaseModel

from dashboards.console.problems import Problem
from dashboards.console.reading import pictures
from dashboards.console.reading.doings import Count
from dashboards.console.reading.events import EventLine, EventPage, line, whole
from dashboards.console.reading.span import Span
from dashboards.console.reading.vocabulary import datasets
from dashboards.console.visit import Visit
from pipelines.store.events import OFFSET_MOST, EventQuery, QueryError

PAGE: Final = 50
BARS: Final = 72
FACET_SIZE: Final = 6
COMMON: Final = ("source.ip", "destination.ip", "destination.port")
OWN: Final = {
    "flow": ("network.protocol", "destination.registered_domain", "vonggac.flow.state"),
    "dns": ("dns.question.registered_domain", "dns.question.type", "dns.response_code"),
    "http": ("destination.domain", "http.request.method", "http.response.status_code", "user_agent.original"),
    "tls": ("tls.client.server_name", "tls.version", "tls.client.ja4"),
    "file": ("vonggac.file.kind", "file.mime_type", "file.extension"),
    "dhcp": ("vonggac.dhcp.message_type", "vonggac.dhcp.host_name"),
    "anomaly": ("vonggac.anomaly.name",),
}
"""Facets of one dataset; with several the first ones of each."""


class HuntFilter(BaseModel):
    """What is searched for."""

    text: str = ""
    dataset: list[str] = []
    page: int = 1


class Mistake(BaseModel):
    """Why the query cannot be understood, and where."""

    message: str
    position: int | None
    before: str
    after: str


class HuntPage(BaseModel):
    """What was found."""

    chosen: HuntFilter
    span: Span
    mistake: Mistake | None
    total: int
    by_dataset: dict[str, int]
    events: list[EventLine]
    pages: int
    picture: pictures.Picture | None
    facets: dict[str, list[Count]]


def query(chosen: HuntFilter, span: Span) -> EventQuery:
    """The filter as the store understands it."""
    return EventQuery(
        text=chosen.text,
        start=span.start,
        end=span.end,
        datasets=tuple(name for name in chosen.dataset if name in datasets()) or _telling(chosen.text),
        limit=PAGE,
        offset=PAGE * (chosen.page - 1),
    )


def _telling(text: str) -> tuple[str, ...]:
    """Without a question, everything but the sensor's own counters, which would fill the first page."""
    return () if text else tuple(name for name in datasets() if name != "stats")


def _facets(found: Sequence[str]) -> tuple[str, ...]:
    own = [OWN.get(name, ()) for name in found]
    share = 4 if len(own) < 2 else 1
    return (*COMMON, *dict.fromkeys(name for names in own for name in names[:share]))[:8]


def read(visit: Visit, chosen: HuntFilter, span: Span) -> HuntPage:
    """One page of the hunt; a query that cannot be read is an answer too, with the place where reading stopped."""
    wanted = query(chosen, span)
    store = visit.console.events
    try:
        page = store.search(wanted)
        bars = store.histogram(wanted, BARS) if page.total else []
        facets = store.facets(wanted, _facets(list(page.by_dataset)), FACET_SIZE) if page.total else {}
    except QueryError as error:
        return _mistaken(chosen, span, error)
    last = min(page.total, OFFSET_MOST)
    return HuntPage(
        chosen=chosen,
        span=span,
        mistake=None,
        total=page.total,
        by_dataset=dict(page.by_dataset),
        events=[line(event) for event in page.events],
        pages=max(1, -(-last // PAGE)),
        picture=pictures.histogram(visit, bars, ""),
        facets={
            name: [Count(value=one.value, count=one.count) for one in values]
            for name, values in facets.items()
            if values
        },
    )


def _mistaken(chosen: HuntFilter, span: Span, error: QueryError) -> HuntPage:
    at = error.position
    before, after = (chosen.text[:at], chosen.text[at:]) if at is not None else (chosen.text, "")
    mistake = Mistake(message=str(error), position=at, before=before, after=after)
    return HuntPage(
        chosen=chosen, span=span, mistake=mistake, total=0, by_dataset={}, events=[], pages=1, picture=None, facets={}
    )


def event(visit: Visit, identity: str) -> EventPage:
    """One event with all its fields."""
    found = visit.console.events.events([identity])
    if not found:
        raise Problem(404, "problem.no_event")
    return whole(found[0])
