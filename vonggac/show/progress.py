"""A progress bar on standard error, when somebody is looking."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def steps(shown: bool) -> Iterator[Callable[[str, float | None], None]]:
    """As ``bar``, but where nobody looks each thing that is begun still gets a line: for commands that take a while."""
    if shown:
        with bar(shown) as show:
            yield show
        return
    begun: list[str] = []

    def tell(name: str, _share: float | None) -> None:
        if name and name not in begun:
            begun.append(name)
            sys.stderr.write(f"{name} …\n")
            sys.stderr.flush()

    yield tell


@contextmanager
def bar(shown: bool) -> Iterator[Callable[[str, float | None], None]]:
    """Gives a function (what is being done, share done or None). Without a terminal it does nothing."""
    if not shown:
        yield lambda _name, _share: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)

        def show(name: str, share: float | None) -> None:
            if share is None:
                progress.update(task, description=name, total=None)
            else:
                progress.update(task, description=name or "…", total=1.0, completed=share)

        yield show
