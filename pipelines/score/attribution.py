"""Which machine a finding is about."""

from __future__ import annotations

from typing import Final

from pipelines.detect.finding import Finding
from pipelines.enrich.inventory import Inventory
from pipelines.enrich.machine import KnownMachine
from schema import behaviours

_ATTACKS: Final = frozenset({"web-attack", "web-shell", "exploit", "packet-injection", "dos"})
_ATTACK_STAGES: Final = frozenset({"discovery", "credential", "lateral"})
"""Behaviours that have a victim: an outside machine that shows them acts against ours even if the peer is not named."""


def machine_of(finding: Finding, inventory: Inventory) -> KnownMachine | None:
    """The machine that had the finding's address at that time.

    None for an outside address that does not act against a home machine: a control server is
    a peer in the alert of the machine that calls it, not a machine of ours.
    """
    first, last = (round(moment.timestamp() * 1_000_000) for moment in (finding.first, finding.last))
    if not inventory.is_home(finding.machine) and not _acts_against_home(finding, inventory):
        return None
    return inventory.named(finding.machine, first, last)


def _acts_against_home(finding: Finding, inventory: Inventory) -> bool:
    if finding.role != "source":
        return False
    if finding.peer is not None and inventory.is_home(finding.peer):
        return True
    behaviour = behaviours()[finding.behaviour]
    return finding.peer is None and (behaviour.stage in _ATTACK_STAGES or finding.behaviour in _ATTACKS)
