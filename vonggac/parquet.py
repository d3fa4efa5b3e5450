"""Events as Parquet, one file a dataset: ``FOLDER/<dataset>.parquet``."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from collectors.segment import Segment

_IDS: Final = {"event.id", "network.community_id", "vonggac.flow.id", "vonggac.file.carrier"}
"""Nearly every value is another one: a dictionary of them costs a third of the writing and saves nothing."""
ROW_GROUP: Final = 50_000
"""Rows written together: a row group costs about a millisecond for each of its columns, however few its rows are."""
_SOUGHT: Final = ("@timestamp", "source.ip", "destination.ip")
"""Columns by whose limits a reader can pass over row groups."""


class ParquetFolder:
    """Files appear under their names when everything is written; a context manager."""

    def __init__(self, folder: Path) -> None:
        """OSError when the folder cannot be made."""
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._writers: dict[str, Any] = {}
        self._waiting: dict[str, list[pa.Table]] = {}

    def write(self, segment: Segment) -> None:
        """Add the events of a segment; OSError."""
        for dataset, table in segment.tables.items():
            if not table.num_rows:
                continue
            waiting = self._waiting.setdefault(dataset, [])
            waiting.append(table)
            if sum(one.num_rows for one in waiting) >= ROW_GROUP:
                self._flush(dataset)

    def _flush(self, dataset: str) -> None:
        table = pa.concat_tables(self._waiting.pop(dataset))
        if dataset not in self._writers:
            self._writers[dataset] = self._writer(dataset, table.schema)
        self._writers[dataset].write_table(table)

    def _writer(self, dataset: str, schema: pa.Schema) -> pq.ParquetWriter:
        texts = [field.name for field in schema if pa.types.is_string(field.type) and field.name not in _IDS]
        return pq.ParquetWriter(
            self._temporary(dataset), schema, compression="zstd", use_dictionary=texts, write_statistics=list(_SOUGHT)
        )

    def _temporary(self, dataset: str) -> Path:
        return self._folder / f".{dataset}.parquet.new"

    def __enter__(self) -> ParquetFolder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            for dataset in list(self._waiting):
                self._flush(dataset)
        for dataset, writer in self._writers.items():
            writer.close()
            if error is None:
                self._temporary(dataset).replace(self._folder / f"{dataset}.parquet")
            else:
                self._temporary(dataset).unlink(missing_ok=True)
