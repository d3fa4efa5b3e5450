"""Small pictures drawn on the server: sparklines and weight bars work without scripts, in print and in any theme."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

WIDTH: Final = 96
HEIGHT: Final = 22
SCORE_TOP: Final = 100


def spark_bars(values: Sequence[int], words: str) -> Markup:
    """Counts as bars; ``words`` is what a screen reader says."""
    most = max([*values, 1])
    step = WIDTH / max(len(values), 1)
    bars = Markup("").join(
        Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
            at * step, HEIGHT - _tall(value, most), step * 0.75, _tall(value, most)
        )
        for at, value in enumerate(values)
        if value
    )
    return _frame("spark", words, bars)


def _tall(value: int, most: int) -> float:
    return max(2.0, (HEIGHT - 2) * value / most)


def spark_line(values: Sequence[int], words: str) -> Markup:
    """Scores between 0 and 100 as a line."""
    points = [*values, values[-1]] if len(values) == 1 else list(values)
    step = WIDTH / max(len(points) - 1, 1)
    path = " ".join(
        f"{at * step:.1f},{HEIGHT - 2 - (HEIGHT - 4) * min(value, SCORE_TOP) / SCORE_TOP:.1f}"
        for at, value in enumerate(points)
    )
    return _frame("spark line", words, Markup('<polyline points="{}"/>').format(path))


def weight_bar(value: float, most: float, words: str) -> Markup:
    """One weight as a bar against the largest one."""
    share = min(abs(value) / most, 1.0) if most else 0.0
    kind = "weight minus" if value < 0 else "weight"
    bar = Markup('<rect class="rest" width="{0}" height="8" rx="2"/><rect width="{1:.1f}" height="8" rx="2"/>').format(
        WIDTH, WIDTH * share
    )
    return Markup(
        '<svg class="{}" viewBox="0 0 {} 8" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>'
    ).format(kind, WIDTH, words, bar)


def _frame(kind: str, words: str, inside: Markup) -> Markup:
    return Markup(
        '<svg class="{}" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">{}</svg>'
    ).format(kind, WIDTH, HEIGHT, WIDTH, HEIGHT, words, inside)
