from __future__ import annotations

import pytest

from collectors.segment import Segment
from pipelines.analysis import Analysis, Detectors
from pipelines.detect.engine import RuleError
from pipelines.detect.finding import Finding
from pipelines.settings import load
from tests.enrich.segments import flow, segment
from tests.live.rig import BAD_PORT, PortEngine


class BrokenEngine:
    """Fails at everything, as an engine does that hostile traffic has broken."""

    def __init__(self) -> None:
        self.errors: list[RuleError] = []

    def feed(self, segment: Segment) -> list[Finding]:
        raise ZeroDivisionError

    def advance(self, clock: int) -> list[Finding]:
        raise ZeroDivisionError

    def finish(self) -> list[Finding]:
        raise ZeroDivisionError

    def close(self) -> None:
        pass


def calls(server: str = "203.0.113.9", client: str = "10.20.7.31") -> Segment:
    return segment(flow(client, server, fields={"destination.port": BAD_PORT}))


def test_an_engine_that_breaks_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    detectors = Detectors({"broken": BrokenEngine(), "port": PortEngine()})
    analysis = Analysis(load(), detectors)
    analysis.feed(calls())
    machines = analysis.finish()
    assert {alert.strongest.rule for alert in machines[0].alerts} == {"each", "hourly"}
    assert detectors.failures == {"broken": 2}
    assert "broken" in caplog.text


def test_rules_that_are_off_say_nothing() -> None:
    analysis = Analysis(load(), Detectors({"port": PortEngine()}, off={"each"}))
    analysis.feed(calls())
    assert [alert.strongest.rule for alert in analysis.finish()[0].alerts] == ["hourly"]


def test_each_capture_decides_about_home_by_itself() -> None:
    analysis = Analysis(load(), Detectors({"port": PortEngine()}))
    analysis.feed(calls())
    analysis.next_capture()
    enriched = analysis.feed(calls("203.0.113.9", "198.51.100.7"))
    assert enriched.tables["flow"]["network.direction"].to_pylist() == ["internal"]
    assert [one.machine.ips for one in analysis.finish() if one.alerts] == [["10.20.7.31"], ["198.51.100.7"]]


def test_findings_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.analysis.offline.FINDINGS_MOST", 3)
    analysis = Analysis(load(), Detectors({"port": PortEngine()}))
    for number in range(5):
        analysis.feed(segment(flow("10.20.7.31", f"203.0.113.{number}", number, fields={"destination.port": BAD_PORT})))
    machines = analysis.finish()
    assert machines[0].alerts[0].count == 3
    assert analysis.refused == 7
