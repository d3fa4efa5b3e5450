"""``vonggac user``: accounts of the console."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from vonggac.options import WRONG_USAGE, Config, fail, settings_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

app = typer.Typer(help="Accounts of the console: add, list, reset.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="User name: 2 to 64 of a-z, 0-9, dot, hyphen, underscore.")]


@app.command()
def add(
    name: Name,
    role: Annotated[
        str, typer.Option("--role", "-r", help="specialist, unit_admin, leader, system_admin or auditor.")
    ] = "specialist",
    unit: Annotated[
        list[str] | None, typer.Option("--unit", "-u", help="Unit of a unit_admin; may be repeated.")
    ] = None,
    full_name: Annotated[str, typer.Option("--full-name", help="Name as the console shows it.")] = "",
    config: Config = None,
) -> None:
    """Make an account and print its one-time password, which is shown only once.

    \b
    Examples:
      vonggac user add lan --role specialist --full-name "Nguyễn Thị Lan"
      vonggac user add minh --role unit_admin --unit vp-tinhuy
    """
    from dashboards.console.security.accounts import AccountError, add_person

    with _state(config) as session:
        try:
            password = add_person(session, name, role, tuple(unit or ()), full_name)
        except AccountError as error:
            fail(str(error), WRONG_USAGE)
    typer.echo(f"{name}: {password}")


@app.command("list")
def listed(config: Config = None) -> None:
    """Show every account with its role and units.

    \b
    Example:
      vonggac user list
    """
    from sqlalchemy import select

    from pipelines.store.state.people import Person

    with _state(config) as session:
        for person in session.scalars(select(Person).order_by(Person.name)):
            notes = [person.role, *person.units, *(["disabled"] if person.disabled else [])]
            typer.echo(f"{person.name}\t{', '.join(notes)}\t{person.full_name}")


@app.command()
def reset(name: Name, config: Config = None) -> None:
    """Give an account a new one-time password; its open sessions end.

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
    typer.echo(f"{name}: {password}")


@contextmanager
def _state(config: Config) -> Iterator[Session]:
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
