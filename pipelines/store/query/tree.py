"""A query, understood: fields exist, values have the type of their field. Stores translate this, not the text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from ipaddress import IPv4Address, IPv6Address


class Wild(Enum):
    """What a wildcard stands for."""

    ANY = "*"
    """Any number of characters, none included."""
    ONE = "?"
    """Exactly one character."""


Glob = tuple[str | Wild, ...]
"""Literal pieces and wildcards in order."""
Scalar = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Everything:
    """Every event."""


@dataclass(frozen=True, slots=True)
class And:
    """All parts hold."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One part at least holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold; an event without the field is such an event."""

    part: Node


@dataclass(frozen=True, slots=True)
class Exists:
    """The field has a value (for a list: an element)."""

    field: str


@dataclass(frozen=True, slots=True)
class Equals:
    """The field is the value, keywords whatever their case; of a list, any element."""

    field: str
    value: Scalar


@dataclass(frozen=True, slots=True)
class Matches:
    """The whole keyword is like the pattern, whatever its case."""

    field: str
    glob: Glob


@dataclass(frozen=True, slots=True)
class Contains:
    """The keyword has the pattern somewhere in it, whatever case and diacritics (free text)."""

    field: str
    glob: Glob


@dataclass(frozen=True, slots=True)
class Between:
    """The field lies between the bounds; None: open. Keywords compare by their lower-case code points."""

    field: str
    low: str | int | float | datetime | None
    high: str | int | float | datetime | None
    with_low: bool
    with_high: bool


@dataclass(frozen=True, slots=True)
class Addresses:
    """The address lies between the two (both included, of the same IP version)."""

    field: str
    first: IPv4Address | IPv6Address
    last: IPv4Address | IPv6Address


Node = Everything | And | Or | Not | Exists | Equals | Matches | Contains | Between | Addresses
