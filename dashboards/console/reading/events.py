"""An event in one line, and an event with every field explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel

from dashboards.console.reading.vocabulary import fields
from pipelines.store.events import Event

SUMMARY: Final[Mapping[str, Sequence[str]]] = {
    "flow": ("network.protocol", "network.transport", "vonggac.flow.state", "destination.domain"),
    "flow_update": ("network.protocol", "network.transport", "vonggac.flow.state", "destination.domain"),
    "dns": ("dns.question.type", "dns.question.name", "dns.response_code"),
    "http": ("http.request.method", "url.original", "http.response.status_code", "user_agent.original"),
    "tls": ("tls.client.server_name", "tls.version", "tls.client.ja4"),
    "x509": ("x509.subject.common_name", "x509.issuer.common_name"),
    "file": ("vonggac.file.direction", "file.name", "vonggac.file.kind", "file.size"),
    "dhcp": ("vonggac.dhcp.message_type", "vonggac.dhcp.host_name", "vonggac.dhcp.assigned_ip"),
    "arp": ("vonggac.arp.operation", "vonggac.arp.sender_mac"),
    "icmp": ("vonggac.icmp.type", "vonggac.icmp.requests", "vonggac.icmp.payload_max"),
    "anomaly": ("vonggac.anomaly.name", "vonggac.anomaly.count"),
    "stats": ("vonggac.stats.name", "vonggac.stats.value"),
}
"""What tells one event of a dataset from the next at a glance; a dataset without an entry shows its first own fields."""
GENERAL: Final = 4
"""Own fields shown for a dataset that has no entry in ``SUMMARY``."""
VALUE_MOST: Final = 160
"""Characters of a value in a table row; the drawer shows it whole."""


class EventLine(BaseModel):
    """An event in a table."""

    id: str
    at: datetime
    dataset: str
    source: str | None
    source_port: int | None
    destination: str | None
    destination_port: int | None
    community_id: str | None
    summary: list[str]
    size: int | None


class FieldValue(BaseModel):
    """One field of an event, with its meaning."""

    name: str
    vi: str
    en: str
    type: str
    values: list[str]


class EventPage(BaseModel):
    """An event with all its fields."""

    line: EventLine
    fields: list[FieldValue]


def line(event: Event) -> EventLine:
    """The line about an event."""
    dataset = str(event["event.dataset"])
    sizes = [event.get(name) for name in ("source.bytes", "destination.bytes")]
    return EventLine(
        id=str(event["event.id"]),
        at=event["@timestamp"],
        dataset=dataset,
        source=event.get("source.ip"),
        source_port=event.get("source.port"),
        destination=event.get("destination.ip"),
        destination_port=event.get("destination.port"),
        community_id=event.get("network.community_id"),
        summary=_summary(dataset, event),
        size=sum(size for size in sizes if size) if any(size is not None for size in sizes) else None,
    )


def _summary(dataset: str, event: Event) -> list[str]:
    named = SUMMARY.get(dataset)
    if named is None:
        own = [name for name, meaning in fields().items() if dataset in meaning.datasets and len(meaning.datasets) == 1]
        named = [name for name in own if event.get(name) is not None][:GENERAL]
    return [str(event[name])[:VALUE_MOST] for name in named if event.get(name) not in (None, "")]


def whole(event: Event) -> EventPage:
    """All fields in the order of the vocabulary; a field that it does not know (yet) comes last."""
    known = fields()
    names = [name for name in known if name in event] + sorted(name for name in event if name not in known)
    shown = []
    for name in names:
        meaning = known.get(name)
        value = event[name]
        if value is None or value == []:
            continue
        shown.append(
            FieldValue(
                name=name,
                vi=meaning.vi if meaning else "",
                en=meaning.en if meaning else "",
                type=meaning.type if meaning else "keyword",
                values=_values(value),
            )
        )
    return EventPage(line=line(event), fields=shown)


def _values(value: Any) -> list[str]:
    if isinstance(value, list | tuple):
        return [str(item) for item in value]
    if isinstance(value, datetime):
        return [value.isoformat(timespec="microseconds").replace("+00:00", "Z")]
    if isinstance(value, bool):
        return ["true" if value else "false"]
    return [str(value)]
