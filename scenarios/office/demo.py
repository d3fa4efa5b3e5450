"""The office as scenarios: with four machines in trouble, and with none."""

from __future__ import annotations

from scenarios.clock import DAY, VIETNAM
from scenarios.office.day import two_days
from scenarios.office.staff import furnished
from scenarios.office.trouble import four_machines
from scenarios.registry import scenario
from scenarios.scene import Scene

START = "2026-11-01T17:00:00Z"
"""Midnight of a Monday in Vietnam."""


@scenario("office", start=START, peers=0)
def office(scene: Scene) -> None:
    """Forty machines for two days: one infected, one tunnelling through DNS, one scanning, one remotely controlled."""
    midnight = first_midnight(scene)
    place = furnished(scene)
    two_days(place, midnight)
    four_machines(place, midnight, midnight + 2 * DAY)


@scenario("office-quiet", start=START, peers=0)
def office_quiet(scene: Scene) -> None:
    """The same forty machines for two days, and nothing is wrong."""
    two_days(furnished(scene), first_midnight(scene))


def first_midnight(scene: Scene) -> float:
    """Start of the scene's first day, local time."""
    local = scene.start + VIETNAM
    return local - local % DAY - VIETNAM
