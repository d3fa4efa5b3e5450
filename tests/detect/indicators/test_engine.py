"""Matching events with indicators: the right machine, the nearest parent, no look-alikes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipelines.detect.indicators.engine import IndicatorEngine
from pipelines.detect.rulefiles import UNREHEARSED_WEIGHT, RuleFolder
from tests.detect.events import MACHINE, OUTSIDE, segment

JA4 = "t13d1516h2_8daaf6152771_02713d6af862"


def engine(folder: Path, text: str, rehearsed: bool = True) -> IndicatorEngine:
    (folder / "partner.txt").write_text(text)
    return IndicatorEngine([RuleFolder(folder, rehearsed)])


@pytest.mark.parametrize(
    ("indicator", "dataset", "row"),
    [
        (OUTSIDE, "flow", {}),
        ("203.0.113.0/24", "flow", {}),
        ("bad.example", "dns", {"dns.question.name": "a.b.bad.example"}),
        ("198.51.100.7", "dns", {"dns.question.name": "x.example", "dns.resolved_ip": ["192.0.2.1", "198.51.100.7"]}),
        ("bad.example", "tls", {"tls.client.server_name": "WWW.bad.example"}),
        (JA4, "tls", {"tls.client.ja4": JA4}),
        ("bad.example/x.exe", "http", {"url.domain": "bad.example", "url.original": "/x.exe"}),
        ("bad.example:8080/x", "http", {"url.domain": "bad.example", "url.port": 8080, "url.original": "/x"}),
        ("ab" * 32, "file", {"file.hash.sha256": "ab" * 32}),
    ],
)
def test_what_is_listed_is_found_on_the_inside_machine(
    tmp_path: Path, indicator: str, dataset: str, row: dict[str, Any]
) -> None:
    found = engine(tmp_path, indicator).feed(segment({dataset: [row]}))
    assert [(one.machine, one.peer, one.role, one.behaviour) for one in found] == [
        (MACHINE, OUTSIDE, "source", "known-indicator")
    ]
    assert found[0].events == (f"{dataset}-0",)
    assert indicator.removeprefix("*.").split("/")[0] in found[0].explanation["vi"]


@pytest.mark.parametrize(
    ("indicator", "dataset", "row"),
    [
        ("203.0.113.90", "flow", {}),
        ("bad.example", "dns", {"dns.question.name": "notbad.example"}),
        ("www.bad.example", "dns", {"dns.question.name": "bad.example"}),
        ("bad.example/x.exe", "http", {"url.domain": "bad.example", "url.original": "/X.exe"}),
        ("bad.example/x", "http", {"url.domain": "bad.example", "url.port": 8080, "url.original": "/x"}),
        ("ab" * 32, "file", {"file.hash.sha256": "cd" * 32}),
    ],
)
def test_look_alikes_are_not_found(tmp_path: Path, indicator: str, dataset: str, row: dict[str, Any]) -> None:
    assert engine(tmp_path, indicator).feed(segment({dataset: [row]})) == []


def test_unrehearsed_lists_weigh_little_and_an_unanswered_call_less(tmp_path: Path) -> None:
    rows = {"flow": [{"vonggac.flow.state": "SF"}, {"vonggac.flow.state": "S0"}]}
    outside = engine(tmp_path, OUTSIDE, rehearsed=False).feed(segment(rows))
    assert max(one.weight.log10_ratio for one in outside) == UNREHEARSED_WEIGHT
    own = engine(tmp_path, OUTSIDE).feed(segment(rows))
    assert sorted(one.weight.log10_ratio for one in own) == [0.75, 1.5]


def test_one_machine_has_one_rule_a_list(tmp_path: Path) -> None:
    rows = {"dns": [{"dns.question.name": f"{at}.bad{at}.example"} for at in range(50)]}
    text = "\n".join(f"bad{at}.example" for at in range(50))
    found = engine(tmp_path, text).feed(segment(rows))
    assert {one.rule for one in found} == {"indicator:partner"}
    assert sum(one.event_count for one in found) == 50


def test_bad_lines_are_told_and_stop_nothing(tmp_path: Path) -> None:
    made = engine(tmp_path, f"what is this\n{OUTSIDE}\n")
    assert [(error.rule, error.line) for error in made.errors] == [("partner", 1)]
    assert len(made.feed(segment({"flow": [{}]}))) == 1
    assert made.counters == {"ip": 1}
