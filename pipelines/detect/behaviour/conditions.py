"""The conditions of a query, one by one, so that each can be left out: what no case misses then was never proved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(r"--[^\n]*|'(?:[^']|'')*'|\"[^\"]*\"|[A-Za-z_][A-Za-z0-9_]*|\S|\s+")
_OPENS: Final = frozenset({"where", "having"})
_CLOSES: Final = frozenset(
    {"group", "having", "order", "limit", "window", "union", "qualify", "select", "intersect", "except", "where"}
)


@dataclass(frozen=True, slots=True)
class Condition:
    """One part of a WHERE or HAVING that AND joins to the others."""

    start: int
    end: int
    line: int
    text: str
    final: bool
    """It belongs to the last SELECT, the one whose rows become findings."""


def conditions(query: str) -> list[Condition]:
    """Every condition of ``query`` in the order of the text."""
    tokens = [(match.start(), match.end(), match[0]) for match in _TOKEN.finditer(query)]
    return [
        found
        for place in range(len(tokens))
        if tokens[place][2].lower() in _OPENS
        for found in _clause(query, tokens, place)
    ]


def without(query: str, condition: Condition) -> str:
    """The query with that condition taken as true."""
    return f"{query[: condition.start]}true{query[condition.end :]}"


def _clause(query: str, tokens: list[tuple[int, int, str]], place: int) -> Iterator[Condition]:
    """The conditions after the WHERE or HAVING at ``place``."""
    depth = sum(_step(text) for _, _, text in tokens[:place])
    inside = cases = 0
    between = False
    start: int | None = None
    end = tokens[place][1]
    for begin, stop, text in tokens[place + 1 :]:
        word = text.lower()
        if text.startswith("--") or text.isspace():
            continue
        inside += _step(text)
        cases += (word == "case") - (word == "end")
        top = inside == 0 and cases == 0
        if inside < 0 or (top and word in _CLOSES) or text == ";":
            break
        if top and word == "and" and not between:
            yield _condition(query, start, end, depth)
            start = None
            continue
        between = (word == "between") if top and word in ("between", "and") else between
        start, end = (begin if start is None else start), stop
    yield _condition(query, start, end, depth)


def _condition(query: str, start: int | None, end: int, depth: int) -> Condition:
    begin = end if start is None else start
    text = " ".join(re.sub(r"--[^\n]*", "", query[begin:end]).split())
    return Condition(begin, end, query.count("\n", 0, begin) + 1, text, depth == 0)


def _step(text: str) -> int:
    return (text in "([{") - (text in ")]}") if len(text) == 1 else 0
