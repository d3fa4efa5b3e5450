"""The native sensor. Wrapped by ``collectors.capture``, which is what the product uses."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import final

_Batch = tuple[dict[str, Rows], list[tuple[str, bytes]], int | None]
"""Dataset → rows; files as (``event.id``, content); newest packet time so far in µs since 1970."""

class SensorError(Exception):
    """The input cannot be read, or the sensor failed; one line for people."""

def set_secret_key(key: bytes) -> bool:
    """Set the key (32 bytes) under which secrets are masked; False when something was masked before."""

def check_filter(text: str) -> str | None:
    """What is wrong with a capture filter, in one line; None: it can be used."""

@final
class Rows:
    """Rows of one dataset, as an Arrow PyCapsule: ``pyarrow.record_batch(rows)``."""

    def __len__(self) -> int: ...
    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        """Schema and array capsules."""

@final
class CaptureSensor:
    """Reads one capture file; ``None``: standard input. SensorError: it is no capture."""

    def __new__(cls, path: Path | None, options: Mapping[str, object]) -> CaptureSensor: ...
    def next_batch(self, max_rows: int, timeout: float) -> _Batch | None:
        """Events, nothing yet (all empty) when ``timeout`` seconds are over, ``None`` at the end."""
    def counters(self) -> dict[str, int]:
        """Counters of source and engine by their dotted names."""
    @property
    def share_read(self) -> float | None:
        """Share of the file that has been read."""
    @property
    def cut(self) -> str | None:
        """Why reading stopped before the end."""
    @property
    def warnings(self) -> list[str]:
        """What could not be read, one line each."""
    @property
    def span(self) -> tuple[int, int | None, int | None]:
        """Packets, first and last packet time in µs."""

@final
class LiveSensor:
    """Listens on interfaces. SensorError: no such interface, no right to capture, a filter that is not one."""

    def __new__(
        cls,
        interfaces: Sequence[str],
        filter: str,
        ring_bytes: int,
        fanout: int | None,
        options: Mapping[str, object],
    ) -> LiveSensor: ...
    def next_batch(self, max_rows: int, timeout: float, last: bool) -> _Batch | None:
        """Events once ``max_rows`` wait, or when ``timeout`` seconds are over and ``last`` is set; else all empty."""
    def finish(self) -> _Batch:
        """Everything that the rings and the engine still hold; every flow ends."""
    def counters(self) -> dict[str, int]:
        """Counters of source and engine by their dotted names."""
    @property
    def span(self) -> tuple[int, int | None, int | None]:
        """Packets, first and last packet time in µs."""
