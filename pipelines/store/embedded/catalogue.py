"""Which Parquet files count, and which segments they hold: a small SQLite database beside them."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from threading import Lock
from typing import Final

from pipelines.store.events import StoreError

BUSY_SECONDS: Final = 30
"""How long a writer waits for another one; each holds the lock for milliseconds."""
MARKS_KEPT: Final = 90 * 86_400
"""Seconds after which the mark of a segment is forgotten: far longer than a spool can hold one back."""
HOUR: Final = 3_600_000_000
"""Microseconds; likewise ``DAY``."""
DAY: Final = 24 * HOUR
_TABLES: Final = """
create table if not exists part (
    path text primary key, dataset text not null, rows integer not null, bytes integer not null,
    first integer not null, last integer not null, hours text, columns text not null, written real not null)
    without rowid;
create index if not exists part_time on part (dataset, first);
create table if not exists segment (id text primary key, written real not null) without rowid;
create table if not exists dropped (path text primary key, at real not null) without rowid;
"""


@dataclass(frozen=True, slots=True)
class Part:
    """One Parquet file."""

    path: str
    """Below the folder of the store."""
    dataset: str
    rows: int
    bytes: int
    first: int
    """Oldest ``@timestamp``, µs since 1970; likewise ``last``."""
    last: int
    hours: str | None
    """JSON: hour (from 1970) → rows; None where it spans too many. Makes counting everything free."""
    columns: str
    """Fingerprint of its columns: parts of older versions of the vocabulary lack some."""
    written: float
    """Wall clock, seconds since 1970."""

    @property
    def day(self) -> int:
        """UTC day of the oldest event, counted from 1970."""
        return self.first // DAY

    @property
    def per_hour(self) -> dict[int, int]:
        """Rows by hour from 1970; empty when not known."""
        return {int(hour): rows for hour, rows in json.loads(self.hours).items()} if self.hours else {}

    @property
    def one_day(self) -> bool:
        """Whether all its events are of one day."""
        return self.day == self.last // DAY


class Catalogue:
    """An open catalogue; every method is one transaction and may be called from any thread."""

    def __init__(self, path: Path) -> None:
        """Open or create; StoreError when that is not possible."""
        self._path = path
        self._lock = Lock()
        try:
            self._database = sqlite3.connect(path, BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            self._database.execute("pragma journal_mode=wal")
            self._database.execute("pragma synchronous=full")  # a segment is acknowledged after its commit
            self._database.executescript(_TABLES)
        except sqlite3.Error as error:
            raise self._trouble(error) from error

    def holds(self, segment: str) -> bool:
        """Whether the segment is stored."""
        with self._open() as database:
            return database.execute("select 1 from segment where id = ?", (segment,)).fetchone() is not None

    def add(self, segment: str, parts: Iterable[Part]) -> bool:
        """Make the parts of a segment count; False, and nothing changes, when the segment is held already."""
        with self._writing() as database:
            done = database.execute("insert or ignore into segment values (?, ?)", (segment, time.time()))
            if done.rowcount == 0:
                return False
            database.executemany("insert into part values (?, ?, ?, ?, ?, ?, ?, ?, ?)", map(astuple, parts))
            return True

    def replace(self, old: Sequence[Part], new: Sequence[Part]) -> bool:
        """Swap parts in one step; False, and nothing changes, when one of the old ones is gone meanwhile."""
        with self._writing() as database:
            for part in old:
                if database.execute("delete from part where path = ?", (part.path,)).rowcount == 0:
                    database.execute("rollback")
                    database.execute("begin immediate")
                    return False
            database.executemany("insert into dropped values (?, ?)", [(part.path, time.time()) for part in old])
            database.executemany("insert into part values (?, ?, ?, ?, ?, ?, ?, ?, ?)", map(astuple, new))
            return True

    def parts(
        self, datasets: Sequence[str] = (), start: int | None = None, end: int | None = None
    ) -> dict[str, list[Part]]:
        """Parts with events from ``start`` (µs, inclusive) to ``end`` (exclusive), by dataset, oldest first."""
        with self._open() as database:
            rows = database.execute(
                "select * from part where (? is null or last >= ?) and (? is null or first < ?) order by first, path",
                (start, start, end, end),
            ).fetchall()
        found: dict[str, list[Part]] = {}
        for row in rows:
            part = Part(*row)
            if not datasets or part.dataset in datasets:
                found.setdefault(part.dataset, []).append(part)
        return found

    def dropped(self, before: float) -> list[str]:
        """Paths of parts that stopped counting before a moment of the wall clock and are still on disk."""
        with self._open() as database:
            return [row[0] for row in database.execute("select path from dropped where at < ?", (before,))]

    def forget(self, paths: Sequence[str]) -> None:
        """The files are deleted; also lets go of old marks of segments."""
        with self._writing() as database:
            database.executemany("delete from dropped where path = ?", [(path,) for path in paths])
            database.execute("delete from segment where written < ?", (time.time() - MARKS_KEPT,))

    def paths(self) -> set[str]:
        """Every file that counts or waits to be deleted."""
        with self._open() as database:
            return {row[0] for row in database.execute("select path from part union all select path from dropped")}

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._database
            except sqlite3.Error as error:
                raise self._trouble(error) from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._open() as database:
            database.execute("begin immediate")
            try:
                yield database
            except BaseException:
                database.execute("rollback")
                raise
            database.execute("commit")

    def _trouble(self, error: sqlite3.Error) -> StoreError:
        return StoreError(f"event store {self._path}: {error}; check the path, its rights and the free space")
