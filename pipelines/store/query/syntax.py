"""Text → ``tree``: luqum reads the Lucene syntax, this gives it meaning over the fields."""

from __future__ import annotations

import re
from collections.abc import Callable
from threading import Lock
from typing import Any, Final

from luqum import tree as lucene
from luqum.exceptions import ParseError
from luqum.thread import parse as _read

from pipelines.store.events import QueryError
from pipelines.store.query import fields, terms
from pipelines.store.query.tree import And, Everything, Exists, Node, Not, Or
from pipelines.store.query.values import unquoted

LENGTH_MOST: Final = 4_000
"""Characters of a query: longer ones are pasted by accident, and reading costs time."""
DEPTH_MOST: Final = 60
"""Parentheses and operators inside each other: keeps the walk off the end of Python's stack."""
COMPARISONS_MOST: Final = 600
"""A word without a field is compared with many fields; hundreds of them would keep a processor busy for seconds."""
_EXISTS: Final = "_exists_"
_READING: Final = Lock()
"""PLY's parser keeps its state in itself."""
_POSITION: Final = re.compile(r"at position (\d+)!?\s*$")
_QUOTED: Final = re.compile(r'"(?:[^\\"]|\\.)*"', re.DOTALL)
_AS_IT_IS: Final = re.compile(
    r"(?<![\w.])(?:"
    r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}(?![\w:])"  # hardware address
    r"|(?=[0-9a-f:.]*:[0-9a-f:.]*:)(?:[0-9a-f]{1,4}:|::?)(?:[0-9a-f]{0,4}:){1,6}[0-9a-f.]{0,15}(?![\w:])"  # IPv6
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[+-]\d\d:\d\d)?"  # time
    r"|[a-z][a-z0-9+]{1,9}://"  # start of a URL
    r")",
    re.IGNORECASE,
)
"""What is full of signs that mean something to Lucene but is pasted all the time."""


def parse(text: str) -> Node:
    """The query, understood; raises QueryError with the position where reading stopped."""
    if len(text) > LENGTH_MOST:
        raise QueryError(f"a query has at most {LENGTH_MOST} characters", LENGTH_MOST, "too_long")
    if not text.strip():
        return Everything()
    softened, origin = _soften(text)
    try:
        with _READING:
            read = _read(softened)
    except (ParseError, ArithmeticError) as error:  # luqum reads the number after ~ and ^ unchecked
        raise _syntax_error(text, str(error), origin) from error
    return _Meaning(origin).of(read, None, 0)


def _soften(text: str) -> tuple[str, list[int]]:
    """Escape slashes (regular expressions are not spoken here) and the colons of addresses, times and URLs; with the
    position in ``text`` of every character of the result."""
    out: list[str] = []
    origin: list[int] = []
    position = 0
    while position < len(text):
        quoted = _QUOTED.match(text, position)
        plain = None if quoted else _AS_IT_IS.match(text, position)
        piece = (quoted or plain or re.compile(r"\\?.", re.DOTALL).match(text, position))[0]  # type: ignore[index]
        for offset, character in enumerate(piece):
            if (character == "/" and not quoted and piece[0] != "\\") or (plain and character == ":"):
                out.append("\\")
                origin.append(position + offset)
            out.append(character)
            origin.append(position + offset)
        position += len(piece)
    return "".join(out), [*origin, len(text)]


def _syntax_error(text: str, message: str, origin: list[int]) -> QueryError:
    found = _POSITION.search(message)
    if found is None:
        return QueryError("the query ends too early; close the parenthesis or finish the word", len(text), "unfinished")
    position = origin[min(int(found[1]), len(origin) - 1)]
    if text[position : position + 1] == '"':
        return QueryError("a quotation mark is not closed", position, "unclosed_quote")
    token = re.match(r"\S\w*", text[position:])
    shown = token[0] if token else ""
    return QueryError(f'"{shown}" is not expected here', position, "unexpected", {"value": shown})


class _Meaning:
    """Walks luqum's tree."""

    def __init__(self, origin: list[int]) -> None:
        self._origin = origin
        self._left = COMPARISONS_MOST
        self._walkers: dict[type, Callable[[Any, str | None, int], Node]] = {
            lucene.AndOperation: lambda node, field, depth: And(self._all(node, field, depth)),
            lucene.UnknownOperation: lambda node, field, depth: And(self._all(node, field, depth)),
            lucene.OrOperation: lambda node, field, depth: Or(self._all(node, field, depth)),
            lucene.Group: lambda node, field, depth: self.of(node.expr, field, depth),
            lucene.FieldGroup: lambda node, field, depth: self.of(node.expr, field, depth),
            lucene.Plus: lambda node, field, depth: self.of(node.a, field, depth),
            lucene.Not: lambda node, field, depth: Not(self.of(node.a, field, depth)),
            lucene.Prohibit: self._prohibit,
            lucene.SearchField: self._search_field,
            lucene.Word: self._word,
            lucene.Phrase: self._phrase,
            lucene.Range: self._range,
            lucene.From: self._from,
            lucene.To: self._to,
        }

    def of(self, node: Any, field: str | None, depth: int) -> Node:
        """What a node means, inside ``field:`` or outside (None)."""
        if depth > DEPTH_MOST:
            raise QueryError(f"more than {DEPTH_MOST} levels inside each other", self._at(node), "too_deep")
        walk = self._walkers.get(type(node))
        if walk is None:
            name = type(node).__name__.lower()
            message = f"{name} searches (~ ^) are not possible; use * and ? for what varies"
            raise QueryError(message, self._at(node), "unsupported", {"value": name})
        if isinstance(node, lucene.Term):
            self._left -= len(fields.FREE_TEXT) if field is None else 1
            if self._left < 0:
                raise QueryError("the query has too many words; name their field", self._at(node), "too_many")
        return walk(node, field, depth + 1)

    def _at(self, node: Any) -> int | None:
        return None if node.pos is None else self._origin[min(node.pos, len(self._origin) - 1)]

    def _all(self, node: Any, field: str | None, depth: int) -> tuple[Node, ...]:
        return tuple(self.of(child, field, depth) for child in node.children)

    def _prohibit(self, node: Any, field: str | None, depth: int) -> Node:
        inner = node.a
        if field and isinstance(inner, lucene.Word) and inner.value[:1].isdigit():
            return terms.word(field, f"-{inner.value}", self._at(node))  # a negative number
        return Not(self.of(inner, field, depth))

    def _search_field(self, node: Any, field: str | None, depth: int) -> Node:
        name = node.name.replace("\\", "")
        if field is not None:
            message = f"a field inside the field {field}; put quotation marks around a value with a colon"
            raise QueryError(message, self._at(node), "nested_field", {"field": field})
        if name == _EXISTS:
            inner = node.expr
            if not isinstance(inner, lucene.Word | lucene.Phrase):
                raise QueryError("write _exists_:name.of.field", self._at(inner), "unexpected", {"value": str(inner)})
            value = unquoted(inner.value) if isinstance(inner, lucene.Phrase) else inner.value.replace("\\", "")
            return Exists(fields.known(value, self._at(inner)))
        return self.of(node.expr, fields.known(name, self._at(node)), depth)

    def _word(self, node: Any, field: str | None, _depth: int) -> Node:
        if field is None:
            return terms.free(node.value, self._at(node))
        return terms.word(field, node.value, self._at(node))

    def _phrase(self, node: Any, field: str | None, _depth: int) -> Node:
        text = unquoted(node.value)
        return terms.free_phrase(text) if field is None else terms.phrase(field, text, self._at(node))

    def _range(self, node: Any, field: str | None, _depth: int) -> Node:
        low, high = _bound(node.low), _bound(node.high)
        return terms.between(self._field(node, field), low, high, node.include_low, node.include_high, self._at(node))

    def _from(self, node: Any, field: str | None, _depth: int) -> Node:
        return terms.between(self._field(node, field), _bound(node.a), None, node.include, True, self._at(node))

    def _to(self, node: Any, field: str | None, _depth: int) -> Node:
        return terms.between(self._field(node, field), None, _bound(node.a), True, node.include, self._at(node))

    def _field(self, node: Any, field: str | None) -> str:
        if field is None:
            raise QueryError("a range needs a field, such as destination.port:>1024", self._at(node), "range_alone")
        return field


def _bound(node: Any) -> str | None:
    """The text of a bound; None where it is open."""
    if isinstance(node, lucene.Prohibit):
        return f"-{_bound(node.a)}"
    if isinstance(node, lucene.Phrase):
        return unquoted(node.value)
    return None if node.value == "*" else re.sub(r"\\(.)", r"\1", node.value)
