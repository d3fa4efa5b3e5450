"""What only the embedded store promises: few files, old columns, a closed engine, readers beside writers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.store.embedded import EmbeddedStore, compaction, engine, parts
from pipelines.store.embedded.catalogue import DAY, Part
from pipelines.store.events import EventQuery, StoreError
from tests.store.rows import START, event, segment


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedStore]:
    store = EmbeddedStore(tmp_path / "events")
    yield store
    store.close()


def part(name: str, rows: int, first: int = 0, written: float = 1_000.0) -> Part:
    return Part(name, "dns", rows, rows, first, first + 1, None, "x", written)


def test_files_of_one_size_and_day_are_merged_when_there_are_enough() -> None:
    small = [part(f"s{number}", 100) for number in range(compaction.FAN)]
    big, other_day = part("big", 100_000), part("day", 100, DAY)
    assert list(compaction.groups([*small, big, other_day], 1_000.0)) == [small]
    assert list(compaction.groups(small[1:], 1_000.0)) == []


def test_a_settled_day_becomes_one_file_and_none_grows_too_big() -> None:
    later = 1_001.0 + compaction.SETTLED
    assert list(compaction.groups([part("a", 100), part("b", 100_000)], later)) == [
        [part("a", 100), part("b", 100_000)]
    ]
    assert list(compaction.groups([part("a", 100)], later)) == []
    halves = [part(name, compaction.ROWS_MOST // 2 - 1) for name in "abcd"]
    assert [len(group) for group in compaction.groups(halves, later)] == [2, 2]


def test_a_row_is_rewritten_few_times_and_few_files_are_left(store: EmbeddedStore) -> None:
    for number in range(100):
        store.append(segment(f"s-{number}", [event(f"e{number}", seconds=number)]))
        if number % 10 == 9:
            store.compact()
    assert store.usage()[0].files < 3 * compaction.FAN
    assert store.count(EventQuery()) == 100
    assert store.usage()[0].events == 100


def test_the_bars_of_hours_are_the_same_after_compaction(store: EmbeddedStore) -> None:
    for number in range(10):
        store.append(segment(f"s-{number}", [event(f"e{number}-{hour}", seconds=hour * 3_600) for hour in range(5)]))
    before = store.histogram(EventQuery(), 5)
    assert store.compact() == 10
    assert store.histogram(EventQuery(), 5) == before
    assert [bar.count for bar in before] == [10] * 5


def test_forged_times_make_no_flood_of_files(store: EmbeddedStore) -> None:
    forged = [event(f"e{number}", seconds=number * 86_400) for number in range(1_000)]
    store.append(segment("s-1", forged))
    assert store.usage()[0].files == 1
    assert store.count(EventQuery(start=START + timedelta(days=10), end=START + timedelta(days=20))) == 10
    assert store.search(EventQuery(limit=1)).events[0]["event.id"] == "e999"


def test_times_beyond_the_calendar_are_taken_back_to_it(store: EmbeddedStore) -> None:
    one = segment("s-1", [event("a"), event("b"), event("c")])
    moments = pa.array([2**62, -(2**62), None], pa.int64()).cast(pa.timestamp("us", "UTC"))
    table = one.tables["dns"].set_column(0, "@timestamp", moments)
    store.append(type(one)("s-1", "sensor-1", {"dns": table}, one.clock))
    bounds = store.bounds()
    assert bounds is not None
    assert (bounds[0].year, bounds[1].year) == (1970, 9999)
    assert store.events(["c"])[0]["@timestamp"] == START
    assert len(store.histogram(EventQuery(), 60)) <= 60


def test_files_of_an_older_vocabulary_are_read_beside_new_ones(store: EmbeddedStore, tmp_path: Path) -> None:
    store.append(segment("s-1", [event("old"), event("old-too", "http")]))
    found = next(one for same in store._catalogue.parts(["dns"]).values() for one in same)
    path = store.folder / found.path
    pq.write_table(pq.read_table(path).select(["@timestamp", "event.id", "event.dataset", "observer.id"]), path)
    store._catalogue._database.execute("update part set columns = 'older' where path = ?", (found.path,))
    store.append(segment("s-2", [event("new", seconds=1, source__ip="10.0.0.1")]))
    assert [one["event.id"] for one in store.search(EventQuery(newest_first=False)).events] == ["old", "old-too", "new"]
    assert store.count(EventQuery("source.ip:10.0.0.1")) == 1
    assert store.count(EventQuery("NOT source.ip:*", datasets=["dns"])) == 1
    assert store.facets(EventQuery(), ["source.ip"])["source.ip"][0].count == 1
    compaction.compact(store.folder, store._catalogue, store._engine, START.timestamp() * 2)
    assert [one.files for one in store.usage()] == [1, 1]
    assert store.count(EventQuery("source.ip:10.0.0.1")) == 1


def test_readers_never_see_compaction_or_half_a_segment(store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "GRACE", -1.0)  # replaced files go at once: the worst case for readers
    monkeypatch.setattr(compaction, "FAN", 2)
    monkeypatch.setattr(compaction, "_sweep", lambda *_: None)  # its grace protects writers
    done = threading.Event()
    mistakes: list[object] = []

    def read() -> None:
        reader = EmbeddedStore(store.folder, threads=1)
        while not done.is_set():
            page = reader.search(EventQuery("event.id:*", limit=1_000))
            if len(page.events) != page.total or page.by_dataset.get("dns") != page.by_dataset.get("http"):
                mistakes.append(page.by_dataset)
        reader.close()

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(20):
        store.append(segment(f"s-{number}", [event(f"d{number}", seconds=number), event(f"h{number}", "http", number)]))
        store.compact()
    done.set()
    for reader in readers:
        reader.join()
    assert mistakes == []
    assert store.count(EventQuery()) == 40


def test_the_engine_sees_nothing_outside_its_folder(store: EmbeddedStore, tmp_path: Path) -> None:
    outside = tmp_path / "secret.csv"
    outside.write_text("a\n1\n")
    attempts = [
        f"select * from read_csv({engine.literal(outside)})",
        f"copy (select 1) to {engine.literal(tmp_path / 'out.csv')}",
        "set enable_external_access = true",
        "install httpfs",
    ]
    for sql in attempts:
        with pytest.raises((StoreError, engine.MissingFileError)):
            store._engine.rows(sql, {})
    assert not (tmp_path / "out.csv").exists()


def test_a_search_that_takes_too_long_is_ended(store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "QUERY_SECONDS", 0.2)
    with pytest.raises(StoreError, match="shorter time range"):
        store._engine.rows(
            "select count(*) from range(10000000) a, range(10000000) b where a.range % 7 = b.range % 11", {}
        )


def test_each_engine_spills_into_its_own_folder_and_dead_ones_are_deleted(store: EmbeddedStore) -> None:
    spill = store.folder / "spill"
    (spill / "dead").mkdir()
    (spill / "dead" / "lock").write_text("")
    other = EmbeddedStore(store.folder)
    assert len(list(spill.iterdir())) == 2
    assert not (spill / "dead").exists()
    other.close()
    assert len(list(spill.iterdir())) == 1


def test_a_lost_file_is_told_in_one_line(store: EmbeddedStore) -> None:
    store.append(segment("s-1", [event("a")]))
    for path in store.folder.glob("dns/*/*.parquet"):
        path.unlink()
    with pytest.raises(StoreError, match="backup") as caught:
        store.search(EventQuery("event.id:*"))
    assert "\n" not in str(caught.value)


def test_a_folder_that_cannot_be_used_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="check the path"):
        EmbeddedStore(tmp_path / "file" / "events")


def test_every_file_is_sorted_by_time(store: EmbeddedStore) -> None:
    for number in range(8):
        store.append(segment(f"s-{number}", [event(f"e{number}{n}", seconds=(n * 37 + number) % 50) for n in range(5)]))
    for round_of_work in range(2):
        for path in store.folder.glob("dns/*/*.parquet"):
            moments = pq.read_table(path)["@timestamp"].to_pylist()
            assert moments == sorted(moments), round_of_work
        store.compact()


def test_columns_are_those_of_the_vocabulary_after_compaction(store: EmbeddedStore) -> None:
    for number in range(8):
        store.append(segment(f"s-{number}", [event(f"e{number}")]))
    assert store.compact() == 8
    [merged] = store._catalogue.parts(["dns"])["dns"]
    assert merged.columns == parts.fingerprint("dns")
    names = duckdb.sql(f"select * from read_parquet({engine.literal(store.folder / merged.path)})").columns
    assert names == parts.DATASETS["dns"].names
