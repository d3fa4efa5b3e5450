from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.detect.finding import EVENTS_KEPT, Finding
from pipelines.score.alerts import AlertSummary, alert_id, fold, fold_all
from tests.score.findings import START, finding


def alert(*found: Finding) -> AlertSummary:
    return fold_all("m", found)["c2-beacon"]


def window(first: int, last: int) -> Finding:
    """A finding about events number first … last, one a minute, kept as engines keep them."""
    ids = [f"e{n:05d}" for n in range(first, last + 1)]
    half = EVENTS_KEPT // 2
    kept = ids if len(ids) <= EVENTS_KEPT else ids[:half] + ids[-half:]
    start, end = (START + timedelta(minutes=n) for n in (first, last))
    return dataclasses.replace(
        finding(events=kept), first=start, last=end, window=end + timedelta(minutes=1), event_count=len(ids)
    )


def test_one_alert_for_each_rule_and_machine() -> None:
    alerts = fold_all("m", [finding(), finding(hours=1), finding("dga")])
    assert set(alerts) == {"c2-beacon", "dga"}
    assert alerts["dga"].id == alert_id("dga", "m") != alert_id("dga", "n")


def test_first_last_peers_and_events() -> None:
    found = alert(finding(hours=2, events=("b",)), finding(hours=0, peer="198.51.100.1", events=("a",)))
    assert (found.first, found.last) == (START - timedelta(minutes=10), START + timedelta(hours=2))
    assert (found.count, found.peers, found.peer_count) == (2, ["198.51.100.1", "203.0.113.9"], 2)
    assert found.events == ["a", "b"]


def test_text_is_of_the_strongest_and_severity_the_gravest() -> None:
    strong = finding(ratio=2.0, explanation={"vi": "mạnh", "en": "strong"})
    found = alert(strong, finding(ratio=1.0, hours=3, severity="critical"))
    assert found.strongest is strong
    assert found.severity == "critical"


def test_the_machines_own_act_stands_before_what_it_suffered() -> None:
    assert alert(finding(role="target", ratio=3.0), finding(role="source", ratio=1.0)).strongest.role == "source"


@given(st.lists(st.integers(1, 90), min_size=1, max_size=12), st.integers(0, 60))
def test_overlapping_windows_count_each_event_once(steps: list[int], overlap: int) -> None:
    """Windows as engines give them: each reaches further and starts not before the last one."""
    windows, end = [], -1
    for step in steps:
        start = max(0, end - overlap + 1)
        end += step
        if end - start < EVENTS_KEPT:  # every id is there: the count is exact
            windows.append(window(start, end))
        else:
            end -= step
    if windows:
        assert alert(*windows).count == end + 1


def test_long_windows_that_move_on_count_each_event_once() -> None:
    day = 1440
    windows = [window(n, n + day - 1) for n in range(0, 600, 5)]
    assert alert(*windows).count == 595 + day


def test_a_repeat_of_the_same_finding_within_a_longer_one_adds_nothing() -> None:
    later = dataclasses.replace(window(100, 499), window=START + timedelta(hours=9))
    assert alert(window(0, 499), later).count == 500


def test_events_stay_bounded() -> None:
    found = alert(*(finding(hours=n, events=(f"e{n}",)) for n in range(300)))
    assert (found.count, len(found.events)) == (300, EVENTS_KEPT)
    assert (found.events[0], found.events[-1]) == ("e0", "e299")


def test_peers_stay_bounded() -> None:
    found = alert(*(finding(hours=n, peer=f"203.0.{n}.1") for n in range(250)))
    assert (found.peer_count, len(found.peers)) == (250, 100)


def test_a_finding_told_again_counts_with_its_fuller_version() -> None:
    """Live, open windows are told early and again; the count must be that of one look at the end."""
    first, second = window(0, 500), window(300, 900)
    early = [dataclasses.replace(window(0, n), window=first.window) for n in (50, 160, 400)]
    later = dataclasses.replace(window(300, 700), window=second.window)
    told = AlertSummary.begin("m", early[0])
    for one in (*early, later, first, second):
        fold(told, one)
    assert told.count == alert(first, second).count == pytest.approx(901, rel=0.01)


def test_many_peers_stay_counted() -> None:
    assert alert(*(finding(hours=n, peer=f"203.0.{n % 120}.1", events=(f"e{n}",)) for n in range(360))).count == 360


def test_single_events_that_come_late_count() -> None:
    times = [*range(50, 60), *range(10), *range(100, 110)]
    found = [dataclasses.replace(one, first=one.last) for one in (finding(hours=n, events=(f"e{n}",)) for n in times)]
    told = AlertSummary.begin("m", found[0])
    for one in found:
        fold(told, one)
    assert told.count == 30
