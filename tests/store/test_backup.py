from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from pipelines.store import state
from pipelines.store.state.base import now


@pytest.fixture
def database(tmp_path: Path) -> Iterator[state.Database]:
    database = state.open(f"sqlite:///{tmp_path}/state.sqlite")
    yield database
    database.close()


def _add(database: state.Database, number: int) -> None:
    with database.transaction() as session:
        session.add(state.SegmentRow(id=f"s-{number}", observer="s", events=1, clock=now()))
        session.add(state.Counter(component="c", name=f"n{number}", value=number))


def test_a_copy_taken_while_others_write_is_whole(database: state.Database, tmp_path: Path) -> None:
    _add(database, 0)
    stop = threading.Event()

    def write() -> None:
        number = 1
        while not stop.is_set():
            _add(database, number)
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    target = tmp_path / "copy.sqlite"
    size = state.backup(database, target)
    stop.set()
    writer.join()
    assert size == target.stat().st_size
    assert target.stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in tmp_path.glob("*copy*")) == ["copy.sqlite"]
    copy = state.open(f"sqlite:///{target}")
    assert state.integrity(copy) == []
    with copy.session() as session:
        segments = session.scalar(select(func.count()).select_from(state.SegmentRow))
        counters = session.scalar(select(func.count()).select_from(state.Counter))
    assert segments == counters >= 1
    copy.close()


def test_a_copy_replaces_the_older_one_and_failure_leaves_it(
    database: state.Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "copy.sqlite"
    _add(database, 0)
    state.backup(database, target)
    before = target.read_bytes()
    _add(database, 1)
    with monkeypatch.context() as patched:
        patched.setattr(sys.modules["pipelines.store.state.backup"], "_check", lambda _path: ["page 7 is torn"])
        with pytest.raises(state.StateError, match="page 7 is torn"):
            state.backup(database, target)
    assert target.read_bytes() == before
    with pytest.raises(state.StateError, match="check the path"):
        state.backup(database, tmp_path / "nowhere" / "copy.sqlite")
    state.backup(database, target)
    assert target.read_bytes() != before


def test_damage_is_found(database: state.Database, tmp_path: Path) -> None:
    assert state.integrity(database) == []
    connection = database.engine.raw_connection()
    driver = connection.driver_connection
    assert driver is not None
    driver.execute("pragma foreign_keys=off")
    driver.execute("insert into score_point values ('nobody', '2026-11-02 00:00:00', 1, 'clean')")
    driver.execute("pragma foreign_keys=on")
    connection.close()
    assert "score_point" in state.integrity(database)[0]
