"""The audit log, for auditors."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query

from dashboards.console.access import Needs
from dashboards.console.page import Area
from dashboards.console.reading import audits
from dashboards.console.reading.span import Span, acts
from dashboards.console.visit import Visiting

area = Area()


def chosen(
    actor: Annotated[str, Query(max_length=64)] = "",
    action: Annotated[str, Query(max_length=60)] = "",
    text: Annotated[str, Query(max_length=200)] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> audits.AuditFilter:
    """The filter as the address carries it."""
    return audits.AuditFilter(actor=actor, action=action, text=text.strip(), page=page)


@area.page("/audit", Needs.AUDIT, "audit.html", recorded=True)
def audit_log(
    visit: Visiting, asked: audits.AuditFilter = Depends(chosen), span: Span = Depends(acts)
) -> audits.AuditPage:
    """Who saw and did what, newest first."""
    return audits.read(visit, asked, span)


@area.part("/audit/proof", Needs.AUDIT, "audit_proof.html")
def audit_proof(visit: Visiting) -> audits.AuditProof:
    """Whether the log is whole, from its first entry to its last."""
    return audits.prove(visit)
