from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.settings import Settings, load
from vonggac import doctor


def settings(folder: Path, port: int, **changes: Any) -> Settings:
    return load(changes={"data": str(folder), "console": {"host": "127.0.0.1", "port": port}, **changes})


@pytest.fixture
def taken() -> Iterator[socket.socket]:
    """A socket that listens on some port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


@pytest.fixture
def free(taken: socket.socket) -> int:
    """A port that nobody uses any more."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_nothing_in_the_way(tmp_path: Path, free: int) -> None:
    assert doctor.obstacles(settings(tmp_path, free)) == []


def test_an_interface_that_is_not_there(tmp_path: Path, free: int) -> None:
    (line, *_) = doctor.obstacles(settings(tmp_path, free, sensor={"interfaces": ["eth-none"]}))
    assert line.startswith("interface eth-none: there is none; here are")
    assert "lo" in line


def test_a_filter_that_is_none(tmp_path: Path, free: int) -> None:
    (line, *_) = doctor.obstacles(settings(tmp_path, free, sensor={"filter": "not host nowhere"}))
    assert line.startswith("capture filter: ")
    assert "nowhere" in line
    assert doctor.obstacles(settings(tmp_path, free, sensor={"filter": "not host 10.0.0.9"})) == []


def test_no_right_to_capture(tmp_path: Path, free: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_may_capture", lambda: False)
    lines = doctor.obstacles(settings(tmp_path, free, sensor={"interfaces": ["lo"]}))
    assert len(lines) == 1
    assert "CAP_NET_RAW" in lines[0]


def test_an_address_in_use(tmp_path: Path, taken: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "PREDECESSOR", 0.3)
    port = taken.getsockname()[1]
    (line,) = doctor.obstacles(settings(tmp_path, port))
    assert line.startswith(f"console address 127.0.0.1:{port}: in use")


def test_an_earlier_run_lets_go_of_the_address(
    tmp_path: Path, taken: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: taken.close())
    assert doctor.obstacles(settings(tmp_path, taken.getsockname()[1])) == []


def test_an_address_of_another_machine(tmp_path: Path) -> None:
    console = {"host": "192.0.2.7", "port": 8443}
    (line,) = doctor.obstacles(load(changes={"data": str(tmp_path), "console": console}))
    assert "not an address of this machine" in line
