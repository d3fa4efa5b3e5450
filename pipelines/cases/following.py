"""Cases follow detection: inside the transaction that writes alerts and verdicts, so that a crash leaves both or neither."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipelines.cases import clocks, timeline
from pipelines.cases.opening import TRACKS, Evidence, Present, at_least, case_id, decide, gravest, stands
from pipelines.cases.workflow import workflow
from pipelines.settings import Cases
from pipelines.store.state import Alert, Case, CaseAlert, Machine
from pipelines.store.state.base import now

LEAST_INFECTION: Final = "high"
"""A machine that is infected has a grave case, even where no single alert is grave."""


def evidence_of(alert: Alert) -> Evidence:
    """An alert, as far as cases look at it."""
    return Evidence(
        id=alert.id, track=alert.track, stage=alert.stage, severity=alert.severity, role=alert.role, weight=alert.weight,
        first=alert.first, last=alert.last, verdict=alert.verdict,
    )  # fmt: skip


def latest(session: Session, machine: str) -> dict[str, Case]:
    """Track → the newest case of a machine."""
    found = session.scalars(select(Case).where(Case.machine_id == machine).order_by(Case.ordinal))
    return {case.track: case for case in found}


def cleared_at(session: Session, machine: str) -> datetime | None:
    """Evidence of infection up to here no longer counts: the machine was verified clean afterwards."""
    found: datetime | None = session.scalar(
        select(func.max(Case.clean_since)).where(
            Case.machine_id == machine, Case.track == "infection", Case.state == "closed"
        )
    )
    return found


def follow(session: Session, machine: Machine, alerts: Sequence[Alert], settings: Cases) -> None:
    """Open, extend or bring back the cases of a machine as its alerts and its verdict demand."""
    if not alerts or not machine.home:
        return  # an attacker from outside is nobody's machine to clean
    known = latest(session, machine.id)
    evidence = [evidence_of(alert) for alert in alerts if alert.state != "suppressed"]
    for track in TRACKS:
        newest = known.get(track)
        case = _merged(session, newest)
        step, own = decide(workflow(), track, machine.verdict, evidence, _present(case), settings.reopen_within)
        if step == "open":
            case = _opened(session, machine, track, own, newest, settings)
        elif step == "return" and case is not None:
            _returned(session, case, own, settings)
        if step != "nothing" and case is not None:
            _join(session, case, own, settings)


def _merged(session: Session, case: Case | None) -> Case | None:
    """Where the work on a case goes on."""
    while case is not None and case.merged_into is not None:
        case = session.get(Case, case.merged_into)
    return case


def _present(case: Case | None) -> Present | None:
    return None if case is None else Present(case.state, case.ordinal, case.clean_since, case.closed_at)


def _opened(
    session: Session, machine: Machine, track: str, own: Sequence[Evidence], before: Case | None, settings: Cases
) -> Case:
    ordinal = 1 if before is None else before.ordinal + 1
    severity = _severity(track, own)
    at = now()
    case = Case(
        id=case_id(machine.id, track, ordinal),
        number=(session.scalar(select(func.max(Case.number))) or 0) + 1,
        machine_id=machine.id,
        track=track,
        ordinal=ordinal,
        severity=severity,
        first=min(one.first for one in own),
        last=max(one.last for one in own),
        opened_at=at,
        due_at=clocks.due(at, severity, settings.deadlines),
    )
    session.add(case)
    session.flush()
    data: dict[str, Any] = {"verdict": machine.verdict, "score": machine.score, "severity": severity}
    timeline.add(session, case, "opened", data, key="opened", event_at=case.last)
    return case


def _severity(track: str, own: Sequence[Evidence]) -> str:
    found = gravest([one for one in own if stands(one)])
    return LEAST_INFECTION if track == "infection" and not at_least(found, LEAST_INFECTION) else found


def _returned(session: Session, case: Case, own: Sequence[Evidence], settings: Cases) -> None:
    at = now()
    data = {"before": case.state, "clean_since": case.clean_since.isoformat() if case.clean_since else None}
    case.state, case.open, case.round = "reinfected", True, case.round + 1
    case.severity = _severity(case.track, own)
    case.opened_at, case.due_at = at, clocks.due(at, case.severity, settings.deadlines)
    case.reminded_at = case.escalated_at = case.clean_since = case.closed_at = None
    case.reported = {}
    timeline.add(session, case, "returned", data, key=f"{case.round}:returned", event_at=max(one.last for one in own))
    timeline.tell(session, case, "returned", timeline.followers(session, case), f"{case.id}:{case.round}:returned")


def _join(session: Session, case: Case, own: Sequence[Evidence], settings: Cases) -> None:
    links = {one.alert_id: one for one in session.scalars(select(CaseAlert).where(CaseAlert.case_id == case.id))}
    for alert in own:
        link = links.get(alert.id)
        if link is None:
            session.add(CaseAlert(case_id=case.id, alert_id=alert.id, round=case.round))
        elif link.round != case.round:
            link.round = case.round
        else:
            continue
        data = {"alert": alert.id, "severity": alert.severity}
        timeline.add(session, case, "alert", data, key=f"{case.round}:alert:{alert.id}", event_at=alert.last)
    last = max(one.last for one in own)
    if last > case.last:
        case.last = last
    first = min(one.first for one in own)
    if first < case.first:
        case.first = first
    risen = _severity(case.track, own)
    if risen != case.severity and at_least(risen, case.severity):
        case.due_at = clocks.sooner(case.due_at, now(), risen, settings.deadlines)
        data = {"before": case.severity, "after": risen}
        case.severity = risen
        timeline.add(session, case, "severity", data, key=f"{case.round}:severity:{risen}")
    session.flush()
