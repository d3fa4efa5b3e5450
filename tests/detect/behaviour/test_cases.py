from pathlib import Path

import pytest

from pipelines.detect.behaviour import cases
from tests.detect.behaviour.flows import QUERY, write_rule

ROWS = """rows:
  match: [{dataset: flow, count: 5, row: {destination.port: 443}}]
  near_miss:
    enough calls: [{count: 2}]
"""


def proved(folder: Path, text: str = ROWS, query: str = QUERY) -> list[str]:
    (write_rule(folder, query=query) / "cases.yaml").write_text(text, encoding="utf-8")
    return [str(error) for error in cases.prove(folder)]


def test_rule_whose_every_condition_is_needed_is_proved(tmp_path: Path) -> None:
    assert proved(tmp_path) == []


def test_condition_that_no_near_miss_needs_is_told_with_its_line(tmp_path: Path) -> None:
    query = QUERY.replace("having", 'having count(distinct "destination.port") < 9\n   and')
    (message,) = proved(tmp_path, query=query)
    assert "query.sql:5: " in message
    assert "no case fails without" in message


def test_near_miss_that_is_found_is_told(tmp_path: Path) -> None:
    (message,) = proved(tmp_path, ROWS.replace("count: 2", "count: 4"))
    assert "near miss rows, enough calls: finds 10.20.7.31" in message


def test_match_that_is_not_found_is_told(tmp_path: Path) -> None:
    found = proved(tmp_path, ROWS.replace("count: 5", "count: 2"))
    assert any("finds nothing" in message for message in found)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "both a case that must match and a near miss"),
        ("matches: []", "there are match, near_miss and rows"),
        (ROWS.replace("destination.port", "destination.prot"), "flow has no column destination.prot"),
        ("match: [{no-such-scenario: {}}]", "no scenario"),
        ("match: [", "expected the node content"),
    ],
)
def test_unusable_cases_are_told(tmp_path: Path, text: str, says: str) -> None:
    (message,) = proved(tmp_path, text)
    assert says in message


def test_values_count_and_vary() -> None:
    rows = {"destination.ip": "10.0.0.{i+1}", "destination.port": "{i+20}", "destination.domain": "{h8}.{w}.example"}
    made = cases.segment([{"dataset": "flow", "count": 4, "repeat": 2, "every": [10, 20], "row": rows}]).tables["flow"]
    assert made["destination.port"].to_pylist() == [20, 21, 20, 21]
    assert made["destination.ip"].to_pylist()[:2] == ["10.0.0.1", "10.0.0.2"]
    assert len(set(made["destination.domain"].to_pylist())) == 2
    times = made["@timestamp"].to_pylist()
    assert [(later - times[0]).total_seconds() for later in times] == [0, 10, 30, 40]


@pytest.fixture
def shipped() -> Path:
    return Path(cases.SCENARIOS.parent / "rules/behaviour")


def test_rows_of_every_shipped_rule_prove_its_conditions(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The packets of scenarios are played by ``vonggac rules test``; here the rows alone, so that it stays fast."""
    monkeypatch.setattr(cases, "_scenario", lambda entry, match, cache: cases.Case("not played", None, ()))
    assert [str(error) for error in cases.prove(shipped)] == []


def proof(folder: Path, proof: int, no_proof: int) -> list[str]:
    """A rule that is sure from ten calls on, with these numbers of calls as proof and as no proof."""
    query = QUERY.replace("as calls,", "as calls, count(*) >= 10 as sure,", 1)
    text = ROWS + f"  proof: {{many: [{{count: {proof}}}]}}\n  no_proof: {{few: [{{count: {no_proof}}}]}}\n"
    path = write_rule(folder, query=query)
    rule = path / "rule.yaml"
    rule.write_text(rule.read_text(encoding="utf-8") + "deterministic: sure\n", encoding="utf-8")
    (path / "cases.yaml").write_text(text, encoding="utf-8")
    return [str(error) for error in cases.prove(folder)]


def test_proof_is_proved_on_both_sides(tmp_path: Path) -> None:
    assert proof(tmp_path, 10, 9) == []


def test_proof_that_is_none_is_told(tmp_path: Path) -> None:
    (message,) = proof(tmp_path, 9, 9)
    assert "rows, many: must be deterministic evidence" in message


def test_proof_that_should_be_none_is_told(tmp_path: Path) -> None:
    (message,) = proof(tmp_path, 10, 10)
    assert "rows, few: must not be deterministic evidence" in message
