"""A date-versioned tree of units, of any depth.

A unit is a list of versions, each valid from a day (inclusive) until another (exclusive): districts are abolished,
communes merge, and what an address meant last year must still be told rightly this year.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from pipelines.settings import Network, Unit

FIRST, LAST = date.min, date.max
LOCAL_TIME: Final = ZoneInfo("Asia/Ho_Chi_Minh")
"""A unit's days begin at local midnight, as decisions about units do."""


class Tree:
    """Every version of every unit, asked for one day at a time."""

    def __init__(self, versions: Iterable[Unit]) -> None:
        self.versions = tuple(sorted(versions, key=lambda unit: (unit.id, unit.since or FIRST)))

    def at(self, day: date) -> dict[str, Unit]:
        """Units that exist on a day, by id."""
        return {unit.id: unit for unit in self.versions if covers(unit, day)}

    def below(self, ids: Iterable[str], day: date) -> frozenset[str]:
        """These units and everything below them on a day: what an administrator of them may see. An id that is in no
        version any more stays in, because machines of that time still carry it.
        """
        children: dict[str, list[str]] = defaultdict(list)
        for unit in self.at(day).values():
            if unit.parent:
                children[unit.parent].append(unit.id)
        found: set[str] = set()
        pending = list(ids)
        while pending:
            unit_id = pending.pop()
            if unit_id not in found:
                found.add(unit_id)
                pending += children[unit_id]
        return frozenset(found)

    def path(self, unit_id: str, day: date) -> list[Unit]:
        """From the top of the tree to the unit; empty for one that does not exist on that day."""
        units = self.at(day)
        found: list[Unit] = []
        step = units.get(unit_id)
        while step is not None and step not in found:
            found.append(step)
            step = units.get(step.parent) if step.parent else None
        return found[::-1]

    def order(self, day: date) -> list[tuple[int, Unit]]:
        """Units of a day as one reads a tree: (depth, unit), children by name below their parent."""
        units = self.at(day)
        children: dict[str | None, list[Unit]] = defaultdict(list)
        for unit in sorted(units.values(), key=lambda one: one.name):
            children[unit.parent if unit.parent in units else None].append(unit)

        def walk(parent: str | None, depth: int) -> Iterator[tuple[int, Unit]]:
            for unit in children[parent]:
                yield depth, unit
                yield from walk(unit.id, depth + 1)

        return list(walk(None, 0))


def covers(unit: Unit, day: date) -> bool:
    """Whether a version holds on a day."""
    return (unit.since or FIRST) <= day < (unit.until or LAST)


def faults(versions: Iterable[Unit]) -> list[str]:
    """What makes a set of versions no tree, one line each; nothing if all is well.

    A range inside another unit's is refused unless that unit stands above the owner: the province may own the range
    from which a commune has its part (the narrower one decides), two neighbours may not.
    """
    tree = Tree(versions)
    found = list(_periods(tree))
    changes = {unit.since or FIRST for unit in tree.versions} | {unit.until for unit in tree.versions if unit.until}
    for day in sorted(changes):
        units = tree.at(day)
        found += _parents(units, day)
        found += _ranges(tree, units, day)
    return list(dict.fromkeys(found))


def _periods(tree: Tree) -> Iterator[str]:
    for unit in tree.versions:
        if (unit.since or FIRST) >= (unit.until or LAST):
            yield f"{unit.id}: ends on {unit.until}, before it begins on {unit.since}; exchange the two days"
    for earlier, later in pairwise(tree.versions):
        if earlier.id == later.id and (earlier.until or LAST) > (later.since or FIRST):
            yield f"{later.id}: two versions hold on {later.since or earlier.since}; end the earlier one on that day"


def _parents(units: dict[str, Unit], day: date) -> Iterator[str]:
    for unit in units.values():
        if unit.parent and unit.parent not in units:
            yield f"{unit.id}: its parent {unit.parent} does not exist {_since(day)}; add it or name another parent"
        seen, step = [unit.id], unit.parent
        while step and step in units and step not in seen:
            seen.append(step)
            step = units[step].parent
        if step and step == unit.id:
            yield f"{unit.id}: stands above itself ({' → '.join([*seen, step])}); name another parent"


def _ranges(tree: Tree, units: dict[str, Unit], day: date) -> Iterator[str]:
    """Ranges sorted by their beginning: one that holds others stands before them, so a stack of open ones suffices."""
    owned = [(network, unit.id) for unit in units.values() for network in unit.networks]
    owned.sort(key=lambda one: (one[0].version, int(one[0].network_address), one[0].prefixlen))
    holding: list[tuple[Network, str]] = []
    for network, owner in owned:
        while holding and not _holds(holding[-1][0], network):
            holding.pop()
        if holding and holding[-1][1] != owner:
            above = {unit.id for unit in tree.path(owner, day)}
            outer, other = holding[-1]
            if other not in above or outer == network:
                yield f"{network} of {owner} overlaps {outer} of {other} {_since(day)}; take it from one of the two"
        holding.append((network, owner))


def _holds(outer: Network, inner: Network) -> bool:
    return outer.version == inner.version and inner.network_address in outer


def _since(day: date) -> str:
    return "from the beginning" if day == FIRST else f"from {day} on"
