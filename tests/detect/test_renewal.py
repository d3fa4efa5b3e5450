"""Changed rules are taken up while everything runs."""

from __future__ import annotations

from pathlib import Path

from pipelines.analysis import Detectors
from pipelines.detect.behaviour.rules import RuleSet
from pipelines.detect.indicators.engine import IndicatorEngine
from pipelines.detect.renewal import Renewed
from pipelines.detect.rulefiles import SHIPPED, RuleFolder
from tests.enrich.segments import flow, segment
from tests.live.rig import BAD_PORT, PortEngine


def renewed(folder: Path) -> Renewed:
    return Renewed(lambda: IndicatorEngine([RuleFolder(folder)]), lambda: [folder])


def test_an_indicator_is_added_and_taken_away(tmp_path: Path) -> None:
    engine = renewed(tmp_path)
    call = segment(flow("10.20.7.31", "203.0.113.9"))
    assert engine.feed(call) == []
    (tmp_path / "own.txt").write_text("203.0.113.9\n")
    assert engine.look()
    assert [one.peer for one in engine.feed(call)] == ["203.0.113.9"]
    assert not engine.look()
    (tmp_path / "own.txt").unlink()
    assert engine.look()
    assert engine.feed(call) == []


def test_the_old_rules_go_on_where_the_new_ones_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "own.txt"
    path.write_text("203.0.113.9\n")
    calls = iter([IndicatorEngine([RuleFolder(tmp_path)])])
    engine = Renewed(lambda: next(calls), lambda: [tmp_path])
    path.write_text("198.51.100.1\n")
    assert not engine.look()
    assert [one.peer for one in engine.feed(segment(flow("10.20.7.31", "203.0.113.9")))] == ["203.0.113.9"]
    assert "not taken up" in str(engine.errors[-1])


def test_a_rule_that_is_turned_off_says_nothing_until_it_is_turned_on() -> None:
    detectors = Detectors({"port": PortEngine()})
    call = segment(flow("10.20.7.31", "203.0.113.9", fields={"destination.port": BAD_PORT}))
    detectors.tune({}, {"each"})
    assert detectors.feed(call) == []
    detectors.tune({}, ())
    assert [one.rule for one in detectors.feed(call)] == ["each"]


def test_parameters_of_a_person_stand_over_those_of_the_settings() -> None:
    rules = RuleSet([RuleFolder(SHIPPED / "behaviour", True)], {"beacon": {"strictness": 1.1}}, {"telnet"})
    rules.tune({"beacon": {"strictness": 1.3}}, {"port-scan"})
    assert rules.refresh()
    assert rules.rules["beacon"].parameters["strictness"] == 1.3
    assert "port-scan" not in rules.rules
    rules.tune({}, ())
    assert rules.refresh()
    assert rules.rules["beacon"].parameters["strictness"] == 1.1
    assert "port-scan" in rules.rules
    assert not rules.refresh()
