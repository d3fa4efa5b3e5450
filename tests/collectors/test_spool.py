from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors import spool as module
from collectors.segment import ExtractedFile, Segment
from collectors.spool import Spool, SpoolError, thin

ROOMY = 1 << 30
QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def segment(
    number: int, rows: int = 3, observer: str = "hub-1", datasets: tuple[str, ...] = ("flow", "dns")
) -> Segment:
    """The same number always gives the same content."""
    made = random.Random(number)
    tables = {
        name: pa.table(
            {
                "event.id": [f"{name}-{number}-{row}" for row in range(rows)],
                "source.bytes": pa.array([made.getrandbits(40) for _ in range(rows)], pa.int64()),
            }
        )
        for name in datasets
    }
    files = (ExtractedFile(f"file-{number}", made.randbytes(100)),)
    return Segment(f"{observer}-{number}", observer, tables, 1_700_000_000_000_000 + number, files)


TEXT = st.text(st.characters(codec="utf-8"), max_size=9)
ROWS = st.lists(st.tuples(st.none() | TEXT, st.integers(-9, 9)), min_size=1, max_size=5)
TABLE = ROWS.map(
    lambda rows: pa.table({"text": pa.array([a for a, _ in rows], pa.string()), "n": [b for _, b in rows]})
)
SEGMENTS = st.builds(
    Segment,
    id=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.:@+-]{0,40}", fullmatch=True),
    observer=st.text(max_size=10),
    tables=st.dictionaries(st.sampled_from(["flow", "dns", "http", "file"]), TABLE, max_size=3),
    clock=st.integers(0, 2**52),
    files=st.lists(st.builds(ExtractedFile, TEXT, st.binary(max_size=50)), max_size=3).map(tuple),
)


@QUICK
@given(SEGMENTS)
def test_what_is_put_is_read_back(tmp_path_factory: pytest.TempPathFactory, put: Segment) -> None:
    folder = tmp_path_factory.mktemp("spool")
    spool = Spool(folder, ROOMY)
    assert spool.put(put)
    assert Spool(folder, ROOMY).read(put.id) == put
    spool.acknowledge(put.id)
    spool.acknowledge(put.id)
    assert (spool.pending(), spool.read(put.id), spool.bytes) == ([], None, 0)
    assert not spool.dropped


def test_putting_again_changes_nothing(tmp_path: Path) -> None:
    spool = Spool(tmp_path, ROOMY)
    for _ in range(2):
        assert spool.put(segment(1))
    assert list(spool.segments()) == [segment(1)]


def test_order_is_that_of_the_numbers(tmp_path: Path) -> None:
    spool = Spool(tmp_path, ROOMY)
    for number in (12, 9, 100, 1):
        spool.put(segment(number))
    assert spool.pending() == ["hub-1-1", "hub-1-9", "hub-1-12", "hub-1-100"]
    assert [one.clock % 1_000 for one in spool.segments()] == [1, 9, 12, 100]


def test_numbers_never_repeat(tmp_path: Path) -> None:
    seen: list[int] = []
    for _ in range(3):
        writer = Spool(tmp_path, ROOMY).claim()
        seen += [writer.next_sequence() for _ in range(module.RESERVED + 5)]
        writer.close()
    assert seen == sorted(set(seen))


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    writer = Spool(tmp_path, ROOMY).claim()
    with pytest.raises(SpoolError, match="another sensor"):
        Spool(tmp_path, ROOMY).claim()
    writer.close()
    Spool(tmp_path, ROOMY).claim().close()


def test_put_next_names_the_segment(tmp_path: Path) -> None:
    writer = Spool(tmp_path, ROOMY).claim()
    for _ in range(2):
        assert writer.put_next(segment(7))
    assert Spool(tmp_path, ROOMY).pending() == ["hub-1-1", "hub-1-2"]
    writer.close()


def test_names_cannot_leave_the_folder(tmp_path: Path) -> None:
    for name in ("../x", "a/b", "", "x" * 300):
        with pytest.raises(SpoolError, match="folder name"):
            Spool(tmp_path, ROOMY).put(Segment(name, "o", {}, 0))


# ---- crashes


class Killed(BaseException):
    """Nothing catches it: the disk stays as a crash at this step would leave it."""


@pytest.fixture
def dying(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], Callable[[], int]]]:
    """``dying(n)``: the n-th change to the disk from now on never happens. Gives the number of changes so far."""

    def arm(step: int) -> Callable[[], int]:
        done = [0]

        def fatal(real: Callable[..., Any]) -> Callable[..., Any]:
            def called(*arguments: Any, **options: Any) -> Any:
                if done[0] == step:
                    raise Killed
                done[0] += 1
                return real(*arguments, **options)

            return called

        monkeypatch.undo()
        for name in ("mkdir", "rename", "replace", "unlink"):
            monkeypatch.setattr(Path, name, fatal(getattr(Path, name)))
        monkeypatch.setattr(os, "fsync", fatal(os.fsync))
        monkeypatch.setattr(shutil, "rmtree", fatal(shutil.rmtree))
        return lambda: done[0]

    yield arm
    monkeypatch.undo()


def test_a_crash_at_any_step_of_writing_leaves_a_segment_whole_or_absent(
    tmp_path: Path, dying: Callable[[int], Callable[[], int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for step in range(100):
        folder = tmp_path / str(step)
        spool = Spool(folder, ROOMY)
        spool.put(segment(1))
        dying(step)
        try:
            spool.put(segment(2))
            finished = True
        except Killed:
            finished = False
        monkeypatch.undo()
        after = Spool(folder, ROOMY)
        after.claim().close()
        assert after.read("hub-1-1") == segment(1)
        assert list(after.segments()) == ([segment(1), segment(2)] if "hub-1-2" in after.pending() else [segment(1)])
        assert not list(folder.glob(".tmp-*"))
        assert after.put(segment(2))  # the sensor tries again
        assert after.read("hub-1-2") == segment(2)
        if finished:
            assert step > 8
            return
    pytest.fail("writing never ended")


def test_a_crash_while_acknowledging_or_thinning_loses_nothing_else(
    tmp_path: Path, dying: Callable[[int], Callable[[], int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for step in range(100):
        folder = tmp_path / str(step)
        spool = Spool(folder, ROOMY)
        for number in (1, 2, 3):
            spool.put(segment(number))
        dying(step)
        try:
            spool._thin("hub-1-2")
            spool.acknowledge("hub-1-1")
            finished = True
        except Killed:
            finished = False
        monkeypatch.undo()
        after = Spool(folder, ROOMY)
        after.claim().close()
        waiting = {one.id: one for one in after.segments()}
        assert set(waiting) in ({"hub-1-2", "hub-1-3"}, {"hub-1-1", "hub-1-2", "hub-1-3"})
        assert waiting["hub-1-2"] in (segment(2), thin(segment(2)))
        assert waiting["hub-1-3"] == segment(3)
        assert not (folder / ".quarantine").exists()
        if finished:
            assert step > 3
            return
    pytest.fail("it never ended")


WRITER = """
import sys
from pathlib import Path
from collectors.spool import Spool
from tests.collectors.test_spool import segment
writer = Spool(Path(sys.argv[1]), 1 << 30).claim()
while True:
    made = segment(writer.next_sequence(), rows=200)
    writer.put(made)
    print(made.id, flush=True)
"""


def test_kill_9_at_random_points_loses_nothing_that_was_put(tmp_path: Path) -> None:
    for _ in range(4):
        child = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        put = [child.stdout.readline().strip()]
        time.sleep(random.uniform(0.0, 0.3))
        child.send_signal(signal.SIGKILL)
        put += [line.strip() for line in child.stdout if line.endswith("\n")]
        child.wait()
        child.stdout.close()
        spool = Spool(tmp_path, ROOMY)
        waiting = spool.pending()
        assert set(put) <= set(waiting)
        assert len(waiting) <= len(put) + 1  # the last one may have been put, but not told
        for name in waiting:
            assert spool.read(name) == segment(int(name.rpartition("-")[2]), rows=200)
            spool.acknowledge(name)
    assert not (tmp_path / ".quarantine").exists()


# ---- damage


@QUICK
@given(data=st.data())
def test_a_changed_byte_anywhere_is_noticed(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("spool")
    spool = Spool(folder, ROOMY)
    spool.put(segment(1))
    spool.put(segment(2))
    path = data.draw(st.sampled_from(sorted((folder / "hub-1-1").iterdir())))
    content = bytearray(path.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    assert spool.read("hub-1-1") is None
    assert (folder / ".quarantine" / "hub-1-1" / path.name).read_bytes() == content
    assert (spool.pending(), spool.dropped["corrupt"]) == (["hub-1-2"], 1)
    assert spool.read("hub-1-2") == segment(2)


def test_missing_files_and_odd_folders(tmp_path: Path) -> None:
    spool = Spool(tmp_path, ROOMY)
    spool.put(segment(1))
    (tmp_path / "hub-1-1" / "dns.arrow").unlink()
    (tmp_path / "hub-1-2").mkdir()
    (tmp_path / "notes.txt").write_text("left by a person")
    assert list(spool.segments()) == []
    assert spool.pending() == []
    assert spool.dropped["corrupt"] == 2


def test_damaged_counters_are_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "sequence.json").write_text("{")
    with pytest.raises(SpoolError, match=r"sequence\.json is damaged"):
        Spool(tmp_path, ROOMY).claim()


# ---- room


def test_flows_go_first_then_whole_segments_and_all_is_counted(tmp_path: Path) -> None:
    full = Spool(tmp_path, ROOMY)
    for number in range(1, 5):
        full.put(segment(number, rows=300))
    one = full.bytes // 4
    tight = Spool(tmp_path, full.bytes - one // 3)
    tight.put(segment(5, rows=300))
    assert tight.read("hub-1-1") == segment(1, rows=300)  # may be in the hands of the pipeline
    assert tight.read("hub-1-2") == thin(segment(2, rows=300))
    assert tight.read("hub-1-5") == segment(5, rows=300)
    assert tight.dropped == {"flow": 300}
    tiny = Spool(tmp_path, one)
    tiny.put(segment(6, rows=300))
    assert tiny.pending() == ["hub-1-1", "hub-1-6"]
    assert tiny.dropped == {"flow": 1_200, "dns": 1_200, "segments": 4} or tiny.dropped["segments"] == 4
    assert Spool(tmp_path, one).dropped == tiny.dropped


def test_making_room_survives_a_damaged_segment(tmp_path: Path) -> None:
    spool = Spool(tmp_path, 1)
    for number in (1, 2):
        spool.put(segment(number))
    (tmp_path / "hub-1-2" / "meta.json").write_text("not json")
    assert spool.put(segment(3))
    assert "hub-1-2" not in spool.pending()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_keeps_what_fits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    real = module._write_file

    def write(path: Path, body: bytes, sync_folder: bool = True) -> None:
        if path.name in refused:
            raise OSError(code, os.strerror(code))
        real(path, body, sync_folder)

    monkeypatch.setattr(module, "_write_file", write)
    spool = Spool(tmp_path, ROOMY)
    refused = {"flow.arrow"}
    assert spool.put(segment(1))
    assert spool.read("hub-1-1") == thin(segment(1))
    refused = {"flow.arrow", "dns.arrow", "dropped.json"}
    assert not spool.put(segment(2))
    assert spool.pending() == ["hub-1-1"]
    assert spool.dropped == {"flow": 6, "dns": 3, "segments": 1}
    refused = {"sequence.json"}
    writer = spool.claim()
    assert not writer.put_next(segment(3))
    writer.close()
    refused = set()
    assert spool.put(segment(4))
    assert not list(tmp_path.glob(".tmp-*"))


def test_another_error_of_the_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(module, "_write_file", broken)
    with pytest.raises(SpoolError, match="nothing can be stored"):
        Spool(tmp_path, ROOMY).put(segment(1))


FILLER = """
import sys
from pathlib import Path
from collectors.spool import Spool
from tests.collectors.test_spool import segment
spool = Spool(Path(sys.argv[1]), 1 << 30)
kept = [spool.put(segment(number, rows=20_000)) for number in range(1, 30)]
whole = [one for one in spool.segments()]
assert whole and not all(kept), kept
assert spool.dropped["corrupt"] == 0
for one in whole:
    expected = segment(int(one.id.rpartition("-")[2]), rows=20_000)
    assert one.tables["dns"].equals(expected.tables["dns"]) and one.clock == expected.clock
    spool.acknowledge(one.id)
assert spool.put(segment(99)) and spool.read("hub-1-99") == segment(99)
"""


@pytest.mark.live
def test_a_small_disk_that_is_really_full(tmp_path: Path) -> None:
    script = f'mount -t tmpfs -o size=4m none "{tmp_path}" && exec "{sys.executable}" -c "$0" "{tmp_path}"'
    subprocess.run(["unshare", "-m", "sh", "-c", script, FILLER], check=True, timeout=60)
