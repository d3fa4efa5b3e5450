"""Product of ``docs/detection.json``, which ``make judge`` measures: what is found, what is missed and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from products import markdown
from products.markdown import cell, table

ROOT = Path(__file__).resolve().parents[2]
Figures = dict[str, Any]


def files() -> dict[str, str]:
    """``docs/detection.md``."""
    figures: Figures = json.loads((ROOT / "docs/detection.json").read_text(encoding="utf-8"))
    out = ["# What is found, what is missed and why", ""]
    out += [markdown.warning("docs/detection.json, which `make judge` measures"), ""]
    for name, part in (("corpus", corpus), ("elsewhere", elsewhere), ("days", days), ("stress", stress)):
        if name in figures:
            out += part(figures[name])
    return {"docs/detection.md": "\n".join(out).rstrip() + "\n"}


def corpus(figures: Figures) -> list[str]:
    """Families, misses and time to detect."""
    time = figures["time"]
    head = ("Family", "Captures", "Named", "Every step", "Infected", "… with the verdict")
    keys = ("captures", "named", "thorough", "infected", "verdict")
    rows = [(cell(name), *(counts[key] for key in keys)) for name, counts in figures["families"].items()]
    out = [f"## By family: labelled captures, measured on {figures['measured']}", "", *table(head, rows), ""]
    out += ["Thresholds were chosen with these captures in view; no rule keys on an address, name or hash of them.", ""]
    out += [f"## Time to detect ({time['captures']} captures)", ""]
    out += ["Seconds of packet time from the machine's first packet.", ""]
    rows = [(words, time[key]["median"], time[key]["p90"]) for key, words in TIMES.items()]
    out += [*table(("What", "Median", "90 %"), rows), "", "## Missed, and what would be needed", ""]
    missed = [
        (cell(one["file"]), cell(one["missed"]), cell(", ".join(one["found"]) or "–"), cell(one["needed"]))
        for one in figures["misses"]
    ]
    out += [*table(("Capture", "Missed", "Found", "Needed"), missed), ""]
    if figures["noise"]:
        out += ["## Noise on benign captures", ""]
        noise = [(cell(one["file"]), "yes" if one["wrong"] else "", cell(one["because"])) for one in figures["noise"]]
        out += [*table(("Capture", "Accused", "Because"), noise), ""]
    return out


TIMES = {"evidence": "until the evidence was whole", "live": "until a live installation says so"}


def elsewhere(figures: Figures) -> list[str]:
    """What changed when the captures were taken elsewhere."""
    out = [f"## The same captures taken elsewhere, measured on {figures['measured']}", ""]
    out += [
        "Home addresses rewritten within their class and prefix, hardware addresses and host names replaced at equal"
    ]
    out += ["length, times shifted by whole weeks."]
    out += [f"{figures['captures']} captures, {len(figures['differences'])} with a difference.", ""]
    rows = [
        (
            cell(one["file"]),
            cell("; ".join(one["gone"]) or "–"),
            cell("; ".join(one["new"]) or "–"),
            cell(", ".join(one["scored"]) or "–"),
        )
        for one in figures["differences"]
    ]
    return [*out, *table(("Capture", "Gone", "New", "Score changed"), rows), ""] if rows else out


def days(figures: Figures) -> list[str]:
    """False alarms on office days."""
    alerts = figures["alerts"]
    total = max(figures["machine_days"], 1)
    out = [f"## Generated office days without trouble, measured on {figures['measured']}", ""]
    out += [
        f"{figures['machine_days']} machine-days (updates, telemetry, mail, backup, conferences, scanners, printers,"
    ]
    out += [f"administrators): {figures['wrong']} machines accused, {figures['noisy']} with a medium alert.", ""]
    rows = [(severity, count, f"{count / total:.4f}") for severity, count in alerts.items()]
    out += [*table(("Severity", "Alerts", "A machine-day"), rows), ""]
    shapes = [
        (cell(name), one["machine_days"], one.get("wrong", 0), one.get("noisy", 0))
        for name, one in figures["shapes"].items()
    ]
    out += [*table(("Shape", "Machine-days", "Accused", "Noisy"), shapes), ""]
    noise = [
        (cell(one["day"]), cell(one["machine"]), one["verdict"], cell(", ".join(one["alerts"])))
        for one in figures["noise"]
    ]
    return [*out, *table(("Day", "Machine", "Verdict", "Alerts"), noise), ""] if noise else out


def stress(figures: Figures) -> list[str]:
    """Attacks under strain."""
    out = [f"## Synthetic attacks under strain, measured on {figures['measured']}", ""]
    attacks: dict[str, dict[str, bool]] = figures["attacks"]
    strains = list(dict.fromkeys(strain for one in attacks.values() for strain in one))
    rows = [
        (cell(name), *("" if strain not in one else "yes" if one[strain] else "**no**" for strain in strains))
        for name, one in attacks.items()
    ]
    return [*out, *table(("Attack", *strains), rows), ""]
