"""The recorder: takes packets in any order of making and keeps them in order of time."""

from __future__ import annotations

from scenarios.net.capture_file import Packet

NANOSECONDS = 1_000_000_000


class Wire:
    """Every packet of one capture."""

    def __init__(self) -> None:
        self._packets: list[tuple[int, int, bytes]] = []

    def __len__(self) -> int:
        return len(self._packets)

    def add(self, when: float, frame: bytes) -> None:
        """Record one frame at ``when`` (seconds since 1970; kept in whole microseconds, as a pcap can hold)."""
        self._packets.append((round(when * 1e6) * 1000, len(self._packets), frame))

    @property
    def packets(self) -> list[Packet]:
        """``(nanoseconds since 1970, frame)`` in order of time; packets of one instant in order of making."""
        self._packets.sort()
        return [(time, frame) for time, _, frame in self._packets]

    @property
    def span(self) -> tuple[float, float]:
        """Times of the first and the last packet, seconds since 1970; ``(0, 0)`` for an empty wire."""
        if not self._packets:
            return 0.0, 0.0
        times = [time for time, _, _ in self._packets]
        return min(times) / NANOSECONDS, max(times) / NANOSECONDS
