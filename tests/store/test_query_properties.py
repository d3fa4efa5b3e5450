"""Queries mean what a plain evaluator over rows says. Each strategy gives a text and its meaning in Python."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.store.events import QueryError
from pipelines.store.query import duck, fields, parse
from tests.store.rows import START, event, table

Row = Mapping[str, Any]
Meant = tuple[str, Callable[[Row], bool]]
TEXTS = [
    "abc",
    "ABC",
    "a b",
    "x*y",
    "x?y",
    "xzy",
    "50%",
    "a_b",
    "Đà Nẵng",
    "da nang",
    "back\\slash",
    "a:b",
    "(z)",
    'q"t',
]
TEXTS += ["", "AND", "-minus", "a/b", "http://abc/x", "[1]", "~^", "line\nbreak", "10.0.0.1"]
IPS = [
    "10.0.0.1",
    "10.0.0.200",
    "10.1.2.3",
    "10.20.0.9",
    "192.168.1.1",
    "fe80::1",
    "2001:db8::5",
    "2001:db8:1::5",
    "::ffff:1.2.3.4",
]
NETWORKS = [
    "10.0.0.0/8",
    "10.0.0.0/24",
    "10.0.0.0/25",
    "10.0.0.0/11",
    "10.0.0.1/32",
    "0.0.0.0/0",
    "2001:db8::/48",
    "fe80::/10",
    "::/0",
]
PORTS = [0, 53, 80, 443, 65535]
MOMENTS = [
    START + timedelta(microseconds=step) for step in (0, 1, 999_999, 1_000_000, 86_400_000_000, 20 * 86_400_000_000)
]
KEYWORDS = ["dns.question.name", "dns.answers.data", "url.path"]


def rows() -> list[Row]:
    texts, ips, ports, moments = iter(TEXTS * 9), iter(IPS * 20), iter(PORTS * 40), iter(MOMENTS * 30)
    made: list[dict[str, Any]] = []
    for number in range(60):
        dataset = "dns" if number % 2 else "http"
        one = event(str(number), dataset) | {"@timestamp": next(moments)}
        if number % 5:
            one |= {"source.ip": next(ips), "destination.port": next(ports), "vonggac.source.home": number % 3 == 0}
        if number % 7:
            name = next(texts)
            one |= {"url.path": name, "url.original": name} if dataset == "http" else {"dns.question.name": name}
        if dataset == "dns" and number % 3:
            one |= {"dns.answers.data": [next(texts) for _ in range(number % 4)]}
        made.append(one)
    return made


ROWS = rows()
CONNECTION = duckdb.connect()
for macro in duck.MACROS:
    CONNECTION.execute(macro)
for kind in ("dns", "http"):
    ARROW = table(kind, [row for row in ROWS if row["event.dataset"] == kind])
    CONNECTION.register("arrow", ARROW)
    CONNECTION.execute(f"create table {kind} as select * from arrow")


def values(row: Row, field: str) -> list[Any]:
    value = row.get(field)
    return [] if value is None else value if isinstance(value, list) else [value]


def anyone(field: str, test: Callable[[Any], bool]) -> Callable[[Row], bool]:
    return lambda row: any(test(value) for value in values(row, field))


def folded(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def escaped(text: str) -> str:
    return re.sub(r"(\W)", r"\\\1", text)


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def as_term(text: str) -> st.SearchStrategy[str]:
    plain = re.fullmatch(r"[^\W]+", text) and text not in ("AND", "OR", "NOT", "TO")
    return st.sampled_from(
        [quoted(text), *([text] if plain else []), *([escaped(text)] if text not in ("", "AND", "line\nbreak") else [])]
    )


@st.composite
def keyword(draw: st.DrawFn) -> Meant:
    field, text = draw(st.sampled_from(KEYWORDS)), draw(st.sampled_from(TEXTS))
    return f"{field}:{draw(as_term(text))}", anyone(field, lambda value: value.lower() == text.lower())


@st.composite
def wildcard(draw: st.DrawFn) -> Meant:
    field = draw(st.sampled_from(KEYWORDS))
    pieces = draw(
        st.lists(st.sampled_from(["*", "?", "a", "B", "x", "5", "%", "_", "đ", "*", " "]), min_size=1, max_size=4)
    )
    if not {"*", "?"} & set(pieces) or set(pieces) == {"*"}:
        pieces.append("?")
    text = "".join(piece if piece in "*?" else escaped(piece) for piece in pieces)
    pattern = "".join({"*": ".*", "?": "."}.get(piece, re.escape(piece.lower())) for piece in pieces)
    return f"{field}:{text}", anyone(field, lambda value: re.fullmatch(pattern, value.lower(), re.DOTALL) is not None)


@st.composite
def number(draw: st.DrawFn) -> Meant:
    low, high = draw(st.sampled_from([*PORTS, -5, 100])), draw(st.sampled_from([*PORTS, -5, 100]))
    shapes: list[tuple[str, Callable[[int], bool]]] = [
        (f"{low}", lambda value: value == low),
        (f"[{low} TO {high}]", lambda value: low <= value <= high),
        (f"{{{low} TO {high}]", lambda value: low < value <= high),
        (f"[{low} TO {high}}}", lambda value: low <= value < high),
        (f"[{low} TO *]", lambda value: low <= value),
        ("[* TO *]", lambda _value: True),
    ]
    if low >= 0:
        shapes += [(f">{low}", lambda value: value > low), (f"<={low}", lambda value: value <= low)]
    text, test = draw(st.sampled_from(shapes))
    return f"destination.port:{text}", anyone("destination.port", test)


@st.composite
def address(draw: st.DrawFn) -> Meant:
    if draw(st.booleans()):
        wanted = draw(st.sampled_from(IPS))
        return f"source.ip:{wanted}", anyone("source.ip", lambda value: value == wanted)
    network = draw(st.sampled_from(NETWORKS))
    return f"source.ip:{network}", anyone("source.ip", lambda value: ip_address(value) in ip_network(network))


@st.composite
def address_range(draw: st.DrawFn) -> Meant:
    low, high = sorted(draw(st.lists(st.integers(0, 2**32 - 1), min_size=2, max_size=2)))
    first, last = draw(st.sampled_from([(low, high), (167772161, high | 167772161), (167772160, 167773000)]))
    text = f"source.ip:[{ip_address(first)} TO {ip_address(last)}]"
    return text, anyone("source.ip", lambda value: ":" not in value and first <= int(ip_address(value)) <= last)


@st.composite
def moment(draw: st.DrawFn) -> Meant:
    low, high = draw(st.sampled_from(MOMENTS)), draw(st.sampled_from(MOMENTS))
    shown = [
        one.isoformat(timespec="microseconds").replace("+00:00", draw(st.sampled_from(["Z", "+00:00"])))
        for one in (low, high)
    ]
    return f"@timestamp:[{shown[0]} TO {shown[1]}}}", anyone("@timestamp", lambda value: low <= value < high)


@st.composite
def existence(draw: st.DrawFn) -> Meant:
    field = draw(st.sampled_from([*KEYWORDS, "destination.port", "source.ip", "vonggac.source.home"]))
    return draw(st.sampled_from([f"{field}:*", f"_exists_:{field}"])), anyone(field, lambda _value: True)


@st.composite
def truth(draw: st.DrawFn) -> Meant:
    wanted = draw(st.booleans())
    return f"vonggac.source.home:{str(wanted).lower()}", anyone("vonggac.source.home", lambda value: value is wanted)


@st.composite
def free(draw: st.DrawFn) -> Meant:
    text = draw(st.sampled_from(["abc", "Đà", "NẴNG", "b", "x*y", "50%", "_", "a b"]))
    term = quoted(text) if not text.isalnum() else text
    return term, lambda row: any(
        folded(text) in folded(value) for name in fields.FREE_TEXT for value in values(row, name)
    )


def combined(parts: st.SearchStrategy[Meant]) -> st.SearchStrategy[Meant]:
    pairs = st.tuples(parts, parts)
    return st.one_of(
        pairs.map(lambda two: (f"({two[0][0]} AND {two[1][0]})", lambda row: two[0][1](row) and two[1][1](row))),
        pairs.map(lambda two: (f"({two[0][0]} {two[1][0]})", lambda row: two[0][1](row) and two[1][1](row))),
        pairs.map(lambda two: (f"({two[0][0]} OR {two[1][0]})", lambda row: two[0][1](row) or two[1][1](row))),
        pairs.map(lambda two: (f"(+{two[0][0]} -{two[1][0]})", lambda row: two[0][1](row) and not two[1][1](row))),
        parts.map(lambda one: (f"(NOT {one[0]})", lambda row: not one[1](row))),
    )


LEAVES = st.one_of(keyword(), wildcard(), number(), address(), address_range(), moment(), existence(), truth(), free())


def found(text: str) -> set[str]:
    node = parse(text)
    ids: set[str] = set()
    for dataset in ("dns", "http"):
        parameters = duck.Parameters()
        condition = duck.where(node, dataset, parameters)
        used = {name: value for name, value in parameters.values.items() if re.search(rf"\${name}\b", condition)}
        ids.update(
            row[0] for row in CONNECTION.execute(f'select "event.id" from {dataset} where {condition}', used).fetchall()
        )
    return ids


@given(st.recursive(LEAVES, combined, max_leaves=6))
@settings(max_examples=250, deadline=None)
def test_the_store_finds_what_the_evaluator_finds(meant: Meant) -> None:
    text, test = meant
    assert found(text) == {row["event.id"] for row in ROWS if test(row)}


@given(st.text(alphabet='ab:*?"()[]{}~^/\\+-.<>=!&|10 ANDORTO\x00đ', max_size=40))
@settings(max_examples=400, deadline=None)
def test_any_text_is_a_query_or_a_query_error(text: str) -> None:
    with suppress(QueryError):
        found(text)
    mistake = mistaken(text)
    assert mistake is None or mistake.position is None or 0 <= mistake.position <= len(text)
    assert "\n" not in str(mistake)


def mistaken(text: str) -> QueryError | None:
    try:
        parse(text)
    except QueryError as error:
        return error
    return None


@pytest.fixture(autouse=True, scope="module")
def _closed() -> Iterator[None]:
    yield
    CONNECTION.close()
