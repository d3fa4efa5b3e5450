"""Hunt: show me. Search, one event, export."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final

from fastapi import Depends, Path, Query
from fastapi.responses import Response, StreamingResponse

from dashboards.console.access import Needs, needs
from dashboards.console.page import Area
from dashboards.console.reading import hunt as reading
from dashboards.console.reading.events import EventPage
from dashboards.console.reading.span import Span, last_day
from dashboards.console.visit import Visiting
from pipelines.spreadsheet import MARK

area = Area()
QUERY_MOST: Final = 4000
"""Characters of a query: the address of a page must stay an address."""


def chosen(
    text: Annotated[str, Query(max_length=QUERY_MOST)] = "",
    dataset: Annotated[list[str], Query(max_length=40)] = [],  # noqa: B006  (read only)
    page: Annotated[int, Query(ge=1, le=2000)] = 1,
) -> reading.HuntFilter:
    """The search as the address carries it."""
    return reading.HuntFilter(text=text.strip(), dataset=[name for name in dataset if name], page=page)


@area.page("/hunt", Needs.HUNT, "hunt.html", recorded=True)
def hunt(
    visit: Visiting, narrowed: reading.HuntFilter = Depends(chosen), span: Span = Depends(last_day)
) -> reading.HuntPage:
    """Events that match, their histogram and facets."""
    return reading.read(visit, narrowed, span)


@area.page("/events/{identity}", Needs.HUNT, "event.html", recorded=True)
def event_page(visit: Visiting, identity: Annotated[str, Path(max_length=64)]) -> EventPage:
    """One event with every field explained."""
    return reading.event(visit, identity)


@area.part("/events/{identity}/preview", Needs.HUNT, "event_preview.html", recorded=True)
def event_preview(visit: Visiting, identity: Annotated[str, Path(max_length=64)]) -> EventPage:
    """The same in the drawer."""
    return reading.event(visit, identity)


@needs(Needs.HUNT)
def export(visit: Visiting, narrowed: reading.HuntFilter = Depends(chosen), span: Span = Depends(last_day)) -> Response:
    """The events that match as CSV."""
    with visit.console.database.transaction() as session:
        visit.record(session, "export", "hunt", query=narrowed.text, datasets=narrowed.dataset)
    pieces = visit.console.events.export(reading.query(narrowed, span))
    first = next(pieces, "")  # a mistake in the query shows here, while an error can still be answered
    head = {"content-disposition": 'attachment; filename="vonggac-events.csv"'}
    return StreamingResponse(_whole(first, pieces), media_type="text/csv; charset=utf-8", headers=head)


def _whole(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield MARK + first
    yield from rest


area.router.add_api_route("/hunt.csv", export, methods=["GET"], include_in_schema=False)
area.router.add_api_route("/api/v1/hunt.csv", export, methods=["GET"], name="export_json", response_class=Response)
