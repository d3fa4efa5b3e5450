"""One machine as the inventory knows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

ADDRESSES_KEPT: Final = 64
"""Addresses of one machine; IPv6 privacy addresses change daily, two months of them are enough to look back."""
NAMES_KEPT: Final = 32
"""Names of one machine from all sources; a web server can be called by thousands of names that somebody invented."""
NAME_LENGTH: Final = 120
"""Characters of a name: what people write in DHCP and Host fields is up to them."""
NAME_SOURCES: Final = ("dhcp", "netbios", "llmnr", "mdns", "lldp", "dns", "http", "tls")
"""Where names come from, the most telling first: a machine calls itself by its DHCP host name."""


@dataclass(slots=True)
class Seen:
    """First and last packet time, µs since 1970."""

    first: int
    last: int

    def widen(self, first: int, last: int) -> bool:
        """Take in a further stretch; whether that changed anything."""
        grows = first < self.first or last > self.last
        self.first, self.last = min(self.first, first), max(self.last, last)
        return grows


@dataclass(slots=True)
class KnownMachine:
    """Whatever addresses it had. Times are packet times in µs."""

    id: str
    seen: Seen
    mac: str | None = None
    """Its own hardware address; None behind a router."""
    home: bool = True
    zone: str | None = None
    unit: str | None = None
    roles: set[str] = field(default_factory=set)
    """What it is for, as ``roles`` has learned; not stored, because the recent past teaches it again."""
    addresses: dict[str, Seen] = field(default_factory=dict)
    names: dict[tuple[str, str], Seen] = field(default_factory=dict)
    """(name, source) → when it was seen."""

    def touch(self, address: str, first: int, last: int) -> bool:
        """The machine had this address and used it then; whether that was news."""
        news = self.seen.widen(first, last)
        known = self.addresses.get(address)
        if known is not None:
            return known.widen(first, last) or news
        self.addresses[address] = Seen(first, last)
        if len(self.addresses) > ADDRESSES_KEPT:
            del self.addresses[min(self.addresses, key=lambda one: self.addresses[one].last)]
        return True

    def called(self, name: str, source: str, first: int, last: int) -> bool:
        """The machine has this name; whether that was news."""
        plain = "".join(letter for letter in name if letter.isprintable()).strip(". ")[:NAME_LENGTH]
        if not plain:
            return False
        known = self.names.get((plain, source))
        if known is not None:
            return known.widen(first, last)
        if len(self.names) >= NAMES_KEPT:
            return False
        self.names[plain, source] = Seen(first, last)
        return True

    @property
    def ips(self) -> list[str]:
        """Its addresses, the oldest first."""
        return sorted(self.addresses, key=lambda address: (self.addresses[address].first, address))

    @property
    def called_names(self) -> list[str]:
        """Its names, the most telling first, each once whatever the source."""
        order = {source: rank for rank, source in enumerate(NAME_SOURCES)}
        ranked = sorted(self.names, key=lambda key: (order.get(key[1], len(order)), self.names[key].first, key[0]))
        return list(dict.fromkeys(name for name, _ in ranked))
