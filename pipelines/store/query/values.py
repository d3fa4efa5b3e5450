"""Values as people write them: numbers, times, addresses, patterns."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from zoneinfo import ZoneInfo

from pipelines.store.events import QueryError
from pipelines.store.query.tree import Glob, Wild

ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
"""Of times without a zone: people type what they see."""
_TIME: Final = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?:T(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.(?P<fraction>\d{1,6}))?)?"
    r"(?P<zone>Z|[+-]\d\d:\d\d)?)?)?)?"
)
_DAY_FIRST: Final = re.compile(r"(?P<day>\d\d?)/(?P<month>\d\d?)/(?P<year>\d{4})")
_INTEGER: Final = re.compile(r"-?\d{1,30}")
_NUMBER: Final = re.compile(r"-?\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,2})?")
_LARGEST: Final = 2**63 - 1
"""Of the columns."""


@dataclass(frozen=True, slots=True)
class Instants:
    """What a time stands for: "2026-11-02" is a whole day."""

    first: datetime
    after: datetime
    """The first moment that is no more meant."""


def number(text: str, position: int | None, whole: bool) -> int | float:
    """A number; QueryError when it is none, or cannot stand in the column. ``whole``: of a field of integers."""
    if _INTEGER.fullmatch(text) and abs(int(text)) <= _LARGEST:
        return int(text)
    if _NUMBER.fullmatch(text) and abs(float(text)) <= _LARGEST:
        value = float(text)
        return int(value) if whole and value.is_integer() else value
    raise QueryError(f"{text} is not a number; write one such as 443", position, "not_number", {"value": text})


def boolean(text: str, position: int | None) -> bool:
    """True or false; else QueryError."""
    if text.lower() not in ("true", "false"):
        raise QueryError(f"{text} is neither true nor false", position, "not_boolean", {"value": text})
    return text.lower() == "true"


def instants(text: str, position: int | None) -> Instants:
    """A year, month, day, minute, second or finer; without a zone, local time. QueryError when it is no time."""
    match = _TIME.fullmatch(text) or _DAY_FIRST.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        parts = match.groupdict()
        fraction = parts.get("fraction")
        first = datetime(
            int(parts["year"]),
            int(parts["month"] or 1),
            int(parts["day"] or 1),
            int(parts.get("hour") or 0),
            int(parts.get("minute") or 0),
            int(parts.get("second") or 0),
            int(fraction.ljust(6, "0")) if fraction else 0,
            tzinfo=_zone(parts.get("zone")),
        )
        return Instants(first.astimezone(UTC), (first + _width(parts, first)).astimezone(UTC))
    except (ValueError, OverflowError) as error:
        message = f"{text} is not a time; write 2026-11-02, 2026-11-02T08:30 or 2026-11-02T01:30:00Z"
        raise QueryError(message, position, "not_time", {"value": text}) from error


def _zone(text: str | None) -> tzinfo | None:
    if text is None:
        return ZONE
    return datetime.fromisoformat(f"2000-01-01T00:00:00{text}").tzinfo


def _width(parts: dict[str, str], first: datetime) -> timedelta:
    if parts.get("fraction"):
        return timedelta(microseconds=10 ** (6 - len(parts["fraction"])))
    if parts.get("second"):
        return timedelta(seconds=1)
    if parts.get("minute"):
        return timedelta(minutes=1)
    if parts["day"]:
        return timedelta(days=1)
    days = monthrange(first.year, first.month)[1] if parts["month"] else 365 + (monthrange(first.year, 2)[1] - 28)
    return timedelta(days=days)


def address(text: str) -> IPv4Address | IPv6Address | None:
    """The address that a text is, if it is one."""
    try:
        return ip_address(text)
    except ValueError:
        return None


def network(text: str) -> IPv4Network | IPv6Network | None:
    """The network that a text is (host bits do not matter), if it is one written with its length."""
    if "/" not in text:
        return None
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def spelling(value: IPv4Address | IPv6Address) -> str:
    """The address as events carry it (RFC 5952; mapped addresses end in dots)."""
    mapped = value.ipv4_mapped if isinstance(value, IPv6Address) else None
    return f"::ffff:{mapped}" if mapped else value.compressed


def glob(word: str) -> Glob:
    """The pieces of an unquoted word: ``\\`` takes the next character as it is, ``*`` and ``?`` are wildcards."""
    pieces: list[str | Wild] = []
    literal: list[str] = []
    characters = iter(word)
    for character in characters:
        if character == "\\":
            literal.append(next(characters, "\\"))
        elif character in "*?":
            if literal:
                pieces.append("".join(literal))
                literal.clear()
            pieces.append(Wild(character))
        else:
            literal.append(character)
    if literal or not pieces:
        pieces.append("".join(literal))
    return tuple(pieces)


def unquoted(phrase: str) -> str:
    """The text between the quotes of a phrase; nothing in it is a wildcard."""
    return re.sub(r"\\(.)", r"\1", phrase[1:-1], flags=re.DOTALL)
