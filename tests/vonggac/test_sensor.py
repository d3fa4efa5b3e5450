from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from collectors.capture import SensorOptions
from pipelines.settings import load
from tests.collectors.captures import conversations, pcap
from vonggac.run import sensor_options


def sensor(*arguments: str, stdin: bytes = b"") -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "vonggac", "sensor", *arguments], input=stdin, capture_output=True, timeout=60
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    path = tmp_path / "office.pcap"
    path.write_bytes(pcap(conversations(20)))
    return path


def test_events_as_lines(capture: Path) -> None:
    code, out, err = sensor("--read", str(capture), "--format", "jsonl")
    events = [json.loads(line) for line in out.splitlines()]
    assert (code, err) == (0, "")
    assert sum(event["event.dataset"] == "flow" for event in events) == 20
    assert all(event["@timestamp"].endswith("Z") and None not in event.values() for event in events)
    assert sensor("--read", "-", "--format", "jsonl", stdin=capture.read_bytes())[:2] == (0, out)


def test_events_as_parquet(capture: Path, tmp_path: Path) -> None:
    out = tmp_path / "events"
    assert sensor("--read", str(capture), "--out", str(out))[0] == 0
    assert pq.read_table(out / "flow.parquet").num_rows == 20


def test_discard_prints_nothing_and_stats_go_to_the_side(capture: Path) -> None:
    code, out, err = sensor("--read", str(capture), "--discard", "--stats")
    assert (code, out) == (0, "")
    assert "office.pcap: 40 packets" in err
    assert [line.split()[1] for line in err.splitlines() if "packets.seen" in line] == ["40"]


def test_one_bad_file_does_not_stop_the_others(capture: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.pcap"
    bad.write_bytes(b"no packets in here, only words")
    code, out, err = sensor("--read", str(bad), "--read", str(capture), "--format", "jsonl")
    assert code == 3
    assert err.splitlines() == [f"vonggac: {bad}: is no capture; give pcap or pcapng, plain or in gzip or zstd"]
    assert len(out.splitlines()) >= 20


def test_a_cut_capture_gives_a_warning_and_the_normal_code(capture: Path) -> None:
    capture.write_bytes(capture.read_bytes()[:-7])
    code, out, err = sensor("--read", str(capture), "--format", "jsonl")
    assert code == 0
    assert "ends within a packet" in err
    assert len(err.splitlines()) == 1
    assert '"event.dataset":"flow"' in out


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--read", "x.pcap"),
        ("--read", "x.pcap", "--discard", "--format", "jsonl"),
        ("--read", "x.pcap", "--interface", "lo", "--discard"),
        ("--interface", "lo", "--discard"),
        ("--read", "x.pcap", "--format", "xml"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...]) -> None:
    code, out, err = sensor(*arguments)
    assert (code, out) == (2, "")
    assert err


def test_an_interface_that_is_not_there(tmp_path: Path) -> None:
    site = tmp_path / "site.yaml"
    site.write_text(f"data: {tmp_path / 'data'}\n")
    code, _, err = sensor("--interface", "nosuch0", "--config", str(site))
    assert code == 3
    assert err.startswith("vonggac: nosuch0: no such interface") or "no right to capture" in err


def test_help_has_examples() -> None:
    code, out, _ = sensor("--help")
    assert code == 0
    assert "vonggac sensor --read office.pcap --format jsonl" in out


def test_the_defaults_are_those_of_the_settings() -> None:
    assert SensorOptions() == sensor_options(load())


def test_measuring_starts_without_what_it_does_not_need(capture: Path) -> None:
    heavy = ("pyarrow", "pydantic", "rich", "yaml")
    code = (
        f"import sys; sys.argv[1:] = ['sensor', '--read', {str(capture)!r}, '--discard']\n"
        "from vonggac.__main__ import main\n"
        f"try: main()\nexcept SystemExit: print([name for name in {heavy} if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
