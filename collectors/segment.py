"""What every collector gives: events of several datasets that were seen together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class ExtractedFile:
    """The content of one file seen on the wire; lives only until it has been scanned."""

    event_id: str
    """``event.id`` of its ``file`` event."""
    content: bytes


@dataclass(frozen=True, slots=True)
class Segment:
    """A batch of events that is spooled, stored and acknowledged as a whole.

    ``id`` is deterministic (``<observer>-<sequence>``): processing the same segment twice changes nothing.
    """

    id: str
    observer: str
    tables: Mapping[str, pa.Table]
    """Dataset → rows with the sensor's columns of ``schema.DATASETS`` (enrichment adds the others)."""
    clock: int
    """Newest packet time that the collector had seen when it closed the segment, µs since 1970."""
    files: Sequence[ExtractedFile] = field(default_factory=tuple)

    @property
    def events(self) -> int:
        """Rows of all datasets."""
        return sum(table.num_rows for table in self.tables.values())
