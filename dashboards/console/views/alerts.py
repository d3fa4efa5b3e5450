"""Alerts: the list, the preview, the page, and what a person decides about them."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from fastapi import Depends, Form, Path, Query
from sqlalchemy.orm import Session

from dashboards.console.access import Needs
from dashboards.console.page import Area
from dashboards.console.reading import alert as one
from dashboards.console.reading import alerts
from dashboards.console.reading.span import Span, everything
from dashboards.console.visit import Visit, Visiting

area = Area()
Identity = Annotated[str, Path(max_length=64)]
Decision = Literal["acknowledge", "false_alarm", "confirm", "reopen"]
OUTCOMES: Final[dict[Decision, tuple[str, str | None]]] = {
    "acknowledge": ("acknowledged", None),
    "false_alarm": ("closed", "false_alarm"),
    "confirm": ("acknowledged", "confirmed"),
    "reopen": ("new", None),
}
"""Decision → the alert's state and verdict."""


def chosen(
    state: alerts.State = "open",
    severity: Annotated[list[alerts.Severity], Query()] = [],  # noqa: B006  (read only)
    track: alerts.Track | Literal[""] | None = None,
    text: Annotated[str, Query(max_length=200)] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> alerts.AlertFilter:
    """The filter as the address carries it."""
    return alerts.AlertFilter(state=state, severity=severity, track=track or None, text=text.strip(), page=page)


@area.page("/alerts", Needs.ALERTS, "alerts.html")
def alert_list(
    visit: Visiting, narrowed: alerts.AlertFilter = Depends(chosen), span: Span = Depends(everything)
) -> alerts.AlertList:
    """Alerts grouped by machine, the worst machine first."""
    return alerts.listing(visit, narrowed, span)


@area.page("/alerts/{identity}", Needs.ALERTS, "alert.html", recorded=True)
def alert_page(visit: Visiting, identity: Identity, span: Span = Depends(everything)) -> one.AlertPage:
    """One alert with its evidence."""
    return one.read(visit, identity, span.anchor)


@area.part("/alerts/{identity}/preview", Needs.ALERTS, "alert_preview.html", recorded=True)
def alert_preview(visit: Visiting, identity: Identity, span: Span = Depends(everything)) -> one.AlertPage:
    """The same in the drawer."""
    return one.read(visit, identity, span.anchor)


@area.action("/alerts/{identity}/decision", Needs.TRIAGE, "alert_changed.html")
def decide(
    visit: Visiting,
    identity: Identity,
    decision: Annotated[Decision, Form()],
    note: Annotated[str, Form(max_length=2000)] = "",
    span: Span = Depends(everything),
) -> one.AlertPage:
    """Acknowledge, judge or reopen an alert; the person becomes its assignee."""
    with visit.console.database.transaction() as session:
        _decide(session, visit, identity, decision, note.strip())
    return one.read(visit, identity, span.anchor)


def _decide(session: Session, visit: Visit, identity: str, decision: Decision, note: str) -> None:
    alert = one.find(session, visit, identity)
    alert.state, alert.verdict = OUTCOMES[decision]
    alert.assignee = None if decision == "reopen" else visit.person.name
    if note:
        alert.note = note
