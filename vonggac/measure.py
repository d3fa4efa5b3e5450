"""Captures through the sensor, and ``vonggac sensor --read FILE --discard``, which measures it.

Measuring does without the library that reads command lines: loading it takes longer than a small capture.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collectors.capture import CaptureSummary, SensorOptions
    from collectors.segment import Segment

ROWS: Final = 10_000
"""Events of a segment: enough that Arrow works in bulk, few enough that memory stays small."""
UNREADABLE: Final = 3
Sink = Callable[["Segment"], object]


def measured(words: Sequence[str]) -> int | None:
    """The exit code of ``sensor --read FILE… --discard [--stats]``; none when the words are anything else."""
    if words[:1] != ["sensor"] or "--discard" not in words:
        return None
    rest, files, stats = list(words[1:]), [], False
    while rest:
        word = rest.pop(0)
        if word in ("--read", "-r") and rest and (rest[0] == "-" or not rest[0].startswith("-")):
            files.append(rest.pop(0))
        elif word == "--stats":
            stats = True
        elif word != "--discard":
            return None
    if not files:
        return None
    from collectors.capture import SensorOptions

    options = SensorOptions(keep_files=False)
    return UNREADABLE if [name for name in files if not read(name, options, None, stats)] else 0


def read(name: str, options: SensorOptions, sink: Sink | None, stats: bool) -> bool:
    """Give the events of a capture (``-``: standard input) to ``sink``, or throw them away; whether it could be read."""
    from collectors.capture import CaptureError, CaptureReader

    try:
        reader = CaptureReader(None if name == "-" else Path(name), options)
        if sink is None:
            reader.discard(ROWS)
        else:
            for segment in reader.segments(ROWS):
                sink(segment)
    except CaptureError as error:
        _say(f"vonggac: {error}")
        return False
    summary = reader.summary()
    for line in summary.warnings:
        _say(f"vonggac: {line}")
    if stats:
        _show(summary)
    return True


def _show(summary: CaptureSummary) -> None:
    _say(f"{summary.file}: {summary.packets} packets, {sum(summary.events.values())} events")
    for title, figures in (("events", summary.events), ("", summary.counters)):
        for name, value in figures.items():
            _say(f"  {title + '.' if title else ''}{name:<32} {value}")


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
