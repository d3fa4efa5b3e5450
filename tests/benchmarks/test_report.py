"""The page that is made from the results."""

from __future__ import annotations

from dataclasses import asdict

from benchmarks.cases import Figure
from benchmarks.report import machine, markdown, number


def test_figures_with_their_budgets() -> None:
    fast = Figure("sensor", 0.345678, "× loop", 0.3, 0.4, more_is_better=True, details={"cpu_seconds": 1.5})
    slow = Figure("small", 2.0, "s", 1.5)
    figures = [{**asdict(figure), "kept": figure.kept} for figure in (fast, slow)]
    page = markdown(
        {"measured": "2026-01-01", "machine": machine(), "packets": 668_425, "pairs": 5, "figures": figures}
    )
    assert "| sensor | 0.346 × loop | ≥ 0.3 | 0.4 | yes |" in page
    assert "| small | 2 s | ≤ 1.5 |  | **no** |" in page
    assert "- sensor: cpu seconds 1.5" in page
    assert "668,425 packets, 5 pairs" in page


def test_numbers_keep_three_figures() -> None:
    assert [number(value) for value in (0.06941, 42.93, 1234.5, "many")] == ["0.0694", "42.9", "1,234", "many"]
