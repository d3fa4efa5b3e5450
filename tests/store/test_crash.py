"""kill -9 at any point: nothing acknowledged is lost, nothing is held twice, and what is left over is swept away."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from pipelines.store.embedded import EmbeddedStore, compaction, parts
from pipelines.store.events import EventQuery, StoreError
from tests.store.rows import event, segment

CHILD = Path(__file__).with_name("append_until_killed.py")
KILLS = 5


def _append_and_kill(folder: Path, first: int, seconds: float) -> int:
    """The newest number that the child acknowledged before it was killed, or the one before ``first``."""
    root = str(Path(__file__).resolve().parents[2])
    command = [sys.executable, str(CHILD), str(folder), str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": root}) as child:
        assert child.stdout is not None
        acknowledged = first - 1
        line = child.stdout.readline()  # it works: now let it work for a while
        assert line
        time.sleep(seconds)
        child.send_signal(signal.SIGKILL)
        for promise in (line, *child.stdout):
            if promise.endswith("\n"):
                acknowledged = int(promise)
    return acknowledged


def test_killed_at_random_points(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "events"
    chance = random.Random(7)
    acknowledged = -1
    for _kill in range(KILLS):
        # The segment that was being written when the child died is sent again, like a spool does.
        acknowledged = _append_and_kill(folder, acknowledged + 1, chance.uniform(0.05, 0.4))
        store = EmbeddedStore(folder)
        held = Counter(
            identity
            for one in store.segments(event("x")["@timestamp"])
            for rows in one.tables.values()
            for identity in rows["event.id"].to_pylist()
        )
        store.close()
        expected = {
            f"{n}-{dataset}-{row}" for n in range(acknowledged + 1) for dataset in ("dns", "http") for row in "ab"
        }
        assert expected <= held.keys()
        assert max(held.values()) == 1
        # At most the one segment whose answer never came is held beyond that, and then whole.
        assert len(held) - len(expected) in (0, 4)
    assert acknowledged > KILLS

    monkeypatch.setattr(compaction, "GRACE", -1.0)
    store = EmbeddedStore(folder)
    store.compact()
    store.compact()
    files = {str(path.relative_to(folder)) for path in folder.glob("[!s]*/*/*")}  # without spill
    assert files == {part.path for same in store._catalogue.parts().values() for part in same}
    assert store.count(EventQuery()) == len(held)
    store.close()


def test_a_full_disk_stores_nothing_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = EmbeddedStore(tmp_path)
    written = []

    def full(folder: Path) -> None:
        written.append(folder)
        if len(written) > 6:
            raise OSError(28, "No space left on device")

    one = segment("s-1", [event("a"), event("b", "http"), event("c", seconds=90_000)])
    with monkeypatch.context() as patched:
        patched.setattr(parts, "sync", full)
        with pytest.raises(StoreError, match="No space left on device"):
            store.append(one)
    assert store.count(EventQuery()) == 0
    assert store.append(one)
    assert store.count(EventQuery()) == 3
    store.close()
