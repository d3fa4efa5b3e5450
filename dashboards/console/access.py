"""Who may do what: the one place. Every route names a permission; a route that names none answers nobody."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, Final, TypeVar

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


class Needs(StrEnum):
    """What a route needs. ``PUBLIC`` is open to anybody, ``ENTERED`` to every log-in (also before the password change)."""

    PUBLIC = "public"
    ENTERED = "entered"
    OWN = "own"
    OVERVIEW = "overview"
    ALERTS = "alerts"
    TRIAGE = "triage"
    MACHINES = "machines"
    HUNT = "hunt"
    HEALTH = "health"
    RULES = "rules"
    PEOPLE = "people"
    PEOPLE_CHANGE = "people_change"


SEEING: Final = {Needs.OVERVIEW, Needs.ALERTS, Needs.MACHINES}
ROLES: Final[dict[str, frozenset[Needs]]] = {
    "specialist": frozenset({*SEEING, Needs.TRIAGE, Needs.HUNT, Needs.HEALTH, Needs.RULES}),
    "unit_admin": frozenset(SEEING),
    "leader": frozenset({*SEEING, Needs.HEALTH}),
    "system_admin": frozenset({Needs.OVERVIEW, Needs.HEALTH, Needs.RULES, Needs.PEOPLE, Needs.PEOPLE_CHANGE}),
    "auditor": frozenset({Needs.OVERVIEW, Needs.HEALTH, Needs.RULES, Needs.PEOPLE}),
}
"""A system administrator runs the machinery and need not see citizens' traffic; an auditor sees who may do what."""
SCOPED: Final = frozenset({"unit_admin"})
"""Roles that see the machines of their own units only."""
HOME: Final = ((Needs.OVERVIEW, "/"),)
_MARK: Final = "__needs__"


def needs(permission: Needs) -> Callable[[Endpoint], Endpoint]:
    """Mark a route's function with what it needs; ``guard`` reads the mark."""

    def mark(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, _MARK, permission)
        return endpoint

    return mark


def needed(endpoint: object) -> Needs | None:
    """The mark of a route's function; None = nobody thought about it, so nobody may."""
    found = getattr(endpoint, _MARK, None)
    return found if isinstance(found, Needs) else None


def allowed(role: str, permission: Needs) -> bool:
    """True if the role may."""
    return permission in (Needs.PUBLIC, Needs.ENTERED, Needs.OWN) or permission in ROLES.get(role, frozenset())
