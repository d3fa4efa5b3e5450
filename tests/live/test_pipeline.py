from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from collectors.segment import Segment
from pipelines.live import LivePipeline
from pipelines.store import state
from pipelines.store.embedded.store import EmbeddedStore
from pipelines.store.events import EventQuery, StoreError
from pipelines.store.state import Alert, Counter, CounterPoint, FindingRow, Machine, ScorePoint, SegmentRow
from tests.enrich.segments import at, flow, row, segment
from tests.live.rig import BAD_PORT, hours, pipeline, settings, spool

BAD, GOOD = "10.20.7.31", "10.20.7.32"


def call(seconds: float, client: str = BAD, port: int = BAD_PORT) -> dict[str, Any]:
    return flow(client, "203.0.113.9", seconds, fields={"destination.port": port})


def day(segments: int = 5) -> list[Segment]:
    return [
        segment(call(hours(n)), call(hours(n) + 60), call(hours(n) + 90, GOOD, 443), number=n + 1)
        for n in range(segments)
    ]


def seen(folder: Path) -> dict[str, Any]:
    """Everything that must not depend on crashes."""
    chosen = settings(folder)
    database, store = state.open(chosen.state_url), EmbeddedStore(chosen.store_folder)
    with database.session() as session:
        result = {
            "events": store.count(EventQuery()),
            "alerts": {
                (a.rule, a.machine_id): (a.count, tuple(a.events), a.first, a.last, a.weight)
                for a in session.scalars(select(Alert))
            },
            "findings": {f.id: tuple(f.events) for f in session.scalars(select(FindingRow))},
            "machines": {m.id: (m.verdict, m.score, m.last_seen) for m in session.scalars(select(Machine))},
            "counters": {(c.component, c.name): c.value for c in session.scalars(select(Counter))},
            "points": {(p.name, p.at): p.value for p in session.scalars(select(CounterPoint))},
            "segments": set(session.scalars(select(SegmentRow.id))),
        }
    store.close()
    database.close()
    return result


def test_segments_become_verdicts(tmp_path: Path) -> None:
    for one in day():
        spool(tmp_path).put(one)
    with pipeline(tmp_path) as work:
        work.drain()
        work.finish()
    found = seen(tmp_path)
    assert spool(tmp_path).pending() == []
    assert found["events"] == 15
    assert found["alerts"]["each", BAD][0] == found["alerts"]["hourly", BAD][0] == 10
    assert found["machines"][BAD][:2] == ("suspicious", 76)  # −3.3 + 1.9 + 1.9, one stage: the gate stays shut
    assert found["machines"][GOOD][:2] == ("clean", 0)
    assert found["counters"]["centre", "events"] == 15
    assert found["counters"]["centre", "segments"] == 5


def test_score_over_time_and_what_it_is_made_of(tmp_path: Path) -> None:
    for one in day():
        spool(tmp_path).put(one)
    with pipeline(tmp_path) as work:
        work.drain()
    database = state.open(settings(tmp_path).state_url)
    with database.session() as session:
        points = session.scalars(select(ScorePoint).where(ScorePoint.machine_id == BAD).order_by(ScorePoint.at)).all()
        machine = session.get_one(Machine, BAD)
        items, verdict = machine.items, machine.verdict
    database.close()
    assert [point.score for point in points][:2] == [4, 75]
    assert [item["kind"] for item in items] == ["prior", "evidence", "evidence"]
    assert verdict == points[-1].verdict


def test_a_segment_put_twice_counts_once(tmp_path: Path) -> None:
    for one in (*day(), *day()):
        spool(tmp_path).put(one)
        with pipeline(tmp_path) as work:
            work.drain()
    assert seen(tmp_path)["events"] == 15
    assert seen(tmp_path)["counters"]["centre", "events"] == 15


class CrashError(Exception):
    pass


@pytest.mark.parametrize("place", ["_record", "_stored", "acknowledge"])
@pytest.mark.parametrize("before", [True, False])
def test_a_crash_at_any_step_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, before: bool
) -> None:
    """The process dies before or after each step of the third segment, and another one takes over."""
    from collectors.spool import Spool

    segments = day()
    for folder in ("calm", "crash"):
        for one in segments:
            spool(tmp_path / folder).put(one)
    with pipeline(tmp_path / "calm") as work:
        work.drain()
        work.finish()
    owner: Any = Spool if place == "acknowledge" else LivePipeline
    real, calls = getattr(owner, place), 0

    def crashing(self: Any, *given: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 3 and before:
            raise CrashError
        answer = real(self, *given)
        if calls == 3:
            raise CrashError
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(owner, place, crashing)
        with pytest.raises(CrashError), pipeline(tmp_path / "crash") as work:
            work.drain()
    with pipeline(tmp_path / "crash") as work:
        work.drain()
        work.finish()
    assert seen(tmp_path / "crash") == seen(tmp_path / "calm")


def test_windows_go_on_over_a_restart(tmp_path: Path) -> None:
    """Half of an hour's events came before the restart: the engines are filled from the store."""
    spool(tmp_path).put(segment(call(0), call(60), number=1))
    with pipeline(tmp_path) as work:
        work.drain()
    spool(tmp_path).put(segment(call(120), number=2))
    with pipeline(tmp_path) as work:
        work.drain()
        work.finish()
    assert seen(tmp_path)["alerts"]["hourly", BAD][0] == 3


def test_trouble_of_the_store_is_waited_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.live.pipeline.RETRY", (0.01,))
    real, calls = EmbeddedStore.append, 0

    def troubled(self: EmbeddedStore, one: Segment) -> bool:
        nonlocal calls
        calls += 1
        if calls < 4:
            raise StoreError("disk full")
        return real(self, one)

    monkeypatch.setattr(EmbeddedStore, "append", troubled)
    spool(tmp_path).put(day()[0])
    with pipeline(tmp_path) as work:
        work.drain()
    assert calls == 4
    assert seen(tmp_path)["events"] == 3
    assert seen(tmp_path)["counters"]["centre", "events"] == 3


def test_a_person_judges_and_the_score_follows(tmp_path: Path) -> None:
    for one in day(3):
        spool(tmp_path).put(one)
    with pipeline(tmp_path) as work:
        work.drain()
        database = state.open(settings(tmp_path).state_url)
        with database.transaction() as session:
            for alert in session.scalars(select(Alert)):
                alert.state, alert.verdict = "closed", "false_alarm"
        database.close()
        work._review()
        assert seen(tmp_path)["machines"][BAD][:2] == ("clean", 0)
        spool(tmp_path).put(segment(call(hours(5)), number=9))
        work.drain()
    database = state.open(settings(tmp_path).state_url)
    with database.session() as session:
        alert = session.scalars(select(Alert).where(Alert.rule == "each")).one()
        assert (alert.state, alert.verdict, alert.count, alert.weight) == ("closed", "false_alarm", 7, 0.0)
    database.close()


def test_a_closed_alert_comes_back_with_new_evidence(tmp_path: Path) -> None:
    spool(tmp_path).put(segment(call(0), number=1))
    with pipeline(tmp_path) as work:
        work.drain()
        database = state.open(settings(tmp_path).state_url)
        with database.transaction() as session:
            session.scalars(select(Alert)).one().state = "closed"
        spool(tmp_path).put(segment(call(60), number=2))
        work.drain()
        with database.session() as session:
            assert session.scalars(select(Alert)).one().state == "new"
        database.close()


def test_sensor_counters_become_points(tmp_path: Path) -> None:
    def stats(seconds: float, value: int) -> dict[str, Any]:
        return row("stats", seconds, fields={"vonggac.stats.name": "packets.seen", "vonggac.stats.value": value})

    spool(tmp_path).put(segment(call(0), stats(1, 100), number=1))
    spool(tmp_path).put(segment(call(61), stats(62, 250), number=2))
    spool(tmp_path).put(segment(call(121), stats(122, 40), number=3))  # the sensor was restarted
    with pipeline(tmp_path) as work:
        work.drain()
    found = seen(tmp_path)
    assert found["counters"]["sensor:t", "packets.seen"] == 40
    points = {moment: value for (name, moment), value in found["points"].items() if name == "packets.seen"}
    assert points == {at(60): 100, at(120): 150, at(180): 40}
