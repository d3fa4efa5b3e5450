"""Small files → big ones, in steps that a crash can only lose work of, never events."""

from __future__ import annotations

import json
import logging
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from pipelines.store.embedded.catalogue import Catalogue, Part
from pipelines.store.embedded.engine import Engine, MissingFileError, literal
from pipelines.store.embedded.parts import TEMPORARY, places, publish
from pipelines.store.embedded.scan import Plan, Scan
from pipelines.store.query import duck
from schema import DATASETS

FAN: Final = 8
"""So many files of about one size become one: a row is rewritten log₈(rows) times, and few files are left to open."""
ROWS_MOST: Final = 2_000_000
"""Of one file: sorting more would need more memory than the store has."""
SETTLED: Final = 86_400.0
"""Seconds after which a day that got nothing new becomes one file."""
GRACE: Final = 900.0
"""Seconds that a replaced file stays for those who are reading it, and an unknown one for who is writing it."""
_LOG = logging.getLogger(__name__)


def compact(folder: Path, catalogue: Catalogue, engine: Engine, now: float) -> int:
    """One round; gives how many files were replaced."""
    replaced = 0
    for parts in catalogue.parts().values():
        if parts[0].dataset in DATASETS:
            for group in groups(parts, now):
                replaced += _merge(folder, catalogue, engine, group)
    _delete(folder, catalogue, catalogue.dropped(now - GRACE))
    _sweep(folder, catalogue)
    return replaced


def groups(parts: Iterable[Part], now: float) -> Iterator[list[Part]]:
    """Which parts of one dataset should become one: of one day and size, or all of a day that has settled."""
    per_day: dict[tuple[int, bool], list[Part]] = {}
    for part in parts:
        per_day.setdefault((part.day, part.one_day), []).append(part)
    for same_day in per_day.values():
        small = [part for part in same_day if part.rows < ROWS_MOST // 2]
        if now - max(part.written for part in same_day) > SETTLED:
            yield from _bounded(small, 2)
            continue
        tiers: dict[int, list[Part]] = {}
        for part in small:
            tiers.setdefault(part.rows.bit_length() // 3, []).append(part)
        for tier in tiers.values():
            yield from _bounded(tier, FAN)


def _bounded(parts: Sequence[Part], least: int) -> Iterator[list[Part]]:
    """Cut so that no result has more than ``ROWS_MOST`` rows; groups of fewer than ``least`` are not worth it."""
    group: list[Part] = []
    for part in sorted(parts, key=lambda one: one.first):
        if sum(one.rows for one in group) + part.rows > ROWS_MOST:
            if len(group) >= least:
                yield group
            group = []
        group.append(part)
    if len(group) >= least:
        yield group


def _merge(folder: Path, catalogue: Catalogue, engine: Engine, group: list[Part]) -> int:
    dataset = group[0].dataset
    plan = Plan(folder, [Scan(dataset, group, "true", None, None)], duck.Parameters())
    names = ", ".join(duck.column(name) for name in DATASETS[dataset].names)
    moments = min(part.first for part in group), max(part.last for part in group)
    temporary, final = places(folder, dataset, moments[0])
    try:
        engine.rows(
            f'copy (select {names} from {plan.source(plan.scans[0])} order by "@timestamp", "event.id")'
            f" to {literal(temporary)} (format parquet, compression zstd, row_group_size 122880)",
            plan.parameters.values,
        )
        rows = sum(part.rows for part in group)
        merged = publish(folder, temporary, final, Part("", dataset, rows, 0, *moments, _hours(group), "", 0))
    except MissingFileError:  # another process was faster
        return 0
    finally:
        temporary.unlink(missing_ok=True)
    if catalogue.replace(group, [merged]):
        return len(group)
    final.unlink(missing_ok=True)
    return 0


def _hours(group: Sequence[Part]) -> str | None:
    if not all(part.hours for part in group):
        return None
    counted: Counter[int] = Counter()
    for part in group:
        counted.update(part.per_hour)
    return json.dumps(counted)


def _delete(folder: Path, catalogue: Catalogue, paths: Sequence[str]) -> None:
    for path in paths:
        (folder / path).unlink(missing_ok=True)
    catalogue.forget(paths)


def delete_now(folder: Path, catalogue: Catalogue, parts: Sequence[Part]) -> int:
    """Forget parts at once, even if somebody reads them (who asks again then); gives their bytes."""
    if not catalogue.replace(parts, []):
        return 0
    _delete(folder, catalogue, [part.path for part in parts])
    for parent in {(folder / part.path).parent for part in parts}:
        try:
            parent.rmdir()
        except OSError:
            continue  # not empty: other parts of that day
    return sum(part.bytes for part in parts)


def _sweep(folder: Path, catalogue: Catalogue) -> None:
    """Delete what a crash left behind: files that were written and never counted."""
    oldest = time.time() - GRACE
    known = catalogue.paths()
    for dataset in DATASETS:
        for path in (folder / dataset).glob("*/*"):
            try:
                orphan = path.name.startswith(TEMPORARY) or str(path.relative_to(folder)) not in known
                if orphan and path.stat().st_mtime < oldest:
                    path.unlink()
                    _LOG.info("deleted %s, which was written and never counted", path)
            except FileNotFoundError:
                continue
