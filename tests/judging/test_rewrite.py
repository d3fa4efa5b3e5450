"""A capture taken elsewhere: everything at home has other names, everything else and every length stays."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.structure.tree import ROOT

sys.path.insert(0, str(ROOT / "scripts"))

from judging import packets, rewrite

WEEK = 7 * 86_400


@pytest.fixture(scope="module")
def capture(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A machine that calls a server outside and asks for names, through the real generators."""
    path = tmp_path_factory.mktemp("rewrite") / "beacon.pcap"
    words = ["write", "beacon", "transport=http", "count=12", "--seed", "1", "--out", str(path)]
    subprocess.run([sys.executable, "-m", "scenarios", *words], cwd=ROOT, check=True, capture_output=True)
    return path.read_bytes()


def ends(content: bytes) -> Iterator[tuple[str, str]]:
    for frame in packets.frames(content):
        kind, at = packets.network(frame)
        if kind == packets.IPV4:
            yield tuple(".".join(map(str, frame.data[at + offset : at + offset + 4])) for offset in (12, 16))  # type: ignore[misc]


def checksum(data: bytes) -> int:
    """RFC 1071 over data that holds its own checksum: 0 if that is right."""
    data += b"\0" * (len(data) & 1)
    total = sum(int.from_bytes(data[at : at + 2]) for at in range(0, len(data), 2))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


def test_home_moves_and_the_rest_stays(capture: bytes) -> None:
    rewriter = rewrite.Rewriter("seed")
    moved = rewriter.capture(capture)
    assert len(moved) == len(capture)
    pairs = dict(
        pair
        for before, after in zip(ends(capture), ends(moved), strict=True)
        for pair in zip(before, after, strict=True)
    )
    home = {old: new for old, new in pairs.items() if old.startswith("10.")}
    assert home
    assert all(new.startswith("10.") and new != old and len(new) == len(old) for old, new in home.items())
    assert all(new == old for old, new in pairs.items() if not old.startswith("10."))
    assert rewriter.back(home) == {new: old for old, new in home.items()}


def test_times_move_by_whole_weeks(capture: bytes) -> None:
    moved = rewrite.Rewriter("seed").capture(capture)
    shifts = {
        round(after.seconds - before.seconds)
        for before, after in zip(packets.frames(capture), packets.frames(moved), strict=True)
    }
    (shift,) = shifts
    assert shift
    assert shift % WEEK == 0


def test_checksums_stay_right(capture: bytes) -> None:
    judged = 0
    for frame in packets.frames(rewrite.Rewriter("seed").capture(capture)):
        kind, at = packets.network(frame)
        packet = packets.ip4(frame.data, at) if kind == packets.IPV4 else None
        if packet is None or packet.protocol != packets.TCP:
            continue
        data = bytes(frame.data)
        assert checksum(data[packet.at : packet.body]) == 0
        body = data[packet.body : packet.end]
        pseudo = data[at + 12 : at + 20] + bytes([0, packet.protocol]) + len(body).to_bytes(2)
        assert checksum(pseudo + body) == 0
        judged += 1
    assert judged > 20


def test_the_same_seed_gives_the_same_place(capture: bytes) -> None:
    first, again, other = (rewrite.Rewriter(seed).capture(capture) for seed in ("a", "a", "b"))
    assert first == again != other


def test_a_file_that_is_no_capture_is_told(tmp_path: Path) -> None:
    with pytest.raises(packets.FormatError, match="neither pcap nor pcapng"):
        rewrite.Rewriter("seed").capture(b"no capture at all")
