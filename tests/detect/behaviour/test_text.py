from pipelines.detect.behaviour.text import SHOWN, fill, names, number


def test_numbers_are_written_as_the_language_does() -> None:
    assert fill("{k:.1f}", {"k": 1234.56}, "vi") == "1.234,6"
    assert fill("{k:.1f}", {"k": 1234.56}, "en") == "1,234.6"
    assert number(1000, 0, "vi") == "1.000"


def test_what_is_not_known_stays_and_nothing_is_evaluated() -> None:
    assert fill("{a} {b.__class__} {c!r}", {"b": 1}, "en") == "{a} {b.__class__} {c!r}"


def test_long_values_are_cut() -> None:
    assert len(fill("{host}", {"host": "x" * 5000}, "en")) == SHOWN + 1


def test_values_are_not_filled_again() -> None:
    assert fill("{host}", {"host": "{secret}", "secret": "s"}, "en") == "{secret}"


def test_missing_value_is_a_dash() -> None:
    assert fill("{peer}", {"peer": None}, "en") == "–"


def test_names_of_a_text() -> None:
    assert names("{machine} {k:.1f} {seen_by}") == {"machine", "k", "seen_by"}
