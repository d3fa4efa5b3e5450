"""Verdicts against the labels of a shared corpus: totals, families, misses, time to detect; the same captures taken
elsewhere.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from judging.analyses import ROOT, pass_on
from judging.labelled import Case, cases, elsewhere_documents, scorer
from pipelines.score.document import AssessedMachine
from pipelines.score.weights import shipped

REASONS: Final = Path(__file__).with_name("reasons.yaml")
PAIRS: Final = (
    "malicious_named", "malicious_named_checked", "malicious_thorough", "infected_verdict", "policy_named", "benign_wrong",
    "benign_noisy", "benign_policy_noise",
)  # fmt: skip
"""Totals of the form ``[met, all]``."""
Figures = dict[str, Any]


def corpus(shared: Path) -> tuple[Figures, bool]:
    """The scorer's totals, and what they are made of."""
    found = list(cases(shared))
    scored = scores(shared)
    rows = {row["file"]: row for row in scored["captures"]}
    totals: Figures = scored["totals"]
    figures = {
        **totals,
        "families": families(found, rows),
        "misses": misses(found, rows),
        "noise": [
            {"file": row["file"], "wrong": row["wrong"], "because": row["because"]}
            for row in rows.values()
            if row["set"] == "ben" and not row["error"] and (row["wrong"] or row["noisy"])
        ],
        "accused": [
            {"file": row["file"], "machines": row["wrong_machines"]}
            for row in rows.values()
            if row.get("wrong_machines")
        ],
        "time": times([case for case in found if case.counted and rows[case.name].get("named")]),
    }
    return figures, totals["errors"] == 0


def scores(shared: Path) -> Figures:
    """What the scorer says, from kept analyses."""
    pass_on()
    command = f"{sys.executable} {Path(__file__).with_name('analyse.py')}"
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        folder, tool = shared / "corpus", shared / "tools/score_corpus.py"
        asked = [sys.executable, tool, folder, folder / "labels.yaml", "--out", out.name, "--command", command]
        subprocess.run(list(map(str, asked)), cwd=ROOT, check=False)
        found: Figures = json.loads(Path(out.name).read_text())
    return found


def elsewhere(shared: Path) -> tuple[Figures, bool]:
    """Differences in what is said of captures that were taken elsewhere: there should be none."""
    plain = {case.name: case for case in cases(shared)}
    differences, captures = [], 0
    for name, document in elsewhere_documents(shared):
        if document is None or name not in plain:
            continue
        captures += 1
        before, after = told(plain[name].document()), told(document)
        if before != after:
            judge = scorer(shared).judge
            case = plain[name]
            scored = [judge(case.kind, one, case.label) for one in (case.document(), document)]
            changed = {
                key for key in ("named", "verdict", "wrong", "noisy") if scored[0].get(key) != scored[1].get(key)
            }
            differences.append(
                {"file": name, "gone": sorted(before - after), "new": sorted(after - before), "scored": sorted(changed)}
            )
    return {"captures": captures, "differences": differences}, not any(one["scored"] for one in differences)


def told(document: dict[str, Any]) -> set[str]:
    """Verdicts and alerts from medium up, one line each."""
    lines = set()
    for machine in document["machines"]:
        who = min(machine["ips"], default="?")
        if machine["verdict"] != "clean":
            lines.add(f"{who} {machine['verdict']}")
        lines |= {f"{who} {a['rule']} {a['severity']} {a['role']}" for a in machine["alerts"] if a["severity"] != "low"}
    return lines


def families(found: Iterable[Case], rows: dict[str, Figures]) -> Figures:
    """Family → how many captures, named, with every step, infected machines with the verdict."""
    counts: dict[str, dict[str, int]] = defaultdict(
        lambda: dict.fromkeys(("captures", "named", "thorough", "infected", "verdict"), 0)
    )
    for case in found:
        row = rows[case.name]
        if not case.counted or row["error"]:
            continue
        mine = counts[case.family]
        mine["captures"] += 1
        mine["infected"] += row["kind"] == "infected"
        for key in ("named", "thorough", "verdict"):
            mine[key] += bool(row.get(key)) and (key != "verdict" or row["kind"] == "infected")
    return dict(sorted(counts.items()))


def misses(found: Iterable[Case], rows: dict[str, Figures]) -> list[Figures]:
    """What was not named, not wholly named or not called infected, and what would be needed."""
    reasons: dict[str, dict[str, str]] = yaml.safe_load(REASONS.read_text(encoding="utf-8"))
    lines = []
    for case in sorted(found, key=lambda one: one.name):
        row = rows[case.name]
        if not case.counted or row["error"]:
            continue
        kinds = ["named"] if not row.get("named") else [] if row.get("thorough") else ["thorough"]
        if row["kind"] == "infected" and row.get("named") and not row.get("verdict"):
            kinds.append("verdict")
        for kind in kinds:
            why = reasons.get(case.name, {}).get(kind) or needed(case, row, kind)
            lines.append(
                {
                    "file": case.name,
                    "title": case.label.get("title", ""),
                    "missed": kind,
                    "found": row["found"],
                    "needed": why,
                }
            )
    return lines


def needed(case: Case, row: Figures, kind: str) -> str:
    """What the sums say is missing."""
    if kind != "verdict":
        groups = case.label.get("groups") or case.label.get("anyof") or [row["wanted"]]
        missing = [" or ".join(group) for group in groups if not set(group) & set(row["found"])]
        return f"not seen: {'; '.join(missing)}" if missing else "more alerts than the scorer allows"
    machine = max(_acting(case, case.infected), key=lambda one: one.standing.sum.log_odds)
    standing, weights = machine.standing, shipped()
    stages = sorted({item.stage for item in standing.sum.items if item.weight > 0 and item.stage != "exposure"})
    parts = []
    if not standing.gate:
        parts.append(f"a second stage, or proof, beside {', '.join(stages) or 'nothing'}")
    if standing.score < weights.infected:
        parts.append(f"more evidence: the score is {standing.score}")
    return "; ".join(parts) or "the machine that the label names"


def times(found: Sequence[Case]) -> Figures:
    """Seconds from the first packet of the machine to whole evidence of the first counted alert, and to the live alert."""
    evidence, live = [], []
    for case in found:
        wanted = set(case.label.get("behaviours", [])) | {
            name for group in case.label.get("anyof") or [] for name in group
        }
        best: tuple[float, float] | None = None
        for machine in _acting(case, case.acting):
            begun = machine.machine.seen.first / 1e6
            for finding in machine.findings:
                if finding.behaviour not in wanted or finding.severity == "low":
                    continue
                whole = finding.last.timestamp() - begun
                told_at = max(whole, finding.window.timestamp() - begun)
                best = min(best, (told_at, whole)) if best else (told_at, whole)
        if best:
            live.append(best[0])
            evidence.append(best[1])
    return {"captures": len(live), "evidence": _quantiles(evidence), "live": _quantiles(live)}


def _quantiles(values: Sequence[float]) -> Figures:
    ordered = sorted(max(0.0, value) for value in values)
    return {
        "median": round(statistics.median(ordered), 1),
        "p90": round(ordered[min(len(ordered) - 1, int(0.9 * len(ordered)))], 1),
    }


def _acting(case: Case, addresses: set[str]) -> list[AssessedMachine]:
    found = [one for one in case.found.assessed() if set(one.machine.ips) & addresses]
    return found or case.found.assessed()[:1]
