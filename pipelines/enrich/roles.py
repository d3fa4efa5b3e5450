"""What a machine is for, learned from who it answers: a DNS server asks many odd names, but it asks them for others."""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

CLIENTS: Final = 3
"""Home machines that must have been answered: one client can be the intruder's own."""
PORTS: Final = {53: "dns_server", 25: "mail_server", 88: "domain_controller"}
"""Port of the service → role. Kerberos is served by domain controllers and by nothing else in an office."""
SERVERS_KEPT: Final = 4_096
"""Pairs of address and port that are followed; real servers are few, answering scanners makes no role."""


class Roles:
    """Learns from enriched flows; bounded."""

    def __init__(self) -> None:
        self._clients: dict[tuple[str, int], set[str]] = {}

    def learn(self, flows: pa.Table) -> list[tuple[str, str]]:
        """Take in one ``flow`` table; gives (address, role) of those who have just earned one."""
        wanted = pc.is_in(flows["destination.port"], pa.array(PORTS, pa.int32()))
        both = pc.and_(flows["vonggac.source.home"], flows["vonggac.destination.home"])
        answered = pc.greater(flows["destination.packets"], 0)
        rows = flows.filter(pc.fill_null(pc.and_(pc.and_(wanted, both), answered), False))
        columns = ["destination.ip", "destination.port", "source.ip"]
        earned: list[tuple[str, str]] = []
        for server, port, client in zip(*(one.to_pylist() for one in _distinct(rows, columns)), strict=True):
            if (server, port) not in self._clients and len(self._clients) >= SERVERS_KEPT:
                continue
            clients = self._clients.setdefault((server, port), set())
            if len(clients) < CLIENTS and client != server:
                clients.add(client)
                if len(clients) == CLIENTS:
                    earned.append((server, PORTS[port]))
        return earned


def _distinct(table: pa.Table, columns: list[str]) -> list[pa.ChunkedArray]:
    found = table.select(columns).group_by(columns, use_threads=False).aggregate([])
    return list(found.sort_by([(name, "ascending") for name in columns]).select(columns).columns)
