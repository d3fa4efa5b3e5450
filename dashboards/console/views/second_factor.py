"""The second factor: giving the code at the log-in, enrolling a telephone, taking it away again."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from dashboards.console.access import SECOND_FACTOR, Needs, needs
from dashboards.console.page import Area
from dashboards.console.render import page_response
from dashboards.console.security import second_factor, sessions
from dashboards.console.security.passwords import check_password
from dashboards.console.views.entry import inside
from dashboards.console.visit import Visit, Visiting
from pipelines.store.state.people import LoginSession, Person

area = Area()
Code = Annotated[str, Form(max_length=40)]


def _code_page(visit: Visit, request: Request, goal: str, refusal: str = "", status: int = 200) -> Response:
    return page_response(visit, "code.html", {"goal": goal, "refusal": refusal}, status, request)


@needs(Needs.HALF)
def code_form(visit: Visiting, request: Request, goal: Annotated[str, Query(max_length=2000)] = "/") -> Response:
    """Ask for the code of the telephone; who has given it already goes on."""
    if visit.person.complete:
        return RedirectResponse(inside(goal), status_code=303)
    return _code_page(visit, request, inside(goal))


@needs(Needs.HALF)
def give_code(
    visit: Visiting, request: Request, code: Code, goal: Annotated[str, Form(max_length=2000)] = "/"
) -> Response:
    """Check the code and complete the log-in; too many wrong ones end it."""
    who, console = visit.person, visit.console
    if who.complete:
        return RedirectResponse(inside(goal), status_code=303)
    if not console.throttle.allow(visit.address):
        return _code_page(visit, request, inside(goal), "busy", 429)
    with console.database.transaction() as session:
        outcome = second_factor.check(session, who.name, code, console.settings)
        visit.record(session, "second_factor.check", f"person:{who.name}", outcome=outcome)
        if outcome in ("right", "recovery"):
            session.get_one(LoginSession, who.session).complete = True
        elif outcome == "locked":
            sessions.end(session, who.session, who.name)
    if outcome == "wrong":
        return _code_page(visit, request, inside(goal), "wrong", 401)
    if outcome == "locked":
        return _code_page(visit, request, inside(goal), "locked", 401)
    after = "/second-factor" if outcome == "recovery" else inside(goal)
    return RedirectResponse("/password" if who.must_change else after, status_code=303)


def _enrol_page(visit: Visit, request: Request, refusal: str = "", status: int = 200) -> Response:
    name = visit.person.name
    with visit.console.database.transaction() as session:
        person = session.get_one(Person, name)
        values: dict[str, object] = {"refusal": refusal, "wanted": not SECOND_FACTOR.isdisjoint(person.roles)}
        if person.totp_secret is not None:
            values |= {"enrolled": True, "left": second_factor.codes_left(session, name)}
        else:
            secret = second_factor.offer(session, visit.person.session)
            grouped = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
            drawn = Markup(second_factor.picture(secret, name))  # noqa: S704  (drawn by segno from letters and digits)
            values |= {"enrolled": False, "secret": grouped, "picture": drawn}
    return page_response(visit, "second_factor.html", values, status, request)


@needs(Needs.ENTERED)
def enrol_form(visit: Visiting, request: Request) -> Response:
    """Whether a telephone is enrolled; if not, the QR code to do so."""
    if visit.person.must_change:
        return RedirectResponse("/password", status_code=303)
    return _enrol_page(visit, request)


@needs(Needs.ENTERED)
def enrol(visit: Visiting, request: Request, code: Code) -> Response:
    """Enrol the telephone that shows this code, and give the recovery codes: the only time that they are seen."""
    who = visit.person
    if who.must_change:
        return RedirectResponse("/password", status_code=303)
    with visit.console.database.transaction() as session:
        codes = second_factor.enrol(session, who.session, code)
        if codes is not None:
            visit.record(session, "second_factor.enrol", f"person:{who.name}")
    if codes is None:
        return _enrol_page(visit, request, "wrong", 422)
    return page_response(visit, "recovery_codes.html", {"codes": codes}, request=request)


@needs(Needs.ENTERED)
def remove(visit: Visiting, request: Request, password: Annotated[str, Form(max_length=1000)]) -> Response:
    """Take one's own second factor away, to enrol another telephone; the password proves who sits there."""
    who = visit.person
    if not visit.console.throttle.allow(visit.address):
        return _enrol_page(visit, request, "busy", 429)
    with visit.console.database.transaction() as session:
        right = check_password(session.get_one(Person, who.name).password, password)
        if right:
            second_factor.remove(session, who.name, keep=who.session)
        outcome = "success" if right else "wrong"
        visit.record(session, "second_factor.remove", f"person:{who.name}", outcome=outcome)
    return RedirectResponse("/second-factor", 303) if right else _enrol_page(visit, request, "password", 422)


for _path, _endpoint, _method in (
    ("/code", code_form, "GET"),
    ("/code", give_code, "POST"),
    ("/second-factor", enrol_form, "GET"),
    ("/second-factor", enrol, "POST"),
    ("/second-factor/remove", remove, "POST"),
):
    area.router.add_api_route(_path, _endpoint, methods=[_method], include_in_schema=False)
