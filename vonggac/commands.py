"""Every command. Each stands in a file of its own and imports what it needs when it runs."""

from __future__ import annotations

from typing import Annotated

import typer

from vonggac import analyse, demo, doctor, part, rules, sensor, serve, user

app = typer.Typer(
    name="vonggac",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Vọng Gác: network security monitoring. Packets in, explained verdicts out.",
)
app.command()(analyse.analyse)
app.command()(serve.run)
app.command()(sensor.sensor)
app.command()(demo.demo)
app.command()(doctor.doctor)
app.add_typer(rules.app, name="rules")
app.add_typer(user.app, name="user")
app.add_typer(part.app, name="part", hidden=True)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"vonggac {version('vonggac')}")
        raise typer.Exit


@app.callback()
def _options(
    shown: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass
