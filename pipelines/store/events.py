"""The one interface to stored events, whatever keeps them (Parquet and DuckDB, or Elasticsearch).

>>> page = store.search(EventQuery("dns.question.name:*.example.org AND source.ip:10.20.0.0/16", limit=50))
>>> page.events[0]["dns.question.name"]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Protocol

from collectors.segment import Segment

Event = Mapping[str, Any]
"""Dotted field name → value; fields without a value are left out. Times are aware datetimes in UTC."""
PAGE_MOST: Final = 1_000
"""Events on one page: more is what the CSV export is for."""
EXPORT_MOST: Final = 1_000_000
"""Rows of one export: what a spreadsheet still opens (its limit is 1,048,576)."""
OFFSET_MOST: Final = 100_000
"""How far one can page; further down, a narrower time range finds it faster than paging."""


class StoreError(Exception):
    """The store cannot do what was asked; the message says what and what to do, one line."""


class QueryError(StoreError):
    """The query cannot be understood. ``position`` is the character (from 0) where reading stopped, if known.

    ``reason`` names the kind of mistake (a key for catalogues) and ``values`` what its text needs.
    """

    def __init__(
        self, message: str, position: int | None = None, reason: str = "syntax", values: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.position = position
        self.reason = reason
        self.values = dict(values or {})


@dataclass(frozen=True, slots=True)
class EventQuery:
    """What is looked for. Everything given must hold."""

    text: str = ""
    """Lucene syntax over the dotted field names; empty finds everything."""
    start: datetime | None = None
    """First ``@timestamp`` that counts (aware), inclusive."""
    end: datetime | None = None
    """End of the range, exclusive."""
    datasets: Sequence[str] = ()
    """Only these datasets; empty for all."""
    limit: int = 50
    offset: int = 0
    newest_first: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """One page of what was found."""

    events: Sequence[Event]
    total: int
    """Events that match in all."""
    by_dataset: Mapping[str, int]
    """The same, dataset by dataset (those without a match are left out)."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bar of a histogram."""

    start: datetime
    width: timedelta
    count: int
    by_dataset: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value and how many events carry it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Group:
    """Events that agree in several fields."""

    values: tuple[str | None, ...]
    """In the order of the fields that were asked for; None where the events lack one."""
    count: int
    last: datetime
    """``@timestamp`` of the newest of them."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What one dataset takes."""

    dataset: str
    events: int
    bytes: int
    files: int
    first_day: date | None
    last_day: date | None


class EventStore(Protocol):
    """Keeps events. Every method may be called from several processes at a time.

    Raises ``QueryError`` for a query that makes no sense and ``StoreError`` when the store itself is in trouble.
    """

    def append(self, segment: Segment) -> bool:
        """Keep an enriched segment for good. False when it is held already: appending twice changes nothing."""

    def search(self, query: EventQuery) -> Page:
        """One page of events, ordered by time (then id)."""

    def count(self, query: EventQuery) -> int:
        """How many events match (``limit`` and ``offset`` do not matter)."""

    def events(self, ids: Sequence[str], start: datetime | None = None, end: datetime | None = None) -> list[Event]:
        """The events with these ids, in time order; unknown ids are left out. A (closed) time range makes it fast."""

    def histogram(self, query: EventQuery, bars: int = 60) -> list[Bucket]:
        """Matches over time in at most ``bars`` equal, aligned bars, empty ones included.

        Without a time range, from the first match to the last.
        """

    def facets(self, query: EventQuery, fields: Sequence[str], size: int = 10) -> dict[str, list[FacetValue]]:
        """The most frequent values of each field among the matches; elements of lists count one by one."""

    def groups(
        self, query: EventQuery, fields: Sequence[str], size: int = 10, newest_first: bool = False
    ) -> list[Group]:
        """Values that the matches have together in these fields: the most frequent, or the last seen, first.

        Matches without any of the fields are left out. QueryError for an unknown field and for one that holds lists.
        """

    def export(self, query: EventQuery, columns: Sequence[str] = ()) -> Iterator[str]:
        """CSV (RFC 4180, UTF-8) piece by piece, header first, at most ``EXPORT_MOST`` rows; no columns: all of them."""

    def segments(self, since: datetime) -> Iterator[Segment]:
        """What was stored from ``since`` on, in the order of packet time (to warm up engines after a restart)."""

    def bounds(self) -> tuple[datetime, datetime] | None:
        """First and last ``@timestamp`` that is held; None when empty."""

    def usage(self) -> list[Usage]:
        """What each dataset takes."""

    def compact(self) -> int:
        """Merge small files; gives how many were replaced."""

    def expire(self, dataset: str, before: date) -> int:
        """Forget whole days (UTC) of a dataset that are older; gives the bytes that become free."""

    def close(self) -> None:
        """Free what is held."""
