"""A live sensor: interfaces → segments → spool, until it is told to stop."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from vonggac.options import UNREADABLE, fail

if TYPE_CHECKING:
    from collectors.capture import LiveCapture
    from collectors.segment import Segment
    from collectors.spool import SpoolWriter
    from pipelines.settings import Settings

_LOG = logging.getLogger(__name__)


def listen(settings: Settings, interfaces: Sequence[str], prepare: Callable[[Callable[[], object]], object]) -> None:
    """Capture until the function given to ``prepare`` is called (by a signal); then write down what is under way.

    Ends the program with 3 and one line when an interface or the spool cannot be used.
    """
    from collectors.capture import CaptureError, LiveCapture, use_secret_key
    from collectors.spool import Spool, SpoolError
    from vonggac.run import sensor_options

    observer = settings.sensor.observer
    try:
        use_secret_key(settings.secret_key)
        writer = Spool(settings.spool_folder / observer, settings.disk.spool).claim()
        capture = LiveCapture(interfaces, sensor_options(settings), settings.sensor.filter)
        prepare(capture.stop)
        _LOG.info("listening on %s, segments go to %s", ", ".join(interfaces), settings.spool_folder / observer)
        _capture(settings, capture, writer)
        writer.close()
    except (CaptureError, SpoolError) as error:
        fail(str(error), UNREADABLE)


def _capture(settings: Settings, capture: LiveCapture, writer: SpoolWriter) -> None:
    age = settings.sensor.segment_age.total_seconds()
    try:
        while not capture.stopping:
            _put(writer, capture.poll(settings.sensor.segment_rows, age))
    finally:
        drops = capture.counters().get("source.kernel_drops", 0)
        _put(writer, capture.close())
    _LOG.info("stopped; %d packets came faster than they could be taken", drops)


def _put(writer: SpoolWriter, segment: Segment | None) -> None:
    if segment is not None:
        writer.put_next(segment)
