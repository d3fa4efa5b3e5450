"""kill −9 at random points: nothing acknowledged is lost, nothing is counted twice. Real engines, real processes."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select

from collectors.segment import Segment
from collectors.spool import Spool
from pipelines.settings import load
from pipelines.store import state
from pipelines.store.embedded.store import EmbeddedStore
from pipelines.store.events import EventQuery
from pipelines.store.state import Alert, Counter, CounterPoint, FindingRow, Machine, SegmentRow
from tests.enrich.segments import flow, row, segment

SEGMENTS = 12
KILLS = 3
PATIENCE = 120.0


def traffic(minutes: int) -> list[Segment]:
    """An office in which one machine fetches programs by command line, minute by minute."""
    made = []
    for minute in range(minutes):
        start = minute * 60.0
        ends = {"source.ip": "10.20.7.31", "destination.ip": "203.0.113.9"}
        fetched = {
            **ends,
            "http.request.method": "GET",
            "user_agent.original": "curl/8.5.0",
            "http.response.mime_type": "application/vnd.microsoft.portable-executable",
        }
        others = [flow(f"10.20.7.{n}", "10.20.1.5", start + n, fields={"destination.port": 445}) for n in range(40, 60)]
        made.append(
            segment(row("http", start, fields=fetched), flow(*ends.values(), start), *others, number=minute + 1)
        )
    return made


def fill(folder: Path, segments: list[Segment]) -> Path:
    """A site of its own with everything in its spool; gives its configuration."""
    folder.mkdir()
    site = folder / "site.yaml"
    site.write_text(yaml.safe_dump({"data": str(folder / "data")}), encoding="utf-8")
    spool = Spool(folder / "data" / "spool" / "t", 1 << 30)
    for one in segments:
        assert spool.put(one)
    return site


def start(site: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "vonggac", "part", "centre", "--config", str(site)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)


def kill(process: subprocess.Popen[bytes]) -> None:
    """The process and its children at once, as power loss would."""
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def finish(site: Path, process: subprocess.Popen[bytes]) -> None:
    """Wait until the spool is empty, then end it in peace."""
    spool = Spool(site.parent / "data" / "spool" / "t", 1 << 30)
    deadline = time.monotonic() + PATIENCE
    while spool.pending():
        assert process.poll() is None, process.communicate()[1].decode()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 0, said.decode()


def outcome(site: Path) -> dict[str, Any]:
    settings = load(site)
    database, store = state.open(settings.state_url), EmbeddedStore(settings.store_folder)
    with database.session() as session:
        found = {
            "events": store.count(EventQuery()),
            "segments": set(session.scalars(select(SegmentRow.id))),
            "counters": {
                (c.component, c.name): c.value for c in session.scalars(select(Counter)) if c.name != "findings"
            },
            "points": {(p.name, p.at): p.value for p in session.scalars(select(CounterPoint)) if p.name == "events"},
            "findings": set(session.scalars(select(FindingRow.id).where(FindingRow.engine == "sigma"))),
            "alerts": {
                (a.rule, a.machine_id): (a.count, a.first, a.last, tuple(a.events))
                for a in session.scalars(select(Alert).where(Alert.engine == "sigma"))
            },
            "machines": {m.id: (m.verdict, m.last_seen) for m in session.scalars(select(Machine))},
        }
    store.close()
    database.close()
    return found


def test_killed_at_random_points(tmp_path: Path) -> None:
    survives(tmp_path, SEGMENTS, KILLS)


@pytest.mark.soak
def test_killed_again_and_again(tmp_path: Path) -> None:
    survives(tmp_path, 10 * SEGMENTS, 10 * KILLS)


def survives(tmp_path: Path, minutes: int, kills: int) -> None:
    """The same traffic undisturbed and killed ``kills`` times ends in the same state."""
    chance = random.Random()
    segments = traffic(minutes)
    calm, killed = fill(tmp_path / "calm", segments), fill(tmp_path / "killed", segments)
    began = time.monotonic()
    finish(calm, start(calm))
    whole = time.monotonic() - began
    spool = Spool(killed.parent / "data" / "spool" / "t", 1 << 30)
    progress = []
    for _ in range(kills):
        process = start(killed)
        before, deadline = len(spool.pending()), time.monotonic() + PATIENCE
        while len(spool.pending()) == before and before and time.monotonic() < deadline:
            time.sleep(0.01)  # it is at work
        time.sleep(chance.uniform(0, whole / kills / 4))
        kill(process)
        progress.append(len(spool.pending()))
    finish(killed, start(killed))
    expected = outcome(calm)
    assert expected["events"] == sum(one.events for one in segments)
    assert expected["counters"]["centre", "events"] == expected["events"]
    assert expected["alerts"]
    assert outcome(killed) == expected, f"segments left at each kill: {progress}"
