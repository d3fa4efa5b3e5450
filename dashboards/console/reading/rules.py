"""Rules: what each has found, how people judged it, what the site has changed, and what cannot be used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from dashboards.console.problems import Problem
from dashboards.console.reading.alerts import OPEN, Words
from dashboards.console.reading.health import ContentLine
from dashboards.console.visit import Visit
from pipelines.detect.behaviour.rule import BehaviourRule
from pipelines.lifecycle.catalogue import behaviour_rules
from pipelines.lifecycle.ledger import precision
from pipelines.store.state.alerts import Alert
from pipelines.store.state.content import RuleChange
from pipelines.store.state.health import ContentError
from schema import behaviours


class Ledger(BaseModel):
    """What came of a rule's alerts; shares between 0 and 1 with a 95 % interval."""

    machines: int = 0
    open: int = 0
    suppressed: int = 0
    confirmed: int = 0
    false_alarms: int = 0
    benign: int = 0
    precision: float | None = None
    low: float | None = None
    high: float | None = None
    last: datetime | None = None
    """When it last fired (packet time)."""


class RuleLine(BaseModel):
    """One rule and its record."""

    rule: str
    engine: str
    behaviour: str
    title: Words
    track: str
    stage: str
    severity: str
    off: bool
    tuned: bool
    ledger: Ledger


class RulePage(BaseModel):
    """All behaviour rules, all others that have alerted, and content that is out of use."""

    rules: list[RuleLine]
    content: list[ContentLine]
    fired: int


class ParameterLine(BaseModel):
    """A number that a site may change."""

    name: str
    default: bool | int | float | str
    value: bool | int | float | str
    why: str
    least: float | None
    most: float | None


class RuleDetail(BaseModel):
    """Everything about one rule."""

    line: RuleLine
    technique: list[str]
    explanation: Words
    window_s: float
    weight: float
    parameters: list[ParameterLine]
    reason: str | None
    changed_by: str | None
    changed_at: datetime | None
    next: str


@dataclass(frozen=True, slots=True)
class _Record:
    engine: str
    behaviour: str
    ledger: Ledger


def read(visit: Visit) -> RulePage:
    """The record of every rule."""
    with visit.console.database.session() as session:
        records, changed = _records(session), _changed(session)
        content = session.scalars(select(ContentError).order_by(ContentError.path, ContentError.line)).all()
        errors = [ContentLine.model_validate(one, from_attributes=True) for one in content]
    known = behaviour_rules(visit.console.settings.rule_folders)
    lines = [
        _line(name, known.get(name), records.get(name), changed.get(name)) for name in {*known, *records, *changed}
    ]
    lines.sort(key=lambda one: (-one.ledger.machines, not (one.off or one.tuned), one.rule))
    return RulePage(rules=lines, content=errors, fired=len(records))


def detail(visit: Visit, rule: str) -> RuleDetail:
    """The page of one rule; a Problem where there is none."""
    known = behaviour_rules(visit.console.settings.rule_folders).get(rule)
    with visit.console.database.session() as session:
        record, change = _records(session).get(rule), session.get(RuleChange, rule)
    if known is None and record is None:
        raise Problem(404, "problem.404")
    definition = known.definition if known else None
    return RuleDetail(
        line=_line(rule, known, record, change),
        technique=list(definition.technique) if definition else [],
        explanation=Words(**definition.explain.model_dump()) if definition else Words(),
        window_s=definition.window / 1_000_000 if definition else 0.0,
        weight=definition.weight if definition else 0.0,
        parameters=_parameters(known, change) if known else [],
        reason=change.reason if change else None,
        changed_by=change.changed_by if change else None,
        changed_at=change.changed_at if change else None,
        next=f"/rules/{rule}",
    )


def _parameters(rule: BehaviourRule, change: RuleChange | None) -> list[ParameterLine]:
    own = change.parameters if change else {}
    return [
        ParameterLine(
            name=name, value=own.get(name, one.default), **one.model_dump(include={"default", "why", "least", "most"})
        )
        for name, one in rule.definition.parameters.items()
    ]


def _changed(session: Session) -> Mapping[str, RuleChange]:
    return {one.rule: one for one in session.scalars(select(RuleChange))}


def _records(session: Session) -> dict[str, _Record]:
    def how_many(condition: object) -> object:
        return func.sum(case((condition, 1), else_=0))  # type: ignore[arg-type]

    record = select(
        Alert.rule,
        func.max(Alert.engine),
        func.max(Alert.behaviour),
        func.count(),
        how_many(Alert.state.in_(OPEN)),
        how_many(Alert.state == "suppressed"),
        how_many(Alert.verdict == "confirmed"),
        how_many(Alert.verdict == "false_alarm"),
        how_many(Alert.verdict == "benign"),
        func.max(Alert.last),
    ).group_by(Alert.rule)  # type: ignore[call-overload]
    found = {}
    for rule, engine, behaviour, machines, opened, hidden, confirmed, false, benign, last in session.execute(record):
        share = precision(confirmed, false + benign)
        found[rule] = _Record(
            engine,
            behaviour,
            Ledger(
                machines=machines,
                open=opened,
                suppressed=hidden,
                confirmed=confirmed,
                false_alarms=false,
                benign=benign,
                precision=share.share if share else None,
                low=share.low if share else None,
                high=share.high if share else None,
                last=last,
            ),
        )
    return found


def _line(name: str, rule: BehaviourRule | None, record: _Record | None, change: RuleChange | None) -> RuleLine:
    behaviour = rule.definition.behaviour if rule else record.behaviour if record else ""
    known = behaviours().get(behaviour)
    words = Words(vi=known.vi, en=known.en) if known else Words(vi=behaviour, en=behaviour)
    return RuleLine(
        rule=name,
        engine=record.engine if record else "behaviour",
        behaviour=behaviour,
        title=Words(**rule.definition.title.model_dump()) if rule else words,
        track=known.track if known else "",
        stage=known.stage if known else "",
        severity=rule.definition.severity if rule else "",
        off=bool(change and change.off),
        tuned=bool(change and change.parameters),
        ledger=record.ledger if record else Ledger(),
    )
