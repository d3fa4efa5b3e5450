"""What is measured: the mixed capture and what is cut from it, and the yardstick; made once, kept under ``var/bench``."""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

TOOLS: Final = {"editcap": "tshark", "mergecap": "tshark", "capinfos": "tshark", "tcprewrite": "tcpreplay"}
"""Command → Debian package, of what ``bench/make_mixed.py`` calls."""
SLICES, SLICE_PACKETS = 200, 1_000
_GLOBAL, _RECORD = struct.Struct("<IHHiIII"), struct.Struct("<IIII")


class MissingError(Exception):
    """Something that a benchmark needs is not there; one line: what, and how to get it."""


@dataclass(frozen=True, slots=True)
class Bench:
    """The folder of everything that was made."""

    folder: Path
    shared: Path

    @property
    def mix(self) -> Path:
        """Some 668,000 packets of everyday and hostile traffic over four hours (takes minutes the first time)."""
        path = self.folder / "mixed.pcap"
        if not path.exists():
            for command, package in TOOLS.items():
                if shutil.which(command) is None:
                    raise MissingError(
                        f"{command} is missing; install {package} (Debian: apt-get install tshark tcpreplay)"
                    )
            part = path.with_suffix(".part")
            self._call([sys.executable, self.shared / "bench/make_mixed.py", part, "--corpus", self.shared / "corpus"])
            part.rename(path)
        return path

    @property
    def yardstick(self) -> Path:
        """A loop over libpcap that only counts."""
        path = self.folder / "pcapcount"
        if not path.exists():
            if shutil.which("cc") is None or not Path("/usr/include/pcap.h").exists():
                raise MissingError(
                    "a C compiler with libpcap's headers is missing (Debian: apt-get install gcc libpcap-dev)"
                )
            self._call(["cc", "-O2", self.shared / "tools/pcapcount.c", "-o", path, "-lpcap"])
        return path

    @property
    def slices(self) -> list[Path]:
        """Small captures from all over the mix, of 1,000 packets each."""
        folder = self.folder / "slices"
        paths = [folder / f"{number:03}.pcap" for number in range(SLICES)]
        if not all(path.exists() for path in paths):
            folder.mkdir(parents=True, exist_ok=True)
            cut(self.mix, paths, SLICE_PACKETS)
        return paths

    def _call(self, command: list[str | Path]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
        if done.returncode:
            raise MissingError(f"{Path(command[0]).name} failed: {done.stderr.strip()[-300:]}")


def records(file: BinaryIO) -> Iterator[tuple[int, int, bytes]]:
    """Seconds, fraction and rest (lengths and content) of every packet; the file stands behind its header."""
    while len(head := file.read(_RECORD.size)) == _RECORD.size:
        seconds, fraction, held, _ = _RECORD.unpack(head)
        yield seconds, fraction, head[8:] + file.read(held)


def header(file: BinaryIO) -> bytes:
    """The header of a pcap file as it is written here; raises MissingError for another kind."""
    head = file.read(_GLOBAL.size)
    if head[:4] not in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1"):
        raise MissingError(f"{file.name} is no little-endian pcap file; remove it, it is made anew")
    return head


def cut(source: Path, targets: list[Path], packets: int) -> None:
    """Every target gets ``packets`` packets in a row; the places are spread evenly over the source."""
    with source.open("rb") as file:
        head = header(file)
        total = sum(1 for _ in records(file))
        file.seek(len(head))
        stride = max(total // len(targets), packets)
        stream = records(file)
        for target in targets:
            with target.open("wb") as out:
                out.write(head)
                for seconds, fraction, rest in islice(stream, packets):
                    out.write(struct.pack("<II", seconds, fraction) + rest)
            deque(islice(stream, stride - packets), maxlen=0)  # passes over what lies between


def repeat(source: Path, times: int, out: BinaryIO) -> None:
    """The capture again and again, each time later, so that time never goes back."""
    with source.open("rb") as file:
        out.write(header(file))
        held = list(records(file))
    span = held[-1][0] - held[0][0] + 1
    for turn in range(times):
        for first in range(0, len(held), 4_096):
            piece = held[first : first + 4_096]
            out.write(b"".join(struct.pack("<II", s + turn * span, f) + rest for s, f, rest in piece))


if __name__ == "__main__":  # python -m benchmarks.captures FILE TIMES: onto standard output
    repeat(Path(sys.argv[1]), int(sys.argv[2]), sys.stdout.buffer)
