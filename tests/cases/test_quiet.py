"""Verified clean: what counts, what does not, and what can never make a machine clean."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from pipelines.cases.quiet import HOUR, Verification, verify

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SINCE = datetime(2026, 11, 2, 3, tzinfo=UTC)
HOURS = st.frozensets(st.integers(0, 24 * 20).map(lambda n: SINCE.replace(hour=0) + n * HOUR), max_size=200)
MOMENT = st.integers(-100, 60 * 24 * 20).map(lambda n: SINCE + timedelta(minutes=n))


def office(days: int, hours: int = 8) -> set[datetime]:
    """A machine that is on from 8 o'clock local time."""
    return {SINCE.replace(hour=1) + timedelta(days=day, hours=hour) for day in range(days + 1) for hour in range(hours)}


def proof(days: float = 10, seen: set[datetime] | None = None, healthy: set[datetime] | None = None,
          alerts: tuple[datetime, ...] = (), needed: int = 7, hours: int = 4) -> Verification:  # fmt: skip
    seen = office(int(days)) if seen is None else seen
    return verify(
        SINCE, SINCE + timedelta(days=days), alerts, seen, seen if healthy is None else healthy, needed, hours, ZONE
    )


def test_seven_office_days_prove_a_machine_clean() -> None:
    assert not proof(6).complete
    found = proof(7)
    assert found.complete
    assert [day.reason for day in found.days] == ["counted"] * 7 + ["running"]
    assert found.share == 1.0


def test_a_machine_that_is_off_never_becomes_clean() -> None:
    found = proof(60, seen=set())
    assert found.counted == 0
    assert {day.reason for day in found.days} == {"off", "running"}


def test_nobody_looking_proves_nothing() -> None:
    found = proof(60, healthy=set())
    assert found.counted == 0
    assert "blind" in {day.reason for day in found.days}


def test_a_weekend_neither_counts_nor_spoils() -> None:
    weekend = {5, 6}
    seen = {hour for hour in office(10) if hour.astimezone(ZONE).weekday() not in weekend}
    found = proof(10, seen=seen)
    assert found.complete
    assert [day.reason for day in found.days].count("off") == 2


def test_too_few_hours_do_not_count() -> None:
    seen = office(9, hours=3)
    assert {day.reason for day in proof(9, seen=seen).days} == {"short", "running"}
    assert proof(9, seen=seen, hours=3).counted >= 7


def test_hours_before_the_cleaning_do_not_count() -> None:
    before = {SINCE - n * HOUR for n in range(1, 4)}
    assert proof(1, seen=before).days[0].seen == 0


@given(HOURS, HOURS, st.lists(MOMENT, max_size=3), st.integers(1, 14), st.integers(1, 24), MOMENT)
def test_laws(
    seen: frozenset[datetime],
    healthy: frozenset[datetime],
    alerts: list[datetime],
    needed: int,
    hours: int,
    now: datetime,
) -> None:
    found = verify(SINCE, now, alerts, seen, healthy, needed, hours, ZONE)
    if any(SINCE < at <= now for at in alerts):
        assert not found.complete
        assert found.share == 0
    assert found.complete == (found.counted >= needed and not found.spoiled)
    for day in found.days:
        assert day.good <= day.seen <= 24
        assert (day.reason == "counted") <= (day.good >= hours)
    more = verify(SINCE, now, alerts, seen, healthy | seen, needed, hours, ZONE)
    assert more.counted >= found.counted, "better sensors never take a day away"
    on = verify(SINCE, now, alerts, seen | healthy, healthy, needed, hours, ZONE)
    assert on.counted >= found.counted, "a machine that is on longer never loses a day"
    later = verify(SINCE, now + timedelta(days=1), [], seen, healthy, needed, hours, ZONE)
    plain = verify(SINCE, now, [], seen, healthy, needed, hours, ZONE)
    assert later.counted >= plain.counted, "time alone never takes a day away"
    stricter = verify(SINCE, now, alerts, seen, healthy, needed + 1, hours, ZONE)
    assert stricter.complete <= found.complete
