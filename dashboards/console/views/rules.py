"""Rules: their record and their errors."""

from __future__ import annotations

from dashboards.console.access import Needs
from dashboards.console.page import Area
from dashboards.console.reading import rules as reading
from dashboards.console.visit import Visiting

area = Area()


@area.page("/rules", Needs.RULES, "rules.html")
def rules(visit: Visiting) -> reading.RulePage:
    """What each rule has found and what cannot be used."""
    return reading.read(visit)
