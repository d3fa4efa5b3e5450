"""Product of ``schema/counters.yaml``: the reference of the sensor's counters."""

from __future__ import annotations

from pathlib import Path

import yaml

from products import markdown

SOURCE = Path(__file__).resolve().parents[2] / "schema/counters.yaml"


def files() -> dict[str, str]:
    """``docs/reference/counters.md``."""
    counters = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))["counters"]
    out = ["# Counters of the sensor · Bộ đếm của thiết bị giám sát", "", markdown.warning("schema/counters.yaml"), ""]
    out += [
        "`vonggac analyse --stats` and `vonggac sensor --stats` show them, and the page *Sensors and health* (*Cảm biến*).",
        "**!** marks counters that mean a loss: above 0, something may have been missed.",
        "",
        "Dấu **!** là bộ đếm mất mát: lớn hơn 0 nghĩa là có thể đã bỏ sót dấu hiệu.",
        "",
    ]
    rows = [(f"`{n}`", "**!**" if c.get("loss") else "", c["vi"], c["en"]) for n, c in counters.items()]
    out += [*markdown.table(("Counter", "", "Tiếng Việt", "English"), rows), ""]
    return {"docs/reference/counters.md": "\n".join(out)}
