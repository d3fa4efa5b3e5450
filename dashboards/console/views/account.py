"""One's own account: changing the password, seeing and ending one's log-ins."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel
from sqlalchemy import select

from dashboards.console.access import Needs, needs
from dashboards.console.page import Area
from dashboards.console.problems import Problem
from dashboards.console.render import page_response
from dashboards.console.security import accounts, sessions
from dashboards.console.security.passwords import check_password, weakness
from dashboards.console.visit import Visiting
from pipelines.store.state.people import LoginSession, Person

area = Area()


class OwnSession(BaseModel):
    """One log-in of this person."""

    id: str
    address: str
    agent: str
    created_at: datetime
    seen_at: datetime
    present: bool


class Account(BaseModel):
    """The person and their log-ins."""

    name: str
    full_name: str
    roles: tuple[str, ...]
    units: tuple[str, ...]
    sessions: list[OwnSession]
    next: str = "/account"


@area.page("/account", Needs.OWN, "account.html")
def account(visit: Visiting) -> Account:
    """Who I am to the console and where I am logged in."""
    who = visit.person
    with visit.console.database.session() as session:
        rows = session.scalars(
            select(LoginSession).where(LoginSession.person_name == who.name).order_by(LoginSession.seen_at.desc())
        )
        own = [_own(row, who.session) for row in rows]
    return Account(name=who.name, full_name=who.full_name, roles=who.roles, units=who.units, sessions=own)


def _own(row: LoginSession, present: str) -> OwnSession:
    return OwnSession(
        id=row.id,
        address=row.address,
        agent=row.agent,
        created_at=row.created_at,
        seen_at=row.seen_at,
        present=row.id == present,
    )


@area.action("/account/sessions/end", Needs.OWN, "account.html")
def end_session(visit: Visiting, session_id: Annotated[str, Form(max_length=64)]) -> Account:
    """End one of my log-ins (a lost telephone, a forgotten screen)."""
    with visit.console.database.transaction() as session:
        if not sessions.end(session, session_id, visit.person.name):
            raise Problem(404, "problem.404")
    return account(visit)


@needs(Needs.ENTERED)
def password_form(visit: Visiting, request: Request) -> Response:
    """The form that changes the password; the first page after a one-time password."""
    return page_response(visit, "password.html", {"refusal": ""}, request=request)


@needs(Needs.ENTERED)
def password(
    visit: Visiting,
    request: Request,
    old: Annotated[str, Form(max_length=1000)],
    new: Annotated[str, Form(max_length=1000)],
    again: Annotated[str, Form(max_length=1000)],
) -> Response:
    """Check the old one, take the new one, end all other log-ins."""
    who = visit.person
    if not visit.console.throttle.allow(visit.address):
        return page_response(visit, "password.html", {"refusal": "login.refused.busy"}, 429, request)
    with visit.console.database.transaction() as session:
        person = session.get_one(Person, who.name)
        right = check_password(person.password, old)
        refusal = None if right else "login.refused.old"
        refusal = refusal or ("login.weak.differs" if new != again else None)
        refusal = refusal or ("login.weak.same" if new == old else weakness(new, who.name))
        if refusal is None:
            accounts.change_password(session, who.name, new, keep=who.session)
            visit.record(session, "change_password", f"person:{who.name}")
    if refusal is not None:
        return page_response(visit, "password.html", {"refusal": refusal}, 422, request)
    return RedirectResponse("/", status_code=303)


area.router.add_api_route("/password", password_form, methods=["GET"], include_in_schema=False)
area.router.add_api_route("/password", password, methods=["POST"], include_in_schema=False)
