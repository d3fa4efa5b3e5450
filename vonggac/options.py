"""Options that several commands have, and how they fail."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import click

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from pipelines.settings import Settings

WRONG_USAGE = 2
UNREADABLE = 3
LANGUAGES: Final = ("vi", "en")

config = click.option(
    "--config",
    "-c",
    type=click.Path(path_type=Path),
    help="The site's settings (YAML); see config/site.example.yaml.",
)


def language(what: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The option that chooses the language of ``what``."""
    return click.option("--language", "-l", type=click.Choice(LANGUAGES), default="vi", show_default=True, help=what)


def settings_of(site: Path | None, changes: dict[str, object] | None = None) -> Settings:
    """The settings; ends the program with 2 and one line for each thing that is wrong."""
    from pipelines.settings import SettingsError, load

    try:
        return load(site, changes)
    except SettingsError as error:
        fail(str(error), WRONG_USAGE)


@contextmanager
def state_of(site: Path | None) -> Iterator[Session]:
    """A transaction on the state database of an installation; ends the program with 1 if that cannot be used."""
    from pipelines.store import state

    settings = settings_of(site)
    try:
        database = state.open(settings.state_url)
    except state.StateError as error:
        fail(str(error))
    try:
        with database.transaction() as session:
            yield session
    finally:
        database.close()


def operator() -> str:
    """Who stands at the terminal, for the audit log: the account of the operating system."""
    import getpass

    try:
        return f"os:{getpass.getuser()}"
    except (KeyError, OSError):
        return f"os:{os.getuid()}"


def fail(message: str, code: int = 1) -> NoReturn:
    """Say what is wrong and end."""
    click.echo(f"vonggac: {message}", err=True)
    raise SystemExit(code)


def is_terminal() -> bool:
    """Whether a person watches the progress."""
    return sys.stderr.isatty()
