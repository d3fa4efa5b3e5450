"""People: who may enter, and ending their log-ins. Accounts are made on the command line (``vonggac user add``)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Form, Path
from pydantic import BaseModel
from sqlalchemy import delete, func, select

from dashboards.console.access import Needs
from dashboards.console.page import Area
from dashboards.console.problems import Problem
from dashboards.console.visit import Visiting
from pipelines.store.state.base import now
from pipelines.store.state.people import LoginSession, Person

area = Area()


class PersonLine(BaseModel):
    """One account."""

    name: str
    full_name: str
    roles: list[str]
    units: list[str]
    disabled: bool
    must_change: bool
    locked: bool
    last_login_at: datetime | None
    sessions: int


class PeoplePage(BaseModel):
    """All accounts."""

    people: list[PersonLine]
    next: str = "/people"


@area.page("/people", Needs.PEOPLE, "people.html")
def people(visit: Visiting) -> PeoplePage:
    """Every account, its role and its live sessions."""
    with visit.console.database.session() as session:
        live = select(LoginSession.person_name, func.count()).where(LoginSession.expires_at > now())
        sessions = dict(session.execute(live.group_by(LoginSession.person_name)).all())
        found = session.scalars(select(Person).order_by(Person.name)).all()
        return PeoplePage(people=[_line(person, sessions.get(person.name, 0)) for person in found])


def _line(person: Person, sessions: int) -> PersonLine:
    return PersonLine(
        name=person.name,
        full_name=person.full_name,
        roles=person.roles,
        units=person.units,
        disabled=person.disabled,
        must_change=person.must_change,
        locked=person.locked_until is not None and person.locked_until > now(),
        last_login_at=person.last_login_at,
        sessions=sessions,
    )


@area.action("/people/{name}/access", Needs.PEOPLE_CHANGE, "people.html")
def access(visit: Visiting, name: Annotated[str, Path(max_length=64)], disabled: Annotated[bool, Form()]) -> PeoplePage:
    """Close an account (its sessions end at once) or open it again; one's own cannot be closed."""
    if name == visit.person.name:
        raise Problem(422, "problem.own_account")
    with visit.console.database.transaction() as session:
        person = session.get(Person, name)
        if person is None:
            raise Problem(404, "problem.404")
        person.disabled, person.failures, person.locked_until = disabled, 0, None
        session.execute(delete(LoginSession).where(LoginSession.person_name == name))
    return people(visit)
