"""A pipeline on folders of its own, with an engine whose answers are easy to foretell."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from collectors.segment import Segment
from collectors.spool import Spool
from pipelines.analysis import Detectors
from pipelines.detect.engine import RuleError
from pipelines.detect.finding import Finding, Weight
from pipelines.live import LivePipeline
from pipelines.settings import Settings, load
from pipelines.store import state
from pipelines.store.embedded.store import EmbeddedStore

BAD_PORT = 4444
WINDOW = 3600


class PortEngine:
    """Flows to port 4444: one finding for each, and one an hour (by packet time) for each pair, when the hour is over."""

    def __init__(self) -> None:
        self.errors: list[RuleError] = []
        self._windows: dict[tuple[str, str, int], list[tuple[str, datetime]]] = {}

    def feed(self, segment: Segment) -> list[Finding]:
        table = segment.tables.get("flow")
        if table is None:
            return []
        found = []
        for row in table.to_pylist():
            if row["destination.port"] != BAD_PORT:
                continue
            seen = (row["event.id"], row["@timestamp"])
            hour = int(row["@timestamp"].timestamp()) // WINDOW
            self._windows.setdefault((row["source.ip"], row["destination.ip"], hour), []).append(seen)
            found.append(
                _finding("each", "c2-raw-tcp", row["source.ip"], row["destination.ip"], row["@timestamp"], [seen])
            )
        return found

    def advance(self, clock: int) -> list[Finding]:
        return self._over(lambda hour: (hour + 1) * WINDOW * 1_000_000 <= clock)

    def finish(self) -> list[Finding]:
        return self._over(lambda _: True)

    def close(self) -> None:
        pass

    def _over(self, is_over: Any) -> list[Finding]:
        due = sorted(key for key in self._windows if is_over(key[2]))
        ends = {key: datetime.fromtimestamp((key[2] + 1) * WINDOW, UTC) for key in due}
        return [
            _finding("hourly", "c2-beacon", *key[:2], ends[key], sorted(self._windows.pop(key), key=lambda one: one[1]))
            for key in due
        ]


def _finding(
    rule: str, behaviour: str, machine: str, peer: str, window: datetime, seen: list[tuple[str, datetime]]
) -> Finding:
    return Finding(
        rule=rule, version=1, engine="behaviour", behaviour=behaviour, machine=machine, role="source", peer=peer,
        severity="medium", window=window, first=seen[0][1], last=seen[-1][1], events=tuple(one for one, _ in seen),
        event_count=len(seen), weight=Weight(1.9, rule), title={"vi": rule, "en": rule},
        explanation={"vi": rule, "en": rule},
    )  # fmt: skip


def settings(folder: Path, **changes: Any) -> Settings:
    return load(changes={"data": str(folder), "detect": {"history": "3h"}, **changes})


def spool(folder: Path) -> Spool:
    return Spool(folder / "spool" / "t", 1 << 30)


@contextmanager
def pipeline(folder: Path) -> Iterator[LivePipeline]:
    chosen = settings(folder)
    made = LivePipeline(
        chosen, state.open(chosen.state_url), EmbeddedStore(chosen.store_folder), Detectors({"port": PortEngine()})
    )
    try:
        made.start()
        yield made
    finally:
        made.close()


def hours(number: float) -> float:
    return timedelta(hours=number).total_seconds()
