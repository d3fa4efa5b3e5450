"""``vonggac demo`` with a capture of one's own: pipeline, console, log-in, reuse."""

from __future__ import annotations

import http.cookiejar
import re
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
from sqlalchemy import func, select

from pipelines.store import state
from pipelines.store.state import Alert, Counter
from tests.integration.test_run import free_port
from tests.vonggac.captures import write


@pytest.fixture(scope="module")
def capture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("demo") / "miner.pcap", "mining")


def demo(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "vonggac", "demo", *arguments]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def figures(folder: Path) -> tuple[int, int]:
    """Alerts, and events that were counted."""
    (path,) = folder.glob("var/demo/*/state.sqlite")
    database = state.open(f"sqlite:///{path}")
    with database.session() as session:
        alerts = session.scalar(select(func.count()).select_from(Alert)) or 0
        events = session.get_one(Counter, ("centre", "events")).value
    database.close()
    return alerts, events


def test_once_and_again(capture: Path, tmp_path: Path) -> None:
    first = demo(tmp_path, str(capture), "--once")
    told = first.communicate(timeout=120)[0]
    assert first.returncode == 0
    before = figures(tmp_path)
    assert before[0] > 0
    again = demo(tmp_path, str(capture), "--once")
    began = time.monotonic()
    assert again.communicate(timeout=120)[0] == told
    assert figures(tmp_path) == before
    assert time.monotonic() - began < 30


def test_an_interrupted_run_goes_on_without_counting_twice(capture: Path, tmp_path: Path) -> None:
    calm, cut = tmp_path / "calm", tmp_path / "cut"
    for folder in (calm, cut):
        folder.mkdir()
    demo(calm, str(capture), "--once").communicate(timeout=120)
    killed = demo(cut, str(capture), "--once")
    deadline = time.monotonic() + 60
    while not list(cut.glob("var/demo/*/events/*/*/*.parquet")) and time.monotonic() < deadline:
        time.sleep(0.02)
    killed.kill()
    killed.communicate()
    again = demo(cut, str(capture), "--once")
    again.communicate(timeout=120)
    assert again.returncode == 0
    assert figures(cut) == figures(calm)


def test_console_address_and_one_time_password(capture: Path, tmp_path: Path) -> None:
    process = demo(tmp_path, str(capture), "--port", str(free_port()))
    told = ""
    assert process.stdout is not None
    while "Mật khẩu:" not in told:
        line = process.stdout.readline()
        assert line, process.communicate()[1]
        told += line
    address = re.search(r"http://127\.0\.0\.1:\d+/", told)
    password = re.search(r"Mật khẩu: +(\S+)", told)
    user = re.search(r"Tài khoản: +(\S+)", told)
    assert address
    assert password
    assert user
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    for _ in range(100):
        try:
            page = browser.open(address[0] + "login").read().decode()
            break
        except OSError:
            time.sleep(0.1)
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    assert token
    form = {"name": user[1], "password": password[1], "csrf": token[1]}
    answer = browser.open(address[0] + "login", urllib.parse.urlencode(form).encode())
    assert answer.status == 200
    assert "login" not in answer.url  # the one-time password lets in, and only to choose a new one
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 0


def test_a_capture_that_is_none(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pcap"
    broken.write_bytes(b"this is no capture")
    process = demo(tmp_path, str(broken), "--once")
    said = process.communicate(timeout=120)[1]
    assert process.returncode == 3
    assert len(said.splitlines()) == 1
