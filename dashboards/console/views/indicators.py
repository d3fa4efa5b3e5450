"""Indicators by hand: listed, added, ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from fastapi import Form, Path

from dashboards.console.access import Needs
from dashboards.console.page import Area
from dashboards.console.problems import Problem
from dashboards.console.reading import indicators as reading
from dashboards.console.visit import Visiting
from pipelines.lifecycle import indicators
from pipelines.lifecycle.indicators import IndicatorError, Listing
from pipelines.store.state.base import now

area = Area()


@area.page("/indicators", Needs.RULES, "indicators.html")
def indicator_list(visit: Visiting) -> reading.IndicatorPage:
    """Indicators that were added by hand, who says so, and how often each was met."""
    return reading.listing(visit)


@area.action("/indicators", Needs.TUNE, "indicators.html")
def add_indicator(
    visit: Visiting,
    value: Annotated[str, Form(max_length=500)],
    source: Annotated[str, Form(max_length=200)],
    label: Annotated[str, Form(max_length=120)] = "",
    kind: Annotated[str, Form(max_length=12)] = "",
    severity: Annotated[Literal["low", "medium", "high", "critical"], Form()] = "medium",
    tlp: Annotated[Literal["red", "amber+strict", "amber", "green", "clear"], Form()] = "amber",
    days: Annotated[int, Form(ge=0, le=3660)] = 365,
) -> reading.IndicatorPage:
    """Look for an address, name, URL, hash or fingerprint; 0 days: until it is ended."""
    expires = now() + timedelta(days=days) if days else None
    try:
        with visit.console.database.transaction() as session:
            indicators.add(session, Listing(value, source, label, kind, severity, tlp, expires), visit.person.name)
    except IndicatorError as error:
        raise Problem(422, f"indicators.error.{error.key}", reason=str(error)) from error
    return reading.listing(visit)


@area.action("/indicators/{identity}/end", Needs.TUNE, "indicators.html")
def end_indicator(
    visit: Visiting, identity: Annotated[str, Path(max_length=32)], confirmed: Annotated[bool, Form()]
) -> reading.IndicatorPage:
    """Look for it no more; its sightings stay."""
    try:
        with visit.console.database.transaction() as session:
            if confirmed:
                indicators.end(session, identity, visit.person.name)
    except IndicatorError as error:
        raise Problem(404, f"indicators.error.{error.key}", reason=str(error)) from error
    return reading.listing(visit)
