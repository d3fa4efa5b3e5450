"""Runs behaviour rules over windows of event time. How and why: docs/decisions/behaviour-windows.md."""

from __future__ import annotations

import ipaddress
import logging
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from collectors.segment import Segment
from pipelines.detect.behaviour import findings, rollups, statement, tables
from pipelines.detect.behaviour.checked import Checked
from pipelines.detect.behaviour.child import ChildError
from pipelines.detect.behaviour.held import Held
from pipelines.detect.behaviour.rule import MICROSECOND, BehaviourRule
from pipelines.detect.behaviour.rules import RuleSet
from pipelines.detect.behaviour.windows import Windows
from pipelines.detect.engine import RuleError
from pipelines.detect.finding import SEVERITIES, Finding
from pipelines.detect.rulefiles import RuleFolder
from pipelines.settings import Zone

LOOK_EVERY: Final = 60 * MICROSECOND
"""Live: windows that are still open and have new events are looked at this often (packet time): the delay of a first alert."""
GRACE: Final = 2 * 3600 * MICROSECOND
"""How late an event may be and still find its window whole: a flow is written at its end and counts from its start."""
PREVALENCE_WINDOW: Final = 24 * 3600 * MICROSECOND
"""How far back it is counted how many machines call a place, however short the rule's window."""
HELD_ROWS: Final = 2_000_000
"""Events held until the end of the input; beyond it windows that are long over are evaluated early and their events dropped."""
QUERY_SECONDS: Final = 20
"""Time limit of one query over one window; ordinary ones take milliseconds."""
MOST_FAILURES: Final = 3
"""Failed windows until a rule is out of use."""
GROWN: Final = 1.5
"""Live: a finding that was told is told again when it has so many times the evidence, or a higher severity."""
_LOG = logging.getLogger(__name__)
_PREVALENCE: Final = """select key, count(distinct "source.ip") from (
  select "source.ip", unnest(["destination.ip", "destination.registered_domain", "destination.domain"]) as key
  from flow where "vonggac.source.home") where key in (select unnest($keys)) group by key
union all select '', count(distinct "source.ip") from flow where "vonggac.source.home" """


class BehaviourEngine:
    """An ``Engine``: gathers events, answers when windows are over (live: also before) and at the end of the input.

    After ``finish`` it is empty and takes the next input.
    """

    def __init__(
        self,
        folders: Sequence[RuleFolder],
        parameters: Mapping[str, Mapping[str, Any]] | None = None,
        off: Collection[str] = (),
        zones: Sequence[Zone] = (),
        rules: RuleSet | None = None,
        cache: Path | None = None,
    ) -> None:
        """``parameters``: rule → parameter → value of the site; ``off``: rules not to run; ``rules``: instead of these.

        ``cache``: folder of this user where the checks of the rules are remembered, and where events of the window lie that
        do not fit into memory.
        """
        self._checked = Checked(cache)
        self._zones = zones
        self._set = rules or RuleSet(folders, parameters or {}, off)
        self._held = Held(zones, cache / f"window-{os.getpid()}" if cache else None)
        self._rules: dict[str, BehaviourRule] = {}
        self._windows: dict[str, Windows] = {}
        self._lists: frozenset[str] = frozenset()
        self._failures: Counter[str] = Counter()
        self._running_errors: list[RuleError] = []
        self._told: dict[str, Finding] = {}
        self._untold: dict[str, Finding] = {}
        """Grown a little since they were told: told again when their window is over."""
        self._looked = -(1 << 62)
        self._done: dict[tuple[str, int], int] = {}
        """(rule, window) → the last load that it had when it was looked at."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="behaviour-start")
        self._starting: Future[None] | None = self._thread.submit(self._set_up)

    @property
    def errors(self) -> list[RuleError]:
        """Rules that cannot be used or have failed, and why."""
        self._ready()
        return [*self._set.errors, *self._running_errors]

    @property
    def rules(self) -> Mapping[str, BehaviourRule]:
        """The rules that run."""
        self._ready()
        return self._rules

    def feed(self, segment: Segment) -> list[Finding]:
        """Take the events of ``segment``; findings come when their windows are evaluated."""
        self._ready()
        for dataset, table in segment.tables.items():
            self._take(dataset, table)
        if self._held.rows <= HELD_ROWS:
            return []
        before = segment.clock - GRACE
        found = self._evaluate(before)
        self._forget(segment.clock)
        return found

    def advance(self, clock: int) -> list[Finding]:
        """Evaluate windows that ended before ``clock``, and once a minute those still open; changed rules are taken up."""
        self._ready()
        if self._set.refresh():
            self.reload()
        if clock // LOOK_EVERY == self._looked // LOOK_EVERY:
            return self._evaluate(clock)
        self._looked = clock
        found = self._evaluate(None)
        over = [key for key, finding in self._untold.items() if finding.window <= findings.moment(clock)]
        found += [self._untold.pop(key) for key in over]
        self._forget(clock)
        return found

    def finish(self) -> list[Finding]:
        """The input has ended: evaluate every window that waits, then forget everything."""
        self._ready()
        found = [*self._evaluate(None), *self._untold.values()]
        for windows in self._windows.values():
            windows.clear()
        self._told.clear()
        self._untold.clear()
        self._done.clear()
        self._looked = -(1 << 62)
        self._guarded(self._held.clear, again=True)
        return found

    def tune(self, parameters: Mapping[str, Mapping[str, Any]], off: Collection[str]) -> None:
        """Other parameters, other rules that do not run; taken up with the next ``advance``."""
        self._set.tune(parameters, off)

    def reload(self) -> None:
        """Take up the rules as they are now."""
        self._ready()
        self._set_up()

    def close(self) -> None:
        """End the worker."""
        self._thread.shutdown()
        self._held.close()

    # rules

    def _ready(self) -> None:
        if self._starting is not None:
            self._starting.result()
            self._starting = None

    def _set_up(self) -> None:
        """Make the worker ready for the rules as they are now; windows of rules that stay go on."""
        rules = dict(self._set.rules)
        self._running_errors = []
        self._done.clear()
        self._failures.clear()
        lists = self._set.lists()
        self._lists = frozenset(lists.names)
        self._held.set_up(tables.columns(rules.values()), lists)
        requests = [statement.check(rule) for rule in rules.values()]
        answers = self._checked.answers(requests, self._held.layout, self._held.check)
        self._columns = {name: tuple(answer.get("columns", ())) for name, answer in answers.items()}
        for rule in list(rules.values()):
            wrong = list(statement.problems(rule, answers[rule.id], self._lists))
            if wrong:
                self._running_errors += wrong
                del rules[rule.id]
        self._rules = rules
        self._windows = {
            rule.id: old if (old := self._windows.get(rule.id)) and _same_windows(old, rule) else _windows(rule)
            for rule in rules.values()
        }

    def _fail(self, rule: BehaviourRule, message: str) -> None:
        self._failures[rule.id] += 1
        if self._failures[rule.id] == 1:
            self._running_errors.append(statement.failure(rule, message))
        _LOG.warning("rule %s failed: %s", rule.id, message)
        if self._failures[rule.id] >= MOST_FAILURES:
            self._rules.pop(rule.id, None)

    # events

    def _take(self, dataset: str, table: pa.Table) -> None:
        if not table.num_rows:
            return
        self._guarded(lambda: self._held.load(dataset, table))

    def _forget(self, clock: int) -> None:
        longest = max((windows.window for windows in self._windows.values()), default=0)
        before = clock - longest - GRACE
        for windows in self._windows.values():
            windows.forget(before)
        self._told = {key: told for key, told in self._told.items() if told.window >= findings.moment(before)}
        self._done = {key: batch for key, batch in self._done.items() if key[1] >= before}
        self._guarded(lambda: self._held.forget(before))

    def _guarded(self, act: Callable[[], None], again: bool = False) -> None:
        """A worker that died meanwhile is filled again with what is held (loads included), then asked once more."""
        try:
            act()
        except ChildError:
            self._recover()
            if again:
                act()

    def _recover(self) -> None:
        """What is left of the events is loaded anew, so that every window has to be looked at as a whole again."""
        self._done.clear()
        self._held.recover()

    # windows

    def _evaluate(self, before: int | None) -> list[Finding]:
        self._guarded(self._wake, again=True)
        due = {name: windows.due(before) for name, windows in self._windows.items()}
        waiting = [rule for rule in list(self._rules.values()) if due[rule.id]]
        if any(set(rule.definition.reads) & set(rollups.COLUMNS) for rule in waiting):
            self._guarded(self._held.sum_up, again=True)
        found: list[Finding] = []
        for rule in waiting:
            for end in due[rule.id]:
                if rule.id in self._rules:
                    found += self._look(rule, end)
        return [finding for finding in found if self._news(finding)]

    def _wake(self) -> None:
        """Let the windows wait that new events lie in. Raises ChildError."""
        wanted = [
            (dataset, rule.id, rule.definition.every, rule.definition.wakes.get(dataset, "true"))
            for rule in self._rules.values()
            for dataset in sorted(tables.sources(rule.definition.reads))
        ]
        for name, buckets in self._held.fresh(wanted):
            self._windows[name].touch(buckets)

    def _look(self, rule: BehaviourRule, end: int) -> Iterator[Finding]:
        start = end - rule.definition.window
        since = self._done.get((rule.id, end), 0) if rule.definition.each else 0
        guard = statement.guard(rule, start, end, since)
        sql = statement.statement(rule, start, end, self._lists, self._columns[rule.id], since)
        try:
            answer = self._held.query(guard or sql, {} if guard else rule.bound, QUERY_SECONDS)
            if guard and answer.get("rows"):
                answer = self._held.query(sql, rule.bound, QUERY_SECONDS)
            if "failed" in answer:
                self._fail(rule, answer["failed"])
                return
            self._done[rule.id, end] = self._held.batch
            rows = [row for row in answer["rows"] if not findings.unusable(row)]
            seen = self._prevalence(rule, rows, end)
        except ChildError:
            self._failures[rule.id] = MOST_FAILURES - 1
            self._fail(rule, "the process that ran it ended; the rule is out of use")
            self._running_errors.append(
                statement.failure(rule, "the process that ran it ended; the rule is out of use")
            )
            self._recover()
            self._guarded(self._held.sum_up, again=True)
            return
        for row in rows:
            yield from self._findings(rule, end, row, seen)

    def _findings(
        self, rule: BehaviourRule, end: int, row: dict[str, Any], seen: Mapping[str, int]
    ) -> Iterator[Finding]:
        key = row.get("domain") or row.get("peer")
        known = (max(1, seen.get(str(key), 1)), max(1, seen[""])) if seen and key else None
        finding = findings.finding(rule, end, row, known)
        if findings.permitted(finding, self._allowed(finding.machine)):
            return
        yield finding
        if rule.definition.mirror and finding.peer and finding.role == "source" and findings.is_home(finding.peer, row):
            yield findings.mirrored(finding)

    def _prevalence(self, rule: BehaviourRule, rows: Iterable[Mapping[str, Any]], end: int) -> dict[str, int]:
        """Place → machines of the network that call it; ``""`` → machines of the network."""
        keys = sorted({str(key) for row in rows if (key := row.get("domain") or row.get("peer"))})
        if not keys or not _asks_prevalence(rule):
            return {}
        start = end - max(PREVALENCE_WINDOW, rule.definition.window)
        answer = self._held.query(tables.bounded(["flow"], start, end) + _PREVALENCE, {"keys": keys}, QUERY_SECONDS)
        return {row["key"]: int(next(v for k, v in row.items() if k != "key")) for row in answer.get("rows", ())}

    def _news(self, finding: Finding) -> bool:
        told = self._told.get(finding.id)
        if told is not None:
            worse = SEVERITIES.index(finding.severity) > SEVERITIES.index(told.severity)
            if not worse and finding.event_count < GROWN * told.event_count:
                if finding != told:
                    self._untold[finding.id] = finding
                return False
        self._told[finding.id] = finding
        self._untold.pop(finding.id, None)
        return True

    def _allowed(self, address: str) -> Collection[str]:
        try:
            ip = ipaddress.ip_address(address)
        except ValueError:
            return ()
        for zone in self._zones:
            if any(ip in network for network in zone.networks):
                return zone.allow
        return ()


def _asks_prevalence(rule: BehaviourRule) -> bool:
    definition = rule.definition
    flags = {flag for level in definition.raise_.values() for group in level for flag in group}
    flags |= set(definition.adds) | set(definition.against)
    return bool(flags & set(statement.CIRCUMSTANCES)) or "{seen_by}" in definition.explain.vi


def _windows(rule: BehaviourRule) -> Windows:
    return Windows(rule.definition.window, rule.definition.every)


def _same_windows(old: Windows, rule: BehaviourRule) -> bool:
    return old.window == rule.definition.window and old.every == rule.definition.every
