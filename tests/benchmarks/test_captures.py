"""Captures of the benchmarks: cut and repeated without losing or inventing a packet."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from benchmarks.captures import MissingError, cut, header, records, repeat
from tests.collectors.captures import conversations, pcap


def times(capture: bytes) -> list[tuple[int, int]]:
    file = io.BytesIO(capture)
    header(file)
    return [(seconds, fraction) for seconds, fraction, _ in records(file)]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.pcap"
    path.write_bytes(pcap(conversations(50, step=100_000)))  # 100 packets in 5 seconds
    return path


def test_slices_hold_packets_in_a_row_from_all_over_the_source(source: Path, tmp_path: Path) -> None:
    targets = [tmp_path / f"{number}.pcap" for number in range(4)]
    cut(source, targets, packets=10)
    whole = times(source.read_bytes())
    for number, target in enumerate(targets):
        assert times(target.read_bytes()) == whole[number * 25 : number * 25 + 10]


def test_a_repeated_capture_never_goes_back_in_time(source: Path) -> None:
    out = io.BytesIO()
    repeat(source, 3, out)
    seen = times(out.getvalue())
    assert len(seen) == 300
    assert seen == sorted(seen)
    assert seen[:100] == times(source.read_bytes())


def test_another_kind_of_file_is_refused_with_a_line() -> None:
    with pytest.raises(MissingError, match="no little-endian pcap"):
        repeat(Path(__file__), 1, io.BytesIO())
