"""Who may do what: the one place. Every route names a permission; a route that names none answers nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any, Final, TypeVar

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


class Needs(StrEnum):
    """What a route needs. ``PUBLIC`` is open to anybody, ``HALF`` to who gave the right password (the code may be missing),
    ``ENTERED`` to every complete log-in (also before password change and enrolment), ``OWN`` to everybody who is in.
    """

    PUBLIC = "public"
    HALF = "half"
    ENTERED = "entered"
    OWN = "own"
    OVERVIEW = "overview"
    ALERTS = "alerts"
    TRIAGE = "triage"
    MACHINES = "machines"
    HUNT = "hunt"
    HEALTH = "health"
    RULES = "rules"
    TUNE = "tune"
    """Change rules and indicators of the site."""
    SUPPRESSIONS = "suppressions"
    CASES = "cases"
    CASES_WORK = "cases_work"
    """Comment, tick off steps, upload proof, move a case on."""
    CASES_APPROVE = "cases_approve"
    """Decide what closes a case."""
    NOTICES = "notices"
    """Write and send letters of warning."""
    UNITS = "units"
    UNITS_CHANGE = "units_change"
    PEOPLE = "people"
    PEOPLE_CHANGE = "people_change"
    AUDIT = "audit"


SEEING: Final = {Needs.OVERVIEW, Needs.ALERTS, Needs.MACHINES, Needs.CASES, Needs.UNITS}
ROLES: Final[dict[str, frozenset[Needs]]] = {
    "specialist": frozenset(
        {
            *SEEING,
            Needs.TRIAGE,
            Needs.HUNT,
            Needs.HEALTH,
            Needs.RULES,
            Needs.TUNE,
            Needs.SUPPRESSIONS,
            Needs.CASES_WORK,
            Needs.CASES_APPROVE,
            Needs.NOTICES,
        }
    ),
    "unit_admin": frozenset({*SEEING, Needs.CASES_WORK}),
    "leader": frozenset({*SEEING, Needs.HEALTH, Needs.SUPPRESSIONS}),
    "system_admin": frozenset(
        {Needs.OVERVIEW, Needs.HEALTH, Needs.RULES, Needs.PEOPLE, Needs.PEOPLE_CHANGE, Needs.UNITS, Needs.UNITS_CHANGE}
    ),
    "auditor": frozenset(
        {Needs.OVERVIEW, Needs.HEALTH, Needs.RULES, Needs.SUPPRESSIONS, Needs.PEOPLE, Needs.UNITS, Needs.AUDIT}
    ),
}
"""A system administrator runs the machinery and need not see citizens' traffic; an auditor sees who may do what."""
SCOPED: Final = frozenset({"unit_admin"})
"""Roles that see the machines of their own units only."""
SECOND_FACTOR: Final = frozenset({"specialist", "system_admin"})
"""Roles that need a second factor: who decides about alerts, and who decides about accounts."""
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


def allowed(roles: Iterable[str], permission: Needs) -> bool:
    """True if one of the roles may."""
    if permission in (Needs.PUBLIC, Needs.HALF, Needs.ENTERED, Needs.OWN):
        return True
    return any(permission in ROLES.get(role, frozenset()) for role in roles)


def sees_all_units(roles: Iterable[str]) -> bool:
    """True if one of the roles sees machines whatever their unit."""
    return any(Needs.MACHINES in ROLES.get(role, frozenset()) and role not in SCOPED for role in roles)
