"""Units: the tree of today, one unit with its past, and what an import would change."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel
from sqlalchemy import case, func, select

from dashboards.console.problems import Problem
from dashboards.console.reading.machines import MachineRef, reference, visible
from dashboards.console.visit import Visit
from pipelines.settings import Contact, Unit
from pipelines.store.state.machines import Machine
from pipelines.store.state.people import Person
from pipelines.units import register

MACHINES_SHOWN = 50
"""Machines on a unit's page; the list of machines has all."""


class UnitLine(BaseModel):
    """A unit in the tree, with the state of its machines."""

    id: str
    name: str
    depth: int
    level: int | None
    networks: list[str]
    contact: str
    machines: int
    infected: int
    suspicious: int
    violating: int


class UnitTree(BaseModel):
    """Units of a day that the person may see."""

    units: list[UnitLine]
    orphans: int
    """Machines that belong to no unit; only told to people who see all."""


class UnitVersionLine(BaseModel):
    """How a unit was from one day until another."""

    since: date | None
    until: date | None
    name: str
    parent: str | None
    level: int | None
    networks: list[str]
    vlans: list[int]
    contacts: list[Contact]


class UnitPage(BaseModel):
    """One unit."""

    id: str
    present: UnitVersionLine
    path: list[tuple[str, str]]
    """(id, name) from the top of the tree to the unit above this one."""
    below: list[tuple[str, str]]
    versions: list[UnitVersionLine]
    machines: list[MachineRef]
    total: int
    people: list[tuple[str, str]]
    """(account, full name) of its administrators."""


def tree(visit: Visit) -> UnitTree:
    """The tree as it is today."""

    def how_many(verdict: str) -> object:
        return func.sum(case((Machine.verdict == verdict, 1), else_=0))

    counts = select(Machine.unit, func.count(), *map(how_many, ("infected", "suspicious", "violating"))).group_by(
        Machine.unit
    )
    with visit.console.database.session() as session:
        found = {unit: numbers for unit, *numbers in session.execute(counts.where(Machine.home))}
        ordered = register.read(session).order(register.today())
    scope = _scope(visit)
    seen = [(depth, unit) for depth, unit in ordered if scope is None or unit.id in scope]
    least = min((depth for depth, _ in seen), default=0)
    lines = [_line(unit, depth - least, found.get(unit.id, [0, 0, 0, 0])) for depth, unit in seen]
    return UnitTree(units=lines, orphans=found.get(None, [0])[0] if scope is None else 0)


def _line(unit: Unit, depth: int, counts: list[int]) -> UnitLine:
    return UnitLine(
        id=unit.id,
        name=unit.name,
        depth=depth,
        level=unit.level,
        networks=list(map(str, unit.networks)),
        contact=unit.contacts[0].name if unit.contacts else "",
        machines=counts[0],
        infected=counts[1],
        suspicious=counts[2],
        violating=counts[3],
    )


def one(visit: Visit, identity: str) -> UnitPage:
    """One unit; 404 also for one that the person may not see."""
    scope = _scope(visit)
    if scope is not None and identity not in scope:
        raise Problem(404, "problem.no_unit")
    today = register.today()
    with visit.console.database.session() as session:
        known = register.read(session)
        versions = [unit for unit in known.versions if unit.id == identity]
        if not versions:
            raise Problem(404, "problem.no_unit")
        units = known.at(today)
        people = session.execute(select(Person.name, Person.full_name, Person.units).order_by(Person.name)).all()
        machines: list[MachineRef] = []
        total = 0
        if visit.can("machines"):
            own = visible(visit).where(Machine.unit == identity, Machine.home)
            total = session.scalar(select(func.count()).select_from(own.subquery())) or 0
            ranked = own.order_by(Machine.score.desc(), Machine.last_seen.desc()).limit(MACHINES_SHOWN)
            machines = [reference(machine) for machine in session.scalars(ranked)]
    below = sorted((unit.name, unit.id) for unit in units.values() if unit.parent == identity)
    return UnitPage(
        id=identity,
        present=_version(units.get(identity, versions[-1])),
        path=[(unit.id, unit.name) for unit in known.path(identity, today)[:-1]],
        below=[(unit_id, name) for name, unit_id in below],
        versions=[_version(unit) for unit in reversed(versions)],
        machines=machines,
        total=total,
        people=[(name, full_name) for name, full_name, owned in people if identity in owned],
    )


def _scope(visit: Visit) -> frozenset[str] | None:
    """Who keeps or audits the register sees all of it, also without seeing machines."""
    return None if visit.can("units_change") or visit.can("audit") else visit.scope


def _version(unit: Unit) -> UnitVersionLine:
    return UnitVersionLine(
        since=unit.since,
        until=unit.until,
        name=unit.name,
        parent=unit.parent,
        level=unit.level,
        networks=list(map(str, unit.networks)),
        vlans=list(unit.vlans),
        contacts=list(unit.contacts),
    )
