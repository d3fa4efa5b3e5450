"""Rule files of the engines: where they lie, how far they are trusted, and the cache of what was compiled from them."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipelines.detect.finding import Weight

UNREHEARSED_WEIGHT: Final = 0.5
"""The most that a rule from outside adds to a score before it has been rehearsed on the site's own traffic; why:
docs/decisions/rules-from-a-site.md."""
SHIPPED: Final = Path(__file__).resolve().parents[2] / "rules"
"""The rules that come with the product."""


@dataclass(frozen=True, slots=True)
class RuleFolder:
    """One folder of rules of one engine."""

    path: Path
    rehearsed: bool = False
    """Ours, or replayed on the site's traffic and approved: the rules weigh what they say."""

    def files(self, suffixes: Iterable[str]) -> list[Path]:
        """Files below the folder in a fixed order; a single file may stand for a folder."""
        wanted = tuple(suffixes)
        if self.path.is_file():
            return [self.path]
        found = (p for p in self.path.rglob("*") if p.suffix in wanted and p.is_file() and "cases" not in p.parts)
        # What begins with a dot is a set that is just being put in place.
        return sorted(p for p in found if not any(part.startswith(".") for part in p.relative_to(self.path).parts))


def trusted(weight: Weight, rehearsed: bool) -> Weight:
    """The weight that a rule may have: the one place where rules from outside are held back."""
    if rehearsed:
        return weight
    least = min(weight.log10_ratio, UNREHEARSED_WEIGHT)
    return Weight(
        least, weight.family, min(weight.cap, UNREHEARSED_WEIGHT), weight.half_life_hours, deterministic=False
    )


def content_key(parts: Sequence[bytes | str]) -> str:
    """Name of a cache entry: changes with any of ``parts`` and with nothing else."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        digest.update(len(raw).to_bytes(8, "big"))
        digest.update(raw)
    return digest.hexdigest()


def write_atomically(path: Path, content: bytes) -> None:
    """Readers see the whole file or none of it, whoever is killed when; raises OSError (disk full, no right to write)."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
