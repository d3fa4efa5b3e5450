"""What one term means on one field, by the field's type."""

from __future__ import annotations

import re
from typing import Final

from pipelines.store.events import QueryError
from pipelines.store.query import fields, values
from pipelines.store.query.tree import (
    Addresses,
    Between,
    Contains,
    Equals,
    Everything,
    Exists,
    Glob,
    Matches,
    Node,
    Or,
    Wild,
)

_HARDWARE_ADDRESS: Final = re.compile(r"([0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}")
_NUMERIC: Final = ("long", "port", "float")


def word(field: str, text: str, position: int | None) -> Node:
    """``field:text`` with wildcards."""
    glob = values.glob(text)
    if glob == (Wild.ANY,):
        return Exists(field)
    if any(isinstance(piece, Wild) for piece in glob):
        if fields.kind(field) not in ("keyword", "ip"):
            message = f"{field} is no text: * and ? do not work on it; use a range such as [1 TO 9]"
            raise QueryError(message, position, "wildcard_on_number", {"field": field})
        return Matches(field, glob)
    return phrase(field, str(glob[0]), position)


def phrase(field: str, text: str, position: int | None) -> Node:
    """``field:"text"``: the whole value."""
    kind = fields.kind(field)
    if kind == "ip":
        return _address(field, text, position)
    if kind in _NUMERIC:
        return Equals(field, values.number(text, position, kind != "float"))
    if kind == "boolean":
        return Equals(field, values.boolean(text, position))
    if kind == "date":
        meant = values.instants(text, position)
        return Between(field, meant.first, meant.after, True, False)
    return Equals(field, text)


def _address(field: str, text: str, position: int | None) -> Node:
    single, network = values.address(text), values.network(text)
    if single is not None:
        return Equals(field, values.spelling(single))
    if network is not None:
        return Addresses(field, network.network_address, network.broadcast_address)
    message = f"{text} is no address; write 10.20.7.31, 10.20.0.0/16 or 10.20.*"
    raise QueryError(message, position, "not_address", {"value": text})


def between(
    field: str, low: str | None, high: str | None, with_low: bool, with_high: bool, position: int | None
) -> Node:
    """``field:[low TO high]``; None: open."""
    if low is None and high is None:
        return Exists(field)
    kind = fields.kind(field)
    if kind == "ip":
        return _address_range(field, low, high, with_low, with_high, position)
    if kind == "date":
        return _time_range(field, low, high, with_low, with_high, position)
    if kind == "boolean":
        raise QueryError(f"{field} is true or false: no range", position, "range_on_boolean", {"field": field})
    if kind in _NUMERIC:
        numbers = [None if text is None else values.number(text, position, kind != "float") for text in (low, high)]
        return Between(field, numbers[0], numbers[1], with_low, with_high)
    return Between(field, low, high, with_low, with_high)


def _time_range(
    field: str, low: str | None, high: str | None, with_low: bool, with_high: bool, position: int | None
) -> Node:
    """Bounds mean all of what they name: ``[2026-11-01 TO 2026-11-02]`` holds both days."""
    first = None if low is None else values.instants(low, position)
    last = None if high is None else values.instants(high, position)
    start = None if first is None else (first.first if with_low else first.after)
    end = None if last is None else (last.after if with_high else last.first)
    return Between(field, start, end, True, False)


def _address_range(
    field: str, low: str | None, high: str | None, with_low: bool, with_high: bool, position: int | None
) -> Node:
    first, last = (None if text is None else values.address(text) for text in (low, high))
    if first is None or last is None or first.version != last.version or not (with_low and with_high):
        message = "a range of addresses needs two of the same version, such as [10.0.0.1 TO 10.0.0.9]"
        raise QueryError(message, position, "address_range", {"field": field})
    return Addresses(field, first, last)


def free(text: str, position: int | None) -> Node:
    """A word without a field."""
    glob = values.glob(text)
    if glob == (Wild.ANY,):
        return Everything()
    if any(isinstance(piece, Wild) for piece in glob):
        return _somewhere(glob)
    return free_phrase(str(glob[0]))


def free_phrase(text: str) -> Node:
    """Words without a field: addresses are looked up whole, anything else as a part of the fields that people read."""
    single, network = values.address(text), values.network(text)
    if network is not None:
        names = fields.present(fields.ADDRESSES)
        return Or(tuple(Addresses(name, network.network_address, network.broadcast_address) for name in names))
    if single is not None:
        spelling = values.spelling(single)
        whole = tuple(Equals(name, spelling) for name in (*fields.present(fields.ADDRESSES), *_texts_of_addresses()))
        return Or(whole)
    if _HARDWARE_ADDRESS.fullmatch(text):
        spelling = text.lower().replace("-", ":")
        return Or(tuple(Equals(name, spelling) for name in fields.present(fields.HARDWARE_ADDRESSES)))
    return _somewhere((text,))


def _texts_of_addresses() -> tuple[str, ...]:
    return fields.present(("dns.answers.data", "destination.domain", "tls.client.server_name"))


def _somewhere(glob: Glob) -> Node:
    return Or(tuple(Contains(name, glob) for name in fields.present(fields.FREE_TEXT)))
