"""What has been found about each machine, as far as its score and its alerts need it in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipelines.detect.finding import Finding
from pipelines.lifecycle.suppression import Suppression, covering
from pipelines.live.rows import finding_of
from pipelines.score.alerts import AlertSummary, fold
from pipelines.store.state import FindingRow

MEMORY: Final = timedelta(days=60)
"""How far back evidence counts: with half-lives of days, a millionth of it is left."""
KEYS_MOST: Final = 2_000
"""Rules times destinations of one machine: a worm that touches more is judged by what it has shown already."""
SUMMARIES_KEPT: Final = 2_000
"""Alerts whose summary is held; others are built again from their findings when a new one comes."""
_Key = tuple[str, str | None, str, str | None]


class Casebook:
    """For each machine and each (rule, peer, role, window that explains it) the strongest finding and the latest: the
    score needs no more.
    """

    def __init__(self) -> None:
        self._evidence: dict[str, dict[_Key, list[Finding]]] = {}
        self._summaries: OrderedDict[tuple[str, str], AlertSummary] = OrderedDict()
        self._windows: list[Suppression] = []

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._evidence))

    def __contains__(self, machine: str) -> bool:
        return machine in self._evidence

    def load(self, session: Session, windows: Iterable[Suppression] = ()) -> None:
        """Take up what has been found; ``windows``: findings inside them are held apart from those outside."""
        self._evidence, self._windows = {}, list(windows)
        newest = session.scalar(select(func.max(FindingRow.last)))
        if newest is None:
            return
        found = select(FindingRow).where(FindingRow.last >= _back(newest)).order_by(FindingRow.last, FindingRow.id)
        for row in session.scalars(found.execution_options(yield_per=1000)):
            self.note(row.machine_id, finding_of(row))

    def note(self, machine: str, finding: Finding) -> None:
        """A finding about a machine, new or told again with more evidence."""
        keys = self._evidence.setdefault(machine, {})
        window = covering(self._windows, finding, machine)
        key = (finding.rule, finding.peer, finding.role, window.id if window else None)
        if key not in keys and len(keys) >= KEYS_MOST:
            return
        held = [one for one in keys.get(key, ()) if one.id != finding.id] + [finding]
        strongest = max(held, key=lambda one: (one.weight.log10_ratio, one.last))
        latest = max(held, key=lambda one: (one.last, one.id))
        keys[key] = [strongest] if strongest is latest else [strongest, latest]

    def evidence(self, machine: str) -> list[Finding]:
        """What the score of a machine is made of."""
        return [finding for held in self._evidence.get(machine, {}).values() for finding in held]

    def summary(self, session: Session, machine: str, finding: Finding) -> AlertSummary:
        """The alert of the finding's rule about a machine, with the finding folded in."""
        key = (finding.rule, machine)
        alert = self._summaries.get(key)
        if alert is None:
            alert = self._summaries[key] = _rebuilt(session, machine, finding)
            while len(self._summaries) > SUMMARIES_KEPT:
                self._summaries.popitem(last=False)
        self._summaries.move_to_end(key)
        fold(alert, finding)
        return alert

    def forget_summaries(self) -> None:
        """A transaction failed: what was folded in may not be in the database."""
        self._summaries.clear()


def _rebuilt(session: Session, machine: str, finding: Finding) -> AlertSummary:
    """The alert as its stored findings make it (without the present one, which may be stored in an older version)."""
    alert = AlertSummary.begin(machine, finding)
    mine = select(FindingRow).where(FindingRow.machine_id == machine, FindingRow.rule == finding.rule)
    stored = session.scalars(mine.order_by(FindingRow.last, FindingRow.window, FindingRow.id))
    for earlier in _findings(stored):
        if not alert.count:
            alert = AlertSummary.begin(machine, earlier)
        fold(alert, earlier)
    return alert


def _findings(found: Iterable[FindingRow]) -> Iterable[Finding]:
    return (finding_of(row) for row in found)


def _back(newest: datetime) -> datetime:
    try:
        return newest - MEMORY
    except OverflowError:
        return newest
