from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.detect.behaviour import engine as module
from pipelines.detect.behaviour.engine import BehaviourEngine
from pipelines.detect.behaviour.rules import RuleSet
from pipelines.detect.finding import EVENTS_KEPT
from pipelines.detect.rulefiles import SHIPPED, RuleFolder
from tests.detect.behaviour.flows import QUERY, SECOND, START, flow, last_words, segment, write_rule


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    write_rule(tmp_path)
    return tmp_path


@pytest.fixture
def engine(rules: Path) -> Iterator[BehaviourEngine]:
    made = BehaviourEngine([RuleFolder(rules, rehearsed=True)])
    yield made
    made.close()


def test_finding_tells_machine_peer_evidence_and_numbers(engine: BehaviourEngine) -> None:
    assert engine.feed(segment([flow(i, i) for i in range(5)])) == []
    (found,) = engine.finish()
    assert (found.machine, found.peer, found.event_count) == ("10.0.0.1", "203.0.113.9", 5)
    assert found.events == tuple(f"e{i:05d}" for i in range(5))
    assert found.explanation["vi"] == "10.0.0.1 gọi 5 lần"
    assert (found.last - found.first).total_seconds() == 4
    assert found.window.timestamp() % 300 == 0


def test_engine_is_empty_after_the_end(engine: BehaviourEngine) -> None:
    engine.feed(segment([flow(i, i) for i in range(5)]))
    engine.finish()
    assert engine.finish() == []
    engine.feed(segment([flow(i, i) for i in range(2)]))
    assert engine.finish() == []


def test_evidence_is_bounded_and_counted(engine: BehaviourEngine) -> None:
    engine.feed(segment([flow(i, i / 10) for i in range(1000)]))
    (found,) = engine.finish()
    assert found.event_count == 1000
    assert len(found.events) == EVENTS_KEPT
    assert found.events[0] == "e00000"
    assert found.events[-1] == "e00999"


def test_clocks_before_1970_and_far_away_cost_nothing(engine: BehaviourEngine) -> None:
    rows = [
        {**flow(n, 0), "@timestamp": at + n}
        for n, at in enumerate([-5_000_000, 0, 3_400_000_000 * SECOND])
        for n in range(3)
    ]
    engine.feed(segment(rows))
    assert len(engine.finish()) == 3


def test_overlapping_windows_do_not_repeat_old_evidence(engine: BehaviourEngine) -> None:
    rows = [flow(i, i) for i in range(5)] + [flow(9, 400, destination__ip="203.0.113.77")]
    engine.feed(segment(rows))
    assert len(engine.finish()) == 1


def test_live_alert_comes_within_a_minute_and_once(engine: BehaviourEngine) -> None:
    told: list[Any] = []
    for second in range(0, 180, 10):
        engine.feed(segment([flow(second, second)]))
        told += engine.advance(START + second * SECOND)
    assert told
    assert (told[0].last.timestamp() - START / SECOND) <= 60
    assert len(told) < 6


timed = st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 3)), min_size=1, max_size=40)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(timed, st.lists(st.integers(0, 40), max_size=4), st.booleans())
def test_findings_do_not_depend_on_segments_and_speed(
    engine: BehaviourEngine, events: list[tuple[int, int]], cuts: list[int], live: bool
) -> None:
    rows = [flow(n, at, destination__ip=f"203.0.113.{peer}") for n, (at, peer) in enumerate(events)]
    engine.feed(segment(rows))
    whole = last_words(engine.finish())
    said = []
    bounds = [0, *sorted(min(cut, len(rows)) for cut in cuts), len(rows)]
    clock = START
    for begin, end in pairwise(bounds):
        part = segment(rows[begin:end])
        clock = max(clock, part.clock)
        said += engine.feed(part)
        said += engine.advance(clock) if live else []
    said += engine.finish()
    assert last_words(said) == whole


def test_early_windows_beyond_the_limit_give_the_same(engine: BehaviourEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [flow(i, i * 40) for i in range(1000)]
    engine.feed(segment(rows))
    whole = last_words(engine.finish())
    monkeypatch.setattr(module, "HELD_ROWS", 100)
    said = []
    for begin in range(0, 1000, 50):
        said += engine.feed(segment(rows[begin : begin + 50]))
    assert said
    assert last_words(said + engine.finish()) == whole


def test_slow_query_is_stopped_and_the_others_go_on(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = QUERY.replace("from flow", "from flow, range(100000000) a(i), range(1000) b(j)")
    write_rule(rules, id="slow-calls", query=slow)
    monkeypatch.setattr(module, "QUERY_SECONDS", 0.2)
    made = BehaviourEngine([RuleFolder(rules, rehearsed=True)])
    try:
        made.feed(segment([flow(i, i) for i in range(5)]))
        assert [found.rule for found in made.finish()] == ["many-calls"]
        assert any("slow-calls" in str(error) and "longer than" in error.message for error in made.errors)
    finally:
        made.close()


def test_dead_worker_is_replaced_with_what_it_held(engine: BehaviourEngine) -> None:
    engine.feed(segment([flow(i, i) for i in range(2)]))
    engine._held._child._process._process.kill()  # type: ignore[union-attr]
    engine.feed(segment([flow(i, i) for i in range(2, 5)]))
    (found,) = engine.finish()
    assert found.event_count == 5


def test_rule_that_kills_its_worker_is_out_of_use(
    engine: BehaviourEngine, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.feed(segment([flow(i, i) for i in range(5)]))
    ask = engine._held._child.ask
    killed = []

    def dying(request: Any, table: Any = None) -> Any:
        if "evidence" in str(request) and request["do"] == "query" and not killed:
            killed.append(True)
            engine._held._child._process._process.kill()  # type: ignore[union-attr]
        return ask(request, table)

    monkeypatch.setattr(engine._held._child, "ask", dying)
    assert engine.finish() == []
    assert any("out of use" in error.message for error in engine.errors)


def test_changed_rule_is_taken_up_between_windows(engine: BehaviourEngine, rules: Path) -> None:
    engine.feed(segment([flow(i, i) for i in range(5)]))
    write_rule(rules, calls=9)
    assert engine.advance(START + 120 * SECOND) == []
    write_rule(rules, calls=4)
    engine.feed(segment([flow(7, 130)]))
    assert [found.event_count for found in engine.advance(START + 200 * SECOND)] == [6]


def test_query_cannot_leave_its_room(rules: Path) -> None:
    write_rule(
        rules, id="reader", query=QUERY.replace("from flow", "from flow, (select * from read_text('/etc/hostname')) f")
    )
    made = BehaviourEngine([RuleFolder(rules, rehearsed=True)])
    try:
        assert any(error.rule == "reader" for error in made.errors)
        assert list(made.rules) == ["many-calls"]
    finally:
        made.close()


def test_rule_from_outside_weighs_little(rules: Path) -> None:
    made = BehaviourEngine([RuleFolder(rules)])
    try:
        made.feed(segment([flow(i, i) for i in range(5)]))
        (found,) = made.finish()
        assert found.weight == replace(found.weight, log10_ratio=0.5, cap=0.5, deterministic=False)
    finally:
        made.close()


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(2, 9), min_size=1, max_size=4), st.integers(0, 40), st.integers(1, 5))
def test_pairs_that_changed_are_all_that_a_second_look_needs(periods: list[int], late: int, step: int) -> None:
    """A site that is watched live knows at least what the file tells in the end, though most looks saw only a few pairs."""
    rows = [
        flow(
            number * 1000 + at,
            at * 60 * period + (number * 7) % 60,
            destination__ip=f"203.0.113.{number}",
            destination__port=4444,
        )
        for number, period in enumerate(periods)
        for at in range(40)
    ]
    made = BehaviourEngine([RuleFolder(SHIPPED / "behaviour", rehearsed=True)], rules=_only("beacon"))
    try:
        made.feed(segment(rows))
        told = {one.id: one.event_count for one in made.finish()}
        arriving = sorted(rows, key=lambda row: row["@timestamp"])
        arriving = arriving[:late] + arriving[late + step :] + arriving[late : late + step]  # some come late
        live: dict[str, int] = {}
        for first in range(0, len(arriving), 25):
            part = segment(arriving[first : first + 25])
            for one in [*made.feed(part), *made.advance(part.clock)]:
                live[one.id] = one.event_count
        live |= {one.id: one.event_count for one in made.finish()}
    finally:
        made.close()
    assert told
    assert {key: live.get(key) for key in told} == told


def _only(name: str) -> RuleSet:
    others = {one.name for one in (SHIPPED / "behaviour").iterdir()} - {name}
    return RuleSet([RuleFolder(SHIPPED / "behaviour", rehearsed=True)], {}, others)


def test_each_pair_is_for_rules_about_pairs(rules: Path) -> None:
    path = next(rules.rglob("rule.yaml"))
    path.write_text(path.read_text() + "each: pair\n")
    made = BehaviourEngine([RuleFolder(rules)])
    assert any("each: pair" in error.message for error in made.errors)
    made.close()
