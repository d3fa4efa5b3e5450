"""``vonggac run`` without an interface: its parts live and die together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from sqlalchemy import select

from pipelines.settings import load
from pipelines.store import state
from pipelines.store.state import ComponentHealth
from pipelines.store.state.health import ComponentHealth as Health

PATIENCE = 90.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def site(tmp_path: Path) -> Path:
    path = tmp_path / "site.yaml"
    console = {"host": "127.0.0.1", "port": free_port()}
    path.write_text(yaml.safe_dump({"data": str(tmp_path / "data"), "console": console, "schedule": {"health": "1s"}}))
    return path


@pytest.fixture
def running(site: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "vonggac", "run", "--config", str(site)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE)
    try:
        until(lambda: (site.parent / "data" / "state.sqlite").exists() and len(parts(site)) == 4)
        yield process
    finally:
        process.kill()
        process.communicate()


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def parts(site: Path) -> dict[str, Health]:
    database = state.open(load(site).state_url)
    with database.session() as session:
        found = {one.name: one for one in session.scalars(select(ComponentHealth))}
    database.close()
    return found


def answers(site: Path) -> bool:
    console = load(site).console
    try:
        with urllib.request.urlopen(f"http://{console.host}:{console.port}/", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_parts_run_come_back_and_stop(site: Path, running: subprocess.Popen[bytes]) -> None:
    assert set(parts(site)) == {"centre", "scheduler", "console", "disk"}
    until(lambda: answers(site))
    os.kill(parts(site)["centre"].detail["pid"], signal.SIGKILL)
    until(lambda: parts(site)["centre"].restarts == 1)
    assert parts(site)["centre"].status == "warning"
    pids = [one.detail["pid"] for name, one in parts(site).items() if name != "disk"]
    running.send_signal(signal.SIGTERM)
    assert running.wait(PATIENCE) == 0
    assert {one.status for name, one in parts(site).items() if name != "disk"} == {"stopped"}
    assert not any(map(alive, pids))


def test_parts_end_when_the_supervisor_is_killed(site: Path, running: subprocess.Popen[bytes]) -> None:
    pids = [one.detail["pid"] for name, one in parts(site).items() if name != "disk"]
    running.kill()
    running.wait()
    until(lambda: not any(map(alive, pids)))
