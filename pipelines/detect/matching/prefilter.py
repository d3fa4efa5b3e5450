"""Which rules can match a segment at all: every rule's telling text is looked for in one scan of each column.

Public sets have tens of thousands of rules, nearly none of which has anything to do with a given minute of traffic. The scan is
libyara's (Aho–Corasick over plain texts, no expressions, no modules), over the distinct values of a column in lower case.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import yara

from pipelines.detect.matching.columns import derived, lowered
from pipelines.detect.matching.rule import EventRule

FEWEST: Final = 40
"""Rules about one dataset that are worth a scan; fewer are tried at once."""
_CHUNK: Final = 5_000
"""Texts of one YARA rule set: each match names its text by number."""


class Prefilter:
    """For the rules about one dataset; they are named by their places."""

    def __init__(self, rules: Sequence[EventRule]) -> None:
        self._always = [place for place, rule in enumerate(rules) if not rule.anchors]
        self._texts: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        for place, rule in enumerate(rules):
            for column, text in rule.anchors:
                self._texts[column][text].add(place)
        self._small = len(rules) < FEWEST
        self._all = list(range(len(rules)))
        self._scanners: dict[str, list[tuple[list[str], Any]]] = {}

    def candidates(self, table: pa.Table) -> list[int]:
        """Places of the rules that have to be tried on ``table``, in order."""
        if self._small:
            return self._all
        found = set(self._always)
        for column, texts in self._texts.items():
            content = _content(table, column)
            if content:
                for text in self._present(column, texts, content):
                    found |= texts[text]
        return sorted(found)

    def _present(self, column: str, texts: Iterable[str], content: bytes) -> Iterable[str]:
        if column not in self._scanners:
            listed = sorted(texts)
            parts = [listed[at : at + _CHUNK] for at in range(0, len(listed), _CHUNK)]
            self._scanners[column] = [(part, _compiled(part)) for part in parts]
        for part, scanner in self._scanners[column]:
            for match in scanner.match(data=content, fast=True, timeout=60, warnings_callback=_go_on):
                yield part[int(match.rule[1:])]


def _content(table: pa.Table, column: str) -> bytes:
    """Every distinct value in lower case, apart from one another."""
    values = derived(table, [lowered(column)]).column(lowered(column))
    if pa.types.is_list(values.type):
        values = pc.list_flatten(values)
    distinct = pc.unique(values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values).drop_null()
    return "\n".join(distinct.to_pylist()).encode()


def _compiled(texts: Sequence[str]) -> Any:
    rules = [
        f"rule t{at} {{ strings: $a = {{ {' '.join(f'{byte:02x}' for byte in text.encode())} }} condition: $a }}"
        for at, text in enumerate(texts)
    ]
    return yara.compile(source="\n".join(rules))


def _go_on(*_: object) -> int:
    return int(yara.CALLBACK_CONTINUE)
