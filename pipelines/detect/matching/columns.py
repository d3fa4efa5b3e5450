"""Derived columns that Sigma predicates read: lower-cased text and comparable addresses.

Both are made once per segment by Arrow; rules' literals go through the same functions, so that an event's own text always
matches itself whatever the letters are (SQL ``lower`` and Python's ``lower`` disagree on some).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from schema import DATASETS

ROW: Final = "#row"
"""Position of the event in its table."""
_LOWER: Final = "~"
_ADDRESS: Final = "#"
_V4_MAPPED: Final = 0xFFFF << 32
"""IPv4 addresses stand among the IPv6 ones as ::ffff:a.b.c.d (RFC 4291 §2.5.5.2), so one order serves both."""


URL: Final = "url.full"
"""The whole address of a request, as proxies log it: made of host, port and request target."""
_URL_PARTS: Final = ("url.domain", "url.port", "url.original")


def schema_of(dataset: str) -> pa.Schema:
    """The columns that rules about ``dataset`` may name: those of its events, and those that are made here."""
    fields = DATASETS[dataset]
    return fields.append(pa.field(URL, pa.string())) if set(_URL_PARTS) <= set(fields.names) else fields


def lowered(column: str) -> str:
    """Name of the lower-cased copy of a text column."""
    return column + _LOWER


def addressed(column: str) -> str:
    """Name of the comparable form of an address column: 32 hexadecimal digits."""
    return column + _ADDRESS


def lower(text: str) -> str:
    """Lower case as in ``lowered`` columns."""
    return str(pc.utf8_lower(pa.scalar(text)).as_py())


@lru_cache(maxsize=65536)
def address_key(text: str) -> str | None:
    """32 hexadecimal digits that sort as addresses do; None for what is no address."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return f"{int(address) | (_V4_MAPPED if address.version == 4 else 0):032x}"


def network_range(cidr: str) -> tuple[str, str]:
    """First and last key of a network; ValueError when it is none."""
    network = ipaddress.ip_network(cidr, strict=False)
    first, last = address_key(str(network[0])), address_key(str(network[-1]))
    assert first
    assert last
    return first, last


def derived(table: pa.Table, wanted: Iterable[str]) -> pa.Table:
    """The columns in ``wanted`` (plain, lower-cased or comparable) and ``ROW``; columns that are absent become null."""
    arrays: dict[str, Any] = {ROW: pa.array(range(table.num_rows), pa.int32())}
    for name in sorted(wanted):
        base = name.removesuffix(_LOWER).removesuffix(_ADDRESS)
        column = _column(table, base)
        if name != base:
            column = _mapped(column, pc.utf8_lower if name.endswith(_LOWER) else _keys)
        arrays[name] = column
    return pa.table(arrays)


def _column(table: pa.Table, name: str) -> Any:
    if name == URL:
        return _whole_url(table)
    return table.column(name).combine_chunks() if name in table.column_names else pa.nulls(table.num_rows, pa.string())


def _whole_url(table: pa.Table) -> Any:
    """Requests to a proxy carry the whole address already (RFC 9112 §3.2.2); port 80 is not written."""
    target = _column(table, "url.original")
    host = pc.coalesce(_column(table, "url.domain").cast(pa.string()), _column(table, "destination.ip"), "")
    port = _column(table, "url.port").cast(pa.int64())
    suffix = pc.if_else(
        pc.fill_null(pc.not_equal(port, 80), False),
        pc.binary_join_element_wise(":", pc.fill_null(port.cast(pa.string()), ""), ""),
        "",
    )
    return pc.if_else(
        pc.starts_with(target, "/"), pc.binary_join_element_wise("http://", host, suffix, target, ""), target
    )


def _mapped(column: Any, function: Any) -> Any:
    """``function`` on text, or on the elements of a list column."""
    if not pa.types.is_list(column.type):
        return function(column)
    values = function(column.flatten())
    lengths = pc.fill_null(pc.list_value_length(column), 0)
    offsets = pa.concat_arrays([pa.array([0], pa.int64()), pc.cumulative_sum(lengths.cast(pa.int64()))]).cast(
        pa.int32()
    )
    return pa.ListArray.from_arrays(offsets, values, mask=pc.is_null(column))


def _keys(column: Any) -> Any:
    unique = column.dictionary_encode()
    keys = pa.array(
        [None if text is None else address_key(text) for text in unique.dictionary.to_pylist()], pa.string()
    )
    return keys.take(unique.indices)
