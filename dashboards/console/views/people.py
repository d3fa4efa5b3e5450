"""People: who may enter and as what, new accounts, and ending log-ins (the first account: ``vonggac user add``)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Form, Path
from pydantic import BaseModel
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from dashboards.console.access import Needs
from dashboards.console.page import Area
from dashboards.console.problems import Problem
from dashboards.console.security import accounts, second_factor
from dashboards.console.visit import Visiting
from pipelines.store.state.base import now
from pipelines.store.state.people import ROLES, LoginSession, Person
from pipelines.units import register

area = Area()
Name = Annotated[str, Path(max_length=64)]
Confirmed = Annotated[Literal["yes"], Form()]
FullName = Annotated[str, Form(max_length=200)]
Roles = Annotated[list[str], Form(max_length=len(ROLES))]
Units = Annotated[str, Form(max_length=2000)]
"""Unit identifiers, separated by commas or spaces."""


class PersonLine(BaseModel):
    """One account."""

    name: str
    full_name: str
    roles: list[str]
    units: list[str]
    disabled: bool
    must_change: bool
    locked: bool
    second_factor: bool
    last_login_at: datetime | None
    sessions: int


class PeoplePage(BaseModel):
    """All accounts."""

    people: list[PersonLine]
    roles: tuple[str, ...] = ROLES
    next: str = "/people"


class AddedPerson(BaseModel):
    """A new account; the password is told here and nowhere else."""

    name: str
    password: str
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
        second_factor=person.totp_secret is not None,
        last_login_at=person.last_login_at,
        sessions=sessions,
    )


def _other(visit: Visiting, session: Session, name: str) -> Person:
    """The account, which is not one's own: nobody locks themselves out, nobody lifts their own second factor here."""
    if name == visit.person.name:
        raise Problem(422, "problem.own_account")
    person = session.get(Person, name)
    if person is None:
        raise Problem(404, "problem.404")
    return person


def _given(session: Session, roles: list[str], units: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Roles and units of a form, each once; a Problem for what cannot be."""
    own = tuple(dict.fromkeys(units.replace(",", " ").split()))
    known = {version.id for version in register.read(session).versions}
    if unknown := [unit for unit in own if unit not in known]:
        raise Problem(422, "problem.unknown_unit", units=", ".join(unknown))
    kept = tuple(dict.fromkeys(roles))
    try:
        accounts.check_roles(kept, own)
    except accounts.AccountError as error:
        raise Problem(422, "problem.account_roles") from error
    return kept, own


@area.action("/people/add", Needs.PEOPLE_CHANGE, "person_added.html", shown=True)
def add_account(
    visit: Visiting,
    account: Annotated[str, Form(max_length=64)],
    roles: Roles,
    units: Units = "",
    full_name: FullName = "",
) -> AddedPerson:
    """Make an account; its one-time password is in this answer only and must be changed at the first log-in."""
    with visit.console.database.transaction() as session:
        kept, own = _given(session, roles, units)
        try:
            password = accounts.add_person(session, account, kept, own, full_name.strip())
        except accounts.AccountError as error:
            raise Problem(422, "problem.account_name") from error
        visit.record(session, "add_person", f"person:{account}", roles=kept, units=own)
    return AddedPerson(name=account, password=password)


@area.action("/people/{name}/change", Needs.PEOPLE_CHANGE, "people.html")
def change_account(
    visit: Visiting, name: Name, roles: Roles, units: Units = "", full_name: FullName = ""
) -> PeoplePage:
    """Change full name, roles and units of an account; they hold from its next request on. One's own stays as it is."""
    with visit.console.database.transaction() as session:
        person = _other(visit, session, name)
        kept, own = _given(session, roles, units)
        before = {"roles": list(person.roles), "units": list(person.units), "full_name": person.full_name}
        person.full_name, person.roles, person.units = full_name.strip(), list(kept), list(own)
        after = {"roles": person.roles, "units": person.units, "full_name": person.full_name}
        visit.record(session, "change_person", f"person:{name}", before=before, after=after)
    return people(visit)


@area.action("/people/{name}/access", Needs.PEOPLE_CHANGE, "people.html")
def access(visit: Visiting, name: Name, disabled: Annotated[bool, Form()]) -> PeoplePage:
    """Close an account (its sessions end at once) or open it again; one's own cannot be closed."""
    with visit.console.database.transaction() as session:
        person = _other(visit, session, name)
        person.disabled, person.failures, person.locked_until = disabled, 0, None
        session.execute(delete(LoginSession).where(LoginSession.person_name == name))
    return people(visit)


@area.action("/people/{name}/sessions/end", Needs.PEOPLE_CHANGE, "people.html")
def end_sessions(visit: Visiting, name: Name, confirmed: Confirmed) -> PeoplePage:
    """End every log-in of an account (a stolen telephone, a person who has left)."""
    with visit.console.database.transaction() as session:
        person = _other(visit, session, name)
        session.execute(delete(LoginSession).where(LoginSession.person_name == person.name))
    return people(visit)


@area.action("/people/{name}/second-factor/remove", Needs.PEOPLE_CHANGE, "people.html")
def remove_second_factor(visit: Visiting, name: Name, confirmed: Confirmed) -> PeoplePage:
    """Take the second factor of a lost telephone away; the next log-in asks to enrol a new one, log-ins end."""
    with visit.console.database.transaction() as session:
        second_factor.remove(session, _other(visit, session, name).name)
    return people(visit)
