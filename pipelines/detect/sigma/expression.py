"""Texts that a regular expression matches: one for each expression, made from its parsed form."""

from __future__ import annotations

import re
from collections.abc import Iterable
from re import _constants as op  # type: ignore[attr-defined]  # no public parser of expressions
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final

REPEATS: Final = 64
"""Longest repetition that is written out: ``a{4096}`` needs no proof of its length."""
_CLASSES: Final[dict[Any, str]] = {
    op.CATEGORY_DIGIT: "7", op.CATEGORY_SPACE: " ", op.CATEGORY_WORD: "a",
    op.CATEGORY_NOT_DIGIT: "a", op.CATEGORY_NOT_SPACE: "a", op.CATEGORY_NOT_WORD: "-",
}  # fmt: skip
_TRIED: Final = "a7-_/.x0AZ :;=&%?#\"'<>()[]{}|\\+*^$@!~,\t\n"


def sample(expression: str) -> str:
    """A text in which ``expression`` is found, as far as can be told; "" for what cannot be parsed."""
    try:
        tree = parser.parse(expression)
    except (re.error, RecursionError, OverflowError):
        return ""
    return _text(tree)


def _text(tree: Iterable[tuple[Any, Any]]) -> str:
    return "".join(_part(kind, value) for kind, value in tree)


def _part(kind: Any, value: Any) -> str:
    if kind is op.LITERAL:
        return chr(value)
    if kind is op.NOT_LITERAL:
        return "a" if value != ord("a") else "b"
    if kind is op.ANY:
        return "a"
    if kind is op.IN:
        return _of_set(value)
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        least, _, inner = value
        return _text(inner) * int(min(least, REPEATS))
    if kind is op.SUBPATTERN:
        return _text(value[-1])
    if kind is op.ATOMIC_GROUP:
        return _text(value)
    if kind is op.BRANCH:
        return _text(value[1][0])
    return ""  # anchors and looks around add nothing


def _of_set(items: list[tuple[Any, Any]]) -> str:
    if items and items[0][0] is op.NEGATE:
        refused = [_member(item) for item in items[1:]]
        return next((letter for letter in _TRIED if not any(letter in one for one in refused)), "a")
    kind, value = items[0]
    if kind is op.LITERAL or kind is op.RANGE:
        return chr(value if kind is op.LITERAL else value[0])
    return str(_CLASSES.get(value, "a"))


def _member(item: tuple[Any, Any]) -> str:
    """The letters of ``_TRIED`` that an item of a set holds."""
    kind, value = item
    if kind is op.LITERAL:
        return chr(value)
    if kind is op.RANGE:
        return "".join(letter for letter in _TRIED if value[0] <= ord(letter) <= value[1])
    tests = {op.CATEGORY_DIGIT: str.isdigit, op.CATEGORY_SPACE: str.isspace}
    test = tests.get(value, lambda letter: letter.isalnum() or letter == "_")
    return "".join(letter for letter in _TRIED if test(letter))
