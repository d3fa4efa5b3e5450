"""The results as ``docs/benchmarks.md``."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path
from typing import Any, Final

Results = dict[str, Any]

HEAD: Final = """# Benchmarks

Made by `make bench` from `docs/benchmarks.json`; do not edit. Ratios are packets per CPU-second of the subject over those of a
loop that only counts packets (libpcap, C), measured in alternating pairs in the same run; CPU time is user and system time of
the whole process tree; the median counts. Differences under 25 % mean nothing. Budgets are aims, not tests.

What flatters the figures: the mixed capture holds every conversation three times under different addresses, so that most of
its files have been seen before, and the sensor makes MD5, SHA-1 and entropy once for each content.
"""


def machine() -> Results:
    """What it was measured on."""
    model = next((line for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "model name : unknown")
    memory = int(_lines("/proc/meminfo")[0].split()[1]) // 1024
    rust = subprocess.run(["rustc", "--version"], capture_output=True, text=True, check=False)
    return {
        "processor": model.partition(":")[2].strip(),
        "cores": os.cpu_count(),
        "memory_mb": memory,
        "kernel": platform.release(),
        "python": platform.python_version(),
        "rust": rust.stdout.split()[1] if rust.returncode == 0 else "",
        "load_at_start": round(os.getloadavg()[0], 1),
    }


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines()


def markdown(results: Results) -> str:
    """The page."""
    where = results["machine"]
    rows = ["| What | Measured | Budget | Hope | Kept |", "|---|---|---|---|---|"]
    details = []
    for figure in results["figures"]:
        sign = "≥" if figure["more_is_better"] else "≤"
        hope = "" if figure["hope"] is None else f"{figure['hope']:g}"
        kept = "yes" if figure["kept"] else "**no**"
        measured = f"{number(figure['value'])} {figure['unit']}"
        rows.append(f"| {figure['name']} | {measured} | {sign} {figure['budget']:g} | {hope} | {kept} |")
        if figure["details"]:
            listed = ", ".join(f"{name.replace('_', ' ')} {number(value)}" for name, value in figure["details"].items())
            details.append(f"- {figure['name']}: {listed}")
    measured_on = (
        f"Measured on {results['measured']}: {where['processor']}, {where['cores']} cores, {where['memory_mb']:,} MB, "
        f"Linux {where['kernel']}, Python {where['python']}, Rust {where['rust']}; load {where['load_at_start']} at the start. "
        f"Mixed capture of {results['packets']:,} packets, {results['pairs']} pairs."
    )
    return "\n".join([HEAD, measured_on, "", *rows, "", *details, ""])


def number(value: float | str) -> str:
    """Three figures that mean something."""
    return value if isinstance(value, str) else f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
