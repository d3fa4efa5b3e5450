"""Which operating system a machine probably runs, and why one thinks so. A guess for people, never evidence: a user agent
is whatever its sender writes, and a hop limit says only what the sender started from (RFC 1700 asks for 64; Windows uses
128, network devices 255)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

USER_AGENTS: Final = tuple(
    (re.compile(pattern), system)
    for pattern, system in (
        (r"Windows NT 10\.0|Microsoft-CryptoAPI/10|Windows-Update-Agent/1[0-9]", "Windows 10/11"),
        (r"Windows NT 6\.[23]", "Windows 8"),
        (r"Windows NT 6\.1|Microsoft-CryptoAPI/6\.1", "Windows 7"),
        (r"Windows NT 5\.[12]", "Windows XP"),
        (r"Android", "Android"),
        (r"iPhone|iPad|CFNetwork.*iOS", "iOS"),
        (r"Mac OS X|Macintosh|Darwin/", "macOS"),
        (r"Linux|Ubuntu|Debian APT|X11", "Linux"),
        (r"Microsoft-|Windows", "Windows"),
    )
)
"""The first that fits counts: phones also say Linux or Mac OS X."""
VENDOR_CLASSES: Final = (("MSFT ", "Windows"), ("android-dhcp", "Android"), ("dhcpcd", "Linux"), ("udhcp", "Linux"))
"""Start of DHCP option 60 → system."""
START_TTLS: Final = ((64, "Linux, macOS, Android"), (128, "Windows"), (255, "network_device"))
"""Hop limit that a system starts from → systems that do; the sensor sees it lowered by each router between."""
ROUTERS_MOST: Final = 32
"""A hop limit further below a start than this tells nothing."""


class Guess(NamedTuple):
    """A system and what was seen that speaks for it."""

    system: str
    reason: str
    """``dhcp``, ``user_agent`` or ``ttl``: the more telling first."""
    value: str


def guesses(vendor_classes: Iterable[str], user_agents: Iterable[str], ttls: Iterable[int]) -> list[Guess]:
    """Guesses with one reason each, every pair of system and reason once; values in the order of their frequency."""
    found: dict[tuple[str, str], Guess] = {}
    for one in vendor_classes:
        _note(found, next((name for start, name in VENDOR_CLASSES if one.startswith(start)), None), "dhcp", one)
    for one in user_agents:
        _note(found, next((name for known, name in USER_AGENTS if known.search(one)), None), "user_agent", one)
    for ttl in ttls:
        _note(found, _of_ttl(ttl), "ttl", str(ttl))
    return list(found.values())


def _of_ttl(ttl: int) -> str | None:
    for start, system in START_TTLS:
        if start - ROUTERS_MOST < ttl <= start:
            return system
    return None


def _note(found: dict[tuple[str, str], Guess], system: str | None, reason: str, value: str) -> None:
    if system is not None:
        found.setdefault((system, reason), Guess(system, reason, value))
