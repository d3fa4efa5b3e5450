"""What signatures ask of one buffer: contents and expressions with their places, as tests in SQL.

Contents whose places hang together become one regular expression (RE2); the others become plain searches.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

REPEAT_MOST: Final = 1_000
"""RE2's longest counted repetition."""
_HEX: Final = re.compile(r"\|([0-9A-Fa-f\s]*)\|")
_USUAL: Final = re.compile(r"[a-z0-9/._=&?-]+")
"""Letters that stand in a request target as they are; others may be percent-encoded."""
SIGNS: Final = {"<": "<", ">": ">", "<=": "<=", ">=": ">=", "": "=", "=": "=", "!": "<>"}


class UntranslatableError(ValueError):
    """Something that cannot be said about events; ``kind`` is the outcome's status."""

    def __init__(self, message: str, kind: str = "content") -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(slots=True)
class Item:
    """One content or expression and its modifiers."""

    text: str
    """The literal, or the expression."""
    negated: bool
    expression: bool = False
    nocase: bool = False
    numbers: dict[str, int] = field(default_factory=dict)
    """offset, depth, distance, within."""
    begins: bool = False
    ends: bool = False
    relative: bool = False
    """A match of the item before it decides about its place."""

    @property
    def placed(self) -> bool:
        """Whether its place in the buffer matters."""
        return bool(self.numbers) or self.relative


def literal(value: str) -> str:
    """A content's text: hexadecimal between bars, escapes undone; bytes that are no text as the sensor writes them."""
    raw = b""
    for place, part in enumerate(_HEX.split(value)):
        if place % 2:
            digits = re.sub(r"\s+", "", part)
            if len(digits) % 2:
                raise UntranslatableError(f"the hexadecimal digits |{part}| do not stand in pairs", "wrong")
            raw += bytes.fromhex(digits)
        else:
            raw += re.sub(r'\\([\\";:|])', r"\1", part).encode()
    return raw.decode("utf-8", "backslashreplace")


def tests(items: Sequence[Item], column: str) -> Iterator[str]:
    """SQL on ``column`` (an expression that gives text) for all items of one buffer."""
    chain: list[Item] = []
    for item in items:
        if item.relative and chain and not item.negated:
            chain.append(item)
            continue
        if item.relative and item.negated:
            raise UntranslatableError("that something is absent near another match cannot be asked")
        if chain:
            yield _chain(chain, column)
        chain = [] if item.negated else [item]
        if item.negated:
            yield f"NOT {_chain([item], column)}"
    if chain:
        yield _chain(chain, column)


def anchor(items: Sequence[Item], encoded: bool) -> str:
    """The most telling literal that has to be there, in lower case; "" without one."""
    texts = [item.text.lower() for item in items if not item.negated and not item.expression and item.text.isascii()]
    if encoded:
        texts = [max(_USUAL.findall(text), key=len, default="") for text in texts]
    return max(texts, key=len, default="")


def _chain(chain: Sequence[Item], column: str) -> str:
    first = chain[0]
    if len(chain) == 1 and not first.expression and _simple(first):
        return _plain(first, column)
    return f"regexp_matches({column}, {quoted('(?s)' + ''.join(_pieces(chain)))})"


def _simple(item: Item) -> bool:
    depth = item.numbers.get("depth")
    return not item.numbers or (set(item.numbers) == {"depth"} and depth == len(item.text))


def _plain(item: Item, column: str) -> str:
    begins = item.begins or "depth" in item.numbers
    value, text = (f"lower({column})", item.text.lower()) if item.nocase else (column, item.text)
    if begins and item.ends:
        return f"{value} = {quoted(text)}"
    return f"{'starts_with' if begins else 'suffix' if item.ends else 'contains'}({value}, {quoted(text)})"


def _pieces(chain: Sequence[Item]) -> Iterator[str]:
    for place, item in enumerate(chain):
        yield _lead(item, first=place == 0)
        yield _body(item)
        if item.ends:
            yield r"\z"


def _lead(item: Item, first: bool) -> str:
    """What may lie before the item."""
    size = 0 if item.expression else len(item.text)
    numbers = item.numbers
    if first:
        if item.begins:
            return r"\A"
        if "offset" in numbers or "depth" in numbers:
            least = numbers.get("offset", 0)
            most = least + numbers["depth"] - size if "depth" in numbers else None
            return r"\A" + _gap(least, most)
        return ""
    if item.expression:
        return "" if item.text.startswith("^") else ".*?"
    least = numbers.get("distance", 0)
    if least < 0:
        raise UntranslatableError("a distance to the left of the match before cannot be asked")
    return _gap(least, least + numbers["within"] - size if "within" in numbers else None)


def _gap(least: int, most: int | None) -> str:
    if most is not None and most < least:
        raise UntranslatableError("a content does not fit into the place that is left for it", "never")
    if max(least, most or 0) > REPEAT_MOST:
        raise UntranslatableError(f"places further than {REPEAT_MOST} bytes from a match cannot be asked")
    if most is None:
        return f".{{{least},}}?" if least else ".*?"
    return f".{{{least},{most}}}" if most else ""


def _body(item: Item) -> str:
    if item.expression:
        text = item.text.removeprefix("^") if item.relative else item.text
        return f"(?i:{text})" if item.nocase else f"(?:{text})"
    return f"(?i:{re.escape(item.text)})" if item.nocase else re.escape(item.text)


def quoted(text: str) -> str:
    """A literal of SQL."""
    if "\0" in text:
        raise UntranslatableError("a NUL byte does not occur in the text of an event", "never")
    return "'" + text.replace("'", "''") + "'"
