"""Registered domain and subdomain of a name, by the Public Suffix List."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

REMEMBERED: Final = 100_000
"""Names whose answer is kept: a day of an office; malware that makes up names only pushes others out."""
LONGEST: Final = 253
"""Characters of a name (RFC 1035 §2.3.4); longer ones are no host names."""


class Parts(NamedTuple):
    """``a.b.example.org`` → ``example.org`` and ``a.b``. Both None for a public suffix itself and for single labels."""

    registered: str | None
    subdomain: str | None


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList  # reads the whole list: only when the first name comes

    return PublicSuffixList()


@lru_cache(maxsize=REMEMBERED)
def parts(name: str) -> Parts:
    """Split a lower-case name. Hosting suffixes (``duckdns.org``) count as suffixes: each customer is a domain."""
    if len(name) > LONGEST or not name.isascii():
        return Parts(None, None)
    registered = _suffixes().privatesuffix(name.strip("."))
    if not registered:
        return Parts(None, None)
    return Parts(registered, name.strip(".")[: -len(registered) - 1] or None)


@lru_cache(maxsize=REMEMBERED)
def host_name(text: str) -> str | None:
    """A name from a Host header or SNI in its plain form: lower case, no port, no final dot; None for an address."""
    name = text.strip().lower()
    if name.startswith("["):
        return None
    name = name.partition(":")[0].rstrip(".")
    if not name or len(name) > LONGEST or name.replace(".", "").isdigit():
        return None
    return name
