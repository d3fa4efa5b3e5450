"""Makes an event that a rule must match, from the rule's own conditions and what the sensor can write.

A tree of conditions is turned into a few sets of demands (one for each way to satisfy it); each demand on a column gives values
to try. Whether an event really matches is asked of the converted rule itself, so that a wrong guess here proves nothing false.
"""

from __future__ import annotations

import ipaddress
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import pyarrow as pa
from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.types import (
    SigmaBool,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaExists,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaString,
    SpecialChars,
)

from pipelines.detect.matching.columns import URL, schema_of
from pipelines.detect.matching.rule import EventRule
from pipelines.detect.matching.trial import matches
from pipelines.detect.sigma.expression import sample

WAYS: Final = 48
"""Ways to satisfy a rule that are tried: long lists of alternatives prove as much by their first entries."""
NEVER: Final = "what it asks of"
"""How the reason of a rule begins that no event can match."""
_FILL: Final = (
    "",
    "x",
    "10.20.1.5",
    "\\\\10.20.1.5",
    "\\10.20.1.5",
    "\\\\10.20.1.5\\",
    "http://host.example/",
    "http://host.example",
    "/",
    "host.example/",
)
"""What may stand for a wildcard, so that the value looks as the sensor writes it."""
_ENDS: Final[tuple[dict[str, Any], ...]] = (
    {"source.ip": "10.20.7.31", "destination.ip": "203.0.113.9"},
    {"source.ip": "203.0.113.9", "destination.ip": "10.20.7.31"},
)
_BARE: Final = ("x", "10.20.1.5", "host.example")


@dataclass(frozen=True, slots=True)
class Positive:
    """What came of it."""

    event: Mapping[str, Any] | None
    """An event that the rule matches, in our columns."""
    reason: str = ""
    """Why there is none."""


def positive(
    rule: EventRule, conditions: Sequence[Any], keywords: Sequence[str], shapes: Mapping[str, str]
) -> Positive:
    """An event of ``rule``'s dataset that it matches, or why none can be made."""
    misfit = ""
    events: list[dict[str, Any]] = []
    for way in itertools.islice(itertools.chain.from_iterable(_ways(one, keywords) for one in conditions), WAYS):
        event, wrong = _event(rule.dataset, way, shapes)
        misfit = misfit or wrong
        if event is not None:
            events += [{**ends, **event} for ends in _ENDS]
    if events:
        for event, matched in zip(events, matches(rule, events), strict=True):
            if matched:
                return Positive(event)
        return Positive(None, "no event could be made that it matches")
    return Positive(None, misfit or "its conditions contradict one another")


def _ways(node: Any, keywords: Sequence[str]) -> Iterator[list[Any]]:
    """Lists of demands, each of which satisfies the tree; what is negated is left to chance and to the rule itself."""
    if isinstance(node, ConditionNOT):
        yield []
    elif isinstance(node, ConditionOR):
        for part in node.args:
            yield from _ways(part, keywords)
    elif isinstance(node, ConditionAND):
        parts = sorted(node.args, key=lambda part: isinstance(part, ConditionNOT))
        lists = [list(itertools.islice(_ways(part, keywords), WAYS)) for part in parts]
        for chosen in _spread(lists):
            yield list(itertools.chain.from_iterable(chosen))
    elif isinstance(node, ConditionValueExpression):
        for field in keywords:
            yield [ConditionFieldEqualsValueExpression(field, node.value)]
    else:
        yield [node]


def _spread(lists: Sequence[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """Combinations, the first of each first, then one part at a time changed, then the rest."""
    if any(not one for one in lists):
        return
    first = [one[0] for one in lists]
    yield first
    for place, one in enumerate(lists):
        for other in one[1:]:
            yield [*first[:place], other, *first[place + 1 :]]
    yield from itertools.islice(itertools.product(*lists), WAYS)


def _event(dataset: str, way: Sequence[Any], shapes: Mapping[str, str]) -> tuple[dict[str, Any] | None, str]:
    demands: dict[str, list[Any]] = {}
    for one in way:
        demands.setdefault(one.field, []).append(one.value)
    event: dict[str, Any] = {}
    for field, values in demands.items():
        value = _value(dataset, field, values, shapes.get(field))
        if value is _NONE:
            return None, _misfit(dataset, field, values, shapes.get(field))
        if value is not None:
            event[field] = value
    return _whole(event), ""


def _misfit(dataset: str, field: str, values: Sequence[Any], shape: str | None) -> str:
    """What no event can have in ``field``; "" when it is only that no value came to mind."""
    for value in values:
        if isinstance(value, SigmaString) and _value(dataset, field, [value], shape) is _NONE:
            return f"{NEVER} {field} ({str(value)[:120]}) is nothing that the sensor writes there"
    return f"no value of {field} could be made that it asks for"


class _Nothing:
    """No value can be made."""


_NONE: Final = _Nothing()


def _value(dataset: str, field: str, values: Sequence[Any], shape: str | None) -> Any:
    """A value of the column that satisfies all of ``values``; ``_NONE`` when there is none, None for "absent"."""
    if any(isinstance(value, SigmaNull) for value in values):
        return None
    kind = schema_of(dataset).field(field).type
    if pa.types.is_list(kind):
        parts = [_value_of(kind.value_type, field, [value], shape) for value in values]
        return _NONE if any(part is _NONE for part in parts) else list(dict.fromkeys(parts))
    return _value_of(kind, field, values, shape)


def _value_of(kind: pa.DataType, field: str, values: Sequence[Any], shape: str | None) -> Any:
    first = values[0]
    if isinstance(first, SigmaBool):
        return bool(first) if pa.types.is_boolean(kind) else str(bool(first)).lower()
    if isinstance(first, SigmaCIDRExpression):
        network = ipaddress.ip_network(first.cidr, strict=False)
        return str(network[min(1, network.num_addresses - 1)])
    if isinstance(first, SigmaCompareExpression):
        return int(first.number.number) + {"LT": -1, "GT": 1, "NEQ": 1}.get(first.op.name, 0)
    if isinstance(first, SigmaNumber | SigmaExists) and not pa.types.is_string(kind):
        return first.number if isinstance(first, SigmaNumber) else True if pa.types.is_boolean(kind) else 1
    if pa.types.is_timestamp(kind):
        return _NONE
    text = next(_texts(values, shape), None)
    return _NONE if text is None else _typed(text, kind)


def _texts(values: Sequence[Any], shape: str | None) -> Iterator[str]:
    """Texts that satisfy wildcards and expressions together and look as the sensor writes them."""
    pieces = [_pieces(value) for value in values]
    whole = next((front for front, middle, back in pieces if front is not None and not middle and back is None), None)
    head = max((front for front, _, _ in pieces if front is not None), key=len, default="")
    tail = max((back for _, _, back in pieces if back is not None), key=len, default="")
    loose = [part for _, middle, _ in pieces for part in middle]
    for fill in _FILL:
        parts = [part for part in (head, *loose, tail) if part]
        bodies = (
            (whole,)
            if whole is not None
            else (fill + "".join(parts), fill.join(parts), fill + fill.join(["", *parts]), "".join(parts) + fill)
        )
        for body in bodies:
            for text in (body, body + "x", body + ".example") if body else _BARE:
                if (shape is None or re.fullmatch(shape, text)) and all(_fits(value, text) for value in values):
                    yield text


def _fits(value: Any, text: str) -> bool:
    """Whether ``text`` is what one demand asks for, as far as Python can tell."""
    if isinstance(value, SigmaRegularExpression):
        try:
            return re.search(str(value.regexp), text, re.IGNORECASE) is not None
        except re.error:
            return True
    if not isinstance(value, SigmaString):
        return True
    marks: dict[Any, str] = {SpecialChars.WILDCARD_MULTI: ".*", SpecialChars.WILDCARD_SINGLE: "."}
    expression = "".join(re.escape(part) if isinstance(part, str) else marks.get(part, "") for part in value.s)
    return re.fullmatch(expression, text, re.IGNORECASE | re.DOTALL) is not None


def _pieces(value: Any) -> tuple[str | None, list[str], str | None]:
    """(fixed beginning, loose parts, fixed end) of one demand; a fixed beginning without the rest is the whole value."""
    if isinstance(value, SigmaRegularExpression):
        return (None, [sample(str(value.regexp))], None)
    if isinstance(value, SigmaExists):
        return (None, [], None)
    parts = list(value.s) if isinstance(value, SigmaString) else [str(value)]
    texts = ["".join(part if isinstance(part, str) else "x" for part in group) for group in _split(parts)]
    if len(texts) == 1:
        return (texts[0], [], None)
    return (texts[0] or None, [text for text in texts[1:-1] if text], texts[-1] or None)


def _split(parts: Sequence[Any]) -> list[list[Any]]:
    groups: list[list[Any]] = [[]]
    for part in parts:
        if part is SpecialChars.WILDCARD_MULTI:
            groups.append([])
        else:
            groups[-1].append(part)
    return groups


def _typed(text: str, kind: pa.DataType) -> Any:
    if pa.types.is_string(kind):
        return text
    if pa.types.is_boolean(kind):
        return text.lower() == "true"
    try:
        return int(text, 0)
    except ValueError:
        return _NONE


def _whole(event: dict[str, Any]) -> dict[str, Any]:
    """Columns that are made from others, taken apart again."""
    url = event.pop(URL, None)
    if url is None:
        return event
    parts = urlsplit(url if "://" in url else f"http://host.example{'' if url.startswith('/') else '/'}{url}")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        port = parts.port
    except ValueError:
        port = None
    made = {"url.domain": parts.hostname, "url.port": port or 80, "url.original": target, "url.path": parts.path or "/"}
    return {**made, **({"url.query": parts.query} if parts.query else {}), **event}
