"""Local name services."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.conformance.record import DNS_OPERATIONS, Event, Record, record_of


def _llmnr(event: Event) -> list[Record]:
    """EVE knows LLMNR alone; types in lower case, the address of a record under its type."""
    if event.get("network.protocol") != "llmnr":
        return []
    answer, kind = event.get("dns.type") == "answer", event.get("dns.question.type")
    asked = {"rrname": event.get("dns.question.name"), "rrtype": kind and kind.lower()}
    common = {"id": event.get("dns.id"), "opcode": DNS_OPERATIONS.get(event.get("dns.op_code", "")), "queries": [asked]}
    lists = [event.get(f"dns.answers.{part}") or [] for part in ("name", "type", "data")]
    answers = [
        {"rrname": name, "rrtype": kind.lower(), kind.lower(): data} for name, kind, data in zip(*lists, strict=True)
    ]
    records = []
    if not answer or event.get("vonggac.llmnr.asked"):
        records.append(record_of(event, "llmnr") | {"llmnr": {"type": "request", **common}})
    if answer:
        response = {"type": "response", **common, "answers": answers or None}
        records.append(record_of(event, "llmnr", reverse=True) | {"llmnr": response})
    return records


TRANSLATIONS: Final[dict[str, Callable[[Event], list[Record]]]] = {
    "llmnr": _llmnr,
}
