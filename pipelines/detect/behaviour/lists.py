"""Lists that rules share: domains one a line, and the words from which it is learned how letters follow one another.

``lists/update_service.txt`` beside the rules becomes the macro ``in_update_service(name)``. Only few of the names of an input
are in any list, so they are looked up once when the events come in, and the macro asks whether a name is among those.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

FOLDER: Final = "lists"
"""Folder of the lists, beside the rules."""
WORDS: Final = "words"
"""``lists/words.txt`` is no list of domains: ``bigram_score`` learns from it."""
NAMES: Final = {
    "flow": ("destination.domain",),
    "dns": ("dns.question.name",),
    "http": ("url.domain", "destination.domain"),
    "tls": ("tls.client.server_name", "tls.server.x509.subject.common_name"),
    "file": ("url.domain",),
}
"""Dataset → columns whose values are looked up."""
LISTED_MOST: Final = 50_000
"""Names of one list that are remembered: a flood of made-up names below a listed domain must not fill the memory."""
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_LETTERS: Final = 27


class Lists:
    """All lists of some folders, and which names of the present input are in them."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._lists: dict[str, list[str]] = defaultdict(list)
        """Entry → lists that have it."""
        self.names: set[str] = set()
        words: list[str] = []
        for path in (path for folder in folders for path in sorted((folder / FOLDER).glob("*.txt"))):
            if path.stem == WORDS:
                words += " ".join(read(path)).split()
            elif _NAME.fullmatch(path.stem):
                self.names.add(path.stem)
                for entry in read(path):
                    self._lists[entry].append(path.stem)
        self._bigrams = bigrams(words)
        self._found: dict[str, set[str]] = {}
        self._changed: set[str] = set()

    def of(self, name: str) -> set[str]:
        """The lists that have ``name`` or a domain above it; ``*`` in an entry stands for the last label."""
        labels = name.lower().rstrip(".").split(".")
        found: set[str] = set()
        for start in range(len(labels)):
            found.update(self._lists.get(".".join(labels[start:]), ()))
            found.update(self._lists.get(".".join([*labels[start:-1], "*"]), ()))
        return found

    def note(self, dataset: str, table: pa.Table) -> None:
        """Look up the names in new events."""
        for column in NAMES.get(dataset, ()):
            if column in table.column_names:
                for name in pc.unique(table.column(column)).to_pylist():
                    self._note(name)

    def forget(self) -> None:
        """Another input begins."""
        self._changed.update(self._found)
        self._found.clear()

    def setup(self) -> list[str]:
        """SQL for a new worker: the table of letters, a macro of every list, and what has been found so far."""
        table = ", ".join(f"{value:.3f}" for value in self._bigrams)
        statements = [f"set variable bigrams = [{table}]::double[]"]
        statements += [
            f"create or replace macro in_{name}(host) as coalesce(list_contains(getvariable('in_{name}'), lower(host)), false)"
            for name in sorted(self.names)
        ]
        self._changed = set(self.names)
        return statements + self.update()

    def update(self) -> list[str]:
        """SQL that tells the worker what has been found since the last call."""
        statements = []
        for name in sorted(self._changed):
            hosts = ", ".join("'" + host.replace("'", "''") + "'" for host in sorted(self._found.get(name, ())))
            statements.append(f"set variable in_{name} = [{hosts}]::varchar[]")
        self._changed.clear()
        return statements

    def _note(self, name: str | None) -> None:
        if not name:
            return
        name = name.lower()
        for listed in self.of(name):
            found = self._found.setdefault(listed, set())
            if name not in found and len(found) < LISTED_MOST:
                found.add(name)
                self._changed.add(listed)


def read(path: Path) -> list[str]:
    """Entries of one list: one a line, ``#`` begins a comment."""
    lines = (line.partition("#")[0].strip().lower() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


def bigrams(words: Iterable[str]) -> list[float]:
    """ln P(next letter | letter) for 27 × 27 pairs (``a`` to ``z``, everything else), with add-one smoothing."""
    pairs: Counter[tuple[int, int]] = Counter()
    for word in words:
        pairs.update(pairwise(ord(c) - 97 if "a" <= c <= "z" else _LETTERS - 1 for c in word))
    table = []
    for first in range(_LETTERS):
        total = sum(pairs[first, second] for second in range(_LETTERS)) + _LETTERS
        table += [math.log((pairs[first, second] + 1) / total) for second in range(_LETTERS)]
    return table
