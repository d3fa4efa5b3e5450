"""What office programs make of cells: a text that begins like a formula is run (OWASP, CSV injection), UTF-8 without a mark is
taken for Windows-1252. Attackers choose many of the texts.
"""

from __future__ import annotations

from typing import Final

MARK: Final = "\ufeff"
"""Byte order mark that stands before a CSV file with Vietnamese in it."""
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A text that begins so is a formula to spreadsheets (their full-width forms too)."""


def inert(text: str) -> str:
    """The text as a cell; what would be a formula gets an apostrophe, which spreadsheets take for "as it is"."""
    return f"'{text}" if _is_formula(text) else text


def plain(cell: str) -> str:
    """The text of a cell that ``inert`` has made."""
    return cell[1:] if cell.startswith("'") and _is_formula(cell[1:]) else cell


def _is_formula(text: str) -> bool:
    return text.lstrip(" ").startswith(_DANGEROUS)
