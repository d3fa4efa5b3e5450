"""What every event store does. A second store joins by a second parameter of ``store`` and passes the same tests."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collectors.segment import Segment
from pipelines.store.embedded import EmbeddedStore
from pipelines.store.events import OFFSET_MOST, PAGE_MOST, EventQuery, EventStore, QueryError, StoreError
from tests.store.rows import START, event, segment

Opener = Callable[[], EventStore]


def _embedded(folder: Path) -> Opener:
    return lambda: EmbeddedStore(folder / "events")


STORES: dict[str, Callable[[Path], Opener]] = {"embedded": _embedded}


@pytest.fixture(params=sorted(STORES))
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Opener:
    """Opens the same store again and again."""
    return STORES[request.param](tmp_path)


@pytest.fixture
def store(opener: Opener) -> Iterator[EventStore]:
    store = opener()
    yield store
    store.close()


def filled(store: EventStore, count: int = 30) -> list[dict[str, Any]]:
    """``count`` events a minute apart, two datasets, in three segments; newest last."""
    made = []
    for number in range(count):
        dataset = "dns" if number % 3 else "http"
        own = {"dns.question.name": f"host{number}.example.org"} if dataset == "dns" else {"url.path": f"/{number}"}
        one = event(f"e{number:03}", dataset, number * 60, source__ip=f"10.0.0.{number % 4}")
        made.append(one | own)
    for start in range(3):
        assert store.append(segment(f"sensor-1-{start}", made[start::3]))
    return made


def ids(events: Sequence[Any]) -> list[str]:
    return [one["event.id"] for one in events]


def test_an_empty_store_answers(store: EventStore) -> None:
    assert store.search(EventQuery()).total == 0
    assert store.count(EventQuery("source.ip:10.0.0.1")) == 0
    assert store.events(["x"]) == []
    assert store.histogram(EventQuery()) == []
    assert store.facets(EventQuery(), ["source.ip"]) == {"source.ip": []}
    assert store.groups(EventQuery(), ["source.ip"]) == []
    assert list(store.segments(START)) == []
    assert store.bounds() is None
    assert store.usage() == []
    assert store.compact() == 0
    assert store.expire("dns", date(2030, 1, 1)) == 0
    assert list(csv.reader(io.StringIO("".join(store.export(EventQuery(), ["event.id"]))))) == [["event.id"]]


def test_an_event_comes_back_as_it_was(store: EventStore) -> None:
    whole = event(
        "one", "dns", 0.000001, source__ip="fe80::1", destination__port=53, dns__answers__data=["1.2.3.4", "Đà Nẵng"],
        dns__answers__ttl=[60, 0], vonggac__source__home=False, dns__id=65535,
    )  # fmt: skip
    store.append(segment("sensor-1-1", [whole]))
    assert store.search(EventQuery()).events == [whole]
    assert store.events(["one"]) == [whole]


def test_appending_twice_changes_nothing(store: EventStore) -> None:
    one = segment("sensor-1-1", [event("a"), event("b", "http")])
    assert store.append(one)
    assert not store.append(one)
    assert store.count(EventQuery()) == 2


def test_a_segment_without_events_is_remembered(store: EventStore) -> None:
    assert store.append(segment("sensor-1-1", []))
    assert not store.append(segment("sensor-1-1", []))


def test_what_was_appended_is_there_after_opening_again(opener: Opener) -> None:
    first = opener()
    filled(first)
    first.close()
    second = opener()
    assert second.count(EventQuery()) == 30
    assert not second.append(segment("sensor-1-0", [event("again")]))
    second.close()


def test_two_openers_see_each_other(opener: Opener) -> None:
    writer, reader = opener(), opener()
    filled(writer)
    assert reader.count(EventQuery()) == 30
    assert not reader.append(segment("sensor-1-0", [event("again")]))
    writer.close()
    reader.close()


def test_columns_that_are_missing_stay_empty_and_unknown_ones_are_left_out(store: EventStore) -> None:
    full = segment("sensor-1-1", [event("a")])
    thin = full.tables["dns"].select(["@timestamp", "event.id", "event.dataset"])
    odd = thin.append_column("own.invention", [["x"]])
    store.append(replace(full, tables={"dns": odd}))
    assert store.search(EventQuery()).events == [{"@timestamp": START, "event.id": "a", "event.dataset": "dns"}]


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("text", ["", "source.ip:*"])
def test_pages_follow_each_other(store: EventStore, newest_first: bool, text: str) -> None:
    order = ids(filled(store))[:: -1 if newest_first else 1]
    seen = []
    for offset in range(0, 40, 7):
        page = store.search(EventQuery(text, limit=7, offset=offset, newest_first=newest_first))
        assert page.total == 30
        assert page.by_dataset == {"dns": 20, "http": 10}
        seen.extend(ids(page.events))
    assert seen == order


def test_events_of_one_moment_are_ordered_by_id(store: EventStore) -> None:
    store.append(
        segment("s-1", [event(name, dataset) for name, dataset in (("c", "dns"), ("a", "http"), ("b", "dns"))])
    )
    assert ids(store.search(EventQuery(newest_first=False)).events) == ["a", "b", "c"]
    assert ids(store.search(EventQuery(newest_first=True)).events) == ["c", "b", "a"]


def test_limits_of_a_page(store: EventStore) -> None:
    filled(store)
    assert store.search(EventQuery(limit=0)).total == 30
    for wrong in (EventQuery(limit=PAGE_MOST + 1), EventQuery(offset=OFFSET_MOST + 1), EventQuery(limit=-1)):
        with pytest.raises(StoreError):
            store.search(wrong)


def test_time_ranges_include_the_start_and_exclude_the_end(store: EventStore) -> None:
    filled(store)
    query = EventQuery(start=START + timedelta(minutes=5), end=START + timedelta(minutes=8), newest_first=False)
    assert ids(store.search(query).events) == ["e005", "e006", "e007"]
    assert store.count(query) == 3


def test_datasets_narrow_the_search(store: EventStore) -> None:
    filled(store)
    assert store.search(EventQuery(datasets=["http"])).by_dataset == {"http": 10}
    assert store.search(EventQuery(datasets=["tls"])).total == 0
    with pytest.raises(QueryError):
        store.search(EventQuery(datasets=["nonsense"]))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("dns.question.name:HOST1.example.org", ["e001"]),
        ("dns.question.name:host1*.example.org AND source.ip:10.0.0.2", ["e010", "e014"]),
        ("source.ip:10.0.0.0/31 AND NOT dns.question.name:*", ["e000", "e009", "e012", "e021", "e024"]),
        ("url.path:(/3 OR /6)", ["e003", "e006"]),
        ("url.path:/3 OR dns.question.name:host4.example.org source.ip:10.0.0.0", ["e004"]),
        ("host22", ["e022"]),
        ("NOT source.ip:10.0.0.0/8", []),
    ],
)
def test_the_query_language(store: EventStore, text: str, found: list[str]) -> None:
    filled(store)
    assert ids(store.search(EventQuery(text, newest_first=False)).events) == found
    assert store.count(EventQuery(text)) == len(found)


@pytest.mark.parametrize(
    ("text", "position"),
    [("source.ip:(10.0.0.1", 19), ("a AND no.such:1", 6), ("destination.port:abc", 17), ("x AND AND y", 6)],
)
def test_a_mistake_is_told_with_its_position(store: EventStore, text: str, position: int) -> None:
    for ask in (store.search, store.count, store.histogram, store.export):
        with pytest.raises(QueryError) as caught:
            ask(EventQuery(text))
        assert caught.value.position == position


def test_events_by_id(store: EventStore) -> None:
    filled(store)
    assert ids(store.events(["e007", "unknown", "e003", "e007"])) == ["e003", "e007"]
    around = START + timedelta(minutes=3), START + timedelta(minutes=7)
    assert ids(store.events(["e003", "e007", "e008"], *around)) == ["e003", "e007"]
    assert len(store.events([f"e{number:03}" for number in range(2_000)])) == 30


def test_the_histogram_holds_every_match_in_equal_aligned_bars(store: EventStore) -> None:
    filled(store)
    for query in (
        EventQuery(),
        EventQuery("source.ip:10.0.0.1"),
        EventQuery(start=START, end=START + timedelta(hours=1)),
    ):
        for most in (1, 7, 60):
            bars = store.histogram(query, most)
            assert 1 <= len(bars) <= most
            assert sum(bar.count for bar in bars) == store.count(query)
            assert all(bar.count == sum(bar.by_dataset.values()) for bar in bars)
            assert {bar.width for bar in bars} == {bars[0].width}
            assert [bar.start for bar in bars] == [
                bars[0].start + number * bars[0].width for number in range(len(bars))
            ]
            oldest = store.search(replace(query, limit=1, newest_first=False)).events[0]["@timestamp"]
            newest = store.search(replace(query, limit=1)).events[0]["@timestamp"]
            first, last = query.start or oldest, query.end or newest
            assert bars[0].start <= first
            assert bars[-1].start + bars[-1].width >= last
    assert store.histogram(EventQuery("source.ip:10.9.9.9")) == []


def test_a_range_without_matches_still_has_its_bars(store: EventStore) -> None:
    bars = store.histogram(EventQuery(start=START, end=START + timedelta(hours=2)), 24)
    assert len(bars) == 24
    assert not any(bar.count for bar in bars)


def test_bars_of_captures_that_jump_by_decades(store: EventStore) -> None:
    far = [event("old", seconds=-56 * 365 * 86_400), event("now"), event("new", seconds=50 * 365 * 86_400)]
    store.append(segment("s-1", far))
    bars = store.histogram(EventQuery(), 60)
    assert len(bars) <= 60
    assert sum(bar.count for bar in bars) == 3
    assert ids(store.search(EventQuery()).events) == ["new", "now", "old"]


def test_facets_count_values_and_elements_of_lists(store: EventStore) -> None:
    events = [
        event(f"e{number}", dns__answers__data=["a", f"b{number % 2}"], destination__port=53) for number in range(5)
    ]
    events.append(event("h", "http", destination__port=80))
    store.append(segment("s-1", events))
    found = store.facets(EventQuery(), ["dns.answers.data", "destination.port", "url.path"], 2)
    assert [(one.value, one.count) for one in found["dns.answers.data"]] == [("a", 5), ("b0", 3)]
    assert [(one.value, one.count) for one in found["destination.port"]] == [("53", 5), ("80", 1)]
    assert found["url.path"] == []
    assert store.facets(EventQuery("destination.port:80"), ["destination.port"])["destination.port"][0].count == 1
    with pytest.raises(QueryError):
        store.facets(EventQuery(), ["no.such.field"])


def test_groups_count_values_that_occur_together(store: EventStore) -> None:
    events = [event(f"e{number}", seconds=number, destination__port=53 + number % 2) for number in range(5)]
    events.append(event("h", "http", seconds=9, destination__port=53, url__path="/a"))
    store.append(segment("s-1", events[:3]))
    store.append(segment("s-2", events[3:]))
    found = store.groups(EventQuery(), ["destination.port", "url.path"])
    seconds = [(one.values, one.count, (one.last - START).total_seconds()) for one in found]
    assert seconds == [(("53", None), 3, 4), (("54", None), 2, 3), (("53", "/a"), 1, 9)]
    newest = store.groups(EventQuery(), ["destination.port", "url.path"], 1, newest_first=True)
    assert [one.values for one in newest] == [("53", "/a")]
    assert [one.values for one in store.groups(EventQuery(), ["url.path"])] == [("/a",)], (
        "events without it are left out"
    )
    for name in ("no.such.field", "dns.answers.data"):
        with pytest.raises(QueryError):
            store.groups(EventQuery(), [name])


def test_the_export_is_a_table_that_no_spreadsheet_runs(store: EventStore) -> None:
    evil = event("e1", dns__question__name='=HYPERLINK("http://x","y")', dns__answers__data=["+1", "a,b"], dns__id=-5)
    store.append(segment("s-1", [evil, event("e0", seconds=-1, dns__question__name="line\nbreak")]))
    columns = ["@timestamp", "event.id", "dns.question.name", "dns.answers.data", "dns.id"]
    text = "".join(store.export(EventQuery(newest_first=False), columns))
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        columns,
        ["2026-11-02T00:59:59.000000Z", "e0", "line\nbreak", "", ""],
        ["2026-11-02T01:00:00.000000Z", "e1", '\'=HYPERLINK("http://x","y")', "'+1; a,b", "-5"],
    ]
    everything = list(csv.reader(io.StringIO("".join(store.export(EventQuery())), newline="")))
    assert len(everything) == 3
    assert {"source.ip", "dns.question.name"} <= set(everything[0])


def test_segments_give_back_what_is_held_in_the_order_of_time(store: EventStore) -> None:
    made = filled(store)
    other = event("other", "dns", 61) | {"observer.id": "sensor-2"}
    store.append(segment("sensor-2-1", [other]))
    since = START + timedelta(minutes=10)
    replayed: list[Segment] = list(store.segments(since))
    assert {name for one in replayed for name in one.tables} == {"dns", "http"}
    found = [identity for one in replayed for rows in one.tables.values() for identity in rows["event.id"].to_pylist()]
    assert sorted(found) == sorted(ids(made[10:]))
    everything = list(store.segments(START))
    assert {one.observer for one in everything} == {"sensor-1", "sensor-2"}
    assert sum(one.events for one in everything) == 31
    assert [one.clock for one in replayed] == sorted(one.clock for one in replayed)
    assert max(one.clock for one in replayed) == int((START + timedelta(minutes=29)).timestamp() * 1_000_000)
    assert len({one.id for one in everything}) == len(everything)


def test_bounds_and_usage(store: EventStore) -> None:
    filled(store)
    assert store.bounds() == (START, START + timedelta(minutes=29))
    by_dataset = {one.dataset: one for one in store.usage()}
    assert {name: one.events for name, one in by_dataset.items()} == {"dns": 20, "http": 10}
    assert all(one.bytes > 0 and one.files > 0 for one in by_dataset.values())
    assert by_dataset["dns"].first_day == by_dataset["dns"].last_day == START.date()


def test_compaction_changes_nothing_that_can_be_seen(store: EventStore) -> None:
    made = [event(f"e{number:03}", ("dns", "http")[number % 2], number, source__ip="10.0.0.1") for number in range(60)]
    for number in range(20):
        store.append(segment(f"s-{number}", made[number * 3 : number * 3 + 3]))
    before = store.search(EventQuery(limit=100)), store.histogram(EventQuery(), 10), store.bounds()
    files = sum(one.files for one in store.usage())
    replaced = store.compact()
    assert sum(one.files for one in store.usage()) <= files
    assert replaced == 0 or sum(one.files for one in store.usage()) < files
    assert (store.search(EventQuery(limit=100)), store.histogram(EventQuery(), 10), store.bounds()) == before
    assert not store.append(segment("s-3", made[9:12]))


def test_expiry_forgets_whole_days_of_one_dataset(store: EventStore) -> None:
    midnight = datetime(2026, 11, 2, tzinfo=UTC)
    moments = {"old": -1.0, "last": -0.000001, "first": 0.0, "new": 90_000.0}
    for dataset in ("dns", "http"):
        offset = (midnight - START).total_seconds()
        events = [event(f"{dataset}-{name}", dataset, offset + seconds) for name, seconds in moments.items()]
        store.append(segment(f"s-{dataset}", events))
    assert store.expire("dns", date(2026, 11, 2)) > 0
    assert store.expire("dns", date(2026, 11, 2)) == 0
    assert sorted(ids(store.search(EventQuery(datasets=["dns"])).events)) == ["dns-first", "dns-new"]
    assert store.count(EventQuery(datasets=["http"])) == 4
    assert not store.append(segment("s-dns", [event("again")]))
