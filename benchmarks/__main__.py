"""``python -m benchmarks --shared SHARED``: measure, print a table, write docs/benchmarks.json and docs/benchmarks.md."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from dataclasses import asdict
from pathlib import Path

from benchmarks import report
from benchmarks.captures import Bench, MissingError
from benchmarks.cases import CASES, ROOT, Extent, FailedError, packets

RESULTS, PAGE = ROOT / "docs/benchmarks.json", ROOT / "docs/benchmarks.md"


def main() -> int:
    """0: everything that was asked for was measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--shared", type=Path, default=ROOT.parent / "shared", help="holds bench/, corpus/, tools/, hostile/"
    )
    parser.add_argument("--only", choices=CASES, action="append", help="this measurement; the others stay as they were")
    parser.add_argument("--pairs", type=int, default=5, help="pairs of subject and yardstick (5)")
    parser.add_argument("--times", type=int, default=10, help="length of the long capture (10 times the mix)")
    asked = parser.parse_args()
    bench = Bench(ROOT / "var/bench", asked.shared.resolve())
    if not (bench.shared / "bench/make_mixed.py").exists():
        return _fail(f"{bench.shared}/bench/make_mixed.py is missing; give the folder with --shared")
    machine = report.machine()
    old = json.loads(RESULTS.read_text())["figures"] if RESULTS.exists() and asked.only else []
    figures = {figure["name"]: figure for figure in old}
    try:
        for name in asked.only or CASES:
            for figure in CASES[name](bench, Extent(asked.pairs, asked.times)):
                figures[figure.name] = {**asdict(figure), "kept": figure.kept}
                sign = "≥" if figure.more_is_better else "≤"
                print(
                    f"{figure.name:<48} {report.number(figure.value):>8} {figure.unit:<7} {sign} {figure.budget:g}",
                    flush=True,
                )
        total = packets(bench)
    except (MissingError, FailedError) as error:
        return _fail(str(error))
    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    results = {
        "measured": today,
        "machine": machine,
        "packets": total,
        "pairs": asked.pairs,
        "figures": list(figures.values()),
    }
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    PAGE.write_text(report.markdown(results))
    return 0


def _fail(line: str) -> int:
    print(f"benchmarks: {line}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
