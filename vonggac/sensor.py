"""``vonggac sensor``: the sensor alone, on capture files or on live interfaces."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from vonggac import options
from vonggac.options import UNREADABLE, WRONG_USAGE, fail, settings_of

if TYPE_CHECKING:
    from collectors.capture import CaptureSummary, SensorOptions
    from collectors.segment import Segment

ROWS: Final = 10_000
"""Events of a segment: enough that Arrow works in bulk, few enough that memory stays small."""
Sink = Callable[["Segment"], object]


@click.command()
@click.option("--read", "-r", "files", metavar="FILE", multiple=True, help="A capture file; - is standard input.")
@click.option(
    "--format", "-f", "form", type=click.Choice(["jsonl"]), help="Print every event as one JSON object a line."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Write the events into this folder, one Parquet file a dataset.",
)
@click.option("--discard", is_flag=True, help="Throw the events away: measures the sensor.")
@click.option("--stats", is_flag=True, help="Show the counters at the end, on standard error.")
@click.option(
    "--interface",
    "-i",
    "interfaces",
    metavar="NAME",
    multiple=True,
    help="Listen here, into the spool; several belong together.",
)
@options.config
def sensor(
    files: tuple[str, ...],
    form: str | None,
    out: Path | None,
    discard: bool,
    stats: bool,
    interfaces: tuple[str, ...],
    config: Path | None,
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
    if bool(files) == bool(interfaces):
        fail("give --read FILE or --interface NAME", WRONG_USAGE)
    if interfaces:
        from vonggac.listen import listen

        if form or out or discard:
            fail("--interface writes into the spool; --format, --out and --discard go with --read", WRONG_USAGE)
        listen(settings_of(config), interfaces, _prepare)
        return
    if (form is not None) + (out is not None) + discard != 1:
        fail("give one of --format jsonl, --out FOLDER and --discard", WRONG_USAGE)
    chosen = _chosen(config)
    with ExitStack() as stack:
        sink = None if discard else _sink(stack, out)
        failed = [name for name in files if not _read(name, chosen, sink, stats)]
    raise SystemExit(UNREADABLE if failed else 0)


def _chosen(config: Path | None) -> SensorOptions:
    """What the site sets; nothing scans here, so that no content of files is handed out."""
    from collectors.capture import SensorOptions

    if config is None:  # the defaults, without reading and checking the settings of everything else
        return SensorOptions(keep_files=False)
    from vonggac.run import sensor_options

    return replace(sensor_options(settings_of(config)), keep_files=False)


def _read(name: str, options: SensorOptions, sink: Sink | None, stats: bool) -> bool:
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
        click.echo(f"vonggac: {error}", err=True)
        return False
    summary = reader.summary()
    for line in summary.warnings:
        click.echo(f"vonggac: {line}", err=True)
    if stats:
        _show(summary)
    return True


def _show(summary: CaptureSummary) -> None:
    click.echo(f"{summary.file}: {summary.packets} packets, {sum(summary.events.values())} events", err=True)
    for title, figures in (("events", summary.events), ("", summary.counters)):
        for name, value in figures.items():
            click.echo(f"  {title + '.' if title else ''}{name:<32} {value}", err=True)


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
