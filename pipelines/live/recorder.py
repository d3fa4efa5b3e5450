"""Writes what one step found into the state database: one transaction, so that a crash leaves all of it or nothing."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from collectors.segment import Segment
from pipelines.cases.following import cleared_at, follow
from pipelines.detect.finding import SEVERITIES, Finding
from pipelines.enrich import Inventory, KnownMachine
from pipelines.lifecycle import indicators, suppression
from pipelines.lifecycle.suppression import Suppression
from pipelines.live import counters
from pipelines.live.casebook import Casebook
from pipelines.live.rows import (
    address_columns,
    alert_columns,
    finding_row,
    machine_columns,
    moment,
    name_columns,
    seen_in,
    upsert,
)
from pipelines.score import AlertSummary, Standing, Weights, now_standing
from pipelines.score.attribution import machine_of
from pipelines.settings import Cases
from pipelines.store.state import (
    Alert,
    Database,
    FindingRow,
    Machine,
    MachineAddress,
    MachineName,
    ScorePoint,
    SegmentRow,
    SuppressionRow,
)
from pipelines.store.state.base import now as wall_clock
from schema import behaviours

HOUR: Final = 3_600_000_000
"""µs: scores fade; a machine that goes on talking is judged again once in so much of its time."""
COMPONENT: Final = "centre"
"""Name of the pipeline among the parts on the health page."""


@dataclass(slots=True)
class Step:
    """What one step brings."""

    findings: Sequence[tuple[Finding, KnownMachine]]
    machines: Sequence[KnownMachine]
    """New or changed."""
    segment: Segment | None = None
    counted: Mapping[str, int] = field(default_factory=dict)
    """Further counters of the pipeline that have grown."""


class Recorder:
    """Used by one pipeline process; nobody else writes these tables (people write their columns of ``alert``)."""

    def __init__(self, database: Database, inventory: Inventory, weights: Weights, cases: Cases) -> None:
        self._database = database
        self._inventory = inventory
        self._weights = weights
        self._cases = cases
        self._casebook = Casebook()
        self._suppressions: list[Suppression] = []
        self._judged_hour: dict[str, int] = {}
        self._seen_hour: dict[str, int] = {}

    def load(self) -> None:
        """Take up what an earlier process left."""
        self._suppressions = []
        with self._database.session() as session:
            self._casebook.load(session)
            hidden = set(session.scalars(select(Alert.machine_id).where(Alert.state == "suppressed")))
        self.take_suppressions()
        self.judge_again(hidden)  # what hid them may have ended meanwhile

    def is_processed(self, segment: str) -> bool:
        """Whether the findings of this segment are in the database."""
        with self._database.session() as session:
            return session.get(SegmentRow, segment) is not None

    def attributed(self, findings: Iterable[Finding]) -> list[tuple[Finding, KnownMachine]]:
        """Findings with their machines, in order of time; those about nobody of ours are left out."""
        ordered = sorted(findings, key=lambda one: (one.last, one.window, one.id))
        pairs = ((finding, machine_of(finding, self._inventory)) for finding in ordered)
        return [(finding, machine) for finding, machine in pairs if machine is not None]

    def record(self, step: Step) -> int:
        """Write a step; gives how many findings were new. Raises SQLAlchemyError: nothing is written then."""
        try:
            with self._database.transaction() as session:
                return self._write(session, step)
        except BaseException:
            self._casebook.forget_summaries()
            self._seen_hour.clear()
            raise

    def judge_again(self, machines: Iterable[str]) -> None:
        """People have judged alerts of these machines."""
        with self._database.transaction() as session:
            for identity in machines:
                machine = self._inventory.get(identity)
                if machine is not None:
                    self._judge(session, machine)

    def take_suppressions(self) -> None:
        """People have suppressed something, or a suppression has ended: the machines concerned are judged again."""
        with self._database.session() as session:
            found = suppression.in_force(session, wall_clock())
            before, self._suppressions = self._suppressions, found
            changed = set(before) ^ set(found)
            if any(one.is_window for one in changed):
                self._casebook.load(session, [one for one in found if one.is_window])
        if changed:
            self.judge_again(machine for machine in self._casebook if self._concerns(changed, machine))

    def _concerns(self, changed: Collection[Suppression], machine: str) -> bool:
        return any(suppression.covering(changed, finding, machine) for finding in self._casebook.evidence(machine))

    def _write(self, session: Session, step: Step) -> int:
        if step.segment is not None:
            session.add(_segment_row(step.segment))
        self._write_machines(session, step.machines)
        fresh = self._fresh(session, step.findings)
        alerts: dict[str, tuple[AlertSummary, KnownMachine]] = {}
        accused: set[str] = set()
        hidden: dict[str, list[Finding]] = {}
        for finding, machine in fresh.values():
            self._casebook.note(machine.id, finding)
            alert = self._casebook.summary(session, machine.id, finding)
            alerts[alert.id] = (alert, machine)
            by = suppression.covering(self._suppressions, finding, machine.id)
            accused.update(() if by else (alert.id,))
            if by:
                hidden.setdefault(by.id, []).append(finding)
        # After the summaries: those not in memory are built from the findings of earlier steps.
        upsert(session, FindingRow, [finding_row(finding, machine.id) for finding, machine in fresh.values()])
        self._write_alerts(session, list(alerts.values()), accused)
        _count_hidden(session, hidden)
        indicators.count_sightings(session, (finding for finding, _ in fresh.values()))
        touched = {machine.id: machine for _, machine in fresh.values()}
        touched.update((machine.id, machine) for machine in step.machines if self._has_faded(machine))
        for machine in touched.values():
            self._judge(session, machine)
        grown = Tally(step.counted) + Tally({"findings": len(fresh)})
        if step.segment is not None:
            grown += Tally({"segments": 1, "events": step.segment.events})
            counters.write_sensor(session, step.segment)
        counters.grow(session, COMPONENT, grown, step.segment)
        return len(fresh)

    # ---- machines

    def _write_machines(self, session: Session, machines: Sequence[KnownMachine]) -> None:
        upsert(session, Machine, [{**machine_columns(one), **_UNJUDGED} for one in self._unknown(session, machines)])
        if machines:
            session.execute(update(Machine), [machine_columns(one) for one in machines])
        upsert(session, MachineAddress, [row for one in machines for row in address_columns(one)])
        upsert(session, MachineName, [row for one in machines for row in name_columns(one)])
        for one in machines:
            hour = one.seen.last // HOUR
            if self._seen_hour.get(one.id) != hour:
                self._seen_hour[one.id] = hour
                seen_in(session, one.id, moment(one.seen.last))

    def _unknown(self, session: Session, machines: Sequence[KnownMachine]) -> list[KnownMachine]:
        known: set[str] = set()
        for start in range(0, len(machines), _IN_MOST):
            some = [one.id for one in machines[start : start + _IN_MOST]]
            known.update(session.scalars(select(Machine.id).where(Machine.id.in_(some))))
        return [one for one in machines if one.id not in known]

    # ---- findings and alerts

    def _fresh(
        self, session: Session, findings: Sequence[tuple[Finding, KnownMachine]]
    ) -> dict[str, tuple[Finding, KnownMachine]]:
        """Findings that are new, or told again with more evidence or gravity. A replay of old ones changes nothing."""
        latest = {finding.id: (finding, machine) for finding, machine in findings}
        stored: dict[str, tuple[int, str]] = {}
        ids = list(latest)
        for start in range(0, len(ids), _IN_MOST):
            some = FindingRow.id.in_(ids[start : start + _IN_MOST])
            rows = session.execute(select(FindingRow.id, FindingRow.event_count, FindingRow.severity).where(some))
            stored.update((identity, (count, severity)) for identity, count, severity in rows)
        return {
            identity: pair
            for identity, pair in latest.items()
            if identity not in stored or _says_more(pair[0], *stored[identity])
        }

    def _write_alerts(
        self, session: Session, alerts: Sequence[tuple[AlertSummary, KnownMachine]], accused: Collection[str]
    ) -> None:
        """``accused``: ids of those with a new finding that nothing covers."""
        for alert, machine in alerts:
            columns = alert_columns(alert, machine.id, weight=0.0)
            row = session.get(Alert, alert.id)
            if row is None:
                session.add(Alert(**columns))
                continue
            del columns["weight"]
            for name, value in columns.items():
                setattr(row, name, value)
            if row.state == "closed" and row.verdict != "false_alarm" and alert.id in accused:
                row.state = "new"
        session.flush()

    # ---- verdicts

    def _has_faded(self, machine: KnownMachine) -> bool:
        return machine.id in self._casebook and self._judged_hour.get(machine.id) != machine.seen.last // HOUR

    def _judge(self, session: Session, machine: KnownMachine) -> None:
        """Score and verdict at the machine's present: evidence fades in the time in which the machine is seen."""
        self._judged_hour[machine.id] = machine.seen.last // HOUR
        mine = select(Alert).where(Alert.machine_id == machine.id)
        alerts = session.scalars(mine).all()
        judged = {alert.rule: alert.verdict for alert in alerts if alert.verdict}
        told = self._casebook.evidence(machine.id)
        evidence = [one for one in told if not suppression.covering(self._suppressions, one, machine.id)]
        hidden = {finding.rule for finding in told} - {finding.rule for finding in evidence}
        cleared = cleared_at(session, machine.id)
        if cleared is not None:  # verified clean since: what was before has been dealt with
            evidence = [finding for finding in evidence if finding.last > cleared or _is_policy(finding)]
        now = max([moment(machine.seen.last), *(finding.last for finding in told)])
        standing = now_standing(evidence, now, self._weights, judged, machine.roles)
        for alert in alerts:
            weight = standing.weight(alert.rule)
            if alert.weight != weight:
                alert.weight = weight
            if alert.rule in hidden and alert.state != "closed":
                alert.state = "suppressed"
            elif alert.state == "suppressed":
                alert.state = "new"
        row = session.get_one(Machine, machine.id)
        self._write_standing(session, row, standing)
        follow(session, row, alerts, self._cases)

    def _write_standing(self, session: Session, row: Machine, standing: Standing) -> None:
        changed = (row.score, row.verdict) != (standing.score, standing.verdict)
        row.verdict, row.score, row.violating = standing.verdict, standing.score, standing.violating
        row.items = standing.as_items()
        session.flush()
        if changed:
            point = {"machine_id": row.id, "at": standing.at, "score": standing.score, "verdict": standing.verdict}
            upsert(session, ScorePoint, [point])


def _count_hidden(session: Session, hidden: Mapping[str, Sequence[Finding]]) -> None:
    """Suppressed findings are counted: a suppression that hides nothing, or too much, is seen."""
    for identity, findings in hidden.items():
        row = session.get_one(SuppressionRow, identity)
        row.hits += len(findings)
        row.last_hit = max([*(finding.last for finding in findings), *([row.last_hit] if row.last_hit else [])])


_IN_MOST: Final = 500
"""Values of one IN list: SQLite allows 32,766 parameters, PostgreSQL 65,535; either is far away."""
_UNJUDGED: Final[dict[str, Any]] = {"verdict": "clean", "score": 0, "violating": False, "items": []}


def _is_policy(finding: Finding) -> bool:
    return behaviours()[finding.behaviour].track == "policy"


def _says_more(finding: Finding, count: int, severity: str) -> bool:
    known = SEVERITIES.index(severity)
    return finding.event_count > count or SEVERITIES.index(finding.severity) > known


def _segment_row(segment: Segment) -> SegmentRow:
    return SegmentRow(id=segment.id, observer=segment.observer, events=segment.events, clock=moment(segment.clock))
