"""One request by one person: who, in which language, seeing what; made by the guard, read by every page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from sqlalchemy import Select
from sqlalchemy.orm import Session

from dashboards.console.access import Needs, allowed
from dashboards.console.organisation import Organisation
from dashboards.console.security.throttle import Throttle
from dashboards.console.settings import ConsoleSettings
from dashboards.console.words import Formats, Language, Text
from pipelines.cases import inbox
from pipelines.store.events import EventStore
from pipelines.store.state import Message, audit
from pipelines.store.state.database import Database

Theme = Literal["auto", "light", "dark"]


@dataclass(frozen=True, slots=True)
class Console:
    """What the pages stand on."""

    database: Database
    events: EventStore
    settings: ConsoleSettings
    throttle: Throttle
    organisation: Organisation


@dataclass(frozen=True, slots=True)
class Who:
    """The person of a session, as read when the request came in."""

    name: str
    full_name: str
    roles: tuple[str, ...]
    units: tuple[str, ...]
    scope: frozenset[str] | None
    """Units whose machines may be seen; None = all."""
    must_change: bool
    complete: bool
    """False while the code of the second factor is still to come."""
    must_enrol: bool
    """The role needs a second factor and there is none yet."""
    session: str
    """Id of the session (not its token)."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Everything a page may know about its reader."""

    console: Console
    who: Who | None
    csrf: str
    language: Language
    theme: Theme
    address: str
    path: str
    acts: list[str] = field(default_factory=list)
    """What the audit log was told of this request already."""
    unit_names: dict[str, str] = field(default_factory=dict)
    """Id → name, read when the first one is asked for."""

    @property
    def person(self) -> Who:
        """Who it is; only for routes that need a log-in (the guard has seen to it)."""
        if self.who is None:
            raise RuntimeError("a page without log-in asked for the person")
        return self.who

    @property
    def text(self) -> Text:
        """The catalogue in the reader's language."""
        return Text(self.language)

    @property
    def formats(self) -> Formats:
        """Numbers and times in the reader's language and the site's zone."""
        return Formats(self.language, ZoneInfo(self.console.settings.time_zone))

    @property
    def scope(self) -> frozenset[str] | None:
        """Units whose machines may be seen; None = all."""
        return self.person.scope

    def record(self, session: Session, action: str, entity: str = "", **details: object) -> None:
        """Write into the audit log what this person does, in the transaction that does it."""
        self.acts.append(action)
        audit.append(session, self.who.name if self.who else "", action, entity, details, self.address)

    def unit_name(self, identity: str) -> str:
        """The full name of a unit, for people; its id where it is in no register any more."""
        if not self.unit_names:
            self.unit_names.update(self.console.organisation.names())
        return self.unit_names.get(identity, identity)

    def can(self, permission: Needs | str) -> bool:
        """True if this person may; templates ask it before they show a link or a button."""
        return self.who is not None and allowed(self.who.roles, Needs(permission))

    def messages(self) -> Select[Message]:
        """This person's own messages."""
        return inbox.messages(self.person.name, self.can(Needs.CASES), self.scope)

    def unread(self) -> int:
        """How many messages wait; the top bar asks."""
        with self.console.database.session() as session:
            return inbox.unread(session, self.messages())


def visit_of(request: Request) -> Visit:
    """The visit that the guard made."""
    visit: Visit = request.state.visit
    return visit


Visiting = Annotated[Visit, Depends(visit_of)]
