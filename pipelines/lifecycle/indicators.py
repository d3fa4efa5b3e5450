"""Indicators that people add by hand: kept in the state, written as a file that the engine reads, sightings counted."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from pipelines.detect.finding import SEVERITIES, Finding
from pipelines.detect.indicators.indicator import KINDS, Kind, classified, normal
from pipelines.detect.rulefiles import write_atomically
from pipelines.store.state.base import now
from pipelines.store.state.content import TLP, ListedIndicator

LIST: Final = "by-hand"
RULE: Final = f"indicator:{LIST}"
"""The rule under which the engine tells of them."""
MOST: Final = 10_000
"""By hand; longer lists are files."""


class IndicatorError(ValueError):
    """What cannot be listed; ``key`` names the reason (texts of the console: ``indicators.error.<key>``)."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


@dataclass(frozen=True, slots=True)
class Listing:
    """An indicator as somebody gives it; without ``kind`` it is told from the value."""

    value: str
    source: str
    label: str = ""
    kind: str = ""
    severity: str = "medium"
    tlp: str = "amber"
    expires_at: datetime | None = None


def add(session: Session, given: Listing, by: str) -> ListedIndicator:
    """List it, or list it again with these words where it had been ended. Raises IndicatorError."""
    kind, value = _understood(given)
    if given.severity not in SEVERITIES or given.tlp not in TLP:
        raise IndicatorError("choice", f"severity is one of {', '.join(SEVERITIES)}, TLP one of {', '.join(TLP)}")
    if not given.source.strip():
        raise IndicatorError("source", "say who says so: an office, a letter and its number")
    if given.expires_at is not None and given.expires_at <= now():
        raise IndicatorError("past", "it would have expired already")
    row = session.scalars(select(ListedIndicator).filter_by(kind=kind, value=value)).one_or_none()
    if row is None:
        if len(present(session)) >= MOST:
            raise IndicatorError("many", f"at most {MOST:,} by hand; give longer lists as files (detect.indicators)")
        row = ListedIndicator(id=uuid.uuid4().hex, kind=kind, value=value, sightings=0)
        session.add(row)
    elif row.ended_at is None and (row.expires_at is None or row.expires_at > now()):
        raise IndicatorError("known", f"{value} is listed already, by {row.added_by}")
    row.label, row.source, row.severity, row.tlp = given.label.strip(), given.source.strip(), given.severity, given.tlp
    row.added_by, row.added_at, row.expires_at, row.ended_at, row.ended_by = by, now(), given.expires_at, None, None
    return row


def end(session: Session, identity: str, by: str) -> ListedIndicator:
    """Look for it no more. Raises IndicatorError."""
    row = session.get(ListedIndicator, identity)
    if row is None:
        raise IndicatorError("unknown", f"there is no indicator {identity!r}")
    if row.ended_at is None:
        row.ended_at, row.ended_by = now(), by
    return row


def present(session: Session) -> list[ListedIndicator]:
    """Those that are looked for."""
    lasting = or_(ListedIndicator.expires_at.is_(None), ListedIndicator.expires_at > now())
    found = select(ListedIndicator).where(ListedIndicator.ended_at.is_(None), lasting)
    return list(session.scalars(found.order_by(ListedIndicator.kind, ListedIndicator.value)))


def write(session: Session, folder: Path) -> bool:
    """Bring the engine's file up to date; True if it has changed. Raises OSError."""
    path = folder / f"{LIST}.csv"
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(("value", "type", "label", "severity"))
    listed = present(session)
    for one in listed:
        lines.writerow((one.value, one.kind, f"{one.label} ({one.source})".strip(), one.severity))
    fresh = text.getvalue().encode() if listed else b""
    if (path.read_bytes() if path.exists() else b"") == fresh:
        return False
    if fresh:
        write_atomically(path, fresh)
    else:
        path.unlink(missing_ok=True)
    return True


def count_sightings(session: Session, findings: Iterable[Finding]) -> None:
    """Findings of the list that are new."""
    for finding in findings:
        if finding.rule == RULE:
            found = select(ListedIndicator).where(ListedIndicator.value == str(finding.facts.get("value")))
            for row in session.scalars(found):
                row.sightings += 1
                row.last_seen = max(finding.last, row.last_seen or finding.last)


def _understood(given: Listing) -> tuple[Kind, str]:
    try:
        if not given.kind:
            return classified(given.value)
        if given.kind not in KINDS:
            raise ValueError(f"{given.kind!r} is none of {', '.join(KINDS)}")
        return given.kind, normal(given.kind, given.value)
    except ValueError as error:
        raise IndicatorError("value", str(error)) from error
