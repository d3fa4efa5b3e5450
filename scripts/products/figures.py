"""Product of ``docs/figures.json``, which ``make judge`` measures: the page that people read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from products import markdown

ROOT = Path(__file__).resolve().parents[2]
MEANING = {
    "malicious_named": "malicious captures named on the right machine",
    "malicious_thorough": "… with every visible step of the attack",
    "infected_verdict": "infections with the verdict *infected*",
    "policy_named": "violations named on the right machine",
    "benign_wrong": "benign captures with a false accusation (*infected*, or a high alert)",
    "benign_noisy": "benign captures with a medium alert",
    "benign_policy_noise": "benign captures with an alert of policy",
    "wrong_machines": "machines called *infected* that no label calls so",
    "bystanders": "alerts on machines that no label names",
    "errors": "captures that could not be analysed",
}


def share(value: Any) -> str:
    """``[met, all]`` as ``met/all (per cent)``."""
    if isinstance(value, list):
        return f"{value[0]}/{value[1]} ({100 * value[0] / max(value[1], 1):.1f} %)"
    return str(value)


def files() -> dict[str, str]:
    """``docs/figures.md``."""
    figures = json.loads((ROOT / "docs/figures.json").read_text(encoding="utf-8"))
    corpus, hostile = figures["corpus"], figures["hostile"]
    facts, ja4 = figures["conformance"]["facts"], figures["conformance"]["ja4"]
    out = ["# How good it is", "", markdown.warning("docs/figures.json, which `make judge` measures"), ""]
    out += [f"## Detection: {corpus['captures']} labelled captures, measured on {corpus['measured']}", ""]
    out += ["No list of known-bad addresses is used.", "", "| What | Figure |", "|---|---|"]
    out += [f"| {words} | {share(corpus[name])} |" for name, words in MEANING.items()]
    out += ["", f"## Metadata: facts about captures, measured on {figures['conformance']['measured']}", ""]
    out += ["Facts that another engine established. Groups at or near 0 are protocols that are not decoded yet.", ""]
    out += ["| Group | Met |", "|---|---|", *(f"| {name} | {share(value)} |" for name, value in facts.items())]
    out += [f"| JA4 over TCP, captures | {share(ja4['tcp'])} |", f"| JA4 with QUIC, captures | {share(ja4['all'])} |"]
    out += ["", f"## Hostile captures, measured on {hostile['measured']}", ""]
    out += [f"{hostile['captures']} captures that broke other tools: {hostile['bad']} failed, the slowest took "]
    out[-1] += f"{hostile['seconds_max']} s, the largest {hostile['memory_max_mb']} MB."
    return {"docs/figures.md": "\n".join(out) + "\n"}
