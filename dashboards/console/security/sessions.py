"""Server-side sessions: the cookie holds a random token, the state store its hash."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from dashboards.console.settings import ConsoleSettings
from pipelines.store.state.base import now
from pipelines.store.state.people import LoginSession, Person

COOKIE: Final = "vonggac_session"
TOKEN_BYTES: Final = 32
TOUCH: Final = timedelta(minutes=1)
"""How often "last seen" is written: not at every request, for SQLite has one writer."""


def identify(token: str) -> str:
    """The id under which a token's session is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(session: Session, person: Person, settings: ConsoleSettings, address: str, agent: str) -> str:
    """Start a session and give the token for the cookie; expired sessions are swept on the way."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.execute(delete(LoginSession).where(LoginSession.expires_at < now()))
    session.add(
        LoginSession(
            id=identify(token),
            person_name=person.name,
            complete=person.totp_secret is None,
            csrf=secrets.token_urlsafe(TOKEN_BYTES),
            address=address[:50],
            agent=agent[:200],
            expires_at=now() + timedelta(hours=settings.session_hours),
        )
    )
    return token


def find(session: Session, token: str | None, settings: ConsoleSettings) -> LoginSession | None:
    """The live session of a token; None when there is none, it expired, idled, or the account was disabled."""
    if not token:
        return None
    found = session.get(LoginSession, identify(token))
    if found is None or found.person.disabled:
        return None
    idle = now() - found.seen_at
    if found.expires_at < now() or idle > timedelta(minutes=settings.idle_minutes):
        return None
    return found


def untouched(found: LoginSession) -> bool:
    """Whether it is time to note again that the session is used."""
    return now() - found.seen_at > TOUCH


def touch(session: Session, identity: str) -> None:
    """Note that the session is used."""
    found = session.get(LoginSession, identity)
    if found is not None:
        found.seen_at = now()


def end(session: Session, identity: str, person: str) -> bool:
    """End one session of a person (by its id); False when there is no such session."""
    found = session.get(LoginSession, identity)
    if found is None or found.person_name != person:
        return False
    session.delete(found)
    return True
