"""The measurements, each against its budget."""

from __future__ import annotations

import json
import re
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.captures import Bench
from benchmarks.measure import Cost, run

ROOT: Final = Path(__file__).resolve().parent.parent
VONGGAC: Final = str(ROOT / ".venv/bin/vonggac")
MEGABYTE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table."""

    name: str
    value: float
    unit: str
    budget: float
    hope: float | None = None
    more_is_better: bool = False
    details: dict[str, float | str] = field(default_factory=dict)

    @property
    def kept(self) -> bool:
        """Whether the budget is kept."""
        return self.value >= self.budget if self.more_is_better else self.value <= self.budget


@dataclass(frozen=True, slots=True)
class Extent:
    """How much to measure."""

    pairs: int
    """Pairs of subject and yardstick."""
    times: int
    """How often the mix is repeated for the long capture."""


class FailedError(Exception):
    """A subject ended with an error: its figure would mean nothing."""


def sensor_discard(bench: Bench, extent: Extent) -> Iterator[Figure]:
    """Every protocol and hash on, events built and dropped; its start-up is measured apart."""
    ratio, costs, loops = against_loop(bench, extent, _vonggac("sensor", "--discard", "--read", bench.mix))
    start = statistics.median(cost.cpu for cost in _start_up(bench, extent))
    work = statistics.median(cost.cpu for cost in costs) - start
    details: dict[str, float | str] = {
        "cpu_seconds": _median(costs),
        "loop_cpu_seconds": _median(loops),
        "start_up_cpu_seconds": start,
        "ratio_without_start_up": _median(loops) / work,
    }
    yield Figure("sensor, events dropped", ratio, "× loop", 0.20, 0.30, more_is_better=True, details=details)
    peak = max(cost.memory for cost in costs) / MEGABYTE
    yield Figure("peak memory of the sensor on the mix", peak, "MB", 120, 60)
    long = run(_vonggac("sensor", "--discard", "--read", "-"), source=_repeated(bench, extent.times))
    _check(long)
    growth = 100 * (long.memory / MEGABYTE / peak - 1)
    yield Figure(
        f"growth of that on a capture {extent.times}× as long",
        growth,
        "%",
        10,
        details={"megabytes": long.memory / MEGABYTE},
    )


def sensor_parquet(bench: Bench, extent: Extent) -> Iterator[Figure]:
    """Into Parquet on disk."""
    with tempfile.TemporaryDirectory(dir=bench.folder) as scratch:
        out = Path(scratch) / "events"
        command = _vonggac("sensor", "--out", out, "--read", bench.mix)
        ratio, costs, _ = against_loop(bench, extent, command, lambda: shutil.rmtree(out, ignore_errors=True))
    details = {"cpu_seconds": _median(costs), "megabytes": max(cost.memory for cost in costs) / MEGABYTE}
    yield Figure("sensor, into Parquet", ratio, "× loop", 0.10, 0.15, more_is_better=True, details=dict(details))


def analyse_mix(bench: Bench, extent: Extent) -> Iterator[Figure]:
    """All rules, YARA on files, verdicts."""
    ratio, costs, _ = against_loop(bench, extent, _vonggac("analyse", "--format", "json", bench.mix))
    details = {"cpu_seconds": _median(costs), "seconds": statistics.median(cost.seconds for cost in costs)}
    yield Figure("analyse, everything on", ratio, "× loop", 0.02, 0.05, more_is_better=True, details=dict(details))
    yield Figure("peak memory of that", max(cost.memory for cost in costs) / MEGABYTE, "MB", 1_536, 1_024)


def analyse_small(bench: Bench, extent: Extent) -> Iterator[Figure]:
    """1,000 packets, compiled rules cached."""
    command = _vonggac("analyse", "--format", "json", bench.slices[0])
    _check(run(command))
    costs = [_check(run(command)) for _ in range(extent.pairs)]
    seconds = statistics.median(cost.seconds for cost in costs)
    yield Figure(
        "analyse of 1,000 packets, second run", seconds, "s", 1.5, 0.5, details={"cpu_seconds": _median(costs)}
    )


def analyse_many(bench: Bench, _: Extent) -> Iterator[Figure]:
    """200 small captures in one call."""
    cost = _check(run(_vonggac("analyse", "--format", "json", *bench.slices)))
    found = len(json.loads(cost.output)["captures"])
    details = {"cpu_seconds": cost.cpu, "megabytes": cost.memory / MEGABYTE, "captures": found}
    yield Figure("analyse of 200 captures in one call", cost.seconds, "s", 60, 20, details=dict(details))


def hostile(bench: Bench, _: Extent) -> Iterator[Figure]:
    """Captures made to break analysers."""
    costs = [
        run(_vonggac("analyse", "--format", "json", path), patience=60)
        for path in sorted((bench.shared / "hostile").iterdir())
        if path.suffix in (".pcap", ".pcapng")
    ]
    if costs:
        yield Figure("slowest hostile capture", max(cost.seconds for cost in costs), "s", 10)
        yield Figure("largest hostile capture", max(cost.memory for cost in costs) / MEGABYTE, "MB", 300)


def window(bench: Bench, _: Extent) -> Iterator[Figure]:
    """Live detection with five million flows in the window, all rules on; filling it does not count."""
    cost = _check(run([sys.executable, "-m", "benchmarks.window"], patience=3_600))
    told = json.loads(cost.output)
    if told["errors"]:
        raise FailedError(f"rules failed: {told['errors'][0]}")
    details = {name: told[name] for name in ("flows", "events", "minutes", "cpu_seconds", "seconds", "findings")}
    yield Figure(
        "detection with 5 million flows in the window",
        told["events_per_cpu_second"],
        "events/s on one core",
        5_000,
        15_000,
        more_is_better=True,
        details=details,
    )
    yield Figure("memory of that", told["megabytes"], "MB", 1_536, 1_024)


CASES: Final[dict[str, Callable[[Bench, Extent], Iterator[Figure]]]] = {
    "sensor": sensor_discard,
    "parquet": sensor_parquet,
    "analyse": analyse_mix,
    "small": analyse_small,
    "many": analyse_many,
    "hostile": hostile,
    "window": window,
}


def against_loop(
    bench: Bench, extent: Extent, command: Sequence[str | Path], before: Callable[[], object] = lambda: None
) -> tuple[float, list[Cost], list[Cost]]:
    """Median of (packets a CPU-second of the subject ÷ of the loop) over alternating pairs, and all costs.

    Both read the same packets, so that it is the loop's CPU time over the subject's. One unmeasured look at the file first
    brings it into the page cache.
    """
    loop = [bench.yardstick, bench.mix]
    _check(run(loop))
    subject, yardstick = [], []
    for _ in range(extent.pairs):
        before()
        yardstick.append(_check(run(loop)))
        subject.append(_check(run(command)))
    ratios = [ours.cpu and theirs.cpu / ours.cpu for ours, theirs in zip(subject, yardstick, strict=True)]
    return statistics.median(ratios), subject, yardstick


def packets(bench: Bench) -> int:
    """Packets of the mix, counted by the yardstick."""
    match = re.match(r"(\d+) packets", _check(run([bench.yardstick, bench.mix])).output)
    return int(match.group(1)) if match else 0


def _vonggac(*words: str | Path) -> list[str | Path]:
    return [VONGGAC, *words]


def _start_up(bench: Bench, extent: Extent) -> list[Cost]:
    command = _vonggac("sensor", "--discard", "--read", bench.slices[0])
    return [_check(run(command)) for _ in range(extent.pairs)]


def _repeated(bench: Bench, times: int) -> list[str | Path]:
    return [sys.executable, "-m", "benchmarks.captures", bench.mix, str(times)]


def _check(cost: Cost) -> Cost:
    if cost.code not in (0, 1) or cost.timed_out:  # 1: there are findings
        raise FailedError(f"exit code {cost.code} after {cost.seconds:.0f} s: {cost.errors.strip()[-300:]}")
    return cost


def _median(costs: Sequence[Cost]) -> float:
    return statistics.median(cost.cpu for cost in costs)
