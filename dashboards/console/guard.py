"""The one gate before every route: session, permission, one-time password, CSRF. Refusing is its default."""

from __future__ import annotations

import hmac
import secrets
from typing import Final, cast
from urllib.parse import urlsplit

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from dashboards.console.access import SECOND_FACTOR, Needs, allowed, needed, sees_all_units
from dashboards.console.problems import Problem
from dashboards.console.security import sessions
from dashboards.console.visit import Console, Theme, Visit, Who
from dashboards.console.words import LANGUAGES
from pipelines.store.state.people import LoginSession, Person

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
FORM_COOKIE: Final = "vonggac_form"
"""Proof for forms before the log-in, when there is no session that could hold it."""
LANGUAGE_COOKIE: Final = "vonggac_language"
THEME_COOKIE: Final = "vonggac_theme"
CSRF_HEADER: Final = "x-csrf-token"
CSRF_FIELD: Final = "csrf"
THEMES: Final = ("auto", "light", "dark")


async def guard(request: Request) -> None:
    """Dependency of every route: puts the visit into ``request.state`` or raises a Problem."""
    permission = needed(request.scope.get("endpoint"))
    visit = await run_in_threadpool(_enter, request)
    request.state.visit = visit
    if permission is None:
        raise Problem(403, "problem.forbidden")
    if request.method not in SAFE:
        await _check_origin(request, visit)
    if permission is Needs.PUBLIC:
        return
    if visit.who is None:
        raise Problem(401, "problem.login")
    if permission is Needs.HALF:
        return
    if not visit.who.complete:
        raise Problem(403, "problem.code", location="/code")
    if visit.who.must_change and permission is not Needs.ENTERED:
        raise Problem(403, "problem.change_password", location="/password")
    if visit.who.must_enrol and permission is not Needs.ENTERED:
        raise Problem(403, "problem.enrol", location="/second-factor")
    if not allowed(visit.who.roles, permission):
        raise Problem(403, "problem.forbidden")


async def _check_origin(request: Request, visit: Visit) -> None:
    """Other sites may not act in a person's name: same origin, and the proof that only our own pages hold."""
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != request.headers.get("host"):
        raise Problem(403, "problem.csrf")
    given = request.headers.get(CSRF_HEADER)
    if given is None:
        given = str((await request.form()).get(CSRF_FIELD, ""))
    if not visit.csrf or not hmac.compare_digest(given.encode(), visit.csrf.encode()):
        raise Problem(403, "problem.csrf")


def _enter(request: Request) -> Visit:
    console: Console = request.app.state.console
    with console.database.session() as session:
        found = sessions.find(session, request.cookies.get(sessions.COOKIE), console.settings)
        scope = _scope(console, session, found.person) if found else None
        visit = _visit(request, console, found, scope)
    if found is not None and sessions.untouched(found):
        with console.database.transaction() as session:
            sessions.touch(session, found.id)
    return visit


def _scope(console: Console, session: Session, person: Person) -> frozenset[str] | None:
    """Units whose machines a person sees: their own and everything below them; None = all."""
    if sees_all_units(person.roles):
        return None
    return console.organisation.below(session, person.units)


def _must_enrol(person: Person, console: Console) -> bool:
    wanted = console.settings.second_factor == "required" and not SECOND_FACTOR.isdisjoint(person.roles)
    return wanted and person.totp_secret is None


def _visit(request: Request, console: Console, found: LoginSession | None, scope: frozenset[str] | None) -> Visit:
    person = found.person if found else None
    language = (person and person.language) or request.cookies.get(LANGUAGE_COOKIE)
    theme = (person and person.theme) or request.cookies.get(THEME_COOKIE)
    who = (
        None
        if found is None
        else Who(
            name=found.person.name,
            full_name=found.person.full_name,
            roles=tuple(found.person.roles),
            units=tuple(found.person.units),
            scope=scope,
            must_change=found.person.must_change,
            complete=found.complete,
            must_enrol=_must_enrol(found.person, console),
            session=found.id,
        )
    )
    return Visit(
        console=console,
        who=who,
        csrf=found.csrf if found else request.cookies.get(FORM_COOKIE, "") or secrets.token_urlsafe(24),
        language=language if language in LANGUAGES else console.settings.language,
        theme=cast(Theme, theme if theme in THEMES else "auto"),
        address=request.client.host if request.client else "",
        path=request.url.path,
    )
