"""Texts of rules with their numbers filled in, written as each language writes numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from pipelines.detect.finding import Fact

_PLACEHOLDER: Final = re.compile(r"\{([a-z][a-z0-9_]*)(?::\.(\d)f)?\}")
SHOWN: Final = 200
"""Characters of a value that a text may show: names and requests are the attacker's to write."""


def names(template: str) -> set[str]:
    """Names that a text asks for."""
    return {match[1] for match in _PLACEHOLDER.finditer(template)}


def fill(template: str, facts: Mapping[str, Fact], language: str) -> str:
    """``{name}`` and ``{name:.1f}`` → the fact; never evaluates anything. What is not known stays as it is."""

    def shown(match: re.Match[str]) -> str:
        value = facts.get(match[1])
        if value is None:
            return "–" if match[1] in facts else match[0]
        if isinstance(value, str):
            return value if len(value) <= SHOWN else value[:SHOWN] + "…"
        if isinstance(value, bool):
            return str(value).lower()
        digits = int(match[2]) if match[2] else (0 if isinstance(value, int) else 2)
        return number(value, digits, language)

    return _PLACEHOLDER.sub(shown, template)


def number(value: float, digits: int, language: str) -> str:
    """1234.5 → ``1.234,5`` (vi) or ``1,234.5`` (en)."""
    text = f"{value:,.{digits}f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "vi" else text
