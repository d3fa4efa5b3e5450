"""Reading files of indicators: every format, and every line that is none told with its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.detect.indicators.formats import read
from pipelines.detect.indicators.indicator import Indicator, classified, normal

SHA256 = "ab" * 32


def values(name: str, text: str) -> list[tuple[str, str]]:
    found, errors = read(Path(name), text.encode())
    assert errors == []
    return [(one.kind, one.value) for one in found]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("203.0.113.9", "ip", "203.0.113.9"),
        ("203[.]0[.]113[.]9", "ip", "203.0.113.9"),
        ("2001:DB8::1", "ip", "2001:db8::1"),
        ("198.51.100.7/24", "network", "198.51.100.0/24"),
        ("Bad.Example.", "domain", "bad.example"),
        ("*.bad.example", "domain", "bad.example"),
        ("mã-độc.example", "domain", "xn--m-c-mla5uu74n.example"),
        ("hxxp://Bad[.]example:80/Path?q=1", "url", "bad.example/Path?q=1"),
        ("bad.example/x.exe", "url", "bad.example/x.exe"),
        ("A" * 32, "md5", "a" * 32),
        (SHA256, "sha256", SHA256),
        ("t13d1516h2_8daaf6152771_02713d6af862", "ja4", "t13d1516h2_8daaf6152771_02713d6af862"),
    ],
)
def test_bare_values_are_recognised(text: str, kind: str, value: str) -> None:
    assert classified(text) == (kind, value)


@pytest.mark.parametrize("text", ["", "hello", "1.2.3", "0.0.0.0/0", "10.0.0.0/7", "-.example", "a b.example"])
def test_what_is_no_indicator_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        classified(text)


@given(st.text(max_size=80))
def test_any_text_is_an_indicator_or_refused_with_a_reason(text: str) -> None:
    try:
        kind, value = classified(text)
    except ValueError:
        return
    assert normal(kind, value) == value


def test_plain_lists_hold_comments_and_tell_bad_lines() -> None:
    found, errors = read(Path("list.txt"), b"# of a partner\n203.0.113.9  # C2\n\nnonsense here\nbad.example\n")
    assert [(one.value, one.line) for one in found] == [("203.0.113.9", 2), ("bad.example", 5)]
    assert [(error.line, error.rule) for error in errors] == [(4, "list")]


def test_csv_columns_are_found_by_name() -> None:
    text = (
        f"label,value,severity,type\nEmotet,{SHA256},high,certificate\n,bad.example,,\nX,zz,,sha256\nY,a.example,x,\n"
    )
    found, errors = read(Path("list.csv"), text.encode())
    assert found == [
        Indicator("certificate", SHA256, "list.csv", 2, "Emotet", "high"),
        Indicator("domain", "bad.example", "list.csv", 3),
    ]
    assert [error.line for error in errors] == [4, 5]


def test_stix_patterns_of_alternatives_are_used_and_others_told() -> None:
    patterns = [
        "[ipv4-addr:value = '203.0.113.9' OR domain-name:value = 'bad.example']",
        "[ipv4-addr:value = '198.51.100.0/24']",
        f"[file:hashes.'SHA-256' = '{SHA256}']",
        "[domain-name:value = 'a.example' AND url:value = 'http://a.example/']",
        "[process:name = 'x']",
    ]
    objects = [
        {"type": "indicator", "id": f"indicator--{at}", "name": "n", "pattern": p} for at, p in enumerate(patterns)
    ]
    bundle = json.dumps({"type": "bundle", "objects": [*objects, {"type": "malware", "id": "malware--1"}]}, indent=1)
    found, errors = read(Path("b.json"), bundle.encode())
    assert [(one.kind, one.value) for one in found] == [
        ("ip", "203.0.113.9"), ("domain", "bad.example"), ("network", "198.51.100.0/24"), ("sha256", SHA256)
    ]  # fmt: skip
    assert len(errors) == 2
    assert bundle.splitlines()[(errors[0].line or 1) - 1].strip().startswith('"id": "indicator--3"')


def test_misp_attributes_for_detection_are_used() -> None:
    attributes = [
        {"uuid": "1", "type": "ip-dst|port", "value": "203.0.113.9|443", "to_ids": True},
        {"uuid": "2", "type": "filename|sha256", "value": f"a.exe|{SHA256}", "to_ids": True},
        {"uuid": "3", "type": "domain", "value": "context.example", "to_ids": False},
        {"uuid": "4", "type": "email-src", "value": "a@b.example", "to_ids": True},
    ]
    inside = [{"Attribute": [{"uuid": "5", "type": "url", "value": "http://bad.example/x", "to_ids": True}]}]
    text = json.dumps({"Event": {"info": "APT", "Attribute": attributes, "Object": inside}})
    assert values("m.json", text) == [("ip", "203.0.113.9"), ("sha256", SHA256), ("url", "bad.example/x")]


@pytest.mark.parametrize(
    ("name", "text"), [("a.json", "{"), ("a.json", "[]"), ("a.csv", "x,y\n1,2\n"), ("a.txt", b"\xff")]
)
def test_files_of_another_format_are_one_error(name: str, text: str | bytes) -> None:
    found, errors = read(Path(name), text if isinstance(text, bytes) else text.encode())
    assert found == []
    assert len(errors) == 1
