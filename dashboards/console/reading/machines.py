"""Machines as pages show them, and the list of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, Literal

from pydantic import BaseModel
from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session, selectinload

from dashboards.console.visit import Visit
from pipelines.store.state.machines import Machine, MachineAddress, MachineName, ScorePoint

Verdict = Literal["infected", "suspicious", "violating", "clean"]
VERDICTS: Final[tuple[Verdict, ...]] = ("infected", "suspicious", "violating", "clean")
PAGE: Final = 100
"""Rows of one page: what a person scrolls through before narrowing the filter."""
HISTORY: Final = 40
"""Points of a score sparkline."""


class MachineRef(BaseModel):
    """A machine in one line, wherever it is mentioned."""

    id: str
    name: str | None
    address: str | None
    unit: str | None
    zone: str | None
    home: bool
    verdict: str
    violating: bool
    score: int
    last_seen: datetime

    @property
    def label(self) -> str:
        """What people call it: its name, else its address."""
        return self.name or self.address or self.id


class MachineRow(MachineRef):
    """A machine in a list."""

    history: list[int]
    """Scores, oldest first, for the sparkline."""


class MachineList(BaseModel):
    """One page of machines and how many there are of each verdict."""

    machines: list[MachineRow]
    total: int
    page: int
    pages: int
    counts: dict[str, int]
    verdict: str | None
    text: str


def reference(machine: Machine) -> MachineRef:
    """The line about a machine, with its latest name and address."""
    return MachineRef(
        id=machine.id,
        name=machine.names[0].name if machine.names else None,
        address=machine.addresses[0].address if machine.addresses else None,
        unit=machine.unit,
        zone=machine.zone,
        home=machine.home,
        verdict=machine.verdict,
        violating=machine.violating,
        score=machine.score,
        last_seen=machine.last_seen,
    )


def visible(visit: Visit) -> Select[Machine]:
    """The machines that this person may see, with names and addresses."""
    found = select(Machine).options(selectinload(Machine.names), selectinload(Machine.addresses))
    return found if visit.scope is None else found.where(Machine.unit.in_(visit.scope))


def verdict_counts(visit: Visit, session: Session) -> dict[str, int]:
    """Machines of each verdict among those that this person may see."""
    found = select(Machine.verdict, func.count()).group_by(Machine.verdict)
    if visit.scope is not None:
        found = found.where(Machine.unit.in_(visit.scope))
    counted = dict(session.execute(found).all())
    return {verdict: counted.get(verdict, 0) for verdict in VERDICTS}


def histories(session: Session, machines: Iterable[str]) -> dict[str, list[int]]:
    """Scores of these machines in order of time, the last ``HISTORY`` of each."""
    found: dict[str, list[int]] = {}
    points = select(ScorePoint.machine_id, ScorePoint.score).where(ScorePoint.machine_id.in_(list(machines)))
    for machine, score in session.execute(points.order_by(ScorePoint.at)):
        found.setdefault(machine, []).append(score)
    return {machine: scores[-HISTORY:] for machine, scores in found.items()}


def rows(session: Session, machines: Sequence[Machine]) -> list[MachineRow]:
    """Machines with their score history."""
    past = histories(session, [machine.id for machine in machines])
    return [
        MachineRow(**reference(machine).model_dump(), history=past.get(machine.id, [machine.score]))
        for machine in machines
    ]


def worst_first(found: Select[Machine]) -> Select[Machine]:
    """In the order in which people should look at them."""
    rank = case({verdict: at for at, verdict in enumerate(VERDICTS)}, value=Machine.verdict, else_=len(VERDICTS))
    return found.order_by(rank, Machine.score.desc(), Machine.last_seen.desc(), Machine.id)


def matching(found: Select[Machine], text: str) -> Select[Machine]:
    """Machines with this text in a name, an address, the MAC or the unit."""
    if not text:
        return found
    like = f"%{text.replace('%', '').replace('_', '')}%"
    named = select(MachineName.machine_id).where(MachineName.name.ilike(like))
    addressed = select(MachineAddress.machine_id).where(MachineAddress.address.like(like))
    return found.where(
        or_(Machine.id.in_(named), Machine.id.in_(addressed), Machine.mac.like(like.lower()), Machine.unit.ilike(like))
    )


def listing(visit: Visit, verdict: str | None, text: str, page: int) -> MachineList:
    """One page of machines, worst first."""
    found = matching(visible(visit), text)
    if verdict == "violating":
        found = found.where(Machine.violating)
    elif verdict:
        found = found.where(Machine.verdict == verdict)
    with visit.console.database.session() as session:
        total = session.scalar(select(func.count()).select_from(found.options().subquery())) or 0
        shown = session.scalars(worst_first(found).limit(PAGE).offset(PAGE * (page - 1))).all()
        return MachineList(
            machines=rows(session, shown),
            total=total,
            page=page,
            pages=max(1, -(-total // PAGE)),
            counts=verdict_counts(visit, session),
            verdict=verdict,
            text=text,
        )
