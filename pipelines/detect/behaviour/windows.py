"""Which windows of event time have to be looked at: arithmetic on whole multiples of ``every``, nothing else.

A window ends at a multiple of ``every`` and covers ``[end - window, end)``. It counts only if an event lies in its last
``every``: whatever a window without fresh events could show, the one before it has shown. So an empty year costs nothing,
and the set of windows depends on the events alone, never on how they arrive.
"""

from __future__ import annotations

from collections.abc import Iterable


class Windows:
    """The windows of one rule. Times are µs since 1970 and may be negative."""

    def __init__(self, window: int, every: int) -> None:
        """``window`` is a multiple of ``every``."""
        self.window = window
        self.every = every
        self._known: set[int] = set()
        self._waiting: set[int] = set()

    def touch(self, buckets: Iterable[int]) -> None:
        """New events lie in these ``buckets`` (time // every): their own windows and the later ones that hold them wait."""
        fresh = {(bucket + 1) * self.every for bucket in buckets}
        new = fresh - self._known
        self._known |= new
        self._waiting |= fresh
        hops = self.window // self.every
        if len(self._known) < len(fresh) * hops:
            for end in fresh:
                self._waiting.update(known for known in self._known if end < known <= end - self.every + self.window)
        else:
            for end in fresh:
                later = range(end + self.every, end - self.every + self.window + 1, self.every)
                self._waiting.update(self._known.intersection(later))

    def due(self, before: int | None = None) -> list[int]:
        """Ends of the waiting windows that end at or before ``before`` (all of them without); they wait no longer."""
        ends = sorted(end for end in self._waiting if before is None or end <= before)
        self._waiting.difference_update(ends)
        return ends

    def forget(self, before: int) -> None:
        """Nothing older than ``before`` is kept: windows that reach further back cannot be looked at again."""
        self._known = {end for end in self._known if end - self.window >= before}

    def clear(self) -> None:
        """Start anew."""
        self._known.clear()
        self._waiting.clear()
