"""The whole case as one JSON document: for the file of the case, for a superior unit, for other programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipelines.cases import observed, plan, timeline
from pipelines.cases.quiet import Verification
from pipelines.settings import Cases
from pipelines.store.state import Case, CaseAttachment, CaseStep, CaseWatcher, Machine
from pipelines.store.state.base import Base

VERSION: Final = 1
"""Goes up when a key is renamed or removed."""


def document(session: Session, case: Case, settings: Cases) -> dict[str, Any]:
    """Everything that is kept about a case; times are aware datetimes (``json.dumps`` needs a ``default``).

    Uploaded files are named with their SHA-256; their bytes stay in the folder of attachments.
    """
    alerts = plan.alerts_of(session, case)
    proof = observed.verification(session, case, settings)
    return {
        "version": VERSION,
        "case": _row(case),
        "machine": _machine(case.machine),
        "alerts": _rows(alerts),
        "playbook": [_task(one) for one in plan.doings(session, case, plan.plan_of(alerts))],
        "steps": _rows(session.scalars(_of(CaseStep, case).order_by(CaseStep.round, CaseStep.at))),
        "attachments": _rows(session.scalars(_of(CaseAttachment, case).order_by(CaseAttachment.at))),
        "verified_clean": _proof(proof) if proof else None,
        "watchers": sorted(one.person for one in session.scalars(_of(CaseWatcher, case))),
        "timeline": _rows(timeline.lines(session, case)),
    }


def _of(kind: Any, case: Case) -> Any:
    return select(kind).where(kind.case_id == case.id)


def _row(one: Base) -> dict[str, Any]:
    return {column.key: getattr(one, column.key) for column in one.__mapper__.column_attrs}


def _rows(found: Iterable[Base]) -> list[dict[str, Any]]:
    return [_row(one) for one in found]


def _machine(machine: Machine) -> dict[str, Any]:
    return {
        "id": machine.id,
        "mac": machine.mac,
        "unit": machine.unit,
        "zone": machine.zone,
        "verdict": machine.verdict,
        "score": machine.score,
        "names": _rows(machine.names),
        "addresses": _rows(machine.addresses),
    }


def _task(one: plan.Doing) -> dict[str, Any]:
    step = one.task.step
    return {
        "step": one.task.id,
        "do": step.do.model_dump(),
        "who": step.who,
        "required": one.task.required,
        "complete": one.complete,
    }


def _proof(found: Verification) -> dict[str, Any]:
    days = [{"day": one.day, "seen": one.seen, "good": one.good, "reason": one.reason} for one in found.days]
    return {
        "since": found.since,
        "needed": found.needed,
        "counted": found.counted,
        "hours": found.hours,
        "complete": found.complete,
        "days": days,
    }
