"""When cases open, go on and come back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipelines.cases.opening import Evidence, Present, case_id, decide
from pipelines.cases.workflow import workflow

NOW = datetime(2026, 11, 4, tzinfo=UTC)
C2 = Evidence("a1", "infection", "c2", "medium", "source", 1.6, NOW - timedelta(days=1), NOW, None)
REMOTE = Evidence("p1", "policy", "policy", "medium", "source", 0.0, NOW - timedelta(days=1), NOW, None)
WITHIN = timedelta(days=90)


def step(track: str, verdict: str, *alerts: Evidence, present: Present | None = None) -> str:
    return decide(workflow(), track, verdict, alerts, present, WITHIN)[0]


@pytest.mark.parametrize(
    ("verdict", "alert", "expected"),
    [
        ("infected", C2, "open"),
        ("suspicious", C2, "nothing"),
        ("violating", C2, "nothing"),
        ("infected", replace(C2, role="target"), "nothing"),
        ("infected", replace(C2, verdict="false_alarm"), "nothing"),
        ("infected", replace(C2, verdict="confirmed"), "open"),
    ],
)
def test_an_infection_case_opens_with_the_verdict(verdict: str, alert: Evidence, expected: str) -> None:
    assert step("infection", verdict, alert) == expected


@pytest.mark.parametrize(
    ("alert", "expected"),
    [
        (REMOTE, "open"),
        (replace(REMOTE, severity="critical"), "open"),
        (replace(REMOTE, severity="low"), "nothing"),
        (replace(REMOTE, role="target"), "nothing"),
        (replace(REMOTE, verdict="benign"), "nothing"),
    ],
)
def test_a_policy_case_opens_with_an_alert_of_medium_and_above(alert: Evidence, expected: str) -> None:
    assert step("policy", "clean", alert) == expected


def test_tracks_do_not_mix() -> None:
    assert step("policy", "infected", C2) == "nothing"
    found = decide(workflow(), "infection", "infected", [C2, REMOTE], None, WITHIN)
    assert [one.id for one in found[1]] == ["a1"]


@pytest.mark.parametrize("state", ["new", "acknowledged", "in_progress", "reinfected"])
def test_alerts_join_a_case_that_people_work_on(state: str) -> None:
    assert step("infection", "clean", replace(C2, severity="low"), present=Present(state, 1, None, None)) == "join"


@pytest.mark.parametrize("state", ["cleaned", "observation"])
@pytest.mark.parametrize(
    ("alert", "expected"),
    [
        (C2, "return"),
        (replace(C2, last=NOW - timedelta(hours=3)), "nothing"),
        (replace(C2, severity="low"), "nothing"),
        (replace(C2, stage="exposure"), "nothing"),
        (replace(C2, weight=0.0), "nothing"),
        (replace(C2, role="target"), "nothing"),
        (replace(C2, verdict="false_alarm"), "nothing"),
    ],
)
def test_only_new_weighty_evidence_brings_a_cleaned_case_back(state: str, alert: Evidence, expected: str) -> None:
    cleaned = Present(state, 1, NOW - timedelta(hours=2), None)
    assert step("infection", "infected", alert, present=cleaned) == expected


def test_a_closed_case_comes_back_soon_after_and_a_new_one_opens_much_later() -> None:
    soon = Present("closed", 1, NOW - timedelta(days=9), NOW - timedelta(days=2))
    assert step("infection", "infected", C2, present=soon) == "return"
    long_ago = Present("closed", 1, NOW - timedelta(days=209), NOW - timedelta(days=200))
    assert step("infection", "infected", C2, present=long_ago) == "open"
    assert step("infection", "suspicious", C2, present=long_ago) == "nothing"


def test_what_was_dismissed_stays_dismissed_until_there_is_more() -> None:
    dismissed = Present("false_alarm", 1, None, NOW + timedelta(minutes=1))
    assert step("infection", "infected", C2, present=dismissed) == "nothing"
    assert step("infection", "infected", replace(C2, last=NOW + timedelta(hours=1)), present=dismissed) == "open"


def test_ids_follow_from_machine_track_and_number() -> None:
    ids = {case_id(m, t, n) for m in ("a", "b") for t in ("infection", "policy") for n in (1, 2)}
    assert len(ids) == 8
    assert case_id("a", "policy", 1) == case_id("a", "policy", 1)
