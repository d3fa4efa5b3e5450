from __future__ import annotations

import gzip
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.capture import CaptureError, CaptureReader, CaptureSummary, LiveCapture, SensorOptions
from collectors.segment import Segment
from pipelines.settings import load
from schema import DATASETS, ENRICHED
from tests.collectors.captures import CLIENT, SERVER, START, conversations, pcap, udp

OPTIONS = SensorOptions(observer="hub-1")


def read(path: Path, rows: int = 50_000) -> tuple[list[Segment], CaptureSummary]:
    reader = CaptureReader(path, OPTIONS)
    return list(reader.segments(rows)), reader.summary()


def flows(segments: list[Segment]) -> list[dict[str, object]]:
    return [row for segment in segments if "flow" in segment.tables for row in segment.tables["flow"].to_pylist()]


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    path = tmp_path / "office.pcap"
    path.write_bytes(pcap(conversations(50)))
    return path


def test_packets_become_events_with_their_summary(capture: Path) -> None:
    segments, summary = read(capture)
    seen = flows(segments)
    assert len(seen) == 50
    assert {(row["source.ip"], row["destination.ip"], row["destination.port"]) for row in seen} == {
        (CLIENT, SERVER, 7777)
    }
    assert {row["observer.id"] for row in seen} == {"hub-1"}
    assert (summary.packets, summary.first, summary.last) == (100, START, START + 49_500)
    assert summary.events["flow"] == 50
    assert (summary.cut, summary.dropped, summary.anomalies, summary.warnings) == (False, 0, 0, [])
    assert summary.counters["packets.seen"] == summary.counters["source.frames"] == 100
    assert segments[-1].clock == START + 49_500
    assert [segment.id for segment in segments] == [f"hub-1-{n + 1}" for n in range(len(segments))]


def test_tables_have_the_sensors_columns_of_the_schema(capture: Path) -> None:
    segments, _ = read(capture)
    tables = {name: table for segment in segments for name, table in segment.tables.items()}
    assert "flow" in tables
    for name, table in tables.items():
        expected = [(field.name, field.type) for field in DATASETS[name] if field.name not in ENRICHED]
        assert [(field.name, field.type) for field in table.schema] == expected, name


def test_segments_end_at_the_same_packets_whatever_their_size(capture: Path) -> None:
    whole, _ = read(capture)
    pieces, _ = read(capture, rows=1)
    again, _ = read(capture, rows=1)
    assert len(flows(pieces)) == len(flows(whole)) == 50
    assert {row["event.id"] for row in flows(pieces)} == {row["event.id"] for row in flows(whole)}
    assert [segment.tables for segment in pieces] == [segment.tables for segment in again]


def test_compressed_and_plain_are_the_same(capture: Path, tmp_path: Path) -> None:
    packed = tmp_path / "office.pcap.gz"
    packed.write_bytes(gzip.compress(capture.read_bytes()))
    assert flows(read(packed)[0]) == flows(read(capture)[0])


def test_progress_grows_to_the_whole(tmp_path: Path) -> None:
    path = tmp_path / "long.pcap"
    path.write_bytes(pcap(conversations(20_000, step=200_000)))
    reader = CaptureReader(path, OPTIONS)
    shares = [reader.share_read for _ in reader.segments(2_000)]
    assert shares == sorted(shares, key=lambda share: share or 0.0)
    assert (shares[0] or 1.0) < 0.5
    assert reader.share_read == 1.0


@settings(max_examples=30)
@given(lost=st.integers(1, 5_000))
def test_a_cut_capture_gives_what_it_has(tmp_path_factory: pytest.TempPathFactory, lost: int) -> None:
    frames = conversations(50)
    whole, size = pcap(frames), len(pcap(frames[:1])) - 24
    path = tmp_path_factory.mktemp("cut") / "cut.pcap"
    path.write_bytes(whole[:-lost])
    _, summary = read(path)
    assert summary.packets == (len(whole) - lost - 24) // size
    assert summary.cut == (lost % size != 0)
    assert len(summary.warnings) == summary.cut


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"not packets, only words, and some more of them", "is no capture"),
        (b"PK\x03\x04" + bytes(60), "unpack it first"),
        (pcap([], link_type=1)[:10], "ends within its file header"),
        (pcap(conversations(2), link_type=105), "4 packets of link type 105"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "x.pcap"
    path.write_bytes(content)
    with pytest.raises(CaptureError) as error:
        read(path)
    assert message in str(error.value)
    assert str(error.value).startswith(str(path))
    assert "\n" not in str(error.value)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.pcap", tmp_path):
        with pytest.raises(CaptureError, match=str(path)):
            CaptureReader(path, OPTIONS)


def test_standard_input(capture: Path) -> None:
    program = (
        "from collectors.capture import *\n"
        "reader = CaptureReader(None, SensorOptions(observer='hub-1'))\n"
        "assert reader.share_read is None\n"
        "for _ in reader.segments(): pass\n"
        "print(reader.summary().packets, reader.summary().file)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=capture.read_bytes(), capture_output=True, timeout=60, check=True
    )
    assert done.stdout == b"100 standard input\n"


def test_the_interpreter_is_free_while_the_sensor_waits() -> None:
    """Reading from a pipe that says nothing: another thread must go on, or Ctrl-C would never be seen."""
    beginning, rest = pcap(conversations(1))[:30], pcap(conversations(1))[30:]
    incoming, outgoing = os.pipe()
    os.write(outgoing, beginning)

    def later() -> None:
        os.write(outgoing, rest)
        os.close(outgoing)

    timer = threading.Timer(0.3, later)  # runs only if the reader lets it
    timer.start()
    try:
        _, summary = read(Path(f"/proc/self/fd/{incoming}"))
    finally:
        timer.join()
        os.close(incoming)
    assert summary.packets == 2


def test_defaults_are_those_of_the_configuration() -> None:
    sensor = load().sensor
    chosen = SensorOptions(observer=sensor.observer)
    for name in ("file_limit", "md5", "sha1", "max_flows"):
        assert getattr(chosen, name) == getattr(sensor, name), name


def test_vlan_tags_are_seen(tmp_path: Path) -> None:
    path = tmp_path / "vlan.pcap"
    frames = conversations(1)
    path.write_bytes(pcap([*frames, type(frames[0])(START + 9_000, udp(30_000, vlan=20))]))
    assert sorted(row["network.vlan.id"] or 0 for row in flows(read(path)[0])) == [0, 20]  # type: ignore[type-var]


@pytest.mark.parametrize(
    ("interface", "filter", "message"),
    [
        ("nosuch0", None, "no such interface"),
        ("lo", "host web.example", "names are not looked up"),
        ([], None, "name 1 to 16"),
    ],
)
def test_live_capture_that_cannot_begin_says_why(interface: str | list[str], filter: str | None, message: str) -> None:
    if os.geteuid() != 0 and filter is None and interface:
        message = "no right to capture"
    with pytest.raises(CaptureError, match=message):
        LiveCapture(interface, OPTIONS, filter)


def test_the_key_of_masks_is_made_once_and_checked(tmp_path: Path) -> None:
    path = tmp_path / "data" / "secret.key"
    program = (
        "import sys\nfrom pathlib import Path\nfrom collectors.capture import CaptureError, use_secret_key\n"
        "try: use_secret_key(Path(sys.argv[1]))\n"
        "except CaptureError as error: print(error)\n"
    )

    def use() -> str:
        command = [sys.executable, "-c", program, str(path)]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout

    assert use() == ""
    key = path.read_bytes()
    assert (len(key), path.stat().st_mode & 0o777) == (32, 0o600)
    assert use() == ""
    assert path.read_bytes() == key
    path.write_bytes(b"short")
    assert "is no key of 32 bytes" in use()
