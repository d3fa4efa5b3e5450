"""Events as JSON, one object a line: dotted keys, nulls left out, lists as lists, times in RFC 3339.

The lines are put together column by column inside Arrow; Python touches only values that need escaping.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

_PIECE: Final = 8_192
"""Rows put together at a time: an Arrow string column ends at 2 GiB."""
_ESCAPED: Final = r'["\\\x00-\x1f\x7f]'
"""What JSON forbids within a string as it is, and DEL, which no terminal should be sent."""
_TIME: Final = "%Y-%m-%dT%H:%M:%SZ"
"""Arrow's %S carries the fraction, six digits for µs."""


def lines(table: pa.Table) -> Iterator[str]:
    """One line a row, without its end; a row in which everything is null is ``{}``."""
    for batch in table.to_batches(max_chunksize=_PIECE):
        members = [_members(name, column) for name, column in zip(table.column_names, batch.columns, strict=True)]
        known = [column for column in members if column is not None]
        if known:
            joined = pc.utf8_slice_codeunits(_join(*known), 1)  # without the first comma
            yield from _join("{", joined, "}").to_pylist()
        else:
            yield from ["{}"] * batch.num_rows


def _members(name: str, column: pa.Array) -> pa.Array | None:
    """``,"name":value`` of each row, nothing where the value is null; none if all are."""
    if column.null_count == len(column):
        return None
    kind, key = column.type, f",{_dumps(name)}:"
    if pa.types.is_list(kind):
        values = [None if value is None else _dumps(value) for value in column.to_pylist()]
        members = _join(key, pa.array(values, pa.string()))
    elif pa.types.is_timestamp(kind):
        members = _join(key + '"', pc.strftime(column, _TIME), '"')
    elif pa.types.is_string(kind):
        members = _join(key + '"', _escaped(column), '"')
    else:
        if pa.types.is_floating(kind):
            column = pc.if_else(pc.is_finite(column), column, None)  # JSON has no word for the others
        members = _join(key, pc.cast(column, pa.string()))
    return pc.fill_null(members, "")


def _join(*parts: pa.Array | str) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")


def _escaped(column: pa.Array) -> pa.Array:
    odd = pc.fill_null(pc.match_substring_regex(column, _ESCAPED), fill_value=False)
    if not pc.any(odd).as_py():
        return column
    written = [_dumps(value)[1:-1] for value in column.filter(odd).to_pylist()]
    return pc.replace_with_mask(column, odd, pa.array(written, pa.string()))


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("\x7f", "\\u007f")
