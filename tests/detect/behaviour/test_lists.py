from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from pipelines.detect.behaviour import tables
from pipelines.detect.behaviour.lists import Lists
from pipelines.detect.rulefiles import SHIPPED


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    for statement in Lists([SHIPPED / "behaviour"]).setup():
        made.execute(statement)
    made.execute(tables.MACROS.read_text(encoding="utf-8"))
    return made


def one(connection: duckdb.DuckDBPyConnection, expression: str) -> object:
    row = connection.execute(f"select {expression}").fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    ("host", "listed"),
    [
        ("duckdns.org", True),
        ("a.b.duckdns.org", True),
        ("A.DuckDNS.org.", True),
        ("xduckdns.org", False),
        ("duckdns.org.example", False),
        ("", False),
    ],
)
def test_names_and_what_lies_below_them(host: str, listed: bool) -> None:
    assert ("dynamic_dns" in Lists([SHIPPED / "behaviour"]).of(host)) is listed


def test_star_stands_for_the_last_label() -> None:
    lists = Lists([SHIPPED / "behaviour"])
    assert "popular" in lists.of("www.google.de")
    assert "popular" not in lists.of("google.example.de")


def test_macro_knows_the_names_of_the_input(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "odd.txt").write_text("a'b.example # comment\nc.example\n", encoding="utf-8")
    lists, made = Lists([tmp_path]), duckdb.connect()
    for statement in lists.setup():
        made.execute(statement)
    assert one(made, "in_odd('x.c.example')") is False
    lists.note("dns", pa.table({"dns.question.name": ["x.c.example", "X.a'b.example", "d.example", None]}))
    for statement in lists.update():
        made.execute(statement)
    assert [one(made, f"in_odd({name})") for name in ("'X.C.example'", "'x.a''b.example'", "'d.example'", "null")] == [
        True, True, False, False,
    ]  # fmt: skip
    assert lists.update() == []
    lists.forget()
    for statement in lists.update():
        made.execute(statement)
    assert one(made, "in_odd('x.c.example')") is False


def test_made_names_are_less_likely_than_chosen_ones(connection: duckdb.DuckDBPyConnection) -> None:
    chosen = [
        one(connection, f"bigram_score('{name}')")
        for name in ("vietnamnet", "cloudstorage", "stationmarket", "weatherchannel")
    ]
    made = [one(connection, f"bigram_score('{name}')") for name in ("xkqzvbwjhr", "qwzjxkvpfh", "jq7vxz0kqw")]
    assert min(chosen) > max(made)  # type: ignore[type-var]


def test_gamma_shape_of_chance_is_one(connection: duckdb.DuckDBPyConnection) -> None:
    shape = one(
        connection,
        "(select gamma_shape(avg(-ln(u)), avg(ln(-ln(u)))) from (select (i + 0.5) / 20000 as u from range(20000) t(i)))",
    )
    assert shape == pytest.approx(1.0, abs=0.02)


def test_equal_gaps_are_clamped(connection: duckdb.DuckDBPyConnection) -> None:
    assert one(connection, "gamma_shape(60.0, ln(60.0))") == 1000


@pytest.mark.parametrize(
    ("host", "address"),
    [("1.2.3.4", True), ("fe80::1", True), ("[2001:db8::1]", True), ("a.b.c.d", False), ("1.2.3.example", False)],
)
def test_addresses(connection: duckdb.DuckDBPyConnection, host: str, address: bool) -> None:
    assert one(connection, f"is_address('{host}')") is address
