"""What the words of a query mean, one example each; ``test_query_properties`` has the rest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest

from pipelines.store.events import QueryError
from pipelines.store.query import duck, fields, parse
from pipelines.store.query.tree import (
    Addresses,
    And,
    Between,
    Contains,
    Equals,
    Everything,
    Exists,
    Matches,
    Node,
    Not,
    Or,
    Wild,
)
from schema import TYPES

HOUR = timedelta(hours=1)
DAY = datetime(2026, 11, 1, 17, tzinfo=UTC)
"""Begin of 2 November in Vietnam."""
PORT80, PORT443 = Equals("destination.port", 80), Equals("destination.port", 443)
METHOD = Equals("http.request.method", "GET")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", Everything()),
        ("  ", Everything()),
        ("*", Everything()),
        ("destination.port:80", PORT80),
        ("destination.port:(80 OR 443)", Or((PORT80, PORT443))),
        ("destination.port:80 http.request.method:GET", And((PORT80, METHOD))),
        (
            "destination.port:80 OR destination.port:443 AND http.request.method:GET",
            Or((PORT80, And((PORT443, METHOD)))),
        ),
        ("destination.port:80 http.request.method:GET OR destination.port:443", And((PORT80, Or((METHOD, PORT443))))),
        ("NOT destination.port:80 http.request.method:GET", And((Not(PORT80), METHOD))),
        ("-destination.port:80", Not(PORT80)),
        ("destination.port:>=1024", Between("destination.port", 1024, None, True, True)),
        ("dns.id:-5", Equals("dns.id", -5)),
        ("source.ip:10.20.0.0/30", Addresses("source.ip", ip_address("10.20.0.0"), ip_address("10.20.0.3"))),
        ("source.ip:10.20.0.9/30", Addresses("source.ip", ip_address("10.20.0.8"), ip_address("10.20.0.11"))),
        ("source.ip:FE80:0:0::1", Equals("source.ip", "fe80::1")),
        ("source.ip:10.20.*", Matches("source.ip", ("10.20.", Wild.ANY))),
        ("source.mac:00:1b:21:3c:9d:02", Equals("source.mac", "00:1b:21:3c:9d:02")),
        ("url.path:/admin/*", Matches("url.path", ("/admin/", Wild.ANY))),
        ("url.original:http://a.b/c", Equals("url.original", "http://a.b/c")),
        (r"url.path:a\*b", Equals("url.path", "a*b")),
        ('url.path:"a*b"', Equals("url.path", "a*b")),
        ("url.path:*", Exists("url.path")),
        ("_exists_:url.path", Exists("url.path")),
        ("@timestamp:2026-11-02", Between("@timestamp", DAY, DAY + 24 * HOUR, True, False)),
        ("@timestamp:02/11/2026", Between("@timestamp", DAY, DAY + 24 * HOUR, True, False)),
        ("@timestamp:[2026-11-02 TO 2026-11-03]", Between("@timestamp", DAY, DAY + 48 * HOUR, True, False)),
        ("@timestamp:{2026-11-02 TO 2026-11-03}", Between("@timestamp", DAY + 24 * HOUR, DAY + 24 * HOUR, True, False)),
        ("@timestamp:>=2026-11-01T18:00:00Z", Between("@timestamp", DAY + HOUR, None, True, False)),
        ("@timestamp:<2026-11-02T01:00:00+07:00", Between("@timestamp", None, DAY + HOUR, True, False)),
        ("vonggac.source.home:TRUE", Equals("vonggac.source.home", True)),
    ],
)
def test_meaning(text: str, meant: Node) -> None:
    assert parse(text) == meant


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ("source.ip:(10.0.0.1", 19, "unfinished"),
        ('http.request.method:"GET', 20, "unclosed_quote"),
        ("a AND AND b", 6, "unexpected"),
        ("url.path:/a/b no.such:1", 14, "unknown_field"),
        ("_exists_:no.such", 9, "unknown_field"),
        ("destination.port:http", 17, "not_number"),
        ("destination.port:99999999999999999999", 17, "not_number"),
        ("destination.port:8*", 17, "wildcard_on_number"),
        ("source.ip:10.0.0.300", 10, "not_address"),
        ("source.ip:[10.0.0.1 TO fe80::1]", 10, "address_range"),
        ("@timestamp:2026-13-02", 11, "not_time"),
        ("@timestamp:yesterday", 11, "not_time"),
        ("vonggac.source.home:maybe", 20, "not_boolean"),
        ("vonggac.source.home:[false TO true]", 20, "range_on_boolean"),
        ("word~2", 0, "unsupported"),
        ("word^.", 6, "unfinished"),
        ("[1 TO 5]", 0, "range_alone"),
        ("url.path:a:b", 9, "nested_field"),
        ("(" * 100 + "a" + ")" * 100, 61, "too_deep"),
        ("a " * 100, 92, "too_many"),
        ("a " * 3_000, 4_000, "too_long"),
    ],
)
def test_mistakes(text: str, position: int, reason: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert (caught.value.reason, caught.value.position) == (reason, position)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("dns.qestion.name", "dns.question.name"),
        ("Source.IP", "source.ip"),
        ("registered_domain", "destination.registered_domain"),
        ("zzzzzzzz", None),
    ],
)
def test_the_field_that_was_meant(written: str, near: str | None) -> None:
    assert fields.suggestion(written) == near


def test_free_text_looks_into_what_people_read_and_addresses_are_taken_whole() -> None:
    word = parse("beacon")
    assert isinstance(word, Or)
    assert Contains("dns.question.name", ("beacon",)) in word.parts
    whole = parse("10.20.7.3")
    assert isinstance(whole, Or)
    assert Equals("source.ip", "10.20.7.3") in whole.parts
    assert not any(isinstance(part, Contains) for part in whole.parts)
    assert isinstance(parse("10.20.0.0/16"), Or)
    assert parse("00:1B:21:3C:9D:02") == parse("00-1b-21-3c-9d-02")


@pytest.mark.parametrize("names", [fields.FREE_TEXT, fields.ADDRESSES, fields.HARDWARE_ADDRESSES, tuple(fields.EXACT)])
def test_the_fields_named_here_are_of_the_right_type(names: tuple[str, ...]) -> None:
    assert {fields.kind(name) for name in fields.present(names)} <= {"keyword", "ip"}
    assert len(fields.present(names)) >= len(names) // 2
    assert all(name in TYPES for name in fields.EXACT)


def test_a_field_that_a_dataset_lacks_matches_nothing_there() -> None:
    def sql(text: str, dataset: str) -> str:
        return duck.where(parse(text), dataset, duck.Parameters())

    assert sql("url.path:x", "dns") == "false"
    assert sql("url.path:x source.ip:*", "dns") == "false"
    assert sql("url.path:x OR source.ip:*", "dns") == '("source.ip" is not null)'
    assert sql("NOT url.path:x", "dns") == "not coalesce(false, false)"


def test_values_never_enter_the_sql() -> None:
    parameters = duck.Parameters()
    evil = "x' or 1=1 --"
    sql = duck.where(parse(f'url.path:"{evil}" OR url.path:\\{chr(39)}* OR "{evil}"'), "http", parameters)
    assert "'" not in sql.replace(r"escape '\'", "")
    assert evil in parameters.values.values()
