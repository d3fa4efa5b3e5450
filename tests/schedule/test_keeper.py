from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from pipelines.schedule import Keeper, disk
from pipelines.settings import Settings, load
from pipelines.store import state
from pipelines.store.embedded.store import EmbeddedStore
from pipelines.store.events import EventQuery, StoreError
from pipelines.store.state import ComponentHealth, CounterPoint, SegmentRow
from pipelines.store.state.base import now
from tests.enrich.segments import START, answer, flow, segment

DAYS_SINCE = (now() - START).days


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load(changes={"data": str(tmp_path), "retention": {"flow": "10d", "event": "30d", "health": "5d"}})


@pytest.fixture
def keeper(settings: Settings) -> Iterator[Keeper]:
    made = Keeper(settings, state.open(settings.state_url), EmbeddedStore(settings.store_folder))
    yield made
    made.close()


def aged(kind: Any, days_ago: int, number: int) -> Any:
    """An event so many days before today."""
    seconds = (DAYS_SINCE - days_ago) * 86_400.0
    made = (
        flow("10.0.0.1", "10.0.0.2", seconds)
        if kind == "flow"
        else answer("10.0.0.1", "a.org", "1.2.3.4", seconds=seconds)
    )
    return segment(made, number=number)


def test_retention_by_class(settings: Settings, keeper: Keeper) -> None:
    store = EmbeddedStore(settings.store_folder)
    for number, (kind, days) in enumerate((("flow", 20), ("flow", 2), ("dns", 20), ("dns", 40))):
        store.append(aged(kind, days, number))
    assert keeper.expire() > 0
    left = {used.dataset: used.events for used in store.usage()}
    store.close()
    assert left == {"flow": 1, "dns": 1}


def test_old_rows_of_the_state_go(settings: Settings, keeper: Keeper) -> None:
    database = state.open(settings.state_url)
    with database.transaction() as session:
        for days in (2, 9):
            at = now() - timedelta(days=days)
            session.add(CounterPoint(component="c", name="n", at=at, value=1))
            session.add(SegmentRow(id=str(days), observer="t", events=1, clock=at, processed_at=at))
    keeper.expire()
    with database.session() as session:
        assert session.scalars(select(SegmentRow.id)).all() == ["2"]
        assert len(session.scalars(select(CounterPoint)).all()) == 1
    database.close()


def test_the_disk_is_reported(settings: Settings, keeper: Keeper) -> None:
    condition = keeper.guard_disk()
    database = state.open(settings.state_url)
    with database.session() as session:
        row = session.get_one(ComponentHealth, "disk")
        assert (row.status, row.detail["free"]) == (condition.status, round(condition.free, 4))
    database.close()


class TestDisk:
    @pytest.fixture
    def store(self, settings: Settings) -> Iterator[EmbeddedStore]:
        made = EmbeddedStore(settings.store_folder)
        for number, days in enumerate((60, 50, 40, 5)):
            made.append(aged("flow", days, number))
        made.append(aged("dns", 60, 9))
        yield made
        made.close()

    def test_enough(self, settings: Settings, store: EmbeddedStore) -> None:
        assert disk.guard(settings.disk, 0.5, lambda: 0.5, store).status == "ok"
        assert store.count(EventQuery()) == 5

    def test_short_is_told_in_both_languages(self, settings: Settings, store: EmbeddedStore) -> None:
        condition = disk.guard(settings.disk, 0.1, lambda: 0.1, store)
        assert (condition.status, set(condition.message)) == ("warning", {"vi", "en"})
        assert store.count(EventQuery()) == 5

    def test_the_oldest_flows_go_until_there_is_room(self, settings: Settings, store: EmbeddedStore) -> None:
        free = iter((0.01, 0.01, 0.2, 0.2, 0.2, 0.2))
        condition = disk.guard(settings.disk, 0.01, lambda: next(free), store)
        assert condition.status == "warning"
        left = {used.dataset: used.events for used in store.usage()}
        assert left == {"flow": 3, "dns": 1} or left == {"flow": 2, "dns": 1}

    def test_young_flows_and_protocol_events_stay_whatever_happens(
        self, settings: Settings, store: EmbeddedStore
    ) -> None:
        condition = disk.guard(settings.disk, 0.01, lambda: 0.01, store)
        assert condition.status == "failed"
        assert {used.dataset: used.events for used in store.usage()} == {"flow": 1, "dns": 1}


def test_a_failing_job_does_not_end_the_scheduler(caplog: pytest.LogCaptureFixture) -> None:
    from pipelines.schedule.keeper import _contained

    def job() -> None:
        raise StoreError("disk gone")

    _contained("compact", job)
    assert "disk gone" in caplog.text
