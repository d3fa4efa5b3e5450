"""Analyses of captures, kept: an analysis is done again only when the capture, the rules or the code before the score changed.

What is kept are the findings, not the verdicts: another set of weights is judged without reading a packet.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from pipelines.detect.finding import Finding  # noqa: E402  # found through the line above
from pipelines.enrich.machine import KnownMachine  # noqa: E402
from pipelines.score.document import AssessedMachine, document, ranked  # noqa: E402
from pipelines.score.weights import Weights, shipped  # noqa: E402

KEPT: Final = ROOT / "var/judge"
"""Folder of kept analyses and of captures that were made; it may be removed at any time."""
SOURCES: Final = ("collectors", "pipelines", "rules", "schema", "config", "vonggac/work.py", "vonggac/run.py")
"""What findings follow from."""
NOT_SOURCES: Final = (
    "pipelines/score/",
    "pipelines/store/",
    "pipelines/live/",
    "pipelines/schedule/",
    "target/",
    "fuzz/",
)
SUFFIXES: Final = (".py", ".yaml", ".sql", ".yar", ".yml", ".txt", ".csv", ".json", ".dat", ".toml")


class UnreadableError(Exception):
    """A capture that cannot be analysed; one line that says why."""


@dataclass(slots=True)
class Analysed:
    """What one analysis found."""

    captures: list[dict[str, Any]]
    machines: list[tuple[KnownMachine, tuple[Finding, ...]]]
    complaints: list[str] = field(default_factory=list)

    def assessed(self, weights: Weights | None = None) -> list[AssessedMachine]:
        """The machines under these weights (or those that are shipped), the worst first."""
        return ranked(self.machines, weights or shipped())

    def document(self, weights: Weights | None = None) -> dict[str, Any]:
        """What ``vonggac analyse --format json`` says."""
        return document(self.captures, self.assessed(weights))


@cache
def code() -> str:
    """Digest of everything that findings follow from; the sensor counts as it was built."""
    if given := os.environ.get("VONGGAC_JUDGED_CODE"):
        return given
    digest = hashlib.blake2b(digest_size=8)
    for path in _files():
        digest.update(f"{path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def pass_on() -> None:
    """Let processes that are started from now on use this digest instead of reading all sources again."""
    os.environ["VONGGAC_JUDGED_CODE"] = code()


def analysed(captures: Sequence[Path], config: Path | None = None) -> Analysed:
    """The analysis of these pieces of one network's traffic, kept or fresh. Raises UnreadableError."""
    digests = [hashlib.blake2b(path.read_bytes()).digest() for path in (*captures, *([config] if config else []))]
    return kept(digests, lambda _folder: captures, config)


def kept(parts: Iterable[bytes], make: Callable[[Path], Sequence[Path]], config: Path | None = None) -> Analysed:
    """The analysis of what ``make`` writes into a folder; ``parts`` say what that is, so that it need not be made again."""
    key = hashlib.blake2b(code().encode(), digest_size=12)
    for part in parts:
        key.update(hashlib.blake2b(part).digest())
    place = KEPT / "analyses" / f"{key.hexdigest()}.pickle"
    with contextlib.suppress(OSError, EOFError, pickle.UnpicklingError, AttributeError):
        with place.open("rb") as file:
            found: Analysed = pickle.load(file)  # noqa: S301  # our own folder
        os.utime(place)
        return found
    with tempfile.TemporaryDirectory(prefix="vonggac-judge-") as folder:
        found = _fresh(make(Path(folder)), config)
    place.parent.mkdir(parents=True, exist_ok=True)
    partial = place.with_name(f"{place.name}.{os.getpid()}")
    partial.write_bytes(pickle.dumps(found, protocol=pickle.HIGHEST_PROTOCOL))
    partial.replace(place)
    return found


def forget_old(days: float = 14.0) -> None:
    """Remove kept analyses that nobody has asked for in so many days."""
    before = time.time() - days * 86_400
    for path in (KEPT / "analyses").glob("*.pickle*"):
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


def _fresh(captures: Sequence[Path], config: Path | None) -> Analysed:
    from vonggac.options import settings_of
    from vonggac.work import AnalysisError, work

    try:
        result = work(settings_of(config), config, captures, None, (), lambda _name, _share: None)
    except AnalysisError as error:
        raise UnreadableError(str(error)) from error
    if result.unreadable:
        raise UnreadableError("; ".join(result.complaints))
    machines = [(one.machine, tuple(one.findings)) for one in result.machines]
    return Analysed(list(result.document()["captures"]), machines, result.complaints)


def _files() -> Iterator[Path]:
    built = find_spec("vonggac_sensor")
    yield from sorted(Path(built.origin).parent.glob("*.so")) if built and built.origin else ()
    for source in SOURCES:
        place = ROOT / source
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            name = path.relative_to(ROOT).as_posix()
            if path.suffix in SUFFIXES and not any(part in name for part in NOT_SOURCES):
                yield path
