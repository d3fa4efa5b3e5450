"""How far packet time has come, over all sensors."""

from __future__ import annotations

from typing import Final

LIVE: Final = 3_600_000_000
"""µs: a sensor whose packets are this close to the wall clock listens to a live network; others read recordings."""
QUIET: Final = 10_000_000
"""µs without a segment after which a live sensor counts as idle: twice the age at which it closes one."""


class Watermark:
    """Each sensor has its own clock; windows may be evaluated up to the slowest of them."""

    def __init__(self) -> None:
        self._clocks: dict[str, int] = {}
        self._heard: dict[str, int] = {}

    def hear(self, observer: str, clock: int, wall: int) -> None:
        """A segment of a sensor has come, closed at packet time ``clock`` (µs)."""
        self._clocks[observer] = max(clock, self._clocks.get(observer, clock))
        self._heard[observer] = wall

    def reached(self, wall: int) -> int | None:
        """Packet time that all sensors have reached; the wall clock stands in for an idle live one. None: no packet."""
        return min((self._clock(observer, wall) for observer in self._clocks), default=None)

    def _clock(self, observer: str, wall: int) -> int:
        clock, silent = self._clocks[observer], wall - self._heard[observer]
        if abs(self._heard[observer] - clock) < LIVE and silent > QUIET:
            return max(clock, wall - QUIET)
        return clock
