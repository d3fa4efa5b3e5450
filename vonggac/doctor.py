"""``vonggac doctor``: is everything here that is needed, and what to do where it is not."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from vonggac import options
from vonggac.options import settings_of

if TYPE_CHECKING:
    from pipelines.settings import Settings

CAP_NET_RAW: Final = 13
"""Number of the capability that a sensor needs to listen (capabilities(7))."""
PREDECESSOR: Final = 15.0
"""Seconds that the parts of a killed run take to write down what they hold and to let go of the console's address."""
Finding = tuple[bool, str, str]
"""Whether all is well, what was looked at, what to do (empty when all is well)."""


@click.command()
@options.config
def doctor(config: Path | None) -> None:
    """Check everything that the programs need on this machine and say what to do.

    Exit codes: 0 all is well, 1 something is missing, 2 the settings are wrong.

    \b
    Example:
      vonggac doctor --config site.yaml
    """
    settings = settings_of(config)
    wrong = 0
    for check in CHECKS:
        for good, what, advice in check(settings):
            click.echo(f"{'ok     ' if good else 'MISSING'}  {what}" + ("" if good else f": {advice}"))
            wrong += not good
    raise SystemExit(1 if wrong else 0)


def obstacles(settings: Settings) -> list[str]:
    """What keeps an installation from starting here: one line each, with what to do."""
    wrong = [*_unmet(_interfaces(settings)), *_unmet(_console(settings))]
    error = _refusal(settings)
    if len(wrong) == 1 and error is not None and error.errno == errno.EADDRINUSE:
        click.echo(f"The console's address is in use; waiting {PREDECESSOR:.0f} s for an earlier run to end.", err=True)
        deadline = time.monotonic() + PREDECESSOR
        while (wrong := _unmet(_console(settings))) and time.monotonic() < deadline:
            time.sleep(0.2)
    return wrong


def _unmet(findings: Iterator[Finding]) -> list[str]:
    return [f"{what}: {advice}" for good, what, advice in findings if not good]


def _python(_settings: Settings) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield sys.version_info >= (3, 11), f"Python {version}", "version 3.11 or later is needed"


def _sensor(_settings: Settings) -> Iterator[Finding]:
    try:
        import vonggac_sensor

        yield hasattr(vonggac_sensor, "CaptureSensor"), "native sensor", "build it with `make setup`"
    except ImportError as error:
        yield False, "native sensor", f"{error}; build it with `make setup`"


def _interfaces(settings: Settings) -> Iterator[Finding]:
    present = {name for _, name in socket.if_nameindex()}
    for name in settings.sensor.interfaces:
        yield (
            name in present,
            f"interface {name}",
            f"there is none; here are {', '.join(sorted(present))}: correct `sensor.interfaces`",
        )
    if settings.sensor.filter:
        from collectors.capture import filter_error

        error = filter_error(settings.sensor.filter)
        yield error is None, "capture filter", f"{error}; correct `sensor.filter` (docs/reference/capture-filter.md)"
    if settings.sensor.interfaces:
        yield (
            _may_capture(),
            "right to capture",
            "run as root or give the process CAP_NET_RAW (setcap, AmbientCapabilities)",
        )


def _may_capture() -> bool:
    status = Path("/proc/self/status").read_text(encoding="ascii")  # root in a container may lack the right
    effective = next(line.split()[1] for line in status.splitlines() if line.startswith("CapEff"))
    return bool(int(effective, 16) >> CAP_NET_RAW & 1)


def _data(settings: Settings) -> Iterator[Finding]:
    folder = settings.data.resolve()
    nearest = next(parent for parent in (folder, *folder.parents) if parent.exists())
    yield (
        os.access(nearest, os.W_OK),
        f"data folder {folder}",
        "this user may not write there; change `data` or the rights",
    )
    usage = shutil.disk_usage(nearest)
    free = usage.free / usage.total
    advice = f"below disk.warn_free ({settings.disk.warn_free:.0%}); add space"
    yield free >= settings.disk.warn_free, f"free disk {free:.0%}", advice


def _state(settings: Settings) -> Iterator[Finding]:
    if settings.state is None and not settings.data.exists():
        yield True, "state database (made at the first run)", ""
        return
    from pipelines.store import state

    try:
        state.open(settings.state_url).close()
        yield True, "state database", ""
    except state.StateError as error:
        yield False, "state database", str(error)


def _console(settings: Settings) -> Iterator[Finding]:
    error = _refusal(settings)
    advice = "" if error is None else _REFUSED.get(error.errno or 0, f"{error.strerror}; change `console`")
    yield error is None, f"console address {settings.console.host}:{settings.console.port}", advice


_REFUSED: Final = {
    errno.EADDRINUSE: "in use; end what uses it (perhaps Vọng Gác itself), or change `console.port`",
    errno.EADDRNOTAVAIL: "not an address of this machine; change `console.host`",
    errno.EACCES: "no right to use this port; take one from 1024 on in `console.port`",
}


def _refusal(settings: Settings) -> OSError | None:
    """Why the console cannot listen; none if it can."""
    with socket.socket(socket.AF_INET6 if ":" in settings.console.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.console.host, settings.console.port))
        except OSError as error:
            return error
    return None


def _assets(_settings: Settings) -> Iterator[Finding]:
    from dashboards.console.assets import DIST

    yield (Path(DIST) / "manifest.json").is_file(), "console assets", "run `make assets`"


def _rules(settings: Settings) -> Iterator[Finding]:
    from pipelines.detect.rulefiles import SHIPPED

    for kind in ("behaviour", "sigma", "suricata", "yara", "indicators"):
        for folder in (SHIPPED / kind, *getattr(settings.detect, kind)):
            yield folder.exists(), f"rules in {folder}", "the folder does not exist; correct `detect` in the settings"


CHECKS: Final[tuple[Callable[[Settings], Iterator[Finding]], ...]] = (
    _python, _sensor, _interfaces, _data, _state, _console, _assets, _rules,
)  # fmt: skip
