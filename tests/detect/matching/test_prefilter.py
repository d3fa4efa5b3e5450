"""The scan that decides which rules are tried: it may let through too many, never too few."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.detect.matching.prefilter import FEWEST, Prefilter
from pipelines.detect.matching.rule import EventRule, best_anchors
from tests.detect.events import segment

RULE = EventRule("r", "p", "http", "true", [], "c2-http", "low", {}, {}, [], 0.5, "f")


def candidates(anchors: list[list[list[str]]], *rows: dict[str, Any]) -> set[int]:
    many = [replace(RULE, anchors=[["url.original", f"never-{at}-there"]]) for at in range(FEWEST)]
    rules = [replace(RULE, anchors=one) for one in anchors]
    found = Prefilter([*rules, *many]).candidates(segment({"http": list(rows)}).tables["http"])
    return set(found)


@pytest.mark.parametrize(
    ("anchors", "row", "tried"),
    [
        ([["url.original", "/gate.php"]], {"url.original": "/x/GATE.PHP?1"}, True),
        ([["url.original", "/gate.php"]], {"url.original": "/gate.asp"}, False),
        ([["url.original", "gate"], ["user_agent.original", "botty"]], {"user_agent.original": "Botty"}, True),
        (
            [["vonggac.http.request.header_names", "x-bot"]],
            {"vonggac.http.request.header_names": ["Host", "X-Bot"]},
            True,
        ),
        ([["url.full", "evil.example/a"]], {"url.domain": "evil.example", "url.port": 80, "url.original": "/a"}, True),
        ([["url.original", "/gate.php"]], {}, False),
        ([], {}, True),
    ],
)
def test_rules_are_tried_where_their_text_is(anchors: list[list[str]], row: dict[str, Any], tried: bool) -> None:
    assert candidates([anchors], row) == ({0} if tried else set())


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1), min_size=1, max_size=5),
    st.data(),
)
def test_no_text_that_is_there_is_missed(values: list[str], data: st.DataObject) -> None:
    from pipelines.detect.matching.columns import lower

    value = lower(data.draw(st.sampled_from(values)))
    start = data.draw(st.integers(0, len(value) - 1))
    part = value[start : data.draw(st.integers(start + 1, len(value)))]
    assert candidates([[["url.original", part]]], *({"url.original": one} for one in values)) == {0}


def test_the_most_telling_part_of_several_is_taken() -> None:
    both = [[["a", "abcd"], ["a", "abcdefgh"]], [["b", "abcdef"]], []]
    assert best_anchors(both) == [["b", "abcdef"]]
    assert best_anchors([[]]) == []
