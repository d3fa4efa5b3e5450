"""``vonggac sensor``: the sensor alone, on capture files or on live interfaces."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vonggac.measure import Sink
from vonggac.measure import read as read_capture
from vonggac.options import UNREADABLE, WRONG_USAGE, Config, fail, settings_of

if TYPE_CHECKING:
    from collectors.capture import SensorOptions
    from collectors.segment import Segment


class Format(StrEnum):
    """How events are printed."""

    JSONL = "jsonl"


def sensor(
    read: Annotated[
        list[str] | None, typer.Option("--read", "-r", metavar="FILE", help="A capture file; - is standard input.")
    ] = None,
    form: Annotated[
        Format | None, typer.Option("--format", "-f", help="Print every event as one JSON object a line.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write the events into this folder, one Parquet file a dataset.")
    ] = None,
    discard: Annotated[bool, typer.Option("--discard", help="Throw the events away: measures the sensor.")] = False,
    stats: Annotated[bool, typer.Option("--stats", help="Show the counters at the end, on standard error.")] = False,
    interface: Annotated[
        list[str] | None,
        typer.Option("--interface", "-i", metavar="NAME", help="Listen here, into the spool; several belong together."),
    ] = None,
    config: Config = None,
) -> None:
    """Packets in, events out, without detection.

    Give either `--read` with one of `--format`, `--out`, `--discard`, or `--interface`, which listens until SIGTERM or
    Ctrl-C and puts the events into the spool of the settings, where `vonggac run` takes them.

    Exit codes: 0 done, 2 wrong usage, 3 an input cannot be read (one line says why; other files are still done).

    \b
    Examples:
      vonggac sensor --read office.pcap --format jsonl | head
      zstdcat big.pcap.zst | vonggac sensor --read - --out events/
      vonggac sensor --read office.pcap --discard --stats
      vonggac sensor --interface eth1 --config site.yaml
    """
    if bool(read) == bool(interface):
        fail("give --read FILE or --interface NAME", WRONG_USAGE)
    if interface:
        from vonggac.listen import listen

        if form or out or discard:
            fail("--interface writes into the spool; --format, --out and --discard go with --read", WRONG_USAGE)
        listen(settings_of(config), interface, _prepare)
        return
    if (form is not None) + (out is not None) + discard != 1:
        fail("give one of --format jsonl, --out FOLDER and --discard", WRONG_USAGE)
    options = _options(config)
    with ExitStack() as stack:
        sink = None if discard else _sink(stack, out)
        failed = [name for name in read or [] if not read_capture(name, options, sink, stats)]
    raise typer.Exit(UNREADABLE if failed else 0)


def _options(config: Path | None) -> SensorOptions:
    """What the site sets; nothing scans here, so that no content of files is handed out."""
    from collectors.capture import SensorOptions

    if config is None:  # the defaults, without reading and checking the settings of everything else
        return SensorOptions(keep_files=False)
    from vonggac.run import sensor_options

    return replace(sensor_options(settings_of(config)), keep_files=False)


def _sink(stack: ExitStack, out: Path | None) -> Sink:
    if out is not None:
        from vonggac.parquet import ParquetFolder

        try:
            return stack.enter_context(ParquetFolder(out)).write
        except OSError as error:
            fail(f"{out}: {error.strerror}; give a folder that can be written", WRONG_USAGE)
    return _print


def _print(segment: Segment) -> None:
    from collectors.jsonl import lines

    for table in segment.tables.values():
        sys.stdout.writelines(f"{line}\n" for line in lines(table))


def _prepare(stop: Callable[[], object]) -> None:
    """SIGTERM and Ctrl-C end the capture after everything has been written down."""
    import logging

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop())
