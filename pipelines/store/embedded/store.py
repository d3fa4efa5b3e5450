"""``EventStore`` on Parquet and DuckDB."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Final, TypeVar

from collectors.segment import Segment
from pipelines.store.embedded import compaction, figures, parts, search, stream, table
from pipelines.store.embedded.catalogue import DAY, Catalogue, Part
from pipelines.store.embedded.engine import Engine, MissingFileError
from pipelines.store.embedded.scan import Plan, instant, micros, plan
from pipelines.store.embedded.search import Hours
from pipelines.store.events import (
    EXPORT_MOST,
    OFFSET_MOST,
    PAGE_MOST,
    Bucket,
    Event,
    EventQuery,
    FacetValue,
    Group,
    Page,
    StoreError,
    Usage,
)
from pipelines.store.query import fields as vocabulary
from schema import DATASETS

MEMORY: Final = "256MB"
"""For DuckDB; the rest of what it needs goes to disk."""
THREADS: Final = 2
REMEMBERED: Final = 32
"""Queries whose matches by hour are kept: what a few people look at."""
_ATTEMPTS: Final = 4
"""Between asking the catalogue and opening the files, compaction can replace them; several times only by accident."""
_EPOCH_DAY: Final = date(1970, 1, 1)
_Answer = TypeVar("_Answer")


class EmbeddedStore:
    """Events of one installation below one folder. Any number of processes may write and read at a time."""

    def __init__(self, folder: Path, memory: str = MEMORY, threads: int = THREADS) -> None:
        """Open or create; raises StoreError when the folder cannot be used."""
        self.folder = folder.resolve()
        self._lock = Lock()
        self._counted: OrderedDict[tuple[object, ...], Hours] = OrderedDict()
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o750)
            self._catalogue = Catalogue(self.folder / "catalogue.sqlite")
            self._engine = Engine(self.folder, memory, threads)
        except OSError as error:
            raise StoreError(f"event store {folder}: {error.strerror}; check the path and its rights") from error

    # ---- writing

    def append(self, segment: Segment) -> bool:
        """See ``EventStore.append``. Everything is on disk when it returns."""
        if self._catalogue.holds(segment.id):
            return False
        written: list[Part] = []
        try:
            for dataset, rows in segment.tables.items():
                if dataset in DATASETS:
                    written.extend(parts.write(self.folder, dataset, rows, segment.clock))
            if self._catalogue.add(segment.id, written):
                return True
        except OSError as error:
            self._discard(written)
            message = f"event store {self.folder}: {error.strerror}; nothing of the segment is stored"
            raise StoreError(message) from error
        except StoreError:
            self._discard(written)
            raise
        self._discard(written)
        return False

    def _discard(self, written: Sequence[Part]) -> None:
        for part in written:
            (self.folder / part.path).unlink(missing_ok=True)

    # ---- asking

    def search(self, query: EventQuery) -> Page:
        """See ``EventStore.search``; QueryError, StoreError. Limits: ``PAGE_MOST``, ``OFFSET_MOST``."""
        if not 0 <= query.limit <= PAGE_MOST or not 0 <= query.offset <= OFFSET_MOST:
            raise StoreError(f"a page has at most {PAGE_MOST} events and begins within the first {OFFSET_MOST}")

        def ask() -> Page:
            made = self._plan(query)
            return search.page(self._engine, made, query, self._hours(query, made))

        return self._retried(ask)

    def count(self, query: EventQuery) -> int:
        """See ``EventStore.count``."""

        def ask() -> int:
            counted = self._hours(query, self._plan(query))
            return sum(per_hour.total() for per_hour in counted.values())

        return self._retried(ask)

    def events(self, ids: Sequence[str], start: datetime | None = None, end: datetime | None = None) -> list[Event]:
        """See ``EventStore.events``; the range is closed: an event at ``end`` counts."""
        first, last = micros(start), micros(end)
        wanted = list(dict.fromkeys(ids))

        def ask() -> list[Event]:
            until = None if end is None else end + timedelta(microseconds=1)
            made = plan(EventQuery(start=start, end=until), self._catalogue, self.folder)
            between = None
            if first is not None or last is not None:
                between = (0 if first is None else first, (1 << 58) if last is None else last)
            found = [
                one
                for scan in made.scans
                for one in search.by_ids(self._engine, made, scan, scan.parts, wanted, between)
            ]
            return sorted(found, key=lambda one: (one["@timestamp"], one["event.id"]))

        return self._retried(ask) if wanted else []

    def histogram(self, query: EventQuery, bars: int = 60) -> list[Bucket]:
        """See ``EventStore.histogram``."""

        def ask() -> list[Bucket]:
            made = self._plan(query)
            hours, start, end = self._hours(query, made), micros(query.start), micros(query.end)
            return figures.histogram(self._engine, made, hours, start, end, max(1, bars))

        return self._retried(ask)

    def facets(self, query: EventQuery, fields: Sequence[str], size: int = 10) -> dict[str, list[FacetValue]]:
        """See ``EventStore.facets``; QueryError for an unknown field."""
        return self._retried(lambda: figures.facets(self._engine, self._plan(query), fields, size))

    def groups(
        self, query: EventQuery, fields: Sequence[str], size: int = 10, newest_first: bool = False
    ) -> list[Group]:
        """See ``EventStore.groups``; QueryError for a field that is unknown or holds lists."""
        return self._retried(lambda: figures.groups(self._engine, self._plan(query), fields, size, newest_first))

    def export(self, query: EventQuery, columns: Sequence[str] = ()) -> Iterator[str]:
        """See ``EventStore.export``; QueryError is raised at once, not at the first piece."""
        made = self._plan(query)
        for name in columns:
            vocabulary.known(name, None)
        if not columns:
            columns = list(dict.fromkeys(name for scan in made.scans for name in DATASETS[scan.dataset].names))
        return table.pieces(self._matching(query), columns or DATASETS["flow"].names)

    def _matching(self, query: EventQuery) -> Iterator[Event]:
        given = 0
        for between in self._slices(query):
            events = self._retried(partial(self._slice, query, between))
            yield from events[: EXPORT_MOST - given]
            given += len(events)
            if given >= EXPORT_MOST:
                return

    def _slice(self, query: EventQuery, between: tuple[int, int]) -> list[Event]:
        return stream.events(self._engine, self._plan(query), between, query.newest_first)

    def segments(self, since: datetime) -> Iterator[Segment]:
        """See ``EventStore.segments``. They are cut anew, by time and sensor, and their ids are new."""
        query = EventQuery(start=since, newest_first=False)
        for between in self._slices(query):
            yield from self._retried(partial(self._replayed, query, between))

    def _replayed(self, query: EventQuery, between: tuple[int, int]) -> list[Segment]:
        return list(stream.segments(self._engine, self._plan(query), between))

    def _slices(self, query: EventQuery) -> list[tuple[int, int]]:
        return self._retried(lambda: list(stream.slices(self._engine, self._plan(query), query.newest_first)))

    def _hours(self, query: EventQuery, made: Plan) -> Hours:
        """Matches by hour, remembered for as long as the same files hold them: pages and plots ask together."""
        files = hash(tuple(part.path for scan in made.scans for part in scan.parts))
        key = (query.text, query.start, query.end, tuple(query.datasets), files)
        with self._lock:
            if key in self._counted:
                self._counted.move_to_end(key)
                return self._counted[key]
        hours = search.hours(self._engine, made)
        with self._lock:
            self._counted[key] = hours
            while len(self._counted) > REMEMBERED:
                self._counted.popitem(last=False)
        return hours

    def _plan(self, query: EventQuery) -> Plan:
        return plan(query, self._catalogue, self.folder)

    def bounds(self) -> tuple[datetime, datetime] | None:
        """See ``EventStore.bounds``."""
        held = [part for same in self._catalogue.parts().values() for part in same]
        if not held:
            return None
        return instant(min(part.first for part in held)), instant(max(part.last for part in held))

    def usage(self) -> list[Usage]:
        """See ``EventStore.usage``."""
        return [
            Usage(
                dataset,
                sum(part.rows for part in held),
                sum(part.bytes for part in held),
                len(held),
                instant(min(part.first for part in held)).date(),
                instant(max(part.last for part in held)).date(),
            )
            for dataset, held in sorted(self._catalogue.parts().items())
        ]

    # ---- looking after it

    def compact(self) -> int:
        """See ``EventStore.compact``; cheap when there is nothing to do, so that it can be called every minute."""
        return compaction.compact(self.folder, self._catalogue, self._engine, time.time())

    def expire(self, dataset: str, before: date) -> int:
        """See ``EventStore.expire``. A file that spans several days goes when its newest event is old enough."""
        end = (before - _EPOCH_DAY).days * DAY
        old = [part for part in self._catalogue.parts([dataset]).get(dataset, []) if part.last < end]
        return compaction.delete_now(self.folder, self._catalogue, old) if old else 0

    def close(self) -> None:
        """See ``EventStore.close``."""
        self._engine.close()
        self._catalogue.close()

    def _retried(self, ask: Callable[[], _Answer]) -> _Answer:
        for attempt in range(_ATTEMPTS):
            try:
                return ask()
            except MissingFileError as error:
                reason = str(error)
                if attempt == _ATTEMPTS - 1:
                    raise StoreError(f"event store {self.folder}: {reason}; restore it from a backup") from error
        raise AssertionError
