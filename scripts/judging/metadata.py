"""Metadata against facts that others established, and captures that were made to break analysers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from benchmarks.measure import Cost, run
from judging.analyses import ROOT

VONGGAC: Final = (sys.executable, "-m", "vonggac")
SECONDS_MAX, MEMORY_MAX = 10.0, 300 << 20
"""Budget of one hostile capture."""
SANE_CODES: Final = {"sensor": {0, 3}, "analyse": {0, 1, 3}}
"""Done, findings, input that cannot be read: what a hostile capture may lead to."""
Figures = dict[str, Any]


def conformance(shared: Path) -> tuple[Figures, bool]:
    """Events against facts that another engine established, and JA4 against its reference."""
    scorer = shared / "tools/score_conformance.py"
    convert = ROOT / "tests/conformance/eve.py"
    command = [sys.executable, str(scorer), str(shared / "conformance"), "--convert", str(convert)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    groups: Figures = {}
    for line in done.stdout.splitlines()[:-1]:
        name, _, rest = line.rpartition("/")
        if rest:
            words = name.split()
            groups[" ".join(words[:-1])] = [int(words[-1]), int(rest.split()[0])]
    if not groups:
        print(done.stderr, file=sys.stderr)
    return {"facts": groups, "ja4": ja4(shared / "conformance/ja4")}, bool(groups)


def ja4(folder: Path) -> Figures:
    """Captures whose set of fingerprints is the reference's, counted over TCP and over everything (QUIC with it)."""
    expected = json.loads((folder / "expected.json").read_text())
    met = {"tcp": [0, 0], "all": [0, 0]}
    for name, wanted in expected.items():
        cost = run([*VONGGAC, "sensor", "--format", "jsonl", "--read", folder / name])
        events = map(json.loads, cost.output.splitlines())
        found = {event["tls.client.ja4"] for event in events if "tls.client.ja4" in event}
        for kind, letters in (("tcp", "t"), ("all", "tq")):
            want = {value for value in wanted if value[0] in letters}
            if want:
                met[kind][0] += want == {value for value in found if value[0] in letters}
                met[kind][1] += 1
    return met


def hostile(shared: Path) -> tuple[Figures, bool]:
    """Captures that were made to break analysers: time, memory, exit codes."""
    slowest, largest, bad = 0.0, 0, []
    captures = sorted(path for path in (shared / "hostile").iterdir() if path.suffix.startswith(".pcap"))
    for capture in captures:
        for verb, options in (("sensor", ["--discard", "--read"]), ("analyse", ["--format", "json"])):
            cost = run([*VONGGAC, verb, *options, capture], patience=6 * SECONDS_MAX)
            slowest, largest = max(slowest, cost.seconds), max(largest, cost.memory)
            if wrong := fault(verb, cost):
                bad.append(capture.name)
                print(f"BAD      {capture.name}: {verb}: {wrong}")
    figures = {
        "captures": len(captures),
        "bad": len(set(bad)),
        "seconds_max": round(slowest, 2),
        "memory_max_mb": largest >> 20,
    }
    return figures, not bad


def fault(verb: str, cost: Cost) -> str:
    """What is wrong with a run on a hostile capture; nothing if all is well."""
    if cost.timed_out or cost.seconds > SECONDS_MAX:
        return f"took {cost.seconds:.1f} s"
    if cost.code not in SANE_CODES[verb]:
        return f"exit code {cost.code}: {cost.errors.strip()[-200:]}"
    if "panicked" in cost.errors or "Traceback" in cost.errors:
        return cost.errors.strip()[-200:]
    return f"took {cost.memory >> 20} MB" if cost.memory > MEMORY_MAX else ""
