"""Coming in and going out: log-in, log-out, and the choice of language and theme that needs no log-in."""

from __future__ import annotations

from typing import Annotated, Final, Literal
from urllib.parse import urlencode

from fastapi import Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from dashboards.console.access import Needs, needs
from dashboards.console.guard import FORM_COOKIE, LANGUAGE_COOKIE, THEME_COOKIE
from dashboards.console.page import Area
from dashboards.console.render import page_response
from dashboards.console.security import accounts, sessions
from dashboards.console.visit import Visit, Visiting
from pipelines.store.state import audit
from pipelines.store.state.people import Person

area = Area()
YEAR: Final = 365 * 86400


def inside(target: str) -> str:
    """A path of this console, or the start page: a log-in must not send people to another site."""
    plain = target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    return target if plain else "/"


def _set_cookie(visit: Visit, response: Response, name: str, value: str, seconds: int | None = None) -> None:
    secure = visit.console.settings.secure_cookie
    response.set_cookie(name, value, max_age=seconds, httponly=True, samesite="strict", secure=secure)


def _form(
    visit: Visit, request: Request, status: int = 200, refusal: str = "", goal: str = "/", name: str = ""
) -> Response:
    values = {"refusal": refusal, "goal": goal, "name": name}
    response = page_response(visit, "login.html", values, status, request)
    _set_cookie(visit, response, FORM_COOKIE, visit.csrf)
    return response


@needs(Needs.PUBLIC)
def login_form(visit: Visiting, request: Request, next: Annotated[str, Query(max_length=2000)] = "/") -> Response:  # noqa: A002
    """The log-in page; a person who is in already goes on."""
    if visit.who is not None:
        return RedirectResponse(inside(next), status_code=303)
    return _form(visit, request, goal=inside(next))


@needs(Needs.PUBLIC)
def login(
    visit: Visiting,
    request: Request,
    name: Annotated[str, Form(max_length=200)],
    password: Annotated[str, Form(max_length=1000)],
    goal: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """Check name and password, start a session, or say no without saying which of the two was wrong."""
    console = visit.console
    if not console.throttle.allow(visit.address):
        return _form(visit, request, 429, "busy", inside(goal), name)
    with console.database.transaction() as session:
        attempt = accounts.log_in(session, name, password, console.settings)
        outcome = {"outcome": attempt.refusal or "success"}
        audit.append(session, name.strip().lower(), "log_in", "person:" + name.strip().lower(), outcome, visit.address)
        token = None
        if attempt.person is not None:
            agent = request.headers.get("user-agent", "")
            token = sessions.begin(session, attempt.person, console.settings, visit.address, agent)
    if attempt.person is None or token is None:
        return _form(visit, request, 401, attempt.refusal or "wrong", inside(goal), name)
    target = _first_page(attempt.person, inside(goal))
    response = RedirectResponse(target, status_code=303)
    _set_cookie(visit, response, sessions.COOKIE, token, int(console.settings.session_hours * 3600))
    response.delete_cookie(FORM_COOKIE)
    return response


def _first_page(person: Person, goal: str) -> str:
    if person.totp_secret is not None:
        return f"/code?{urlencode({'goal': goal})}"
    return "/password" if person.must_change else goal


@needs(Needs.HALF)
def logout(visit: Visiting) -> Response:
    """End this session, here and in the browser."""
    with visit.console.database.transaction() as session:
        sessions.end(session, visit.person.session, visit.person.name)
        visit.record(session, "log_out", f"person:{visit.person.name}")
    response = RedirectResponse("/login", status_code=303)
    response.delete_cookie(sessions.COOKIE)
    return response


@needs(Needs.PUBLIC)
def preferences(
    visit: Visiting,
    request: Request,
    language: Annotated[Literal["vi", "en"] | None, Form()] = None,
    theme: Annotated[Literal["auto", "light", "dark"] | None, Form()] = None,
) -> Response:
    """Language and theme: kept with the person, and in a cookie for the log-in page. Goes back to where one was."""
    back = request.headers.get("referer", "")
    path = "/" + back.split("/", 3)[3] if back.count("/") > 2 else "/"
    response = RedirectResponse(inside(path), status_code=303)
    if visit.who is not None:
        with visit.console.database.transaction() as session:
            person = session.get_one(Person, visit.who.name)
            person.language, person.theme = language or person.language, theme or person.theme
    for cookie, value in ((LANGUAGE_COOKIE, language), (THEME_COOKIE, theme)):
        if value:
            _set_cookie(visit, response, cookie, value, YEAR)
    return response


_ROUTES: Final = (
    ("/login", login_form, "GET"),
    ("/login", login, "POST"),
    ("/logout", logout, "POST"),
    ("/preferences", preferences, "POST"),
)
for _path, _endpoint, _method in _ROUTES:
    area.router.add_api_route(_path, _endpoint, methods=[_method], include_in_schema=False)
