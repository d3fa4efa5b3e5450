"""Event times: the rhythms of machines and of people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
"""Seconds."""
VIETNAM = 7 * HOUR
"""Offset of Asia/Ho_Chi_Minh from UTC; the country has no daylight saving time."""


def moment(text: str) -> float:
    """Seconds since 1970 of an ISO 8601 time; without an offset it is UTC. Raises ValueError."""
    value = datetime.fromisoformat(text)
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()


def periodic(rng: Random, start: float, period: float, jitter: float, count: int) -> Iterator[float]:
    """``count`` times, a period apart; each gap is uniform within ``± jitter`` (a share of the period)."""
    when = start
    for _ in range(count):
        yield when
        when += period * (1 + rng.uniform(-jitter, jitter))


def poisson(rng: Random, start: float, end: float, per_hour: float) -> Iterator[float]:
    """Times with no memory: exponential gaps."""
    when = start + rng.expovariate(per_hour / HOUR)
    while when < end:
        yield when
        when += rng.expovariate(per_hour / HOUR)


def bursts(rng: Random, start: float, end: float, per_hour: float, size: int) -> Iterator[float]:
    """A person at work: sittings at random, each with several acts seconds apart."""
    for sitting in poisson(rng, start, end, per_hour):
        when = sitting
        for _ in range(rng.randint(1, 2 * size - 1)):
            if when < end:
                yield when
            when += rng.lognormvariate(2.3, 0.9)


def at_work(when: float) -> bool:
    """Whether it is between 07:00 and 17:30 of a weekday in Vietnam."""
    local = when + VIETNAM
    return 7 * HOUR <= local % DAY < 17.5 * HOUR and (local // DAY + 3) % 7 < 5  # day 0 was a Thursday
