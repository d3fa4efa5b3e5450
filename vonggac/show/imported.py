"""What became of an imported rule set, in the terminal."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.detect.importing.outcome import STATUSES, USED, Report

WIDTH: Final = 120
"""Columns where the output is no terminal."""
_STYLES: Final = {"proved": "green", "used": "green", "off": "yellow", "never": "yellow", "wrong": "red"}
_TEXTS: Final = {
    "vi": {
        "title": "{name}: {used} trong {all} luật dùng được",
        "status": "Kết quả",
        "rules": "Số luật",
        "reasons": "Lý do thường gặp nhất",
        "example": "ví dụ",
        "placed": "Đã đưa vào {place}. vonggac run dùng sau vài giây.",
    },
    "en": {
        "title": "{name}: {used} of {all} rules can be used",
        "status": "What became of them",
        "rules": "Rules",
        "reasons": "The commonest reasons",
        "example": "for example",
        "placed": "Put into {place}. vonggac run uses it within seconds.",
    },
}


def table(report: Report, language: str, most: int) -> None:
    """Print how many rules came to what, and the commonest reasons with one rule each."""
    texts = _TEXTS[language]
    console = Console() if Console().is_terminal else Console(width=WIDTH)
    title = texts["title"].format(name=report.name, used=len(report.used), all=len(report.outcomes))
    console.print(Text(title, style="bold"))
    counts = Table(box=None, padding=(0, 2, 0, 2))
    counts.add_column(texts["rules"], justify="right")
    counts.add_column(texts["status"])
    for status, count in report.counts().items():
        counts.add_row(f"{count:,}", Text(STATUSES[status][language], style=_STYLES.get(status, "")))
    console.print(counts)
    reasons: Counter[str] = Counter()
    example: dict[str, str] = {}
    for one in report.outcomes:
        if one.status not in USED:
            reasons[one.reason] += 1
            example.setdefault(one.reason, one.file + (f":{one.line}" if one.line else ""))
    if reasons:
        console.print(Text(texts["reasons"], style="bold"))
    for reason, count in reasons.most_common(most):
        console.print(Text(f"  {count:>6,}  {reason[:200]}  ({texts['example']} {example[reason]})", overflow="fold"))


def placed(place: Path, language: str) -> str:
    """Where the rules are now, and what to do."""
    return _TEXTS[language]["placed"].format(place=place)
