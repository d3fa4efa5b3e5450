"""From one signature to rules about single events, or to the reason why not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import duckdb

from pipelines.detect.engine import RuleError
from pipelines.detect.importing.source import text as decoded
from pipelines.detect.matching.rule import ANCHOR_LEAST, EventRule, best_anchors
from pipelines.detect.matching.trial import trial
from pipelines.detect.suricata import buffer as buffers
from pipelines.detect.suricata import ends
from pipelines.detect.suricata.asked import Asked, Lists, option
from pipelines.detect.suricata.buffer import Item, UntranslatableError
from pipelines.detect.suricata.mapping import COLUMN, Buffer, shipped, techniques
from pipelines.detect.suricata.mapping import Mapping as Reading
from pipelines.detect.suricata.signature import Signature, Unreadable, signatures

ID: Final = "suricata-"
"""A rule's id is this and the signature's number."""
FAILURES: Final = (ValueError, KeyError, OverflowError, RecursionError, duckdb.Error)
_HEADER: Final = re.compile(r"^(?:\r\n)?([A-Za-z0-9-]+):? ?(?:\r\n)?$")
_LINE: Final = re.compile(r"^(?:\r\n)?([A-Za-z0-9-]+):")
_LINE_EXPRESSION: Final = re.compile(r"([A-Za-z-]+)(?::|\\x3a)")


def convert(path: Path, raw: bytes) -> tuple[list[EventRule], list[RuleError]]:
    """Every signature of one file; each that cannot be used is an error of its own."""
    rules: list[EventRule] = []
    errors: list[RuleError] = []
    for one in signatures(decoded(raw)):
        if isinstance(one, Unreadable):
            if not one.disabled:
                errors.append(RuleError(path.stem, path, one.line, one.reason))
            continue
        try:
            rules.append(translate(one, path, shipped(), lambda name: _beside(path, name)))
        except FAILURES as error:
            errors.append(RuleError(f"{ID}{one.sid}", path, one.line, " ".join(str(error).split())))
    return rules, errors


def translate(signature: Signature, path: Path, reading: Reading, lists: Lists) -> EventRule:
    """The rule; raises one of ``FAILURES``. ``lists`` gives the content of a file of hashes that the signature names."""
    if signature.action not in ("alert", "drop", "reject", "rejectsrc", "rejectdst", "rejectboth"):
        raise UntranslatableError(
            f"the action {signature.action} is none that finds anything: use a suppression", "elsewhere"
        )
    asked = Asked()
    for name, value in signature.options:
        option(asked, name, value, reading, lists)
    dataset = _dataset(signature, asked, reading)
    needs: set[str] = set()
    server = _server_sends(asked, reading)
    tests, anchors = _buffer_tests(asked, dataset, server, reading, needs)
    for _, test in asked.tests:
        needs |= set(re.findall(r'"([^"]+)"', test))
        tests.append(test)
    tests += _head(signature, asked, dataset, server, reading, needs)
    if not tests:
        raise UntranslatableError("asks for nothing that an event shows")
    predicate = " AND ".join(f"coalesce({test}, false)" for test in dict.fromkeys(tests))
    trial(predicate, dataset, needs)
    return _rule(signature, path, dataset, predicate, sorted(needs), best_anchors(anchors), asked, server, reading)


def _rule(signature: Signature, path: Path, dataset: str, predicate: str, needs: list[str], anchors: list[list[str]], asked: Asked, server: bool, reading: Reading) -> EventRule:  # fmt: skip  # noqa: E501
    default, message = reading.data["default"], signature.message or f"sid {signature.sid}"
    counts: list[str | int] = []
    if asked.counts:
        by_source = (asked.counts[0] == "by_src") != server
        counts = ["source.ip" if by_source else "destination.ip", asked.counts[1], asked.counts[2]]
    revision = signature.first("rev").strip()
    return EventRule(
        id=f"{ID}{signature.sid}",
        path=str(path),
        dataset=dataset,
        predicate=predicate,
        needs=needs,
        behaviour=reading.behaviour(signature, dataset),
        severity=reading.severity(signature),
        title={"vi": message, "en": message},
        explanation={
            language: text.replace("{rule}", message) for language, text in reading.data["explanation"].items()
        },
        technique=techniques(signature),
        ratio=float(default["weight"]),
        family=str(default["family"]),
        version=int(revision) if revision.isdigit() else 1,
        engine="suricata",
        anchors=anchors,
        marks=asked.marks,
        silent=asked.silent,
        counts=counts,
    )


def _dataset(signature: Signature, asked: Asked, reading: Reading) -> str:
    if asked.items.get(""):
        raise UntranslatableError(
            "looks into the payload of packets (content without a buffer), which events do not hold"
        )
    named = [name for name in {*asked.items, *asked.sizes} if name and (asked.items.get(name) or asked.sizes.get(name))]
    choices = [reading.datasets(name) for name in named] + [[dataset] for dataset, _ in asked.tests]
    if not choices:
        protocol = reading.data["protocols"].get(signature.protocol)
        if protocol is None and signature.protocol not in (
            *reading.data["transports"],
            "ip",
            "pkthdr",
            "tcp-pkt",
            "tcp-stream",
        ):
            raise UntranslatableError(f"the protocol {signature.protocol} is not read", "field")
        return protocol or "flow"
    for dataset in choices[0]:
        if all(dataset in others for others in choices):
            return dataset
    raise UntranslatableError(f"asks for {', '.join(sorted(named))} together, which no event holds", "window")


def _server_sends(asked: Asked, reading: Reading) -> bool:
    """Whether the head's first address is the server's: what the rule says, else what its buffers are."""
    if asked.flow & {"to_client", "from_server"}:
        return True
    if asked.flow & {"to_server", "from_client"}:
        return False
    sides = {reading.side(name) for name, items in asked.items.items() if name and items} - {None}
    return sides == {"server"}


def _buffer_tests(
    asked: Asked, dataset: str, server: bool, reading: Reading, needs: set[str]
) -> tuple[list[str], list[list[list[str]]]]:
    found: list[str] = []
    anchors: list[list[list[str]]] = []
    for name in dict.fromkeys([*asked.items, *asked.sizes]):
        items = asked.items.get(name, [])
        if name == "http.header":
            items = list(_headers(items, server, reading, found, needs))
        if not items and not asked.sizes.get(name):
            continue
        buffer = reading.buffer(name, dataset, server)
        assert buffer
        if reading.data["buffers"][name].get("hex"):
            for item in items:
                item.text, item.nocase = item.text.replace(":", ""), True
        needs |= set(buffer.columns)
        found.append(_on(buffer, dataset, asked, name, items, reading))
        kept = set(asked.changes.get(name, ())) <= {"dotprefix", "to_lowercase"}
        text = buffers.anchor(items, buffer.encoded).lstrip(".") if kept else ""
        if len(text) >= ANCHOR_LEAST and buffer.anchor:
            anchors.append([[buffer.anchor, text]])
    return [test for test in found if test], anchors


def _on(buffer: Buffer, dataset: str, asked: Asked, name: str, items: list[Item], reading: Reading) -> str:
    """All tests on one buffer; of a list each has to hold for some element, what is negated for none."""
    changes = asked.changes.get(name, [])
    if reading.listed(buffer, dataset):
        column = COLUMN.sub(lambda match: f'"{match[1]}"', buffer.sql)
        parts = []
        for item in items:
            negated, item.negated = item.negated, False
            inner = " AND ".join(buffers.tests([item], _changed("x", changes)))
            some = f"coalesce(len(list_filter({column}, lambda x: coalesce({inner}, false))) > 0, false)"
            parts.append(f"NOT {some}" if negated else some)
        return " AND ".join(parts)
    sql = _changed(COLUMN.sub(lambda match: f'"{match[1]}"', buffer.sql), changes)
    sql = sql if sql.startswith('"') and sql.endswith('"') and sql.count('"') == 2 else f"({sql})"
    tests = [*buffers.tests(items, sql), *(size.replace("{x}", sql) for size in asked.sizes.get(name, []))]
    return " AND ".join(tests)


def _changed(sql: str, changes: Iterable[str]) -> str:
    how = {
        "dotprefix": "('.' || {x})",
        "to_lowercase": "lower({x})",
        "strip_whitespace": r"regexp_replace({x}, '\s', '', 'g')",
        "compress_whitespace": r"regexp_replace({x}, '\s+', ' ', 'g')",
        "url_decode": "coalesce(try(url_decode({x})), {x})",
    }
    for change in changes:
        sql = how[change].replace("{x}", sql)
    return sql


def _headers(items: list[Item], server: bool, reading: Reading, found: list[str], needs: set[str]) -> Iterable[Item]:
    """Contents of the block of headers: names of headers are looked for among the names, lines only among those kept."""
    side = "server" if server else "client"
    column = f"vonggac.http.{'response' if server else 'request'}.header_names"
    for item in items:
        only = None if item.expression or item.placed else _HEADER.match(item.text)
        line = _LINE_EXPRESSION.search(item.text) if item.expression else _LINE.match(item.text)
        if only:
            needs.add(column)
            some = f'list_contains(list_transform("{column}", lambda x: lower(x)), {buffers.quoted(only[1].lower())})'
            found.append(f"NOT coalesce({some}, false)" if item.negated else some)
        elif line and line[1].lower() in reading.data["kept_headers"][side]:
            yield item
        else:
            raise UntranslatableError(
                "'http.header' looks into the values of headers, of which the sensor keeps only some"
            )


def _head(
    signature: Signature, asked: Asked, dataset: str, server: bool, reading: Reading, needs: set[str]
) -> list[str]:
    """Addresses, ports, transport and state."""
    ways = [server]
    directed = asked.flow & {"to_client", "from_server", "to_server", "from_client"} or asked.items
    if signature.both or not directed:
        ways.append(not server)
    tests = []
    for turned in ways:
        first, second = ("destination", "source") if turned else ("source", "destination")
        one = [
            ends.address(signature.source, first, reading, needs),
            ends.port(signature.source_port, first, reading, needs),
            ends.address(signature.destination, second, reading, needs),
            ends.port(signature.destination_port, second, reading, needs),
        ]
        tests.append(" AND ".join(test for test in one if test))
    found = [] if "" in tests else [f"({' OR '.join(f'({test})' for test in dict.fromkeys(tests))})"]
    if dataset == "flow":
        found += _of_flow(signature, asked, needs, bool(found))
    return found


def _of_flow(signature: Signature, asked: Asked, needs: set[str], placed: bool) -> list[str]:
    if not placed:
        raise UntranslatableError("names no address and no port, and asks for nothing else that an event shows")
    found = []
    if signature.protocol in ("tcp", "udp", "icmp", "sctp"):
        needs.add("network.transport")
        found.append(f"\"network.transport\" = '{signature.protocol}'")
    if "established" in asked.flow:
        needs.add("vonggac.flow.state")
        found.append("\"vonggac.flow.state\" NOT IN ('S0', 'REJ')")
    return found


def _beside(path: Path, name: str) -> bytes | None:
    """A file of hashes in the folder of the signatures; nothing from anywhere else."""
    place = path.parent / Path(name).name
    return place.read_bytes() if place.is_file() and place.resolve().parent == path.parent.resolve() else None
