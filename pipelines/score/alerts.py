"""Findings → alerts: one for each rule and machine, with first, last, distinct evidence events and peers."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from pipelines.detect.finding import EVENTS_KEPT, SEVERITIES, Finding

PEERS_KEPT: Final = 100
"""Peers that an alert names; a sweep has thousands, and nobody reads them."""
WINDOWS_KEPT: Final = 4
"""Windows about one peer that may still be told again with more evidence; older ones are counted for good."""


def alert_id(rule: str, machine: str) -> str:
    """The id of the alert of a rule about a machine, wherever it is computed."""
    return hashlib.blake2b(f"{rule}\x1f{machine}".encode(), digest_size=12).hexdigest()


@dataclass(slots=True)
class PeerCount:
    """Distinct events of the findings about one peer. Windows overlap, and one may be told again with more evidence."""

    settled: int = 0
    before: Finding | None = None
    """The last finding whose events are in ``settled``."""
    held: list[Finding] = field(default_factory=list)
    """Newer ones, in order of their windows."""

    def take(self, finding: Finding) -> None:
        """One more finding, or a fuller version of one that is held."""
        if self.before is not None and _place(finding) <= _place(self.before):
            # Windows as old as that are told no more; a single event may come late, because its flow ended late.
            self.settled += finding.event_count if finding.first == finding.last else 0
            return
        self.held = sorted([*(one for one in self.held if one.id != finding.id), finding], key=_place)
        while len(self.held) > WINDOWS_KEPT:
            oldest = self.held.pop(0)
            self.settled += fresh_events(self.before, oldest)
            self.before = oldest

    @property
    def total(self) -> int:
        """All distinct events."""
        earlier = [self.before, *self.held]
        return self.settled + sum(fresh_events(*pair) for pair in zip(earlier, self.held, strict=False))


@dataclass(slots=True)
class AlertSummary:
    """One alert, built by ``fold`` from findings in order of time."""

    id: str
    strongest: Finding
    """Its text, facts and role stand for the alert."""
    first: datetime
    last: datetime
    severity: str
    count: int = 0
    peers: list[str] = field(default_factory=list)
    peer_count: int = 0
    events: list[str] = field(default_factory=list)
    counts: OrderedDict[str | None, PeerCount] = field(default_factory=OrderedDict)
    """Peer → its events; the peers heard of last, at most ``PEERS_KEPT``."""
    settled: int = 0
    """Events of peers that are no longer followed."""

    @classmethod
    def begin(cls, machine: str, finding: Finding) -> AlertSummary:
        """The alert of a first finding about the machine with this id; still to be folded in."""
        identity = alert_id(finding.rule, machine)
        return cls(identity, finding, finding.first, finding.last, finding.severity)


def fold(alert: AlertSummary, finding: Finding) -> None:
    """Take one more finding in, or a fuller version of one that was taken in. They come more or less in order of time."""
    alert.counts.setdefault(finding.peer, PeerCount()).take(finding)
    alert.counts.move_to_end(finding.peer)
    if len(alert.counts) > PEERS_KEPT:
        alert.settled += alert.counts.popitem(last=False)[1].total
    alert.count = alert.settled + sum(one.total for one in alert.counts.values())
    alert.first, alert.last = min(alert.first, finding.first), max(alert.last, finding.last)
    alert.severity = max(alert.severity, finding.severity, key=lambda one: SEVERITIES.index(one))
    alert.events = kept(alert.events, finding.events)
    if finding.peer and finding.peer not in alert.peers:
        alert.peer_count += 1
        if len(alert.peers) < PEERS_KEPT:
            alert.peers.append(finding.peer)
    if _rank(finding) >= _rank(alert.strongest):
        alert.strongest = finding


def fold_all(machine: str, findings: Iterable[Finding]) -> dict[str, AlertSummary]:
    """Rule → alert of one machine."""
    alerts: dict[str, AlertSummary] = {}
    for finding in sorted(findings, key=lambda one: (one.last, one.window, one.id)):
        if finding.rule not in alerts:
            alerts[finding.rule] = AlertSummary.begin(machine, finding)
        fold(alerts[finding.rule], finding)
    return alerts


def fresh_events(before: Finding | None, finding: Finding) -> int:
    """How many events of a finding the one before it (same rule, machine and peer) did not have.

    Exact while the ids are all there. Of a long finding only the first and last 50 ids are kept: then events newer than
    those of the finding before are counted by the ids among the last 50, or, where even those are all new, by time.
    """
    if before is None or finding.first > before.last:
        return finding.event_count
    known = set(before.events)
    new = [event for event in finding.events if event not in known]
    complete = len(finding.events) == finding.event_count and len(before.events) == before.event_count
    if complete or finding.last <= before.last:
        return len(new) if complete else 0
    tail = finding.events[len(finding.events) // 2 :]
    fresh_tail = sum(event not in known for event in tail)
    if fresh_tail < len(tail):
        return fresh_tail
    length = (finding.last - finding.first).total_seconds()
    share = (finding.last - before.last).total_seconds() / length if length else 1.0
    return max(len(tail), round(finding.event_count * min(1.0, share)))


def kept(events: list[str], more: Iterable[str]) -> list[str]:
    """The first and the last 50 distinct ids."""
    distinct = list(dict.fromkeys([*events, *more]))
    half = EVENTS_KEPT // 2
    return distinct if len(distinct) <= EVENTS_KEPT else distinct[:half] + distinct[-half:]


def _place(finding: Finding) -> tuple[datetime, datetime, str]:
    return (finding.window, finding.first, finding.id)


def _rank(finding: Finding) -> tuple[bool, float, int, int, datetime]:
    severity = SEVERITIES.index(finding.severity)
    return (finding.role == "source", finding.weight.log10_ratio, severity, finding.event_count, finding.last)
