"""The ends of conversations."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field

EPHEMERAL_FIRST, EPHEMERAL_LAST = 49_152, 65_535
"""Client ports (RFC 6335 §6), what Windows uses."""


@dataclass
class Host:
    """A machine as the tap sees it: ``mac`` is the last hop's, ``ttl`` what is left of the initial value."""

    ip: str
    mac: str
    ttl: int = 128
    name: str = ""
    rtt: float = 0.0004
    """Seconds from the tap to the host and back."""
    _port: int = field(default=EPHEMERAL_FIRST, repr=False)
    _ident: int = field(default=0, repr=False)

    def __post_init__(self) -> None:
        # Spread the counters, so that two machines never look like one behind a translator.
        number = int(ipaddress.ip_address(self.ip)) & 0xFFFF
        self._port += number * 37 % 8000
        self._ident = number * 7919 & 0xFFFF

    @property
    def version(self) -> int:
        """4 or 6."""
        return 6 if ":" in self.ip else 4

    def port(self) -> int:
        """The next client port."""
        self._port = self._port + 1 if self._port < EPHEMERAL_LAST else EPHEMERAL_FIRST
        return self._port

    def ident(self) -> int:
        """The next IPv4 identification (RFC 6864)."""
        self._ident = self._ident + 1 & 0xFFFF
        return self._ident
