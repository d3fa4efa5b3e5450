"""The little Markdown that the references need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def warning(source: str) -> str:
    """The line that tells people where to change the text instead."""
    return f"<!-- Made by scripts/generate.py from {source}; do not edit. -->"


def cell(text: object) -> str:
    """Text that cannot break a table."""
    return " ".join(str(text).split()).replace("|", "\\|").replace("<", "&lt;")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Lines of a table; cells are taken as they are."""
    out = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return [*out, *(f"| {' | '.join(map(str, row))} |" for row in rows)]
