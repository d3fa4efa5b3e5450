from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from pipelines.store import state
from pipelines.store.state import ComponentHealth, Database
from vonggac import supervisor
from vonggac.supervisor import Part, Supervisor


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = state.open(f"sqlite:///{tmp_path / 'state.sqlite'}")
    yield made
    made.close()


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def until(true: Callable[[], bool], look: Callable[[], object] = lambda: None, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        look()
        time.sleep(0.02)


def health(database: Database) -> dict[str, tuple[str, int]]:
    with database.session() as session:
        return {one.name: (one.status, one.restarts) for one in session.scalars(select(ComponentHealth))}


def test_a_part_that_is_killed_comes_back_and_is_shown(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "BACK_OFF", (0.05,))
    keeper = Supervisor([Part("centre", python("import sys; sys.stdin.read()"), 0)], database, 0.1)
    keeper.look()
    first = keeper.pids["centre"]
    assert health(database) == {"centre": ("ok", 0)}
    os.kill(first, signal.SIGKILL)
    until(lambda: health(database)["centre"] == ("warning", 1), keeper.look)
    assert keeper.pids["centre"] != first
    with database.session() as session:
        row = session.get_one(ComponentHealth, "centre")
        assert "SIGKILL" in row.message["vi"]
        assert "SIGKILL" in row.message["en"]
    monkeypatch.setattr(supervisor, "STEADY", 0.0)
    until(lambda: health(database)["centre"] == ("ok", 1), keeper.look)
    keeper.stop()
    keeper.run()
    assert health(database) == {"centre": ("stopped", 1)}


def test_a_part_that_cannot_run_is_tried_with_growing_pauses(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "BACK_OFF", (0.0, 1000.0))
    keeper = Supervisor([Part("console", python("raise SystemExit(7)"), 0)], database, 0.1)
    until(lambda: health(database).get("console") == ("failed", 1), keeper.look)
    with database.session() as session:
        assert "exit 7" in session.get_one(ComponentHealth, "console").message["en"]


def test_parts_stop_in_order(database: Database, tmp_path: Path) -> None:
    log = tmp_path / "log"
    code = (
        "import signal, sys, time; name = sys.argv[1]\n"
        f"signal.signal(signal.SIGTERM, lambda *_: (open({str(log)!r}, 'a').write(name), sys.exit(0)))\n"
        f"open({str(tmp_path)!r} + '/up-' + name, 'w')\n"
        "time.sleep(60)"
    )
    parts = [Part(name, [*python(code), name], stops) for name, stops in (("z", 2), ("s", 0), ("c", 1))]
    keeper = Supervisor(parts, database, 10)
    keeper.look()
    until(lambda: len(list(tmp_path.glob("up-*"))) == 3)
    keeper.stop()
    keeper.run()
    assert log.read_text() == "scz"


def test_a_part_that_does_not_stop_is_killed(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.3)
    up = tmp_path / "up"
    code = f"import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); open({str(up)!r}, 'w'); time.sleep(60)"
    keeper = Supervisor([Part("deaf", python(code), 0)], database, 10)
    keeper.look()
    until(up.exists)
    pid = keeper.pids["deaf"]
    keeper.stop()
    keeper.run()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
