"""Packets in, segments out: the native sensor on a capture file or on live interfaces.

>>> reader = CaptureReader(Path("office.pcap"), SensorOptions(observer="hub-1"))
>>> for segment in reader.segments():
...     store(segment)
>>> reader.summary().packets
48211
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import vonggac_sensor

if TYPE_CHECKING:  # a process that only counts packets does without Arrow
    from collectors.segment import Segment

STANDARD_INPUT: Final = "standard input"
RING_BYTES: Final = 32 << 20
"""Ring of each live interface: rides out a pause of a quarter of a second at 1 Gbit/s."""
_PATIENCE: Final = 0.25
"""Seconds after which the native sensor comes up for air: signals are noticed, progress is shown."""
_KEY: Final = 32
"""Bytes of the key under which secrets are masked."""
_LOST: Final = ("source.lost", "source.unreadable", "source.kernel_drops", "packets.dropped")
"""Counters of packets that could not be looked at."""

_Batch = tuple[Mapping[str, "vonggac_sensor.Rows"], Sequence[tuple[str, bytes]], int | None]


class CaptureError(Exception):
    """An input cannot be read at all; one line: what, where, what to do."""


@dataclass(frozen=True, slots=True)
class SensorOptions:
    """What a site can set; the defaults are those of ``config/default.yaml``."""

    observer: str = "sensor-1"
    """``observer.id`` of every event."""
    source: str = ""
    """Name of the capture source; part of ``event.id``, so that captures analysed together keep apart."""
    file_limit: int = 16 << 20
    """Bytes of a file that are reassembled, hashed and offered for scanning."""
    md5: bool = True
    sha1: bool = True
    max_flows: int = 262_144
    """Connections followed at a time."""
    keep_files: bool = True
    """Hand out the content of files, for YARA; it lives until the segment has been scanned."""


@dataclass(frozen=True, slots=True)
class CaptureSummary:
    """One capture that has been read."""

    file: str
    packets: int
    first: int | None
    """Earliest packet time, µs since 1970; none without packets."""
    last: int | None
    events: Mapping[str, int]
    """Dataset → events."""
    dropped: int
    """Packets that were lost at the time of capture, or cannot be decoded."""
    anomalies: int
    cut: bool
    """The file ends early, or is damaged from some point on: what came before it was read."""
    counters: Mapping[str, int]
    warnings: Sequence[str]
    """What a person should know: one line each."""


class CaptureReader:
    """One capture file (pcap or pcapng, plain or in gzip or zstd), or standard input."""

    def __init__(self, path: Path | None, options: SensorOptions) -> None:
        """``path``: none means standard input. CaptureError: it cannot be opened or is no capture."""
        self._name = STANDARD_INPUT if path is None else str(path)
        self._options = options
        self._events: Counter[str] = Counter()
        try:
            self._sensor = vonggac_sensor.CaptureSensor(path, asdict(options))
        except vonggac_sensor.SensorError as error:
            raise CaptureError(str(error)) from error

    def segments(self, rows: int = 50_000) -> Iterator[Segment]:
        """The events in segments of about ``rows``; where one ends depends on the packets alone.

        CaptureError: none of the packets can be read, or the sensor failed.
        """
        for sequence, batch in enumerate(self._batches(rows), start=1):
            yield _segment(f"{self._options.observer}-{sequence}", self._options.observer, batch)

    def discard(self, rows: int = 50_000) -> None:
        """Read everything, build every event and throw it away; ``rows`` and CaptureError as in ``segments``."""
        for _ in self._batches(rows):
            pass

    def _batches(self, rows: int) -> Iterator[_Batch]:
        while (batch := self._next(rows)) is not None:
            if not batch[0] and not batch[1]:
                continue
            self._events.update({dataset: len(table) for dataset, table in batch[0].items()})
            yield batch
        warnings = self._sensor.warnings
        if warnings and self._sensor.span[0] == 0:
            raise CaptureError(warnings[0])

    @property
    def share_read(self) -> float | None:
        """Share of the file that has been read, 0 to 1; none for standard input."""
        return self._sensor.share_read

    def summary(self) -> CaptureSummary:
        """What was read; complete once ``segments`` is exhausted."""
        packets, first, last = self._sensor.span
        counters = self._sensor.counters()
        cut = self._sensor.cut
        return CaptureSummary(
            file=self._name,
            packets=packets,
            first=first,
            last=last,
            events=dict(sorted(self._events.items())),
            dropped=sum(counters.get(name, 0) for name in _LOST),
            anomalies=self._events["anomaly"],
            cut=cut is not None,
            counters=counters,
            warnings=[*([cut] if cut else []), *self._sensor.warnings],
        )

    def _next(self, rows: int) -> _Batch | None:
        try:
            batch: _Batch | None = self._sensor.next_batch(rows, _PATIENCE)
        except vonggac_sensor.SensorError as error:
            raise CaptureError(f"{self._name}: {error}") from error
        return batch


class LiveCapture:
    """Listens on one interface, or on several that belong together, such as the two outputs of a tap."""

    def __init__(
        self,
        interface: str | Sequence[str],
        options: SensorOptions,
        filter: str | None = None,
        fanout: int | None = None,
    ) -> None:
        """Start listening.

        ``filter``: an expression such as ``not host 10.0.0.9`` (docs/reference/capture-filter.md), or ``tcpdump -ddd`` numbers.
        ``fanout``: sensors with the same number share the interface's connections among them.
        CaptureError: no such interface, no right to capture, a filter that is not one.
        """
        interfaces = [interface] if isinstance(interface, str) else list(interface)
        self._options = options
        self._sequence = 0
        self._stopping = False
        try:
            self._sensor: vonggac_sensor.LiveSensor | None = vonggac_sensor.LiveSensor(
                interfaces, filter or "", RING_BYTES, fanout, asdict(options)
            )
        except vonggac_sensor.SensorError as error:
            raise CaptureError(str(error)) from error

    def poll(self, rows: int, seconds: float) -> Segment | None:
        """Events of the next ``seconds``, or less when ``rows`` are there earlier; none if nothing happened.

        CaptureError: an interface has gone.
        """
        end = time.monotonic() + seconds
        while self._sensor is not None:
            left = end - time.monotonic()
            last = self._stopping or left <= _PATIENCE
            try:
                batch = self._sensor.next_batch(rows, 0.0 if self._stopping else min(left, _PATIENCE), last)
            except vonggac_sensor.SensorError as error:
                raise CaptureError(str(error)) from error
            if last or (batch and (batch[0] or batch[1])):
                return self._named(batch)
        return None

    def stop(self) -> None:
        """Let ``poll`` return at once; may be called by a signal handler."""
        self._stopping = True

    @property
    def stopping(self) -> bool:
        """Whether ``stop`` was called."""
        return self._stopping

    def counters(self) -> dict[str, int]:
        """Counters by their dotted names; ``source.kernel_drops`` is what the sensor was too slow for."""
        return self._sensor.counters() if self._sensor else {}

    def close(self) -> Segment | None:
        """Stop listening; gives the events that were still open, as every connection ends now."""
        if self._sensor is None:
            return None
        last = self._named(self._sensor.finish())
        self._sensor = None
        return last

    def _named(self, batch: _Batch | None) -> Segment | None:
        if batch is None or not (batch[0] or batch[1]):
            return None
        self._sequence += 1
        segment = _segment(f"{self._options.observer}-{self._sequence}", self._options.observer, batch)
        return _with_source_counters(segment, self.counters())


def _with_source_counters(segment: Segment, counters: dict[str, int]) -> Segment:
    """Where the engine tells its counters, the source's stand beside them: what the kernel dropped is a loss as well."""
    import pyarrow as pa

    told = segment.tables.get("stats")
    own = {name: value for name, value in counters.items() if name.startswith("source.")}
    if told is None or not own:
        return segment
    last = told.slice(told.num_rows - 1).to_pylist()[0]
    rows = [
        {**last, "event.id": _counter_id(last, name), "vonggac.stats.name": name, "vonggac.stats.value": value}
        for name, value in own.items()
    ]
    stats = pa.concat_tables([told, pa.Table.from_pylist(rows, schema=told.schema)])
    return replace(segment, tables={**segment.tables, "stats": stats})


def _counter_id(row: dict[str, Any], name: str) -> str:
    import base64
    import hashlib

    material = f"{row['observer.id']}\x1f{row['@timestamp'].isoformat()}\x1f{name}"
    return base64.urlsafe_b64encode(hashlib.blake2b(material.encode(), digest_size=12).digest()).decode()


def filter_error(text: str) -> str | None:
    """What is wrong with a capture filter, in one line; None: it can be used."""
    return vonggac_sensor.check_filter(text)


def use_secret_key(path: Path) -> None:
    """Mask secrets under the key of this file, so that the same secret has the same mask on every day.

    The file holds 32 random bytes and is made if it is not there; sensors that report to one centre share it. To be
    called before the first capture. CaptureError: the file cannot be used.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
            path.write_bytes(os.urandom(_KEY))
        key = path.read_bytes()
    except OSError as error:
        raise CaptureError(f"{path}: {error.strerror}; the sensor's key must be readable") from error
    if len(key) != _KEY:
        raise CaptureError(f"{path}: is no key of {_KEY} bytes; restore it, or remove it to get a new one")
    if not vonggac_sensor.set_secret_key(key):
        raise CaptureError(f"{path}: the key came too late; restart the sensor")


def _segment(segment_id: str, observer: str, batch: _Batch) -> Segment:
    import pyarrow as pa

    from collectors.segment import ExtractedFile, Segment

    tables, files, clock = batch
    return Segment(
        id=segment_id,
        observer=observer,
        tables={name: pa.Table.from_batches([pa.record_batch(rows)]) for name, rows in tables.items()},
        clock=clock or 0,
        files=tuple(ExtractedFile(event_id, content) for event_id, content in files),
    )
