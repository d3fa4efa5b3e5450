"""Addresses and ports of a signature's head as conditions on an event's two ends."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from typing import Final

from pipelines.detect.matching.columns import addressed, network_range
from pipelines.detect.suricata.buffer import UntranslatableError
from pipelines.detect.suricata.mapping import Mapping

NESTED_MOST: Final = 8
"""Lists within lists."""


def address(text: str, side: str, mapping: Mapping, needs: set[str]) -> str:
    """SQL for an address or a list of them on ``side`` (``source``, ``destination``); "" for any."""
    return _list(text, lambda one: _address(one, side, mapping, needs))


def port(text: str, side: str, mapping: Mapping, needs: set[str]) -> str:
    """SQL for a port, a range or a list of them; "" for any."""
    return _list(text, lambda one: _port(one, side, mapping, needs))


def _list(text: str, make: Callable[[str], str], depth: int = 0) -> str:
    """What is in the list and not among what it excludes (Suricata: "rule vars")."""
    if depth > NESTED_MOST:
        raise UntranslatableError("lists are nested too deep", "wrong")
    text = text.strip()
    negated = text.startswith("!")
    bare = text.lstrip("! ")
    if not (bare.startswith("[") and bare.endswith("]")):
        test = make(bare)
        if negated and not test:
            raise UntranslatableError("excludes every address", "never")
        return f"NOT coalesce({test}, false)" if negated else test
    inside: list[str] = []
    outside: list[str] = []
    anything = False
    for part in _parts(bare[1:-1]):
        test = _list(part.lstrip("!").strip(), make, depth + 1)
        if part.startswith("!"):
            outside.append(f"NOT coalesce({test}, false)")
        else:
            inside.append(test)
            anything = anything or not test
    tests = ([] if anything or not inside else [_any_of(inside)]) + outside
    both = " AND ".join(tests)
    return f"NOT coalesce({both or 'true'}, false)" if negated else f"({both})" if both else ""


def _any_of(tests: list[str]) -> str:
    """One look-up for all that are single values: lists of addresses are long."""
    single: dict[str, list[str]] = {}
    others = []
    for test in tests:
        column, equals, value = test.partition(" = ")
        if equals and " " not in value:
            single.setdefault(column, []).append(value)
        else:
            others.append(test)
    looked_up = [f"{column} IN ({', '.join(values)})" for column, values in single.items()]
    return f"({' OR '.join([*looked_up, *others])})"


def _parts(text: str) -> Iterator[str]:
    depth, start = 0, 0
    for place, letter in enumerate(text):
        depth += (letter == "[") - (letter == "]")
        if letter == "," and depth == 0:
            yield text[start:place].strip()
            start = place + 1
    if text[start:].strip():
        yield text[start:].strip()


def _address(text: str, side: str, mapping: Mapping, needs: set[str]) -> str:
    if text == "any":
        return ""
    if text.startswith("$"):
        name = text[1:]
        home = f'"vonggac.{side}.home"'
        if name in mapping.data["home"] or name in mapping.data["outside"]:
            needs.add(f"vonggac.{side}.home")
            return f"coalesce({home}, false)" if name in mapping.data["home"] else f"NOT coalesce({home}, false)"
        raise UntranslatableError(f"the variable {text} is not known; only those of home networks are", "field")
    needs.add(addressed(f"{side}.ip"))
    try:
        first, last = _range(text)
    except ValueError:
        raise UntranslatableError(f"{text[:60]} is no address", "wrong") from None
    column = f'"{addressed(f"{side}.ip")}"'
    return f"{column} = '{first}'" if first == last else f"{column} BETWEEN '{first}' AND '{last}'"


def _range(text: str) -> tuple[str, str]:
    if "-" in text:
        low, _, high = text.partition("-")
        return network_range(low.strip())[0], network_range(high.strip())[1]
    ipaddress.ip_network(text, strict=False)
    return network_range(text)


def _port(text: str, side: str, mapping: Mapping, needs: set[str]) -> str:
    if text == "any":
        return ""
    if text.startswith("$"):
        known = mapping.data["ports"].get(text[1:])
        if known is None:
            raise UntranslatableError(f"the variable {text} is not known; write the ports", "field")
        return port(str(known), side, mapping, needs)
    needs.add(f"{side}.port")
    low, colon, high = text.partition(":")
    if not all(part == "" or part.isdigit() for part in (low, high)) or text in ("", ":"):
        raise UntranslatableError(f"{text[:60]} is no port", "wrong")
    column = f'"{side}.port"'
    if not colon:
        return f"{column} = {int(low)}"
    return f"{column} BETWEEN {int(low or 0)} AND {int(high or 65535)}"
