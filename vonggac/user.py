"""``vonggac user``: accounts of the console."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vonggac import options
from vonggac.options import WRONG_USAGE, fail, settings_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@click.command()
@click.argument("name")
@click.option(
    "--role",
    "-r",
    "roles",
    multiple=True,
    default=("specialist",),
    show_default=True,
    help="specialist, unit_admin, leader, system_admin or auditor; may be repeated.",
)
@click.option(
    "--unit", "-u", multiple=True, help="Unit of a unit_admin, who sees it and all below it; may be repeated."
)
@click.option("--full-name", default="", help="Name as the console shows it.")
@options.config
def add(name: str, roles: tuple[str, ...], unit: tuple[str, ...], full_name: str, config: Path | None) -> None:
    """Make an account and print its one-time password, which is shown only once.

    NAME: 2 to 64 of a-z, 0-9, dot, hyphen, underscore.

    \b
    Examples:
      vonggac user add lan --role specialist --full-name "Nguyễn Thị Lan"
      vonggac user add minh --role unit_admin --unit vp-tinhuy
    """
    from dashboards.console.security.accounts import AccountError, add_person

    with _state(config) as session:
        try:
            password = add_person(session, name, roles, unit, full_name)
        except AccountError as error:
            fail(str(error), WRONG_USAGE)
    click.echo(f"{name}: {password}")


@click.command("list")
@options.config
def listed(config: Path | None) -> None:
    """Show every account with its role and units.

    \b
    Example:
      vonggac user list
    """
    from sqlalchemy import select

    from pipelines.store.state.people import Person

    with _state(config) as session:
        for person in session.scalars(select(Person).order_by(Person.name)):
            notes = [*person.roles, *person.units, *(["disabled"] if person.disabled else [])]
            click.echo(f"{person.name}\t{', '.join(notes)}\t{person.full_name}")


@click.command()
@click.argument("name")
@options.config
def reset(name: str, config: Path | None) -> None:
    """Give an account a new one-time password; its open sessions end.

    NAME: as `vonggac user list` shows it.

    \b
    Example:
      vonggac user reset lan
    """
    from dashboards.console.security.accounts import AccountError, reset_password

    with _state(config) as session:
        try:
            password = reset_password(session, name)
        except AccountError as error:
            fail(str(error), WRONG_USAGE)
    click.echo(f"{name}: {password}")


@contextmanager
def _state(config: Path | None) -> Iterator[Session]:
    from pipelines.store import state

    settings = settings_of(config)
    try:
        database = state.open(settings.state_url)
    except state.StateError as error:
        fail(str(error))
    try:
        with database.transaction() as session:
            yield session
    finally:
        database.close()
