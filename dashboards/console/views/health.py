"""Sensors and health: what are we blind to?"""

from __future__ import annotations

from fastapi import Depends

from dashboards.console.access import Needs
from dashboards.console.page import Area
from dashboards.console.reading import health as reading
from dashboards.console.reading.span import Span, last_day
from dashboards.console.visit import Visiting

area = Area()


@area.page("/health", Needs.HEALTH, "health.html")
def health(visit: Visiting, span: Span = Depends(last_day)) -> reading.HealthPage:
    """Sensors, loss, parts, content errors and the store."""
    return reading.read(visit, span)
