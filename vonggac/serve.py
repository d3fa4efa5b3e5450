"""``vonggac run``: sensors, pipeline, scheduler and console under one supervisor."""

from __future__ import annotations

import logging
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vonggac import options
from vonggac.options import WRONG_USAGE, fail, settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.settings import Settings
    from pipelines.store.state import Database
    from vonggac.supervisor import Part


@click.command()
@options.config
def run(config: Path | None) -> None:
    """Run everything on this machine: capture, detection, store, scheduler and console.

    Which interfaces are listened on, where data is kept and where the console listens stand in the settings
    (`sensor.interfaces`, `data`, `console`). A part that ends unexpectedly is started again and shown on the health page.
    Ctrl-C or SIGTERM stops everything after what is under way has been written down.

    Exit codes: 0 stopped, 1 data or state cannot be used, 2 the settings are wrong or do not fit this machine.

    \b
    Examples:
      vonggac run --config site.yaml
      vonggac run                     # no interface: console and pipeline only
    """
    from vonggac.doctor import obstacles
    from vonggac.supervisor import Supervisor

    settings = settings_of(config)
    if wrong := obstacles(settings):
        fail("\nvonggac: ".join(wrong), WRONG_USAGE)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    database = _opened(settings)
    supervisor = Supervisor(parts(settings, config), database, settings.schedule.health.total_seconds())
    signal.signal(signal.SIGTERM, lambda *_: supervisor.stop())
    signal.signal(signal.SIGINT, lambda *_: supervisor.stop())
    click.echo(f"Vọng Gác: http://{settings.console.host}:{settings.console.port}/", err=True)
    for line in _hints(settings, database):
        click.echo(line, err=True)
    try:
        supervisor.run()
    finally:
        database.close()


def _opened(settings: Settings) -> Database:
    from pipelines.store import state

    try:
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o750)
        return state.open(settings.state_url)
    except OSError as error:
        fail(f"{settings.data}: {error.strerror}; the data folder must be writable, see `data` in the settings")
    except state.StateError as error:
        fail(str(error))


def _hints(settings: Settings, database: Database) -> Iterator[str]:
    """What a person who starts it for the first time may miss."""
    from sqlalchemy import func, select

    from pipelines.store.state.people import Person

    if not settings.sensor.interfaces:
        yield "No interface is named (sensor.interfaces): only what other sensors put into the spool is processed."
    with database.session() as session:
        if not session.scalar(select(func.count()).select_from(Person)):
            yield "Nobody can log in yet: make an account with `vonggac user add NAME` (and the same --config)."


def parts(settings: Settings, site: Path | None) -> list[Part]:
    """The parts of an installation; sensors stop first, the console last."""
    from vonggac.supervisor import Part, command

    where = ("--config", str(site)) if site else ()
    # One sensor for all interfaces: the two directions of a tap must meet in one flow table.
    sensor = [Part("sensor", command("sensor", *where), stops=0)] if settings.sensor.interfaces else []
    return [
        *sensor,
        Part("centre", command("centre", *where), stops=1),
        Part("scheduler", command("scheduler", *where), stops=2),
        Part("console", command("console", *where), stops=2),
    ]
