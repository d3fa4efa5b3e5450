"""The name under which a client reached a server: what it had been told by DNS, or named itself in Host or SNI."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.enrich.domains import host_name

ANSWERS_KEPT: Final = 200_000
"""Pairs of client and address whose names are remembered (about 300 bytes each); the oldest go first."""
ANSWERS_PER_PAIR: Final = 4
"""Names of one address, newest last: a content network serves many names from one address."""
FLOWS_KEPT: Final = 200_000
"""Flows that have named their server and not ended yet; the oldest go first."""
CLOCK_SLACK: Final = 1_000_000
"""µs: an answer this much younger than the connection still counts, because clients race A and AAAA queries."""


class Name(NamedTuple):
    """A server's name and where it comes from (http, tls or dns)."""

    name: str
    source: str


class NameMemory:
    """Learns from segments in order; bounded."""

    def __init__(self) -> None:
        self._answers: OrderedDict[tuple[str, str], list[tuple[int, str]]] = OrderedDict()
        self._flows: OrderedDict[str, Name | None] = OrderedDict()
        self.forgotten = 0
        """Entries pushed out by newer ones."""

    def learn_answers(self, table: pa.Table) -> None:
        """Remember what each client was told by the ``dns`` events of one segment."""
        for time, client, question, address in answers(table):
            known = self._answers.setdefault((client, address), [])
            if not known or known[-1][1] != question:
                known.append((time, question))
                known.sort()
                del known[:-ANSWERS_PER_PAIR]
            self._answers.move_to_end((client, address))
        self._trim(self._answers, ANSWERS_KEPT)

    def learn_flow(self, flow: str | None, stated: str | None, source: str) -> None:
        """A request or handshake named its server (``stated`` may be an address: then it has no name)."""
        if flow and stated and flow not in self._flows:
            name = host_name(stated)
            self._flows[flow] = Name(name, source) if name else None

    def trim_flows(self) -> None:
        """Forget flows beyond the limit."""
        self._trim(self._flows, FLOWS_KEPT)

    def of_flow(self, flow: str | None, client: str | None, server: str | None, time: int) -> Name | None:
        """The server's name in a flow that started at ``time`` (µs)."""
        if flow is not None and flow in self._flows:
            return self._flows[flow]
        return self.by_answer(client, server, time)

    def by_answer(self, client: str | None, server: str | None, time: int) -> Name | None:
        """What DNS had told this client about the address before ``time``."""
        known = self._answers.get((client, server)) if client and server else None
        if not known:
            return None
        earlier = [name for moment, name in known if moment <= time + CLOCK_SLACK]
        return Name(earlier[-1], "dns") if earlier else None

    def ended(self, flow: str | None) -> None:
        """The flow is over: nothing about it will come any more."""
        if flow:
            self._flows.pop(flow, None)

    def _trim(self, memory: OrderedDict[Any, Any], most: int) -> None:
        while len(memory) > most:
            memory.popitem(last=False)
            self.forgotten += 1


def answers(table: pa.Table) -> Iterator[tuple[int, str, str, str]]:
    """(µs, client, name asked for, address) for each address in the answers of a ``dns`` table, in order of time."""
    resolved = table["dns.resolved_ip"].combine_chunks()
    told = table.filter(pc.fill_null(pc.greater(pc.list_value_length(resolved), 0), False)).sort_by("@timestamp")
    rows = zip(
        told["@timestamp"].cast(pa.int64()).to_pylist(),
        told["source.ip"].to_pylist(),
        told["dns.question.name"].to_pylist(),
        told["dns.resolved_ip"].to_pylist(),
        strict=True,
    )
    for time, client, question, addresses in rows:
        if client and question:
            for address in addresses:
                yield time, client, question.rstrip("."), address
