from hypothesis import given
from hypothesis import strategies as st

from pipelines.detect.behaviour.windows import Windows

buckets = st.lists(st.integers(-50, 50), max_size=12)


def test_window_ends_after_the_bucket_of_its_event() -> None:
    windows = Windows(600, 300)
    windows.touch([0])
    assert windows.due() == [300]
    assert windows.due() == []


def test_year_between_two_events_has_no_windows() -> None:
    windows = Windows(86_400, 300)
    windows.touch([0, 10_000_000])
    assert len(windows.due()) == 2


def test_late_event_brings_back_the_windows_that_hold_it() -> None:
    windows = Windows(900, 300)
    windows.touch([0, 1, 2, 3])
    windows.due()
    windows.touch([1])
    assert windows.due() == [600, 900, 1200]


def test_open_window_waits_for_its_end() -> None:
    windows = Windows(300, 300)
    windows.touch([0, 1])
    assert windows.due(before=300) == [300]
    assert windows.due(before=599) == []
    assert windows.due(before=600) == [600]


def test_forgotten_windows_do_not_come_back() -> None:
    windows = Windows(600, 300)
    windows.touch([0, 5])
    windows.due()
    windows.forget(before=900)
    windows.touch([0])
    assert windows.due() == [300]


@given(buckets, st.integers(1, 6), st.integers(0, 12))
def test_set_of_windows_does_not_depend_on_the_order(found: list[int], hops: int, cut: int) -> None:
    whole, parts = Windows(hops * 10, 10), Windows(hops * 10, 10)
    whole.touch(found)
    parts.touch(found[cut:])
    seen = set(parts.due())
    parts.touch(found[:cut])
    assert set(whole.due()) == seen | set(parts.due())


@given(buckets, buckets, st.integers(1, 6))
def test_every_known_window_that_holds_a_new_event_waits_again(first: list[int], second: list[int], hops: int) -> None:
    windows = Windows(hops * 10, 10)
    windows.touch(first)
    windows.due()
    windows.touch(second)
    waiting = set(windows.due())
    ends = {(bucket + 1) * 10 for bucket in [*first, *second]}
    expected = {end for end in ends for bucket in second if end - hops * 10 <= bucket * 10 < end}
    assert waiting == expected
