"""The first page."""

from __future__ import annotations

from fastapi import Depends

from dashboards.console.access import Needs
from dashboards.console.page import Area
from dashboards.console.reading import overview as reading
from dashboards.console.reading.span import Span, last_week
from dashboards.console.visit import Visiting

area = Area()


@area.page("/", Needs.OVERVIEW, "overview.html", api="/overview")
def overview(visit: Visiting, span: Span = Depends(last_week)) -> reading.Overview:
    """Verdicts, timeline, machines to look at, and how far the picture can be trusted."""
    return reading.read(visit, span)
