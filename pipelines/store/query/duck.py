"""``tree`` → a condition of DuckDB. Values always travel as parameters; only names of the vocabulary enter the SQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address
from typing import Any, Final

from pipelines.store.query import fields
from pipelines.store.query.tree import (
    Addresses,
    And,
    Between,
    Contains,
    Equals,
    Everything,
    Exists,
    Glob,
    Matches,
    Node,
    Not,
    Or,
    Wild,
)

MACROS: Final = (
    # As many bytes as characters: nothing to remove, which is almost always so. đ has no decomposition in Unicode.
    """create macro folded(x) as case
        when strlen(x) = length(x) then lower(x) else strip_accents(replace(lower(x), 'đ', 'd')) end""",
    """create macro groups6(x) as list_transform(
        case when contains(x, '::')
        then list_concat(list_concat(
            list_filter(string_split(split_part(x, '::', 1), ':'), lambda g: g <> ''),
            list_resize(cast([] as varchar[]), cast(greatest(0, 8
                - len(list_filter(string_split(split_part(x, '::', 1), ':'), lambda g: g <> ''))
                - len(list_filter(string_split(split_part(x, '::', 2), ':'), lambda g: g <> ''))) as bigint), '0')),
            list_filter(string_split(split_part(x, '::', 2), ':'), lambda g: g <> ''))
        else string_split(x, ':') end,
        lambda g: lpad(g, 4, '0'))""",
    """create macro key4(x) as '00000000000000000000ffff' || array_to_string(list_transform(
        string_split(x, '.'), lambda o: printf('%02x', coalesce(try_cast(o as integer), 0))), '')""",
    """create macro address_key(x) as case
        when contains(x, '.') then key4(replace(lower(x), '::ffff:', ''))
        else array_to_string(groups6(lower(x)), '') end""",
)
"""``folded``: case and diacritics gone. ``address_key``: 32 hexadecimal digits that order like the addresses."""


class Parameters:
    """Values of a statement, by name."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def add(self, value: object) -> str:
        """Take a value; gives what stands for it in the SQL."""
        name = f"p{len(self.values)}"
        self.values[name] = value
        return f"${name}"


def column(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def where(node: Node, dataset: str, parameters: Parameters) -> str:
    """The condition for one dataset. A field that it lacks matches nothing there.

    True where the event matches; false or NULL where it does not (NULL only ever stands outside a negation).
    """
    match node:
        case Everything():
            return "true"
        case And(parts):
            return _joined(" and ", parts, dataset, parameters)
        case Or(parts):
            return _joined(" or ", parts, dataset, parameters)
        case Not(part):
            return f"not coalesce({where(part, dataset, parameters)}, false)"
        case _:
            if dataset not in fields.carriers(node.field):
                return "false"
            return _leaf(node, parameters)


def _joined(operator: str, parts: tuple[Node, ...], dataset: str, parameters: Parameters) -> str:
    conditions = [where(part, dataset, parameters) for part in parts]
    neutral, decisive = ("true", "false") if operator == " and " else ("false", "true")
    conditions = [condition for condition in conditions if condition != neutral]
    if decisive in conditions:
        return decisive
    return f"({operator.join(conditions)})" if conditions else neutral


def _leaf(node: Exists | Equals | Matches | Contains | Between | Addresses, parameters: Parameters) -> str:
    name = column(node.field)
    if isinstance(node, Exists):
        return f"len({name}) > 0" if fields.is_list(node.field) else f"{name} is not null"
    condition = _condition(node, parameters)
    if fields.is_list(node.field):
        return f"len(list_filter({name}, lambda element: {condition('element')})) > 0"
    return condition(name)


def _condition(node: Equals | Matches | Contains | Between | Addresses, parameters: Parameters) -> Callable[[str], str]:
    """The condition on one value, given how the SQL calls it."""
    match node:
        case Equals(field, value):
            as_it_is = not isinstance(value, str) or fields.kind(field) == "ip" or field in fields.EXACT
            place = parameters.add(value if as_it_is else str(value).lower())
            return lambda x: f"{x} = {place}" if as_it_is else f"lower({x}) = {place}"
        case Matches(field, glob):
            place = parameters.add(_like(glob).lower())
            return lambda x: rf"lower({x}) like {place} escape '\'"
        case Contains(field, (str(text),)):
            place = parameters.add(text)
            return lambda x: f"contains(folded({x}), folded({place}))"
        case Contains(field, glob):
            place = parameters.add(_like((Wild.ANY, *glob, Wild.ANY)))
            return lambda x: rf"folded({x}) like folded({place}) escape '\'"
        case Between():
            return _between(node, parameters)
        case Addresses():
            return _addresses(node, parameters)


def _like(glob: Glob) -> str:
    signs = {Wild.ANY: "%", Wild.ONE: "_"}
    return "".join(signs[piece] if isinstance(piece, Wild) else _escaped(piece) for piece in glob)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


def _between(node: Between, parameters: Parameters) -> Callable[[str], str]:
    keyword = fields.kind(node.field) == "keyword"
    tests = []
    for bound, operator in ((node.low, ">=" if node.with_low else ">"), (node.high, "<=" if node.with_high else "<")):
        if bound is not None:
            value: str | int | float | datetime = bound.lower() if isinstance(bound, str) else bound
            tests.append((operator, parameters.add(value)))
    return lambda x: " and ".join(f"{f'lower({x})' if keyword else x} {operator} {place}" for operator, place in tests)


def _addresses(node: Addresses, parameters: Parameters) -> Callable[[str], str]:
    if isinstance(node.first, IPv4Address) and isinstance(node.last, IPv4Address):
        return _addresses4(node.first, node.last, parameters)
    first, last = (parameters.add(key(end)) for end in (node.first, node.last))
    return lambda x: f"contains({x}, ':') and address_key({x}) between {first} and {last}"


def _addresses4(first: IPv4Address, last: IPv4Address, parameters: Parameters) -> Callable[[str], str]:
    """The common start in dotted form is cheap to compare; a network needs one octet more, any other range the key."""
    low, high = first.packed, last.packed
    shared = next((place for place in range(4) if low[place] != high[place]), 4)
    if shared == len(low):
        whole = parameters.add(str(first))
        return lambda x: f"{x} = {whole}"
    start = parameters.add("".join(f"{octet}." for octet in low[:shared]))
    begins = f"not contains(%s, ':') and starts_with(%s, {start})"
    if any(low[shared + 1 :]) or low[shared + 1 :].count(0) + high[shared + 1 :].count(255) != 2 * (3 - shared):
        keys = parameters.add(key(first)), parameters.add(key(last))
        return lambda x: f"{begins.replace('%s', x)} and address_key({x}) between {keys[0]} and {keys[1]}"
    if (low[shared], high[shared]) == (0, 255):
        return lambda x: begins.replace("%s", x)
    octets = parameters.add(low[shared]), parameters.add(high[shared])
    octet = f"try_cast(split_part(%s, '.', {shared + 1}) as integer) between {octets[0]} and {octets[1]}"
    return lambda x: f"{begins} and {octet}".replace("%s", x)


def key(value: IPv4Address | IPv6Address) -> str:
    """``address_key`` of an address."""
    return f"{int(value):032x}" if isinstance(value, IPv6Address) else f"{'0' * 20}ffff{int(value):08x}"
