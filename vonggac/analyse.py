"""``vonggac analyse FILE…``: captures in, verdicts out; no server, nothing kept."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vonggac.options import Config, Language, fail, is_terminal, settings_of

if TYPE_CHECKING:
    from vonggac.work import Result


class Format(StrEnum):
    """How the result is shown."""

    TABLE = "table"
    JSON = "json"
    HTML = "html"


def analyse(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE…", help="Captures: pcap or pcapng, plain, gzip or zstd; - is standard input."),
    ],
    form: Annotated[
        Format, typer.Option("--format", "-f", help="table for people, json for programs, html to pass on.")
    ] = (Format.TABLE),
    out: Annotated[
        Path | None, typer.Option(help="Also write every event into this folder, one Parquet file a dataset.")
    ] = None,
    stats: Annotated[
        bool, typer.Option("--stats", help="Also show the sensor's counters (on standard error).")
    ] = False,
    rules_off: Annotated[
        list[str] | None,
        typer.Option(
            "--rules-off", metavar="NAME", help="A rule, or an engine (behaviour, sigma, yara, indicators), not to use."
        ),
    ] = None,
    language: Annotated[Language, typer.Option("--language", "-l", help="Language of table and page.")] = Language.VI,
    config: Config = None,
) -> None:
    """Analyse captures and say which machines are infected, suspicious or violating, and why.

    Several files are taken as pieces of one network's traffic.

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
            result = work(settings, config, files, out, rules_off or [], show)
    except AnalysisError as error:
        fail(str(error), error.code)
    for line in result.complaints:
        typer.echo(f"vonggac: {line}", err=True)
    if stats:
        from vonggac.show import table

        table.counters(result)
    _show(result, form, language)
    raise typer.Exit(result.code)


def _show(result: Result, form: Format, language: Language) -> None:
    if form is Format.JSON:
        import json

        json.dump(result.document(), sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    elif form is Format.HTML:
        from vonggac.show import page

        sys.stdout.write(page.render(result, language.value))
    else:
        from vonggac.show import table

        table.machines(result, language.value)
