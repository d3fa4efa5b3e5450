"""Findings made by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from pipelines.detect.finding import Finding, Weight

START = datetime(2026, 11, 2, 1, tzinfo=UTC)


def finding(behaviour: str = "c2-beacon", ratio: float = 1.6, hours: float = 0, **changes: Any) -> Finding:
    """One finding that ends ``hours`` after START; ``family`` defaults to the behaviour, the cap to 2."""
    end = START + timedelta(hours=hours)
    weight = Weight(
        ratio,
        changes.pop("family", behaviour),
        cap=changes.pop("cap", 2.0),
        half_life_hours=changes.pop("half_life", 72.0),
        deterministic=changes.pop("deterministic", False),
    )
    events = changes.pop("events", (f"{behaviour}-{hours}",))
    given: dict[str, Any] = {
        "rule": behaviour,
        "version": 1,
        "engine": "behaviour",
        "behaviour": behaviour,
        "machine": "10.20.7.31",
        "role": "source",
        "peer": "203.0.113.9",
        "severity": "medium",
        "window": end,
        "first": end - timedelta(minutes=10),
        "last": end,
        "events": tuple(events),
        "event_count": len(events),
        "weight": weight,
        "title": {"vi": "Tên", "en": "Title"},
        "explanation": {"vi": "Câu.", "en": "Sentence."},
    }
    return Finding(**{**given, **changes})
