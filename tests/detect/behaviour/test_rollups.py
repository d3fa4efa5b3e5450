"""The sums by hour must be what a single pass over all contacts gives, however the events came in."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.detect.behaviour import rollups, tables
from pipelines.detect.behaviour.held import Held
from pipelines.detect.behaviour.lists import Lists
from pipelines.detect.rulefiles import SHIPPED
from tests.detect.behaviour.flows import SECOND, START, flow, table

COLUMNS = {name: sorted({*tables.ALWAYS, *needed}) for name, needed in rollups.NEEDS.items()}


@pytest.fixture(scope="module")
def held() -> Iterator[Held]:
    made = Held(())
    made.set_up(COLUMNS, Lists([SHIPPED / "behaviour"]))
    yield made
    made.close()


def sums(held: Held) -> tuple[dict[tuple[str, int], tuple[int, int, int]], dict[tuple[str, int], tuple[int, float]]]:
    hours = held.query("select * from pair_hour", {}, 10)["rows"]
    gaps = held.query(
        "select name, hour, sum(gaps) as gaps, sum(seconds) as seconds from pair_gap group by all", {}, 10
    )["rows"]
    return (
        {(row["name"], row["hour"]): (row["contacts"], row["first_at"], row["last_at"]) for row in hours},
        {(row["name"], row["hour"]): (int(row["gaps"]), pytest.approx(row["seconds"])) for row in gaps},
    )


def expected(rows: list[dict[str, Any]]) -> tuple[dict[Any, Any], dict[Any, Any]]:
    cells = defaultdict(list)
    for row in rows:
        cells[row["destination.ip"], row["@timestamp"] // rollups.HOUR].append(row["@timestamp"])
    hours, counts, seconds = {}, Counter[Any](), Counter[Any]()
    for key, times in cells.items():
        times.sort()
        hours[key] = (len(times), times[0], times[-1])
        for before, after in pairwise(times):
            if after - before >= SECOND // 2:
                counts[key] += 1
                seconds[key] += (after - before) / SECOND
    return hours, {key: (counts[key], seconds[key]) for key in counts}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 9000), st.integers(1, 3)), min_size=1, max_size=60), st.integers(0, 60))
def test_sums_do_not_depend_on_the_order_of_arrival(held: Held, events: list[tuple[int, int]], cut: int) -> None:
    rows = [flow(n, at, destination__ip=f"203.0.113.{peer}") for n, (at, peer) in enumerate(events)]
    for part in (rows[cut:], rows[:cut]):
        held.load("flow", table("flow", part))
        held.sum_up()
    found = sums(held)
    held.clear()
    assert found == expected(rows)


def test_forgotten_hours_are_gone(held: Held) -> None:
    held.load("flow", table("flow", [flow(0, 0), flow(1, 2 * 3600)]))
    held.sum_up()
    held.forget(START + 3600 * SECOND)
    assert len(sums(held)[0]) == 1
    held.clear()
