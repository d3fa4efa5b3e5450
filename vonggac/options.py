"""Options that several commands have, and how they fail."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from pipelines.settings import Settings

WRONG_USAGE = 2
UNREADABLE = 3

Config = Annotated[
    Path | None,
    typer.Option(
        "--config", "-c", help="The site's settings (YAML); see config/site.example.yaml.", show_default=False
    ),
]


class Language(StrEnum):
    """Language of what is shown."""

    VI = "vi"
    EN = "en"


def settings_of(site: Path | None, changes: dict[str, object] | None = None) -> Settings:
    """The settings; ends the program with 2 and one line for each thing that is wrong."""
    from pipelines.settings import SettingsError, load

    try:
        return load(site, changes)
    except SettingsError as error:
        fail(str(error), WRONG_USAGE)


def fail(message: str, code: int = 1) -> NoReturn:
    """Say what is wrong and end."""
    typer.echo(f"vonggac: {message}", err=True)
    raise typer.Exit(code)


def is_terminal() -> bool:
    """Whether a person watches the progress."""
    return sys.stderr.isatty()
