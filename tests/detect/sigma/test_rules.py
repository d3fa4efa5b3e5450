"""The shipped Sigma rules, and how rules of other people are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.detect.finding import Finding
from pipelines.detect.matching.engine import MatchEngine
from pipelines.detect.rulefiles import SHIPPED, UNREHEARSED_WEIGHT, RuleFolder
from pipelines.detect.sigma import cases
from tests.detect.events import MACHINE, OUTSIDE, segment

FOREIGN = """
title: Foreign
id: 5e5ee7b1-3ab0-4b2e-9c1a-0d9d0b8b8a01
logsource: {{category: {category}}}
detection:
  selection:
    {detection}
  condition: selection
level: high
tags: [attack.t1105]
"""


def engine(folder: Path, text: str, name: str = "foreign") -> MatchEngine:
    rules = folder / "rules"
    rules.mkdir(exist_ok=True)
    (rules / f"{name}.yml").write_text(text, encoding="utf-8")
    return MatchEngine([RuleFolder(rules)], folder / "cache")


def matched(folder: Path, category: str, detection: str, dataset: str, row: dict[str, object]) -> list[Finding]:
    made = engine(folder, FOREIGN.format(category=category, detection=detection))
    assert made.errors == []
    found = made.feed(segment({dataset: [row]}))
    made.close()
    return found


def test_every_shipped_rule_is_proved_by_its_cases() -> None:
    assert [str(error) for error in cases.test(SHIPPED / "sigma")] == []
    assert len(RuleFolder(SHIPPED / "sigma").files((".yml",))) >= 20


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"url.query": "id=1"}, "does not match its own event"),
        ({"near": [{"url.query": "id=1 union select 2"}]}, "matches the near miss"),
        (
            {"near": [{"http.request.method": "POST", "url.query": "a"}]},
            "every near miss stays quiet without documentation",
        ),
    ],
)
def test_a_proof_that_fails_is_told(tmp_path: Path, change: dict[str, object], told: str) -> None:
    rule = (SHIPPED / "sigma/http_sql_injection.yml").read_text(encoding="utf-8")
    (tmp_path / "http_sql_injection.yml").write_text(rule, encoding="utf-8")
    query = change.get("url.query", "id=1 union select 2")
    near = change.get("near", [{"url.query": "id=1"}, {"url.path": "/manual.pdf"}])
    (tmp_path / "cases").mkdir()
    text = f"match: {{url.query: {query}}}\nnear_miss: {near}\n"
    (tmp_path / "cases/http_sql_injection.yaml").write_text(text, encoding="utf-8")
    assert any(told in error.message for error in cases.test(tmp_path))


@pytest.mark.parametrize(
    ("category", "detection", "dataset", "row"),
    [
        ("proxy", "c-useragent|contains: BADAGENT", "http", {"user_agent.original": "xx BadAgent 1"}),
        ("proxy", "c-uri|endswith: '.ps1'", "http", {"url.original": "/A.PS1"}),
        ("proxy", "cs-host|startswith: 'evil'", "http", {"url.domain": "EVIL.example"}),
        ("dns", "query|re: '^[a-z]{3}\\.example$'", "dns", {"dns.question.name": "abc.example"}),
        ("firewall", "dst_ip|cidr: 203.0.113.0/24", "flow", {}),
        ("dns", "answers: 198.51.100.7", "dns", {"dns.answers.data": ["192.0.2.1", "198.51.100.7"]}),
        ("proxy", "sc-status: 500", "http", {"http.response.status_code": 500}),
        ("proxy", "c-uri|contains|all: ['a=', 'b%']", "http", {"url.original": "/?a=1&b%20"}),
    ],
)
def test_foreign_rules_match_as_sigma_says(
    tmp_path: Path, category: str, detection: str, dataset: str, row: dict[str, object]
) -> None:
    found = matched(tmp_path, category, detection, dataset, row)
    assert [(one.machine, one.peer, one.behaviour) for one in found] == [(MACHINE, OUTSIDE, "payload-download")]
    assert found[0].weight.log10_ratio <= UNREHEARSED_WEIGHT


@pytest.mark.parametrize(
    ("detection", "row"),
    [
        ("c-uri|contains: 'a_b'", {"url.original": "/axb"}),
        ("c-uri|contains: '100%'", {"url.original": "/1000"}),
        ("c-uri: '/a?b'", {"url.original": "/a"}),
        ("c-useragent|contains: x", {}),
    ],
)
def test_wildcards_of_sql_mean_nothing_here(tmp_path: Path, detection: str, row: dict[str, object]) -> None:
    assert matched(tmp_path, "proxy", detection, "http", row) == []


@pytest.mark.parametrize(
    ("text", "told", "line"),
    [
        ("title: [", "expected", 1),
        (
            FOREIGN.format(category="process_creation", detection="Image: x"),
            "which a network does not show",
            None,
        ),
        (FOREIGN.format(category="proxy", detection="no.such.field: x"), "no field 'no.such.field'", 7),
        (FOREIGN.format(category="proxy", detection="c-uri|re: '(?<=a)b'"), "invalid perl operator", None),
    ],
)
def test_rules_that_cannot_be_used_are_told_with_their_place(
    tmp_path: Path, text: str, told: str, line: int | None
) -> None:
    made = engine(tmp_path, text)
    good = FOREIGN.format(category="proxy", detection="c-uri|contains: evil")
    (tmp_path / "rules/good.yml").write_text(good)
    both = MatchEngine([RuleFolder(tmp_path / "rules")], tmp_path / "cache")
    assert any(told in error.message for error in made.errors), made.errors
    assert line is None or made.errors[0].line == line
    assert len(both.feed(segment({"http": [{"url.original": "/evil"}]}))) == 1


def test_the_cache_gives_the_same_rules(tmp_path: Path) -> None:
    text = FOREIGN.format(category="proxy", detection="c-uri|contains: evil")
    first = engine(tmp_path, text).feed(segment({"http": [{"url.original": "/evil"}]}))
    again = engine(tmp_path, text).feed(segment({"http": [{"url.original": "/evil"}]}))
    assert [one.id for one in first] == [one.id for one in again] != []


def test_texts_of_rules_evaluate_nothing(tmp_path: Path) -> None:
    row = {"url.original": "/evil/{machine.__class__}/{0}"}
    found = matched(tmp_path, "proxy", "c-uri|contains: evil", "http", row)
    assert "class" not in found[0].explanation["en"].replace("{machine.__class__}", "")
