"""Adds every column of ``schema.ENRICHED`` to the events of a segment, in place of nothing the sensor said.

>>> enricher = Enricher(settings)
>>> enriched = enricher.enrich(segment)
>>> enricher.inventory.at("10.20.7.31", when).names
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from collectors.segment import Segment
from pipelines.enrich.domains import host_name, parts
from pipelines.enrich.inventory import Inventory
from pipelines.enrich.names import Name, NameMemory
from pipelines.enrich.networks import Networks
from pipelines.settings import Settings, Unit
from schema import DATASETS

STATING: Final = {"http": "vonggac.http.request.host", "tls": "tls.client.server_name"}
"""Datasets whose events name their server, and the column that does."""
ORDER: Final = ("dns", "http", "tls")
"""Looked at before the others of a segment, because the others take their names from them."""


class Enricher:
    """One for each input, fed in order. Bounded memory; the same segments give the same columns."""

    def __init__(self, settings: Settings, capture: bool = False) -> None:
        """``capture``: the input is a capture file, where every address may be home (see ``Networks``)."""
        self._networks = Networks(settings, capture)
        self._names = NameMemory()
        self.inventory = Inventory(self._networks)
        """The machines seen so far."""

    def enrich(self, segment: Segment) -> Segment:
        """The segment with complete tables (all columns of ``schema.DATASETS``, in order)."""
        known = {name: table for name, table in segment.tables.items() if name in DATASETS}
        self._networks.observe(_addresses(known.values()))
        tables = {name: self._placed(name, table) for name, table in known.items()}
        if "dns" in tables:
            self._names.learn_answers(tables["dns"])
        for dataset, column in STATING.items():
            if dataset in tables:
                self._learn_stated(tables[dataset], column, dataset)
        for name, table in tables.items():
            tables[name] = self._named(name, table)
        if "flow" in tables:
            for flow in tables["flow"]["vonggac.flow.id"].to_pylist():
                self._names.ended(flow)
        self._names.trim_flows()
        enriched = replace(segment, tables=tables)
        self.inventory.learn(enriched)
        return enriched

    def assign(self, units: Iterable[Unit]) -> None:
        """The organisation has changed: whose addresses are whose from now on, the known machines with them."""
        self._networks.assign(units)
        self.inventory.reassign()

    def next_capture(self) -> None:
        """Another capture file begins: whether it has a home network of its own is open again."""
        self._networks.forget_home()

    # ---- where the ends are

    def _placed(self, dataset: str, table: pa.Table) -> pa.Table:
        """Every column of the dataset; those about home, zone, unit and direction are filled in."""
        made = self._sides(table)
        columns = []
        for field in DATASETS[dataset]:
            if field.name in made:
                columns.append(made[field.name])
            elif field.name in table.column_names:
                columns.append(table[field.name].cast(field.type))
            else:
                columns.append(pa.nulls(table.num_rows, field.type))
        return pa.table(columns, schema=DATASETS[dataset])

    def _sides(self, table: pa.Table) -> dict[str, pa.Array]:
        made: dict[str, pa.Array] = {}
        for side in ("source", "destination"):
            encoded = table[f"{side}.ip"].combine_chunks().dictionary_encode()
            addresses = encoded.dictionary.to_pylist()
            places = [self._networks.place(address) if address else None for address in addresses]
            homes = pa.array([place.home if place else None for place in places], pa.bool_())
            zones = pa.array([place.zone if place else None for place in places], pa.string())
            made[f"vonggac.{side}.home"] = homes.take(encoded.indices)
            made[f"vonggac.{side}.zone"] = zones.take(encoded.indices)
            made[f"vonggac.{side}.unit"] = self._units(table, encoded)
        made["network.direction"] = _direction(made["vonggac.source.home"], made["vonggac.destination.home"])
        return made

    def _units(self, table: pa.Table, encoded: pa.DictionaryArray) -> pa.Array:
        if not self._networks.has_units or not table.num_rows:
            return pa.nulls(table.num_rows, pa.string())
        addresses = encoded.dictionary.to_pylist()
        times = table["@timestamp"].cast(pa.int64())
        ends = pc.min_max(times).as_py()
        first, last = (self._networks.epoch(ends[end]) for end in ("min", "max"))
        if first == last:
            units = pa.array([self._networks.unit(address, first) for address in addresses], pa.string())
            return units.take(encoded.indices)
        rows = zip(encoded.indices.to_pylist(), times.to_pylist(), strict=True)
        unit, epoch = self._networks.unit, self._networks.epoch
        return pa.array([None if at is None else unit(addresses[at], epoch(time)) for at, time in rows], pa.string())

    # ---- how the server was called

    def _learn_stated(self, table: pa.Table, column: str, source: str) -> None:
        stated = table[column].to_pylist()
        if source == "http":  # a proxied request names its server in the URL
            domains = table["url.domain"].to_pylist()
            stated = [domain or host for domain, host in zip(domains, stated, strict=True)]
        for flow, text in zip(table["vonggac.flow.id"].to_pylist(), stated, strict=True):
            self._names.learn_flow(flow, text, source)

    def _named(self, dataset: str, table: pa.Table) -> pa.Table:
        if dataset == "dns":
            encoded = table["dns.question.name"].combine_chunks().dictionary_encode()
            split = [parts(name.rstrip(".")) if name else (None, None) for name in encoded.dictionary.to_pylist()]
            table = _set(table, "dns.question.registered_domain", _taken(encoded, [one[0] for one in split]))
            return _set(table, "dns.question.subdomain", _taken(encoded, [one[1] for one in split]))
        if "destination.domain" not in DATASETS[dataset].names:
            return table
        found = self._found(table, dataset)
        names = pa.array([name.name if name else None for name in found], pa.string())
        table = _set(table, "destination.domain", names)
        encoded = names.dictionary_encode()
        registered = [parts(name).registered for name in encoded.dictionary.to_pylist()]
        table = _set(table, "destination.registered_domain", _taken(encoded, registered))
        if "vonggac.flow.name_source" in DATASETS[dataset].names:
            sources = pa.array([name.source if name else None for name in found], pa.string())
            table = _set(table, "vonggac.flow.name_source", sources)
        return table

    def _found(self, table: pa.Table, dataset: str) -> list[Name | None]:
        rows = zip(
            table["vonggac.flow.id"].to_pylist(),
            table["source.ip"].to_pylist(),
            table["destination.ip"].to_pylist(),
            table["@timestamp"].cast(pa.int64()).to_pylist(),
            strict=True,
        )
        if dataset not in ("http", "file"):
            look_up: Callable[..., Name | None] = self._names.of_flow
            return [look_up(*row) for row in rows]
        return [
            self._requested(domain, *row) for domain, row in zip(table["url.domain"].to_pylist(), rows, strict=True)
        ]

    def _requested(
        self, stated: str | None, flow: str | None, client: str | None, server: str | None, time: int
    ) -> Name | None:
        """One connection carries requests to several names: each keeps its own."""
        if not stated:
            return self._names.of_flow(flow, client, server, time)
        name = host_name(stated)
        return Name(name, "http") if name else None


def _direction(source: pa.Array, destination: pa.Array) -> pa.Array:
    from_home, to_home = pc.fill_null(source, False), pc.fill_null(destination, False)
    within = pc.if_else(
        from_home, pc.if_else(to_home, "internal", "outbound"), pc.if_else(to_home, "inbound", "external")
    )
    return pc.if_else(pc.and_(pc.is_valid(source), pc.is_valid(destination)), within, pa.scalar(None, pa.string()))


def _taken(encoded: pa.DictionaryArray, values: Sequence[str | None]) -> pa.Array:
    return pa.array(values, pa.string()).take(encoded.indices)


def _set(table: pa.Table, column: str, values: pa.Array) -> pa.Table:
    at = table.column_names.index(column)
    return table.set_column(at, table.schema.field(at), values)


def _addresses(tables: Iterable[pa.Table]) -> set[str]:
    found: set[str] = set()
    for table in tables:
        for column in ("source.ip", "destination.ip"):
            found.update(address for address in pc.unique(table[column]).to_pylist() if address)
    return found
