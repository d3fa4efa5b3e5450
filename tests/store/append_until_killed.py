"""Run by ``test_crash``: appends segments and compacts, and says on standard output what it was promised."""

from __future__ import annotations

import sys
from pathlib import Path

from pipelines.store.embedded import EmbeddedStore
from tests.store.rows import event, segment


def main(folder: Path, first: int) -> None:
    store = EmbeddedStore(folder, threads=1)
    for number in range(first, first + 10_000):
        events = [
            event(f"{number}-{dataset}-{row}", dataset, number * 3_600) for dataset in ("dns", "http") for row in "ab"
        ]
        store.append(segment(f"s-{number}", events))
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
        if number % 5 == 0:
            store.compact()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
