"""Numbers, sizes and times as people of that language write them; times are kept in UTC and shown in local time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_timedelta
from babel.numbers import format_decimal, format_percent

from dashboards.console.words.catalogue import Language

LOCALES: Final[dict[Language, str]] = {"vi": "vi_VN", "en": "en_GB"}
BINARY: Final = 1024
SIZES: Final = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
RECENT: Final = timedelta(hours=24)
NOTHING: Final = "–"
SHORTENED: Final = 22
"""Longest name or hash shown whole in a table; longer ones lose their middle."""


@dataclass(frozen=True, slots=True)
class Formats:
    """Babel's patterns for one language and one time zone."""

    language: Language
    zone: ZoneInfo

    def number(self, value: float | None, digits: int = 0) -> str:
        """1.234.567,8 in Vietnamese; a dash for nothing."""
        if value is None:
            return NOTHING
        pattern = "#,##0" + ("." + "#" * digits if digits else "")
        return str(format_decimal(value, format=pattern, locale=LOCALES[self.language]))

    def percent(self, share: float | None, digits: int = 1) -> str:
        """A share between 0 and 1 as per cent."""
        if share is None:
            return NOTHING
        return str(format_percent(share, format="#,##0." + "0" * digits + "%", locale=LOCALES[self.language]))

    def size(self, count: float | None) -> str:
        """Bytes in the largest unit that leaves at least 1."""
        if count is None:
            return NOTHING
        for unit in SIZES:
            if abs(count) < BINARY or unit == SIZES[-1]:
                return f"{self.number(count, 0 if unit == 'B' else 1)} {unit}"
            count /= BINARY
        return NOTHING

    def local(self, at: datetime) -> datetime:
        """The same moment on the clock of the reader's zone; a time without a zone is UTC."""
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(self.zone)

    def time(self, at: datetime | None) -> str:
        """Day and minute: 04/11/2026 08:15."""
        return self.local(at).strftime("%d/%m/%Y %H:%M") if at else NOTHING

    def short(self, at: datetime | None) -> str:
        """Day and minute without the year, for dense tables."""
        return self.local(at).strftime("%d/%m %H:%M") if at else NOTHING

    def short_day(self, at: datetime | None) -> str:
        """Only the day, without the year."""
        return self.local(at).strftime("%d/%m") if at else NOTHING

    def day(self, day: date | None) -> str:
        """A calendar day as people write it: 01/07/2025."""
        return day.strftime("%d/%m/%Y") if day else NOTHING

    def since(self, at: datetime) -> str:
        """Like "2 hours ago" within a day; the day and minute for what is older or lies ahead."""
        age = datetime.now(UTC) - self.local(at)
        if timedelta(0) <= age < RECENT:
            return str(format_timedelta(-age, locale=LOCALES[self.language], add_direction=True))
        return self.time(at)

    def exact(self, at: datetime | None) -> str:
        """To the millisecond, with the offset: what stands in a title or an evidence table."""
        if at is None:
            return NOTHING
        local = self.local(at)
        offset = local.strftime("%z")
        return f"{local:%d/%m/%Y %H:%M:%S}.{local.microsecond // 1000:03d} {offset[:3]}:{offset[3:]}"

    def clock(self, at: datetime | None) -> str:
        """Only the time of day to the millisecond."""
        return f"{self.local(at):%H:%M:%S}.{self.local(at).microsecond // 1000:03d}" if at else NOTHING

    def iso(self, at: datetime) -> str:
        """RFC 3339 in UTC for machines (``<time datetime>``, addresses)."""
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    @staticmethod
    def middle(value: str, longest: int = SHORTENED) -> str:
        """A long name or hash without its middle: both ends tell it from its neighbours."""
        if len(value) <= longest:
            return value
        head = (longest - 1) // 2 + (longest - 1) % 2
        return f"{value[:head]}…{value[-(longest - 1 - head) :]}"
