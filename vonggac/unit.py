"""``vonggac unit``: the register of units."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from vonggac import options
from vonggac.options import UNREADABLE, WRONG_USAGE, fail, operator, state_of

if TYPE_CHECKING:
    from pipelines.units.exchange import Change

SIGNS: Final = {"added": "+", "removed": "-", "changed": "~"}


@click.command("list")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="As it was on this day; default: today.")
@options.config
def listed(day: datetime | None, config: Path | None) -> None:
    """Show the tree of units with their address ranges.

    \b
    Examples:
      vonggac unit list
      vonggac unit list --day 2025-06-30
    """
    from pipelines.units import register

    with state_of(config) as session:
        tree = register.read(session)
    for depth, unit in tree.order(day.date() if day else register.today()):
        level = f"cấp {unit.level}" if unit.level else ""
        parts = (unit.id, unit.name, level, " ".join(map(str, unit.networks)))
        click.echo("  " * depth + "  ".join(filter(None, parts)))


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@options.config
def export(file: Path, config: Path | None) -> None:
    """Write every version of every unit as a spreadsheet.

    FILE: its name ends in .csv or .xlsx.

    \b
    Examples:
      vonggac unit export units.xlsx
    """
    from pipelines.units import exchange, register

    if file.suffix not in (".csv", ".xlsx"):
        fail(f"{file}: the name must end in .csv or .xlsx", WRONG_USAGE)
    with state_of(config) as session:
        tree = register.read(session)
    try:
        file.write_bytes(exchange.to_xlsx(tree) if file.suffix == ".xlsx" else exchange.to_csv(tree).encode())
    except OSError as error:
        fail(f"{file}: {error.strerror}")
    click.echo(f"{file}: {len(tree.versions)} rows")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@options.config
def take(file: Path, dry_run: bool, config: Path | None) -> None:
    """Make the register what a spreadsheet says, after showing every change.

    FILE is CSV or XLSX with the columns of `vonggac unit export`; a unit that is not in it is removed. Ranges that two
    units share are refused. A running installation takes the change within seconds.

    Exit codes: 0 done, 1 the state database cannot be used, 2 the file is refused, 3 it cannot be read.

    \b
    Examples:
      vonggac unit import units.xlsx --dry-run
      vonggac unit import units.csv --config site.yaml
    """
    from pipelines.store.state import audit
    from pipelines.units import exchange, register

    try:
        content = file.read_bytes()
    except OSError as error:
        fail(f"{file}: {error.strerror}", UNREADABLE)
    with state_of(config) as session:
        try:
            units = exchange.read(content)
            changes = exchange.compare(register.read(session).versions, units)
            if changes and not dry_run:
                register.replace(session, units)
                audit.append(session, operator(), "import_units", "units", exchange.summary(changes))
        except register.UnitError as error:
            fail(f"{file}: {error}", WRONG_USAGE)
    for change in changes:
        _show(change)
    click.echo(f"{len(changes)} changes{' (dry run: nothing was changed)' if dry_run else ''}")


def _show(change: Change) -> None:
    click.echo(f"{SIGNS[change.kind]} {change.unit}  {change.name}{f'  since {change.since}' if change.since else ''}")
    for column, before, after in change.differences if change.kind == "changed" else ():
        click.echo(f"    {column}: {before or '–'} → {after or '–'}")
