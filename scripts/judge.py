"""How good it is: ``python scripts/judge.py SHARED [--only PART …]``.

SHARED holds labelled captures (``corpus/``), facts about captures (``conformance/``), hostile captures (``hostile/``) and the
scorers (``tools/``). Prints a table and writes the figures to ``docs/figures.json`` and ``docs/detection.json``, of which
`make generate` makes docs/figures.md and docs/detection.md; with ``--only`` the other parts stay as they are. Parts:

corpus       verdicts against labels, families, what was missed and why, time to detect
elsewhere    the same captures with other addresses, names and weeks: nothing may change
days         false alarms on generated office days
stress       synthetic attacks with jitter, losses, nine visible hours, twenty machines, behind a translator
conformance  metadata against facts
hostile      time, memory and exit codes on captures that break analysers

Analyses are kept in var/judge, so that a second run reads only what has changed. Exit code 1: a capture made an error, was too
slow or took too much memory, or a verdict changed elsewhere.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from judging import corpus, days, metadata, stress  # noqa: E402  # found through the line above
from judging.analyses import forget_old  # noqa: E402

FIGURES: Final = ROOT / "docs/figures.json"
DETECTION: Final = ROOT / "docs/detection.json"
Figures = dict[str, Any]
PARTS: Final[dict[str, Callable[[Path], tuple[Figures, bool]]]] = {
    "corpus": corpus.corpus,
    "elsewhere": corpus.elsewhere,
    "days": days.days,
    "stress": stress.stress,
    "conformance": metadata.conformance,
    "hostile": metadata.hostile,
}
NEEDED: Final = {"elsewhere": "corpus", "days": "", "stress": ""}
"""Part → folder of SHARED where it is not its own name."""
LEVELS: Final = 3
SUMMARY: Final = ("conformance", "hostile")
"""Parts whose figures stand in ``FIGURES``; of the corpus the totals do."""


def show(name: str, value: object, indent: str = "") -> None:
    """One line a figure; pairs as met/all."""
    if isinstance(value, dict) and value and all(isinstance(inner, dict) for inner in value.values()):
        value = list(value)  # families, attacks: too long for a terminal
    if isinstance(value, dict):
        print(f"{indent}{name}")
        for key, inner in value.items():
            show(key, inner, indent + "  ")
        return
    pair = isinstance(value, list) and len(value) == 2 and all(isinstance(one, int) for one in value)
    if pair:
        met, of = value  # type: ignore[misc]
        value = f"{met}/{of}  {100 * met / max(of, 1):.1f} %"
    elif isinstance(value, list):
        value = f"{len(value)} (docs/detection.json)"
    print(f"{indent}{name:<{34 - len(indent)}} {value}")


def note(path: Path, name: str, figures: Figures) -> None:
    """Put the figures of one part into a file."""
    known: Figures = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    known[name] = {"measured": dt.datetime.now(tz=dt.UTC).date().isoformat(), **figures}
    path.write_text(laid_out(dict(sorted(known.items()))) + "\n", encoding="utf-8")


def laid_out(value: object, depth: int = 0) -> str:
    """JSON with a line for each entry down to the third level: short to read, and a change shows as a line."""
    if depth == LEVELS or not isinstance(value, dict | list) or not value:
        return json.dumps(value, ensure_ascii=False)
    inner, outer = "\n" + " " * (depth + 1), "\n" + " " * depth
    if isinstance(value, dict):
        entries = (f"{json.dumps(key, ensure_ascii=False)}: {laid_out(one, depth + 1)}" for key, one in value.items())
        return "{" + inner + f",{inner}".join(entries) + outer + "}"
    return "[" + inner + f",{inner}".join(laid_out(one, depth + 1) for one in value) + outer + "]"


def main() -> int:
    """0: everything ran, kept its budget and did not change elsewhere."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--only", choices=PARTS, nargs="+", default=list(PARTS))
    asked = parser.parse_args()
    fine = True
    for name in (part for part in PARTS if part in asked.only):
        folder = asked.shared / NEEDED.get(name, name)
        if not folder.is_dir():
            print(f"judge: {folder} is missing; give the folder that holds it", file=sys.stderr)
            return 2
        figures, good = PARTS[name](asked.shared.resolve())
        fine &= good
        show(name, figures)
        if name not in SUMMARY:
            note(DETECTION, name, figures)
        if name == "corpus":
            figures = {key: value for key, value in figures.items() if isinstance(value, int) or key in corpus.PAIRS}
        if name in (*SUMMARY, "corpus"):
            note(FIGURES, name, figures)
    forget_old()
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
