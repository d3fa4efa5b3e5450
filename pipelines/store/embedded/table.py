"""CSV for spreadsheets: RFC 4180, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from pipelines.spreadsheet import inert
from pipelines.store.events import Event

ROWS_A_PIECE: Final = 500


def pieces(events: Iterable[Event], columns: Sequence[str]) -> Iterator[str]:
    """Header, then rows, some hundred at a time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(columns)
    waiting = 0
    for event in events:
        writer.writerow([cell(event.get(name)) for name in columns])
        waiting += 1
        if waiting == ROWS_A_PIECE:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
            waiting = 0
    yield buffer.getvalue()


def cell(value: Any) -> str:
    """A value as a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds").replace("+00:00", "Z")
    text = "; ".join("" if item is None else str(item) for item in value) if isinstance(value, list) else str(value)
    return inert(text)
