"""``vonggac rules import``: rule sets of other people, taken over as far as they are about network data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from vonggac import options
from vonggac.options import UNREADABLE, WRONG_USAGE, fail, is_terminal, settings_of

if TYPE_CHECKING:
    from pipelines.detect.importing.outcome import Report

SHOWN: Final = 12
"""Reasons that the table shows; the report has every rule."""
Show = Callable[[str, int], None]
Contents = dict[str, bytes]

_name = click.option("--name", metavar="NAME", help="Name of the set; an older one of this name is replaced.")
_dry = click.option("--dry-run", is_flag=True, help="Only say what would become of each rule; nothing is taken over.")
_report = click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write what became of every rule: .csv for spreadsheets, anything else as JSON.",
)


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@_name
@_dry
@_report
@options.language("Language of table and report.")
@options.config
def sigma(path: Path, name: str | None, dry_run: bool, report: Path | None, language: str, config: Path | None) -> None:
    """Take over Sigma rules.

    PATH is a checkout or zip of SigmaHQ, a folder, or one file. Rules about Zeek, DNS, proxies, web servers and firewalls,
    and those about Windows that a network shows as well (shares, named pipes, name look-ups, connections, Kerberos) are
    converted. Each is proved by an event made from its own conditions. The set becomes active within seconds where
    vonggac run works, and counts at most 0.5 in a score.

    Exit codes: 0 rules were taken over, 1 none could be used, 2 wrong usage, 3 PATH cannot be read.

    \b
    Examples:
      vonggac rules import sigma sigma-master.zip --dry-run
      vonggac rules import sigma sigma/ --name sigmahq --report sigmahq.csv --config site.yaml
    """
    from pipelines.detect.sigma.importing import read

    _import("sigma", path, name, dry_run, report, language, config, lambda name, show: read(path, name, show))


@click.command()
@click.argument("paths", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@_name
@_dry
@_report
@options.language("Language of table and report.")
@options.config
def suricata(
    paths: tuple[Path, ...], name: str | None, dry_run: bool, report: Path | None, language: str, config: Path | None
) -> None:
    """Translate Suricata signatures.

    FILE is a .rules file, a folder or an archive of them; lists of hashes that they name lie beside them. Signatures on
    buffers that events hold (DNS, HTTP, TLS, SSH, SMB, files, addresses) become rules on single events; thresholds and
    flowbits within a flow are kept. What looks into raw packets is left out. The set becomes active within seconds where
    vonggac run works, and counts at most 0.5 in a score.

    Exit codes: 0 signatures were taken over, 1 none could be used, 2 wrong usage, 3 a FILE cannot be read.

    \b
    Examples:
      vonggac rules import suricata emerging.rules.tar.gz --dry-run
      vonggac rules import suricata ours.rules partner.rules --name partners --report partners.csv --config site.yaml
    """
    from pipelines.detect.suricata.importing import read

    _import("suricata", paths[0], name, dry_run, report, language, config, lambda name, show: read(paths, name, show))


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@_name
@_dry
@_report
@options.language("Language of table and report.")
@options.config
def yara(path: Path, name: str | None, dry_run: bool, report: Path | None, language: str, config: Path | None) -> None:
    """Take over YARA rules.

    PATH is a folder, an archive, or one file. Files may include one another. What does not compile is left out rule by rule
    and told with its line; rules that are too slow on a set of samples are switched off. Each file is a namespace of its own,
    so that names may repeat. The set becomes active with the next start of vonggac run, and counts at most 0.5 in a score.

    Exit codes: 0 rules were taken over, 1 none could be used, 2 wrong usage, 3 PATH cannot be read.

    \b
    Examples:
      vonggac rules import yara rules/ --dry-run
      vonggac rules import yara partner.zip --name partner --report partner.csv --config site.yaml
    """
    from pipelines.detect.yara.importing import read

    _import("yara", path, name, dry_run, report, language, config, lambda name, show: read(path, name, show))


def _import(
    kind: str,
    path: Path,
    name: str | None,
    dry_run: bool,
    report: Path | None,
    language: str,
    config: Path | None,
    read: Callable[[str, Show], tuple[Report, Contents]],
) -> None:
    """What every import does: read, tell, and put the rules in their place."""
    from pipelines.detect.importing import ruleset, source
    from vonggac.show import imported, progress

    settings = settings_of(config)
    chosen = name or ruleset.named(path)
    if not ruleset.usable(chosen):
        fail(f"--name {chosen!r}: small letters, digits and . _ - only, at most 64", WRONG_USAGE)
    try:
        with progress.bar(shown=is_terminal()) as show:
            found, contents = read(chosen, lambda file, count: show(f"{count:,} {file[-60:]}", None))
    except source.SourceError as error:
        fail(str(error), UNREADABLE)
    imported.table(found, language, SHOWN)
    try:
        if report is not None:
            found.write(report, language)
        if contents and not dry_run:
            place = ruleset.publish(settings.rules_folder / kind, chosen, contents, found)
            click.echo(imported.placed(place, language), err=True)
    except OSError as error:
        fail(f"{error.filename or settings.rules_folder}: {error.strerror}; check the folder and its rights")
    raise SystemExit(0 if found.used else 1)
