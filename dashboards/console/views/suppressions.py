"""Suppressions: begun from an alert, looked at before they hold, listed, ended."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import Depends, Form, Path, Query

from dashboards.console.access import Needs
from dashboards.console.page import Area
from dashboards.console.problems import Problem
from dashboards.console.reading import suppressions as reading
from dashboards.console.reading.span import Span, everything
from dashboards.console.visit import Visit, Visiting
from pipelines.lifecycle import suppression
from pipelines.lifecycle.cover import settle
from pipelines.lifecycle.suppression import Suppression, SuppressionError, Wanted
from pipelines.store.state.base import now

area = Area()
Rule = Annotated[str, Query(max_length=200)]
Machine = Annotated[str, Query(max_length=80)]
Peer = Annotated[str, Query(max_length=300)]
PREVIEW_DAYS = 7


@area.page("/suppressions", Needs.SUPPRESSIONS, "suppressions.html")
def suppression_list(visit: Visiting) -> reading.SuppressionPage:
    """What is suppressed, by whom, why, until when, and how much it has hidden."""
    return reading.listing(visit)


@area.page("/suppressions/preview", Needs.TRIAGE, "suppression_preview.html")
def suppression_preview(
    visit: Visiting, rule: Rule = "", machine: Machine = "", peer: Peer = "", span: Span = Depends(everything)
) -> reading.Preview:
    """What a suppression would have hidden in the last days."""
    if not (rule or machine or peer):
        return reading.Preview(lines=[], findings=0, alerts=0, machines=0, days=PREVIEW_DAYS, beyond=0)
    wanted = Suppression("", "suppression", rule or None, machine or None, peer or None, span.end, span.end)
    return reading.look(visit, wanted, span.anchor, PREVIEW_DAYS)


@area.page("/alerts/{identity}/suppress", Needs.TRIAGE, "suppress.html")
def suppress_form(visit: Visiting, identity: Annotated[str, Path(max_length=64)]) -> reading.SuppressPage:
    """What can be suppressed about an alert."""
    return reading.form(visit, identity)


@area.action("/suppressions", Needs.TRIAGE, "suppressions.html")
def suppress(
    visit: Visiting,
    reason: Annotated[str, Form(max_length=500)],
    rule: Annotated[str, Form(max_length=200)] = "",
    machine: Annotated[str, Form(max_length=80)] = "",
    peer: Annotated[str, Form(max_length=300)] = "",
    days: Annotated[int, Form(ge=1, le=366)] = 30,
    approver: Annotated[str, Form(max_length=120)] = "",
) -> reading.SuppressionPage:
    """Suppress what fits a rule, a machine and a peer for some days."""
    return _made(visit, Wanted(reason, now() + timedelta(days=days), approver, "suppression", rule.strip() or None,
                               machine.strip() or None, peer.strip() or None))  # fmt: skip


@area.action("/suppressions/windows", Needs.TRIAGE, "suppressions.html")
def window(
    visit: Visiting,
    kind: Annotated[Literal["scan", "maintenance"], Form()],
    machine: Annotated[str, Form(max_length=80)],
    reason: Annotated[str, Form(max_length=500)],
    starts: Annotated[datetime, Form()],
    ends: Annotated[datetime, Form()],
    approver: Annotated[str, Form(max_length=120)] = "",
) -> reading.SuppressionPage:
    """Announce an approved scan or maintenance: what is found inside the window accuses nobody."""
    starts, ends = (at if at.tzinfo else at.replace(tzinfo=visit.formats.zone) for at in (starts, ends))
    return _made(visit, Wanted(reason, ends, approver, kind, None, machine.strip() or None, None, starts))


@area.action("/suppressions/{identity}/end", Needs.TRIAGE, "suppressions.html")
def end(
    visit: Visiting, identity: Annotated[str, Path(max_length=32)], confirmed: Annotated[bool, Form()]
) -> reading.SuppressionPage:
    """End a suppression early: what it hid is told again."""
    try:
        with visit.console.database.transaction() as session:
            if confirmed:
                settle(session, suppression.of(suppression.end(session, identity, visit.person.name)))
    except SuppressionError as error:
        raise Problem(404, f"suppressions.error.{error.key}") from error
    return suppression_list(visit)


def _made(visit: Visit, wanted: Wanted) -> reading.SuppressionPage:
    try:
        with visit.console.database.transaction() as session:
            settle(session, suppression.of(suppression.suppress(session, wanted, visit.person.name)))
    except SuppressionError as error:
        raise Problem(422, f"suppressions.error.{error.key}") from error
    return suppression_list(visit)
