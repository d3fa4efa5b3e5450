"""What rules remember from event to event: marks on a flow, and how often something happened within a time.

Hits are taken in order of time; the same hits in the same order give the same answers.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from pipelines.detect.matching.rule import EventRule

FLOWS_MOST: Final = 65_536
"""Flows with marks that are remembered; the longest untouched are forgotten first."""
COUNTERS_MOST: Final = 65_536
"""Pairs of rule and address that are counted at a time."""


class Memory:
    """Bounded, whatever the traffic."""

    def __init__(self) -> None:
        self._marks: OrderedDict[str, set[str]] = OrderedDict()
        self._counters: OrderedDict[tuple[str, str], deque[datetime]] = OrderedDict()

    def passes(self, rule: EventRule, flow: str, address: str, time: datetime) -> bool:
        """Whether a hit of ``rule`` says something; sets and unsets its marks."""
        if rule.marks and not self._marked(rule.marks, flow):
            return False
        if rule.counts and not self._often(rule, address, time):
            return False
        return not rule.silent

    def _marked(self, marks: Iterable[Sequence[str]], flow: str) -> bool:
        held = self._marks.get(flow, set())
        for verb, name in marks:
            if (verb == "isset" and not held.intersection(name.split("|"))) or (verb == "isnotset" and name in held):
                return False
        for verb, name in marks:
            if verb in ("set", "unset"):
                held = self._marks.setdefault(flow, set())
                self._marks.move_to_end(flow)
                (held.add if verb == "set" else held.discard)(name)
        while len(self._marks) > FLOWS_MOST:
            self._marks.popitem(last=False)
        return True

    def _often(self, rule: EventRule, address: str, time: datetime) -> bool:
        _, count, seconds = rule.counts
        key = (rule.id, address)
        times = self._counters.setdefault(key, deque(maxlen=int(count)))
        self._counters.move_to_end(key)
        times.append(time)
        while len(self._counters) > COUNTERS_MOST:
            self._counters.popitem(last=False)
        if len(times) < int(count) or times[-1] - times[0] > timedelta(seconds=int(seconds)):
            return False
        times.clear()
        return True


def in_order(rules: Sequence[EventRule]) -> dict[str, int]:
    """Rule → rank: of rules that match one event, those that set a mark come before those that need it."""
    setters: dict[str, set[str]] = {}
    for rule in rules:
        for verb, name in rule.marks:
            if verb == "set":
                setters.setdefault(name, set()).add(rule.id)
    ranks: dict[str, int] = {}
    waiting = {rule.id: rule for rule in rules if rule.marks}
    for rank in range(len(waiting) + 1):
        free = [
            one.id
            for one in waiting.values()
            if not any(
                verb == "isset" and (setters.get(part, set()) & set(waiting)) - {one.id}
                for verb, name in one.marks
                for part in name.split("|")
            )
        ]
        for identifier in free or list(waiting):  # a circle is taken as it comes
            ranks[identifier] = rank
            del waiting[identifier]
        if not waiting:
            break
    return ranks
