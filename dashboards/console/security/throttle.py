"""A brake on log-in attempts of one client address (accounts have their own lock-out in the state store)."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from typing import Final

ADDRESSES: Final = 4096
"""Addresses remembered; the longest unused is forgotten first, so that a flood cannot eat memory."""
WINDOW: Final = 60.0
"""Seconds that an attempt counts."""


class Throttle:
    """Sliding window of attempts per address, in memory: a restart forgives, an attacker cannot cause one."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def allow(self, address: str, now: float | None = None) -> bool:
        """Count an attempt; False when the address has used up its attempts of the last minute."""
        moment = time.monotonic() if now is None else now
        with self._lock:
            attempts = self._seen.setdefault(address, deque(maxlen=self._limit))
            self._seen.move_to_end(address)
            while len(self._seen) > ADDRESSES:
                self._seen.popitem(last=False)
            while attempts and moment - attempts[0] > WINDOW:
                attempts.popleft()
            if len(attempts) >= self._limit:
                return False
            attempts.append(moment)
            return True
