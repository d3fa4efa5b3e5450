"""Quiet machines: what goes on around every scene."""

from __future__ import annotations

from scenarios.clock import HOUR, poisson
from scenarios.net.host import Host
from scenarios.protocols.dns import Record, lookup
from scenarios.protocols.ntp import synchronise
from scenarios.protocols.tls_connection import visit
from scenarios.registry import scenario
from scenarios.scene import Scene
from scenarios.sites import OFFICE_NAMES, SITES, UPDATE_SERVICES

MOST_ACTS = 14
"""Acts of one quiet machine in a scene of any length: background, not bulk."""


@scenario("quiet")
def quiet(scene: Scene, *, hours: float = 8.0) -> None:
    """Machines that do nothing of note.

    hours: how long
    """
    quiet_machine(scene, scene.actor, scene.start, scene.start + hours * HOUR)


def quiet_machines(scene: Scene, count: int) -> None:
    """``count`` neighbours of the actor, quietly at work during the scene (an hour at least)."""
    first, last = scene.wire.span
    first = first or scene.start
    last = max(last, first + HOUR)
    for machine in scene.machines(count + 1)[1:]:
        quiet_machine(scene, machine, first, last)


def quiet_machine(scene: Scene, machine: Host, first: float, last: float) -> None:
    """One machine's lookups, clock and few visits between two times."""
    hours = max((last - first) / HOUR, 0.1)
    for when in poisson(scene.rng, first, last, min(3.0, MOST_ACTS / hours)):
        _act(scene, machine, when)


def _act(scene: Scene, machine: Host, when: float) -> None:
    rng = scene.rng
    kind = rng.random()
    if kind < 0.2:
        synchronise(scene, machine, scene.resolver, when)
    elif kind < 0.45:
        lookup(
            scene, machine, rng.choice(OFFICE_NAMES), when, answers=[Record("A", f"10.20.1.{10 + rng.randrange(5)}")]
        )
    else:
        host = rng.choice(SITES if kind < 0.85 else UPDATE_SERVICES)
        turns = [(rng.randint(300, 900), rng.randint(800, 9_000)) for _ in range(rng.randint(1, 2))]
        visit(scene, machine, host, when, turns, profile="browser" if kind < 0.85 else "windows")
