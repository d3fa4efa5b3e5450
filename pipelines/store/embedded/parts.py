"""Writing Parquet files so that they are whole or not there."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.store.embedded.catalogue import DAY, HOUR, Part
from schema import DATASETS

DAYS_MOST: Final = 16
"""Days that one table is split into. A forged capture can put each event into a year of its own; such a table becomes
one file that spans its days, instead of thousands of files."""
HOURS_MOST: Final = 48
"""Hours that are counted one by one for the catalogue; more has only a file that spans forged days."""
TEMPORARY: Final = ".tmp-"
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_MOMENT: Final = (datetime(9999, 12, 31, tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)
"""Packet times beyond the calendar (forged) are taken back to it; Python could not show them."""


@cache
def fingerprint(dataset: str) -> str:
    """What tells the present columns of a dataset from those of other versions."""
    text = ";".join(f"{column.name}:{column.type}" for column in DATASETS[dataset])
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def write(folder: Path, dataset: str, table: pa.Table, clock: int) -> Iterator[Part]:
    """The rows in files below ``folder``, one a day, sorted by time, safely on disk when the part is given.

    Columns that the vocabulary does not know are left out; missing ones are empty. ``clock`` (µs) stands in for a
    missing time. Raises OSError.
    """
    complete = conform(dataset, table, clock)
    if not complete.num_rows:
        return
    complete = complete.sort_by([("@timestamp", "ascending"), ("event.id", "ascending")])
    moments = complete["@timestamp"].cast(pa.int64())
    days = pc.divide(moments, DAY).combine_chunks()
    runs = pc.run_end_encode(days)
    ends = [0, *runs.run_ends.to_pylist()] if len(runs.run_ends) <= DAYS_MOST else [0, complete.num_rows]
    for start, end in pairwise(ends):
        yield _write_one(folder, dataset, complete.slice(start, end - start))


def conform(dataset: str, table: pa.Table, clock: int) -> pa.Table:
    """The table with exactly the columns of the vocabulary and usable times."""
    columns = []
    for column in DATASETS[dataset]:
        if column.name in table.column_names:
            columns.append(table[column.name].cast(column.type))
        else:
            columns.append(pa.nulls(table.num_rows, column.type))
    complete = pa.table(columns, schema=DATASETS[dataset])
    moments = pc.fill_null(complete["@timestamp"].cast(pa.int64()), clock)
    moments = pc.min_element_wise(pc.max_element_wise(moments, 0), _LAST_MOMENT)
    place = complete.schema.get_field_index("@timestamp")
    return complete.set_column(place, complete.schema.field(place), moments.cast(complete.schema.field(place).type))


def _write_one(folder: Path, dataset: str, table: pa.Table) -> Part:
    first, last = (table["@timestamp"][row].value for row in (0, table.num_rows - 1))
    temporary, final = places(folder, dataset, first)
    try:
        with temporary.open("xb") as file:
            pq.write_table(table, file, compression="zstd", use_dictionary=True, write_statistics=True)
        return publish(
            folder, temporary, final, Part("", dataset, table.num_rows, 0, first, last, _hours(table), "", 0)
        )
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def places(folder: Path, dataset: str, first: int) -> tuple[Path, Path]:
    """Where a new file is written, and the name that it gets when it is whole: ``flow/2026-11-02/<random>.parquet``."""
    day = (EPOCH + timedelta(days=first // DAY)).date().isoformat()
    parent = folder / dataset / day
    if not parent.is_dir():
        parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        sync(parent.parent)
        sync(folder)
    token = secrets.token_hex(8)
    return parent / f"{TEMPORARY}{token}", parent / f"{token}.parquet"


def publish(folder: Path, temporary: Path, final: Path, part: Part) -> Part:
    """Force a whole file to disk and give it its name; the part with path, size, columns and time filled in."""
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
        size = os.fstat(file.fileno()).st_size
    temporary.rename(final)
    sync(final.parent)
    path = str(final.relative_to(folder))
    return replace(part, path=path, bytes=size, columns=fingerprint(part.dataset), written=time.time())


def _hours(table: pa.Table) -> str | None:
    counted = pc.value_counts(pc.divide(table["@timestamp"].cast(pa.int64()), HOUR))
    if len(counted) > HOURS_MOST:
        return None
    return json.dumps({str(one["values"]): one["counts"] for one in counted.to_pylist()})


def sync(folder: Path) -> None:
    """Names in a folder survive a power loss."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def template(folder: Path, dataset: str) -> Path:
    """An empty file with the present columns: what files of older versions of the vocabulary are read beside."""
    path = folder / "columns" / f"{dataset}-{fingerprint(dataset)}.parquet"
    if not path.exists():
        path.parent.mkdir(exist_ok=True, mode=0o750)
        temporary = path.with_name(f"{TEMPORARY}{secrets.token_hex(8)}")
        empty: Any = DATASETS[dataset].empty_table()
        pq.write_table(empty, temporary)
        temporary.replace(path)
    return path
