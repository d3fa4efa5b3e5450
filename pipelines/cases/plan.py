"""The playbook of one case: its steps, which are done, and what is still missing."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipelines.cases.following import evidence_of
from pipelines.cases.opening import stands
from pipelines.cases.playbooks import Plan, Sign, Task, plan
from pipelines.store.state import Alert, Case, CaseAlert, CaseAttachment, CaseStep


@dataclass(frozen=True, slots=True)
class Doing:
    """A task with what has been done about it in this round."""

    task: Task
    done: CaseStep | None
    files: tuple[CaseAttachment, ...]

    @property
    def complete(self) -> bool:
        """Done, with the proof that it asks for."""
        if self.done is None or not self.done.done:
            return False
        if self.task.step.proof in ("photo", "file"):
            return bool(self.files) or bool(self.done.answer.strip())
        return self.task.step.proof == "none" or bool(self.done.answer.strip())


def alerts_of(session: Session, case: Case) -> list[Alert]:
    """The alerts of a case, oldest first."""
    found = select(Alert).join(CaseAlert, CaseAlert.alert_id == Alert.id).where(CaseAlert.case_id == case.id)
    return list(session.scalars(found.order_by(Alert.first, Alert.id)))


def signs(alerts: list[Alert]) -> list[Sign]:
    """What the alerts say; those that stand, or all where none does."""
    standing = [alert for alert in alerts if stands(evidence_of(alert))] or alerts
    return [
        Sign(one.behaviour, " ".join([one.rule, *one.title.values(), *(str(value) for value in one.facts.values())]))
        for one in standing
    ]


def plan_of(alerts: list[Alert]) -> Plan:
    """The playbook of these alerts."""
    return plan(signs(alerts))


def doings(session: Session, case: Case, found: Plan) -> list[Doing]:
    """Every task with what has been done about it."""
    steps = select(CaseStep).where(CaseStep.case_id == case.id, CaseStep.round == case.round)
    done = {one.step: one for one in session.scalars(steps)}
    files = select(CaseAttachment).where(CaseAttachment.case_id == case.id, CaseAttachment.round == case.round)
    by_step: dict[str | None, list[CaseAttachment]] = {}
    for one in session.scalars(files.order_by(CaseAttachment.at)):
        by_step.setdefault(one.step, []).append(one)
    return [Doing(task, done.get(task.id), tuple(by_step.get(task.id, ()))) for task in found.tasks]
