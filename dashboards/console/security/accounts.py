"""Accounts: adding, log-in with lock-out, changing a password."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from dashboards.console.security.passwords import check_password, hash_password, one_time_password
from dashboards.console.settings import ConsoleSettings
from pipelines.store.state.base import now
from pipelines.store.state.people import ROLES, LoginSession, Person

NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
Refusal = Literal["wrong", "locked", "disabled"]


class AccountError(Exception):
    """The account cannot be made or found; the message is one line for the operator's terminal."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of a log-in: the person, or why not."""

    person: Person | None
    refusal: Refusal | None = None


def add_person(
    session: Session, name: str, roles: tuple[str, ...], units: tuple[str, ...] = (), full_name: str = ""
) -> str:
    """Make an account and give its one-time password, which is shown once and never kept in clear.

    Raises AccountError for a name or role that cannot be, a unit administrator without unit, or a name in use.
    """
    if not NAME.fullmatch(name):
        raise AccountError(
            f"user name {name!r}: 2 to 64 of a-z, 0-9, dot, hyphen, underscore; starts with a letter or digit"
        )
    check_roles(roles, units)
    if session.get(Person, name) is not None:
        raise AccountError(f"user {name!r} exists already; to let them in again, reset the password")
    password = one_time_password()
    session.add(
        Person(name=name, full_name=full_name, roles=list(roles), units=list(units), password=hash_password(password))
    )
    return password


def check_roles(roles: tuple[str, ...], units: tuple[str, ...]) -> None:
    """Raises AccountError for roles that cannot be given together with these units."""
    if not roles:
        raise AccountError(f"an account needs a role; choose from {', '.join(ROLES)}")
    for role in roles:
        if role not in ROLES:
            raise AccountError(f"role {role!r} is unknown; choose from {', '.join(ROLES)}")
    if "unit_admin" in roles and not units:
        raise AccountError("a unit_admin needs at least one unit")


def reset_password(session: Session, name: str) -> str:
    """A new one-time password; every session of the account ends. Raises AccountError for an unknown name."""
    person = session.get(Person, name)
    if person is None:
        raise AccountError(f"user {name!r} does not exist")
    password = one_time_password()
    person.password, person.must_change, person.failures, person.locked_until = hash_password(password), True, 0, None
    session.execute(delete(LoginSession).where(LoginSession.person_name == name))
    return password


def log_in(session: Session, name: str, password: str, settings: ConsoleSettings) -> Attempt:
    """Check a password and count failures. An unknown name and a wrong password cannot be told apart."""
    person = session.scalar(select(Person).where(Person.name == name.strip().lower()[:64]))
    right = check_password(person.password if person else None, password)
    if person is None:
        return Attempt(None, "wrong")
    if person.locked_until and person.locked_until > now():
        return Attempt(None, "locked")
    if not right:
        return Attempt(None, "locked" if fail(person, settings) else "wrong")
    if person.disabled:
        return Attempt(None, "disabled")
    person.locked_until, person.last_login_at = None, now()
    if person.totp_secret is None:  # else the right code does it: a known password must not buy guesses at codes
        person.failures = 0
    return Attempt(person)


def fail(person: Person, settings: ConsoleSettings) -> bool:
    """Count a wrong password or code; whether the account rests now."""
    person.failures += 1
    if person.failures < settings.attempts:
        return False
    person.failures, person.locked_until = 0, now() + timedelta(minutes=settings.lock_minutes)
    return True


def change_password(session: Session, name: str, password: str, keep: str) -> None:
    """Set a new password; every other session of the account ends (``keep`` is the id of the present one)."""
    person = session.get_one(Person, name)
    person.password, person.must_change = hash_password(password), False
    others = LoginSession.person_name == name, LoginSession.id != keep
    session.execute(delete(LoginSession).where(*others))
