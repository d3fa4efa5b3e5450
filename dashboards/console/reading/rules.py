"""Rules as they have worked so far: what each has found, how people judged it, and what cannot be used."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import case, func, select

from dashboards.console.reading.alerts import OPEN, Words
from dashboards.console.reading.health import ContentLine
from dashboards.console.visit import Visit
from pipelines.store.state.alerts import Alert
from pipelines.store.state.health import ContentError
from schema import behaviours


class RuleLine(BaseModel):
    """One rule and its record."""

    rule: str
    engine: str
    behaviour: str
    title: Words
    track: str
    stage: str
    machines: int
    open: int
    confirmed: int
    false_alarms: int
    last: datetime


class RulePage(BaseModel):
    """Rules that have alerted and content that is out of use."""

    rules: list[RuleLine]
    content: list[ContentLine]


def read(visit: Visit) -> RulePage:
    """The record of every rule that has alerted."""

    def how_many(condition: object) -> object:
        return func.sum(case((condition, 1), else_=0))  # type: ignore[arg-type]

    record = select(
        Alert.rule,
        func.max(Alert.engine),
        func.max(Alert.behaviour),
        func.count(),
        how_many(Alert.state.in_(OPEN)),
        how_many(Alert.verdict == "confirmed"),
        how_many(Alert.verdict == "false_alarm"),
        func.max(Alert.last),
    ).group_by(Alert.rule)  # type: ignore[call-overload]
    with visit.console.database.session() as session:
        found = [_line(*values) for values in session.execute(record.order_by(func.count().desc(), Alert.rule))]
        content = session.scalars(select(ContentError).order_by(ContentError.path, ContentError.line)).all()
        return RulePage(rules=found, content=[ContentLine.model_validate(one, from_attributes=True) for one in content])


def _line(
    rule: str, engine: str, behaviour: str, machines: int, opened: int, confirmed: int, false: int, last: datetime
) -> RuleLine:
    known = behaviours().get(behaviour)
    return RuleLine(
        rule=rule,
        engine=engine,
        behaviour=behaviour,
        title=Words(vi=known.vi, en=known.en) if known else Words(vi=behaviour, en=behaviour),
        track=known.track if known else "",
        stage=known.stage if known else "",
        machines=machines,
        open=opened,
        confirmed=confirmed,
        false_alarms=false,
        last=last,
    )
