"""The one composition root: settings → engines, store, pipeline. The only file that imports every stage.

Imports stand inside the functions, because each process needs only a part and `analyse` must start fast.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fastapi import FastAPI

    from collectors.capture import SensorOptions
    from pipelines.analysis import Analysis, Detectors
    from pipelines.detect.engine import Engine
    from pipelines.live import LivePipeline
    from pipelines.schedule import Keeper
    from pipelines.settings import Settings
    from pipelines.store.events import EventStore

ENGINES: Final = ("behaviour", "sigma", "suricata", "yara", "indicators")
"""Kinds of rules that can be switched off as a whole; Sigma and Suricata run in one engine, in one pass."""


def cache_folder(settings: Settings, site: Path | None) -> Path:
    """Where compiled rules are kept: the installation's own folder; without one, the user's cache; else a temporary one."""
    if site is not None or settings.data.exists():
        return settings.cache_folder
    own = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vonggac"
    nearest = next(folder for folder in (own, *own.parents) if folder.exists())
    return own if os.access(nearest, os.W_OK) else Path(tempfile.mkdtemp(prefix="vonggac-"))


def engines(settings: Settings, cache: Path, off: Collection[str] = ()) -> dict[str, Engine]:
    """Every detection engine whose name is not in ``off``. OSError when ``cache`` cannot be written."""
    from pipelines.detect.rulefiles import SHIPPED, RuleFolder

    def folders(name: str) -> list[RuleFolder]:
        own: tuple[Path, ...] = getattr(settings.detect, name, ())
        imported = settings.rules_folder / name
        paths = (*own, *([imported] if imported.is_dir() else []))  # asked again when rules are renewed
        return [RuleFolder(SHIPPED / name, rehearsed=True), *(RuleFolder(path) for path in paths)]

    made: dict[str, Engine] = {}
    if "behaviour" not in off:  # first: its worker starts while the others load
        from pipelines.detect.behaviour.engine import BehaviourEngine

        made["behaviour"] = BehaviourEngine(
            folders("behaviour"), settings.detect.parameters, off, settings.zones, cache=cache / "behaviour"
        )
    kinds = [kind for kind in ("sigma", "suricata") if kind not in off]
    if kinds:
        from pipelines.detect.matching.engine import MatchEngine

        made["events"] = _renewed(
            lambda: MatchEngine([one for kind in kinds for one in folders(kind)], cache / "events", off),
            lambda: [one.path for kind in kinds for one in folders(kind)],
        )
    if "yara" not in off:
        from pipelines.detect.yara.engine import YaraEngine

        made["yara"] = _renewed(
            lambda: YaraEngine(folders("yara"), cache / "yara"), lambda: [one.path for one in folders("yara")]
        )
    if "indicators" not in off:
        from pipelines.detect.indicators.engine import IndicatorEngine

        made["indicators"] = _renewed(
            lambda: IndicatorEngine(folders("indicators"), tuple(off)),
            lambda: [one.path for one in folders("indicators")],
        )
    return made


def _renewed(make: Callable[[], Engine], folders: Callable[[], Iterable[Path]]) -> Engine:
    from pipelines.detect.renewal import Renewed

    return Renewed(make, folders)


def detectors(settings: Settings, cache: Path, off: Collection[str] = ()) -> Detectors:
    """All engines as one; ``off``: names of engines and rules, added to those of the settings."""
    from pipelines.analysis import Detectors

    without = {*settings.detect.off, *off}
    return Detectors(engines(settings, cache, without), without)


def analysis(settings: Settings, found: Detectors) -> Analysis:
    """An analysis of captures by these detectors, which the caller closes."""
    from pipelines.analysis import Analysis

    return Analysis(settings, found)


def sensor_options(settings: Settings) -> SensorOptions:
    """What the settings say about the sensor."""
    from collectors.capture import SensorOptions

    sensor = settings.sensor
    return SensorOptions(
        observer=sensor.observer,
        file_limit=sensor.file_limit,
        md5=sensor.md5,
        sha1=sensor.sha1,
        max_flows=sensor.max_flows,
    )


def store(settings: Settings) -> EventStore:
    """The event store of the installation; StoreError when its folder cannot be used."""
    from pipelines.store.embedded.store import EmbeddedStore

    return EmbeddedStore(settings.store_folder)


def pipeline(settings: Settings) -> LivePipeline:
    """Spool → enrich → detect → score → state → store → acknowledge. StateError, StoreError, OSError."""
    from pipelines.live import LivePipeline
    from pipelines.store import state

    found = detectors(settings, settings.cache_folder)
    return LivePipeline(settings, state.open(settings.state_url), store(settings), found)


def keeper(settings: Settings) -> Keeper:
    """What looks after store and state."""
    from pipelines.schedule import Keeper
    from pipelines.store import state

    return Keeper(settings, state.open(settings.state_url), store(settings))


def console(settings: Settings) -> FastAPI:
    """The web application."""
    from dashboards.console.app import create
    from dashboards.console.settings import ConsoleSettings

    return create(
        settings.state_url,
        store(settings),
        ConsoleSettings(
            **settings.console.model_dump(exclude={"host", "port"}), rule_folders=settings.detect.behaviour
        ),
    )
