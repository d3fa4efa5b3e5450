"""Where an address belongs: home or outside, network zone, and the unit that owned it on a day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final, Generic, TypeVar

from pipelines.settings import Network, Settings, Unit
from pipelines.units.tree import LOCAL_TIME

T = TypeVar("T")
OUTSIDE_ZONE: Final = "internet"
"""Zone of every outside address that the configuration puts into none."""
PLACES_KEPT: Final = 200_000
"""Addresses whose place is remembered (some 200 bytes each); a scan of the whole Internet starts it afresh."""
_PRIVATE: Final = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
_LOCAL: Final = ("169.254.0.0/16", "fe80::/10", "127.0.0.0/8", "::1/128")
_NOBODY: Final = ("224.0.0.0/4", "ff00::/8", "255.255.255.255/32", "0.0.0.0/8", "::/128")
"""Multicast, broadcast and "no address yet": they never leave the site and are no machine."""


@dataclass(frozen=True, slots=True)
class Place:
    """What the configuration says about an address, whatever the time."""

    home: bool
    zone: str | None
    machine: bool
    """It can belong to one machine: unicast."""
    private: bool
    """Private or unique-local (RFC 1918, RFC 4193): the sign of a home network where none is configured."""


class PrefixTable(Generic[T]):
    """Longest-prefix match: one dictionary for each prefix length in use; many entries cost no more than few."""

    def __init__(self, entries: Iterable[tuple[Network, T]]) -> None:
        self._by_length: dict[int, list[tuple[int, dict[int, list[T]]]]] = {4: [], 6: []}
        lengths: dict[tuple[int, int], dict[int, list[T]]] = {}
        for network, value in entries:
            prefixes = lengths.setdefault((network.version, network.prefixlen), {})
            prefixes.setdefault(int(network.network_address) >> (network.max_prefixlen - network.prefixlen), []).append(
                value
            )
        for (version, length), prefixes in sorted(lengths.items(), key=lambda item: -item[0][1]):
            self._by_length[version].append((length, prefixes))

    def matches(self, address: IPv4Address | IPv6Address) -> list[T]:
        """Values of every network that holds the address, the narrowest network first."""
        number = int(address)
        found: list[T] = []
        for length, prefixes in self._by_length[address.version]:
            found += prefixes.get(number >> (address.max_prefixlen - length), ())
        return found

    def __contains__(self, address: IPv4Address | IPv6Address) -> bool:
        return bool(self.matches(address))


def _table(networks: Sequence[str]) -> PrefixTable[bool]:
    return PrefixTable((ip_network(network), True) for network in networks)


PRIVATE: Final = _table(_PRIVATE)
LOCAL: Final = _table(_LOCAL)
NOBODY: Final = _table(_NOBODY)


class Networks:
    """Home, zones and units of one input.

    Home networks come from the configuration. Without them, private, unique-local, link-local and loopback addresses
    are home. A capture may hold none of those (``capture=True``): then every address is home until a private or
    unique-local one is seen; as segments hold tens of thousands of rows, the first one nearly always decides for all.
    Link-local and loopback addresses are home but do not decide, because every IPv6 host has them wherever it stands.
    """

    def __init__(self, settings: Settings, capture: bool = False) -> None:
        self._home = PrefixTable((network, True) for network in settings.home) if settings.home else None
        self._zones = PrefixTable((network, zone.name) for zone in settings.zones for network in zone.networks)
        self._may_be_everywhere = capture and self._home is None
        self._everywhere = self._may_be_everywhere
        self._places: dict[str, Place | None] = {}
        self.assign(settings.units)

    def assign(self, units: Iterable[Unit]) -> None:
        """Give the addresses to these units from now on."""
        units = list(units)
        self._units = PrefixTable((network, _Span.of(unit)) for unit in units for network in unit.networks)
        self._boundaries = sorted({edge for unit in units for edge in _edges(unit)})
        self.has_units = any(unit.networks for unit in units)
        """Whether any unit owns addresses."""
        self._spans: dict[tuple[str, int], str | None] = {}

    def forget_home(self) -> None:
        """Decide anew whether every address is home."""
        if self._everywhere != self._may_be_everywhere:
            self._everywhere = self._may_be_everywhere
            self._places.clear()

    def observe(self, addresses: Iterable[str]) -> None:
        """Look at the addresses of a segment before any of them is placed."""
        if self._everywhere and any(place is not None and place.private for place in map(self.place, addresses)):
            self._everywhere = False
            self._places.clear()

    def place(self, address: str) -> Place | None:
        """The place of an address; None for what is no address."""
        try:
            return self._places[address]
        except KeyError:
            pass
        if len(self._places) >= PLACES_KEPT:
            self._places.clear()
        found = self._places[address] = self._find(address)
        return found

    def _find(self, text: str) -> Place | None:
        try:
            address = ip_address(text)
        except ValueError:
            return None
        zone = next(iter(self._zones.matches(address)), None)
        private = address in PRIVATE
        if address in NOBODY:
            return Place(True, zone, machine=False, private=False)
        if self._home is not None:
            home = address in self._home or address in LOCAL
        else:
            home = self._everywhere or private or address in LOCAL
        return Place(home, zone or (None if home else OUTSIDE_ZONE), machine=True, private=private)

    # ---- units

    def epoch(self, moment: int) -> int:
        """Number of the stretch of time (between two changes of the unit tree) that ``moment`` (µs) falls into."""
        return bisect_right(self._boundaries, moment)

    def unit(self, address: str, epoch: int) -> str | None:
        """Id of the unit that owns the address in that stretch of time."""
        key = (address, epoch)
        try:
            return self._spans[key]
        except KeyError:
            pass
        if len(self._spans) >= PLACES_KEPT:
            self._spans.clear()
        found = self._spans[key] = self._owner(address, epoch)
        return found

    def _owner(self, text: str, epoch: int) -> str | None:
        try:
            spans = self._units.matches(ip_address(text))
        except ValueError:
            return None
        start = self._boundaries[epoch - 1] if epoch else None
        return next((span.unit for span in spans if span.covers(start)), None)


@dataclass(frozen=True, slots=True)
class _Span:
    """A unit and from when (inclusive) until when (exclusive) it exists, µs."""

    unit: str
    since: int | None
    until: int | None

    @classmethod
    def of(cls, unit: Unit) -> _Span:
        return cls(unit.id, _midnight(unit.since), _midnight(unit.until))

    def covers(self, start: int | None) -> bool:
        """Whether the stretch of time that begins at ``start`` (None: the beginning of time) lies within."""
        if start is None:
            return self.since is None
        return (self.since is None or self.since <= start) and (self.until is None or start < self.until)


def _edges(unit: Unit) -> list[int]:
    return [edge for edge in (_midnight(unit.since), _midnight(unit.until)) if edge is not None]


def _midnight(day: date | None) -> int | None:
    if day is None:
        return None
    return round(datetime.combine(day, time(), LOCAL_TIME).astimezone(UTC).timestamp()) * 1_000_000
