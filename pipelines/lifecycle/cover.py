"""What a suppression covers among what has been found: a look before, and the alerts' state after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from pipelines.lifecycle.suppression import Suppression, covering, in_force
from pipelines.store.state.alerts import Alert
from pipelines.store.state.base import now
from pipelines.store.state.findings import FindingRow


@dataclass(slots=True)
class Covered:
    """Findings of one rule about one machine that a suppression covers."""

    rule: str
    machine: str
    title: Mapping[str, str]
    severity: str
    findings: int
    all: int
    """Findings of that rule about that machine in the same time, covered or not."""
    last: datetime


def preview(session: Session, wanted: Suppression, since: datetime) -> list[Covered]:
    """What it would have hidden since then, most findings first."""
    found: dict[tuple[str, str], Covered] = {}
    for row in session.scalars(_candidates(wanted).where(FindingRow.last >= since).execution_options(yield_per=1000)):
        key = (row.rule, row.machine_id)
        one = found.setdefault(key, Covered(row.rule, row.machine_id, row.title, row.severity, 0, 0, row.last))
        one.all += 1
        one.findings += wanted.covers(row, row.machine_id)
        one.last = max(one.last, row.last)
    return sorted(
        (one for one in found.values() if one.findings), key=lambda one: (-one.findings, one.rule, one.machine)
    )


def settle(session: Session, changed: Suppression) -> int:
    """Give the alerts that it concerns the state that follows from all suppressions; gives how many changed.

    Scores follow when the pipeline looks next.
    """
    session.flush()
    present = in_force(session, now())
    count = 0
    for alert in _concerned(session, changed):
        about = select(FindingRow).where(FindingRow.rule == alert.rule, FindingRow.machine_id == alert.machine_id)
        hidden = all(covering(present, row, row.machine_id) for row in session.scalars(about))
        state = "suppressed" if hidden else "new" if alert.state == "suppressed" else alert.state
        count += state != alert.state
        alert.state = state
    return count


def _concerned(session: Session, one: Suppression) -> Iterator[Alert]:
    keys = {(row.rule, row.machine_id) for row in session.scalars(_candidates(one)) if one.covers(row, row.machine_id)}
    rules = select(Alert).where(Alert.state != "closed", Alert.rule.in_({rule for rule, _ in keys}))
    yield from (alert for alert in session.scalars(rules) if (alert.rule, alert.machine_id) in keys)


def _candidates(one: Suppression) -> Select[FindingRow]:
    """Findings that it may cover: what SQL can tell."""
    found = select(FindingRow)
    if one.rule is not None:
        found = found.where(FindingRow.rule == one.rule)
    if one.is_window:
        found = found.where(FindingRow.first >= one.starts, FindingRow.last < one.expires)
    return found


def totals(lines: Iterable[Covered]) -> dict[str, int]:
    """How much that is."""
    told = list(lines)
    return {
        "findings": sum(one.findings for one in told),
        "alerts": sum(one.findings == one.all for one in told),
        "machines": len({one.machine for one in told}),
    }
