"""``vonggac user``: accounts of the console."""

from __future__ import annotations

from pathlib import Path

import click

from vonggac import options
from vonggac.options import WRONG_USAGE, fail, operator, state_of


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
    from pipelines.store.state import audit

    with state_of(config) as session:
        try:
            password = add_person(session, name, roles, unit, full_name)
            audit.append(session, operator(), "add_person", f"person:{name}", {"roles": roles, "units": unit})
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

    with state_of(config) as session:
        for person in session.scalars(select(Person).order_by(Person.name)):
            notes = [*person.roles, *person.units, *(["disabled"] if person.disabled else [])]
            click.echo(f"{person.name}\t{', '.join(notes)}\t{person.full_name}")


@click.command()
@click.argument("name")
@click.option("--second-factor", is_flag=True, help="The telephone is lost: take the second factor away, too.")
@options.config
def reset(name: str, second_factor: bool, config: Path | None) -> None:
    """Give an account a new one-time password; its open sessions end. The audit log tells who did it on the server:
    this is also the way in when no system administrator can log in any more.

    NAME: as `vonggac user list` shows it.

    \b
    Examples:
      vonggac user reset lan
      vonggac user reset lan --second-factor
    """
    from dashboards.console.security import second_factor as codes
    from dashboards.console.security.accounts import AccountError, reset_password
    from pipelines.store.state import audit

    with state_of(config) as session:
        try:
            password = reset_password(session, name)
            if second_factor:
                codes.remove(session, name)
            act = "reset_second_factor" if second_factor else "reset_password"
            audit.append(session, operator(), act, f"person:{name}")
        except AccountError as error:
            fail(str(error), WRONG_USAGE)
    click.echo(f"{name}: {password}")
