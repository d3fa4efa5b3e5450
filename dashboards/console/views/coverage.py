"""ATT&CK coverage."""

from __future__ import annotations

from dashboards.console.access import Needs
from dashboards.console.page import Area
from dashboards.console.reading import coverage as reading
from dashboards.console.visit import Visiting

area = Area()


@area.page("/coverage", Needs.RULES, "coverage.html")
def coverage(_visit: Visiting) -> reading.CoveragePage:
    """Which techniques of ATT&CK the rules find, and why the others not."""
    return reading.read()
