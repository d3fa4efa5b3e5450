"""Runs a command and tells what it cost: processor time and memory of the whole process tree."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PAUSE: Final = 0.1
"""Seconds between looks at the memory: a peak that lasts for less is caught only in the largest process."""


@dataclass(frozen=True, slots=True)
class Cost:
    """One run of a command."""

    code: int
    """Exit code; negative: the signal that ended it."""
    seconds: float
    """Wall clock."""
    cpu: float
    """User and system seconds of the process and of every descendant that was waited for."""
    memory: int
    """Peak bytes: the sum over the tree as sampled, with shared pages counted once, or the largest process's resident
    size, whichever is more."""
    output: str
    errors: str
    timed_out: bool = False


def run(command: Sequence[str | Path], patience: float = 900.0, source: Sequence[str | Path] | None = None) -> Cost:
    """Run to the end, or for ``patience`` seconds at most; the machine's own measure (wait4), not an estimate.

    ``source``: a command whose output is the standard input; it does not count.
    """
    with ExitStack() as stack:
        out, err = stack.enter_context(tempfile.TemporaryFile()), stack.enter_context(tempfile.TemporaryFile())
        writer = (
            stack.enter_context(subprocess.Popen(list(map(str, source)), stdout=subprocess.PIPE)) if source else None
        )
        given = writer.stdout if writer else subprocess.DEVNULL
        begin = time.perf_counter()
        process = subprocess.Popen(list(map(str, command)), stdin=given, stdout=out, stderr=err, start_new_session=True)
        if writer and writer.stdout:
            writer.stdout.close()  # the subject alone reads; when it ends, the writer notices
        watch = _Watch(process.pid, patience)
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        watch.done.set()
        watch.join()
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read().decode(errors="replace"))
    return Cost(
        code=process.returncode,
        seconds=seconds,
        cpu=usage.ru_utime + usage.ru_stime,
        memory=max(watch.peak, usage.ru_maxrss * 1024),
        output=texts[0],
        errors=texts[1],
        timed_out=watch.timed_out,
    )


def cpu_of_tree() -> float:
    """User and system seconds of this process and its children until now, those that still run among them."""
    ticks = os.sysconf("SC_CLK_TCK")
    fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in _tree(os.getpid())]
    return sum(sum(map(int, one[11:15])) for one in fields) / ticks


def memory_of_tree() -> int:
    """Bytes of this process and its children, shared pages counted once."""
    return sum(map(_resident, _tree(os.getpid())))


class _Watch(threading.Thread):
    """Looks at the tree's memory now and then, and ends the tree when it has run out of time."""

    def __init__(self, pid: int, patience: float) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._end = time.monotonic() + patience
        self.done = threading.Event()
        self.peak = 0
        self.timed_out = False

    def run(self) -> None:
        """Until ``done``."""
        while not self.done.wait(_PAUSE):
            tree = list(_tree(self._pid))
            self.peak = max(self.peak, sum(map(_resident, tree)))
            if time.monotonic() > self._end and not self.timed_out:
                self.timed_out = True
                os.killpg(self._pid, 9)  # its own session: started above


def _tree(pid: int) -> Iterator[int]:
    yield pid
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _tree(int(child))
    except OSError:  # it has ended
        return


def _resident(pid: int) -> int:
    """Proportional set size: what processes share is divided among them."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:  # it has ended
        pass
    return 0
