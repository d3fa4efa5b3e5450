"""What every record of EVE has, and how values are spelled."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any, Final

Event = Mapping[str, Any]
Record = dict[str, Any]
TRANSPORTS: Final = {
    "tcp": "TCP",
    "udp": "UDP",
    "icmp": "ICMP",
    "ipv6-icmp": "IPv6-ICMP",
    "4": "IPv4",
    "41": "IPv6",
    "47": "GRE",
    "50": "ESP",
    "132": "SCTP",
}
DNS_OPERATIONS: Final = {"QUERY": 0, "IQUERY": 1, "STATUS": 2, "NOTIFY": 4, "UPDATE": 5}


def without_nothing(record: Record) -> Record:
    """Without what was not recorded; objects of which nothing is left go too."""
    kept: Record = {}
    for name, value in record.items():
        if isinstance(value, dict):
            value = without_nothing(value) or (None if value else value)
        if value is not None:
            kept[name] = value
    return kept


def record_of(event: Event, kind: str, reverse: bool = False) -> Record:
    """What every record has; ``reverse``: the server speaks."""
    sender, receiver = ("destination", "source") if reverse else ("source", "destination")
    address = event.get("source.ip")
    vlan = event.get("network.vlan.id")
    vlans = event.get("vonggac.flow.vlans") or (None if vlan is None else [vlan])
    return {
        "event_type": kind,
        "timestamp": event.get("@timestamp"),
        "flow_id": event.get("vonggac.flow.id"),
        "community_id": event.get("network.community_id"),
        "src_ip": spelled(event.get(f"{sender}.ip")),
        "src_port": event.get(f"{sender}.port"),
        "dest_ip": spelled(event.get(f"{receiver}.ip")),
        "dest_port": event.get(f"{receiver}.port"),
        "proto": TRANSPORTS.get(event.get("network.transport", ""), event.get("network.transport")),
        "ip_v": ipaddress.ip_address(address).version if address else None,
        "vlan": vlans,
        "spi": event.get("vonggac.flow.spi"),
        "ether": {"src_mac": event.get(f"{sender}.mac"), "dest_mac": event.get(f"{receiver}.mac")},
    }


def spelled(text: str | None) -> str | None:
    return None if text is None else ipaddress.ip_address(text).exploded
