"""``vonggac demo``: real packets of a small office through the real pipeline, and the console on top."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from vonggac import options
from vonggac.options import UNREADABLE, fail, is_terminal, settings_of

if TYPE_CHECKING:
    from pipelines.settings import Settings

FOLDER: Final = Path("var/demo")
SCENARIO: Final = "office"
ROWS: Final = 2_000
"""Events of one segment: small, so that alerts come while the capture is still being read."""
USER: Final = "demo"
ROLES: Final = ("specialist", "system_admin", "auditor")
"""One person looks at everything."""
OFFICE: Final = Path(__file__).resolve().parents[1] / "config" / "demo.yaml"
Progress = Callable[[float | None], None]


@click.command()
@click.argument("capture", metavar="[PCAP]", required=False, type=click.Path(path_type=Path))
@click.option("--port", type=int, default=8443, show_default=True, help="Port of the console on 127.0.0.1.")
@click.option("--once", is_flag=True, help="Analyse and stop: do not start the console.")
@options.language("Language of what is printed.")
@options.config
def demo(capture: Path | None, port: int, once: bool, language: str, config: Path | None) -> None:
    """Analyse a capture through the whole pipeline and show it on the console, on this machine only.

    PCAP is your own capture. Without one, the traffic of an office of 40 machines is written first: two days, four
    machines of it not as they should be. Everything lies in var/demo; running it again takes up what is there. Ctrl-C stops it.

    \b
    Examples:
      vonggac demo
      vonggac demo suspicious.pcapng --port 9000
    """
    from vonggac.show import progress
    from vonggac.show.words import words

    texts = words(language)
    try:
        with progress.steps(shown=is_terminal()) as show:
            path = capture or _office(FOLDER, partial(show, texts["demo_office"]))
            settings = _settings(config or (None if capture else OFFICE), path, port)
            _fill(settings, path, partial(show, texts["demo_reading"].format(file=path.name)))
    except KeyboardInterrupt:
        fail("stopped; running it again goes on from here", 130)
    _summary(settings, texts)
    if not once:
        _serve(settings, texts)


def _office(folder: Path, show: Progress) -> Path:
    """The synthetic capture, written once by the scenarios program (a process of its own: it uses GPL code)."""
    path = folder / f"{SCENARIO}.pcap"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".new.pcap")
    command = [sys.executable, "-m", "scenarios", "write", SCENARIO, "--out", str(unfinished)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        while process.poll() is None:
            show(None)
            time.sleep(0.1)
    except BaseException:
        process.terminate()
        process.wait()
        raise
    if process.returncode:
        said = (process.stderr.read() if process.stderr else b"").decode(errors="replace").strip().splitlines()
        fail(f"the office could not be written: {said[-1] if said else 'no reason given'}; try `make setup`")
    unfinished.replace(path)
    return path


def _settings(site: Path | None, capture: Path, port: int) -> Settings:
    """Each capture has a folder of its own, named by its content, so that a second run finds its result."""
    try:
        with capture.open("rb") as file:
            digest = hashlib.file_digest(file, "blake2b").hexdigest()[:12]
    except OSError as error:
        fail(f"{capture}: {error.strerror}; give a capture file that can be read", UNREADABLE)
    folder = FOLDER / f"{capture.stem}-{digest}"
    console = {"host": "127.0.0.1", "port": port, "second_factor": "optional"}
    return settings_of(site, {"data": str(folder), "state": None, "console": console})


def _fill(settings: Settings, capture: Path, show: Progress) -> None:
    """Sensor → spool → pipeline, as in live operation, until the capture has been read."""
    done = settings.data / "done"
    if done.exists():
        return
    from collectors.capture import CaptureError, CaptureReader
    from collectors.spool import Spool
    from vonggac import run

    pipeline = run.pipeline(settings)
    spool = Spool(settings.spool_folder / settings.sensor.observer, settings.disk.spool)
    try:
        pipeline.start()
        reader = CaptureReader(capture, run.sensor_options(settings))
        # The reader numbers segments by the packets alone: what an interrupted run has done is not counted again.
        for segment in reader.segments(ROWS):
            spool.put(segment)
            pipeline.drain()
            show(reader.share_read)
        show(1.0)
        pipeline.finish()
    except CaptureError as error:
        fail(str(error), UNREADABLE)
    finally:
        pipeline.close()
    done.touch()


def _summary(settings: Settings, texts: Mapping[str, str]) -> None:
    from sqlalchemy import func, select

    from pipelines.store import state
    from pipelines.store.state import Machine

    database = state.open(settings.state_url)
    with database.session() as session:
        verdicts = session.execute(select(Machine.verdict, func.count()).group_by(Machine.verdict))
        counts = {str(verdict): int(count) for verdict, count in verdicts}
    database.close()
    known = {verdict: counts.get(verdict, 0) for verdict in ("infected", "suspicious", "violating", "clean")}
    click.echo(texts["counts"].format(machines=sum(counts.values()), **known))


def _serve(settings: Settings, texts: Mapping[str, str]) -> None:
    """The console in this process until Ctrl-C or SIGTERM."""
    import uvicorn

    from vonggac import run

    where = f"http://{settings.console.host}:{settings.console.port}/"
    config = uvicorn.Config(
        run.console(settings),
        host=settings.console.host,
        port=settings.console.port,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    click.echo(texts["demo_console"].format(address=where, user=USER, password=_one_time_password(settings)))
    click.echo(texts["demo_end"], err=True)
    server = uvicorn.Server(config)
    signal.signal(signal.SIGTERM, lambda *_: setattr(server, "should_exit", True))
    try:
        server.run()
    except KeyboardInterrupt:
        return
    except SystemExit as error:
        if error.code:
            fail(f"the console cannot listen on {where}; choose another port with --port")


def _one_time_password(settings: Settings) -> str:
    """The account of whoever looks at the demo; each run gives it a new password."""
    from dashboards.console.security.accounts import AccountError, add_person, reset_password
    from pipelines.store import state

    database = state.open(settings.state_url)
    try:
        with database.transaction() as session:
            try:
                return reset_password(session, USER)
            except AccountError:
                return add_person(session, USER, ROLES, full_name="Demo")
    finally:
        database.close()
