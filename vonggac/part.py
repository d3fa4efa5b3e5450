"""The parts that ``vonggac run`` starts, one process each. Not meant to be called by hand."""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from vonggac import options
from vonggac.options import fail, settings_of
from vonggac.privilege import give_up_capture


@click.command()
@options.config
def centre(config: Path | None) -> None:
    """Process what the sensors have put into the spool."""
    from vonggac import run

    settings = settings_of(config)
    stop = threading.Event()
    _prepare(stop.set)
    give_up_capture()
    with _only_one(settings.data / "centre.lock"):
        pipeline = run.pipeline(settings)
        pipeline.stopping = stop.is_set
        try:
            pipeline.start()
            pipeline.run()
            pipeline.stopping = _within(10)  # what the sensors have written at their end
            pipeline.drain()
            pipeline.finish()  # windows that are still open are looked at; the store opens them again at the next start
        finally:
            pipeline.close()


@click.command()
@options.config
def sensor(config: Path | None) -> None:
    """Listen on the interfaces of the settings, into the spool."""
    from vonggac.listen import listen

    settings = settings_of(config)
    listen(settings, settings.sensor.interfaces, _prepare)


@click.command()
@options.config
def scheduler(config: Path | None) -> None:
    """Compact, expire, guard the disk."""
    from vonggac import run

    keeper = run.keeper(settings_of(config))
    _prepare(keeper.stop)
    give_up_capture()
    try:
        keeper.run()
    finally:
        keeper.close()


@click.command()
@options.config
def console(config: Path | None) -> None:
    """Serve the web console."""
    import uvicorn

    from vonggac import run

    settings = settings_of(config)
    server = uvicorn.Server(
        uvicorn.Config(
            run.console(settings),
            host=settings.console.host,
            port=settings.console.port,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=5,
        )
    )
    _prepare(lambda: setattr(server, "should_exit", True))
    give_up_capture()
    server.run()


def _prepare(stop: Callable[[], object]) -> None:
    """End on SIGTERM, and when the supervisor is gone: its end of our standard input is closed then."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    for noisy in ("apscheduler", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    signal.signal(signal.SIGTERM, lambda *_: stop())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the supervisor, which stops its parts in order
    threading.Thread(target=_watch, daemon=True).start()


def _watch() -> None:
    if not sys.stdin or sys.stdin.isatty():
        return
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _within(seconds: float) -> Callable[[], bool]:
    """True once so many seconds have passed."""
    end = time.monotonic() + seconds
    return lambda: time.monotonic() >= end


@contextmanager
def _only_one(lock: Path) -> Iterator[None]:
    """Two pipelines over one spool would each process half of it."""
    lock.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            fail(f"{lock}: another vonggac works in this folder; stop it, or give `data` another folder")
        yield
