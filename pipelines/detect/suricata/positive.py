"""Makes an event that a signature must match, from its own contents; the translated rule then says whether it does."""

from __future__ import annotations

import ipaddress
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import pyarrow as pa

from pipelines.detect.matching.columns import schema_of
from pipelines.detect.matching.rule import EventRule
from pipelines.detect.matching.trial import matches
from pipelines.detect.sigma.expression import sample
from pipelines.detect.suricata.asked import Asked, Lists, option
from pipelines.detect.suricata.buffer import Item
from pipelines.detect.suricata.mapping import Mapping as Reading
from pipelines.detect.suricata.signature import Signature

_HOME, _OUTSIDE = "10.20.7.31", "203.0.113.9"
_ADDRESS: Final = re.compile(r"(?<![!\w.:])(\d+\.\d+\.\d+\.\d+(?:/\d+)?|[0-9a-fA-F]*:[0-9a-fA-F:]+(?:/\d+)?)")
_TEST: Final = re.compile(r"\"([^\"]+)\" (=|>|<|>=|<=|IN|BETWEEN) \(?('[^']*'|\d+)")
_STEP: Final = {">": 1, "<": -1}
_HEADERS: Final = {
    "host": "vonggac.http.request.host", "user-agent": "user_agent.original", "referer": "http.request.referrer",
    "content-type": "vonggac.http.request.content_type", "server": "vonggac.http.response.server",
    "location": "vonggac.http.response.location", "content-disposition": "vonggac.http.response.content_disposition",
}  # fmt: skip
TRIED: Final = 24
"""Combinations of values that are tried."""
_PORT: Final = re.compile(r"(?<![!\d])(\d+)")


def proved(signature: Signature, rule: EventRule, reading: Reading, lists: Lists) -> bool:
    """Whether the rule matches one of the events that can be made for it."""
    asked = Asked()
    for name, value in signature.options:
        option(asked, name, value, reading, lists)
    choices = _choices(asked, rule.dataset, reading)
    if choices is None:
        return False
    made = itertools.islice(itertools.product(*choices.values()), TRIED)
    events = [
        {**ends, **_tested(asked), **dict(zip(choices, values, strict=True))}
        for values in made
        for ends in _ends(signature, rule.dataset)
    ]
    return any(matches(rule, events))


def _choices(asked: Asked, dataset: str, reading: Reading) -> dict[str, list[Any]] | None:
    """Column → values to try; None where a buffer is put together from columns in a way that is not taken apart here."""
    made: dict[str, list[Any]] = {}
    for name in dict.fromkeys([*asked.items, *asked.sizes]):
        items = asked.items.get(name, [])
        wanted = [item for item in items if not item.negated]
        if not wanted and name != "http.header_names" and name not in asked.sizes:
            continue
        if name in ("http.header", "http.header_names"):
            made |= _headers(name, items, dataset)
            continue
        buffer = reading.buffer(name, dataset, server=reading.side(name) == "server")
        if buffer is None or not (buffer.encoded or len(buffer.columns) == 1):
            return None
        texts = [_text(wanted), *(_text([item]) for item in sorted(wanted, key=lambda item: not item.expression))]
        if "dotprefix" in asked.changes.get(name, ()):
            texts = [text.removeprefix(".") for text in texts]
        texts = [_sized(text, asked.sizes.get(name, ())) for text in texts]
        made[buffer.columns[0]] = list(_typed(dict.fromkeys(texts), schema_of(dataset).field(buffer.columns[0]).type))
    return made


def _typed(texts: Iterable[str], kind: pa.DataType) -> Iterator[Any]:
    for text in texts:
        if pa.types.is_list(kind):
            yield [text]
        elif pa.types.is_string(kind):
            yield text
        elif text.isdigit():
            yield int(text)


def _sized(text: str, sizes: Sequence[str]) -> str:
    """As long as comparisons of the length ask for."""
    for size in sizes:
        if match := re.search(r"(=|>|>=|BETWEEN) (\d+)", size):
            text = text.ljust(int(match[2]) + (match[1] == ">"), "a")
    return text


def _headers(name: str, items: Sequence[Item], dataset: str) -> dict[str, list[Any]]:
    text = "".join(item.text for item in items if not item.negated and not item.expression)
    lines = [line for line in text.split("\r\n") if line]
    listed: list[Any] = [["Host", *(line.partition(":")[0] for line in lines)]]
    found: dict[str, list[Any]] = {
        "vonggac.http.request.header_names": listed,
        "vonggac.http.response.header_names": listed,
    }
    if name == "http.header":
        for line in lines:
            header, _, value = line.partition(":")
            if column := _HEADERS.get(header.lower()):
                found[column] = [value.strip() or "x"]
    return {column: values for column, values in found.items() if column in schema_of(dataset).names}


def _tested(asked: Asked) -> dict[str, Any]:
    """Values of the options that are about numbers and hashes."""
    made: dict[str, Any] = {}
    for _, test in asked.tests:
        if match := _TEST.match(test):
            column, sign, value = match.groups()
            made[column] = value.strip("'") if value.startswith("'") else int(value) + _STEP.get(sign, 0)
    return made


def _text(items: Sequence[Item]) -> str:
    """All of them one after the other, each where it may stand."""
    out = ""
    for item in sorted(items, key=lambda item: (not item.begins and "depth" not in item.numbers, item.ends)):
        body = sample(item.text) if item.expression else item.text
        numbers = item.numbers
        gap = numbers.get("offset", 0) - len(out) if "offset" in numbers and not out else numbers.get("distance", 0)
        out += "a" * max(0, gap) + body
    return out


def _ends(signature: Signature, dataset: str) -> Iterator[Mapping[str, Any]]:
    names = schema_of(dataset).names
    one, two = _side(signature.source, signature.source_port), _side(signature.destination, signature.destination_port)
    for client, server in ((one, two), (two, one)):
        for home in (True, False):
            event: dict[str, Any] = {
                "source.ip": client[0] or (_HOME if home else _OUTSIDE),
                "destination.ip": server[0] or (_OUTSIDE if home else _HOME),
                "source.port": client[1] or 49152,
                "destination.port": server[1] or 80,
                "vonggac.source.home": home,
                "vonggac.destination.home": not home,
                "network.transport": signature.protocol if signature.protocol in ("udp", "icmp") else "tcp",
                "vonggac.flow.state": "SF",
            }
            yield {name: value for name, value in event.items() if name in names}


def _side(address: str, port: str) -> tuple[str | None, int | None]:
    found, number = _ADDRESS.search(address), _PORT.search(port)
    where = str(ipaddress.ip_network(found[1], strict=False)[-1]) if found else None
    return where, int(number[1]) if number and not port.startswith("!") else None
