"""The organisation over time: who owns an address, who stands above whom, what is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.settings import Unit
from pipelines.units import Tree, faults

REFORM = date(2025, 7, 1)


def unit(identity: str, parent: str | None = None, *networks: str, **more: Any) -> Unit:
    return Unit.model_validate({"id": identity, "name": identity, "parent": parent, "networks": networks, **more})


PROVINCE = (
    unit("tinh", None, "10.0.0.0/8"),
    unit("huyen", "tinh", "10.20.0.0/16", until=REFORM),
    unit("xa-a", "huyen", "10.20.1.0/24", until=REFORM),
    unit("xa-a", "tinh", "10.20.1.0/24", since=REFORM),
    unit("xa-b", "huyen", "10.20.2.0/24", until=REFORM),
)


def test_a_reform_changes_who_stands_above_whom_on_its_day() -> None:
    tree = Tree(PROVINCE)
    assert [one.id for one in tree.path("xa-a", date(2025, 6, 30))] == ["tinh", "huyen", "xa-a"]
    assert [one.id for one in tree.path("xa-a", REFORM)] == ["tinh", "xa-a"]
    assert tree.below(["huyen"], date(2025, 6, 30)) == {"huyen", "xa-a", "xa-b"}
    assert tree.below(["huyen"], REFORM) == {"huyen"}
    assert [(depth, one.id) for depth, one in tree.order(REFORM)] == [(0, "tinh"), (1, "xa-a")]


def test_a_range_within_that_of_a_unit_above_is_no_fault() -> None:
    assert faults(PROVINCE) == []


@pytest.mark.parametrize(
    ("versions", "words"),
    [
        (
            (unit("a", None, "10.1.0.0/16"), unit("b", None, "10.1.4.0/24")),
            "10.1.4.0/24 of b overlaps 10.1.0.0/16 of a",
        ),
        ((unit("a", None, "10.1.0.0/16"), unit("b", "a", "10.1.0.0/16")), "10.1.0.0/16 of b overlaps"),
        ((unit("a", "nobody"),), "its parent nobody does not exist"),
        ((unit("a", "b"), unit("b", "a")), "stands above itself"),
        ((unit("a", since=REFORM, until=REFORM),), "before it begins"),
        ((unit("a"), unit("a", since=REFORM)), "two versions hold on 2025-07-01"),
    ],
)
def test_what_makes_no_tree_is_told(versions: tuple[Unit, ...], words: str) -> None:
    assert any(words in fault for fault in faults(versions)), faults(versions)


def test_neighbours_may_have_the_same_range_one_after_the_other() -> None:
    assert faults([unit("a", None, "10.1.0.0/16", until=REFORM), unit("b", None, "10.1.0.0/16", since=REFORM)]) == []


@given(st.lists(st.tuples(st.integers(0, 255), st.integers(16, 32)), min_size=1, max_size=12))
def test_overlaps_are_found_exactly(ranges: list[tuple[int, int]]) -> None:
    units = [
        unit(f"u{number}", None, f"10.{second}.0.0/{length}", level=1) for number, (second, length) in enumerate(ranges)
    ]
    networks = [one.networks[0] for one in units]
    overlap = any(
        left.overlaps(right)  # type: ignore[arg-type]
        for at, left in enumerate(networks)
        for right in networks[at + 1 :]
    )
    assert bool(faults(units)) == overlap
