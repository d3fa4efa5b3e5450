from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from collectors.jsonl import lines

SCHEMA = pa.schema(
    [
        ("@timestamp", pa.timestamp("us", "UTC")),
        ("event.id", pa.string()),
        ("source.port", pa.int32()),
        ("event.duration", pa.int64()),
        ("vonggac.share", pa.float64()),
        ("vonggac.home", pa.bool_()),
        ("dns.answers.data", pa.list_(pa.string())),
        ("dns.answers.ttl", pa.list_(pa.int64())),
    ]
)
TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
LONG = st.integers(-(2**63), 2**63 - 1)
ROW = st.fixed_dictionaries(
    {
        "@timestamp": st.none() | st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
        "event.id": st.none() | TEXT,
        "source.port": st.none() | st.integers(0, 65_535),
        "event.duration": st.none() | LONG,
        "vonggac.share": st.none() | st.floats(allow_nan=False, allow_infinity=False),
        "vonggac.home": st.none() | st.booleans(),
        "dns.answers.data": st.none() | st.lists(TEXT, max_size=3),
        "dns.answers.ttl": st.none() | st.lists(LONG, max_size=3),
    }
)


def expected(row: dict[str, Any]) -> dict[str, Any]:
    known = {name: value for name, value in row.items() if value is not None}
    if "@timestamp" in known:
        known["@timestamp"] = known["@timestamp"].strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return known


@given(st.lists(ROW, min_size=1, max_size=6))
def test_every_line_reads_back_as_its_row(rows: list[dict[str, Any]]) -> None:
    written = list(lines(pa.Table.from_pylist(rows, SCHEMA)))
    assert [json.loads(line) for line in written] == [expected(row) for row in rows]
    assert not any("\n" in line or "\x7f" in line for line in written)


def test_the_shape_of_a_line() -> None:
    row = {
        "@timestamp": datetime(2026, 11, 2, 1, 0, 0, 5, UTC),
        "event.id": 'Tỉnh ủy "\\xff"',
        "source.port": 443,
        "vonggac.share": 0.5,
        "vonggac.home": True,
        "dns.answers.data": ["a", "b"],
    }
    line = (
        '{"@timestamp":"2026-11-02T01:00:00.000005Z","event.id":"Tỉnh ủy \\"\\\\xff\\"","source.port":443,'
        '"vonggac.share":0.5,"vonggac.home":true,"dns.answers.data":["a","b"]}'
    )
    assert list(lines(pa.Table.from_pylist([row], SCHEMA))) == [line]


def test_what_json_has_no_word_for_is_left_out() -> None:
    rows = [{"vonggac.share": value} for value in (float("nan"), float("inf"), -float("inf"))]
    assert list(lines(pa.Table.from_pylist(rows, SCHEMA))) == ["{}"] * 3
    assert list(lines(SCHEMA.empty_table())) == []


def test_many_rows_come_in_order() -> None:
    table = pa.table({"event.duration": pa.array(range(20_000))})
    assert [json.loads(line)["event.duration"] for line in lines(table)] == list(range(20_000))
