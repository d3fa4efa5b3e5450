"""``vonggac analyse FILE…``: captures in, verdicts out; no server, nothing kept."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vonggac import options
from vonggac.options import fail, is_terminal, settings_of

if TYPE_CHECKING:
    from vonggac.work import Result


@click.command()
@click.argument(
    "files",
    metavar="FILE…",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
)
@click.option(
    "--format",
    "-f",
    "form",
    type=click.Choice(["table", "json", "html"]),
    default="table",
    show_default=True,
    help="table for people, json for programs, html to pass on.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Also write every event into this folder, one Parquet file a dataset.",
)
@click.option("--stats", is_flag=True, help="Also show the sensor's counters (on standard error).")
@click.option(
    "--rules-off",
    metavar="NAME",
    multiple=True,
    help="A rule, or an engine (behaviour, sigma, suricata, yara, indicators), not to use; may be repeated.",
)
@options.language("Language of table and page.")
@options.config
def analyse(
    files: tuple[Path, ...],
    form: str,
    out: Path | None,
    stats: bool,
    rules_off: tuple[str, ...],
    language: str,
    config: Path | None,
) -> None:
    """Analyse captures and say which machines are infected, suspicious or violating, and why.

    FILE is a capture: pcap or pcapng, plain, gzip or zstd; - is standard input. Several are taken as pieces of one
    network's traffic.

    Exit codes: 0 every machine is clean, 1 some machine is not, 2 wrong usage, 3 an input cannot be read.

    \b
    Examples:
      vonggac analyse office.pcap
      vonggac analyse --format json day1.pcapng day2.pcapng.gz > result.json
      vonggac analyse --format html office.pcap > office.html
      zstdcat big.pcap.zst | vonggac analyse --stats -
    """
    from vonggac.show import progress
    from vonggac.work import AnalysisError, work

    settings = settings_of(config)
    try:
        with progress.bar(shown=is_terminal()) as show:
            result = work(settings, config, files, out, rules_off, show)
    except AnalysisError as error:
        fail(str(error), error.code)
    for line in result.complaints:
        click.echo(f"vonggac: {line}", err=True)
    if stats:
        from vonggac.show import table

        table.counters(result)
    _show(result, form, language)
    raise SystemExit(result.code)


def _show(result: Result, form: str, language: str) -> None:
    if form == "json":
        import json

        json.dump(result.document(), sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    elif form == "html":
        from vonggac.show import page

        sys.stdout.write(page.render(result, language))
    else:
        from vonggac.show import table

        table.machines(result, language)
