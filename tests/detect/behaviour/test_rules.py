from pathlib import Path

import pytest

from pipelines.detect.behaviour.engine import BehaviourEngine
from pipelines.detect.behaviour.rules import RuleSet
from pipelines.detect.rulefiles import SHIPPED, RuleFolder
from tests.detect.behaviour.flows import QUERY, write_rule


def loaded(folder: Path, **parameters: dict[str, object]) -> RuleSet:
    return RuleSet([RuleFolder(folder, rehearsed=True)], parameters, ())


def messages(folder: Path, **parameters: dict[str, object]) -> list[str]:
    return [str(error) for error in loaded(folder, **parameters).errors]


def test_good_rule_is_in_force(tmp_path: Path) -> None:
    write_rule(tmp_path)
    found = loaded(tmp_path)
    assert not found.errors
    assert found.rules["many-calls"].bound == {"calls": 3}


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("behaviour: port-scan", "behaviour: port-scam", 2, "is not one of schema/behaviours.yaml"),
        ("severity: medium", "severity: huge", 3, "severity"),
        ("window: 10m", "window: ten", 4, "write a number"),
        ("every: 5m", "every: 3m", 5, "multiple"),
        ("every: 5m", "every: 10s", 5, "too small"),
        ("reads: [flow]", "reads: [flows]", 1, "there is no flows"),
        ("family: scan", "family: scan\ncolour: red", 8, "is not a key of a rule"),
        ("weight: 1.0", "weight: -1", 10, "weight"),
        ("calls:", "tries:", 9, "is not used"),
        ("{machine} called", "{engine} called", 12, "the same {names}"),
        ("id: many-calls", "id: other", 1, "must be the same"),
        ("behaviour: port-scan", "behaviour: port-scan\nstage: c2", 3, "has the stage discovery"),
    ],
)
def test_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int, says: str) -> None:
    write_rule(tmp_path, **{old: new})
    found = messages(tmp_path)
    assert any(f"rule.yaml:{line}: " in message and says in message for message in found), found


@pytest.mark.parametrize(
    ("query", "line", "says"),
    [
        (QUERY.replace('"source.ip" as machine', '"source.adress" as machine'), 1, '"source.adress" is no column'),
        (QUERY.replace("from flow", "from raw_flow"), 3, "never raw_"),
        (QUERY.replace("from flow", "from main.flow"), 3, "never raw_"),
    ],
)
def test_mistake_in_the_query_is_told_with_its_line(tmp_path: Path, query: str, line: int, says: str) -> None:
    write_rule(tmp_path, query=query)
    assert any(f"query.sql:{line}: " in message and says in message for message in messages(tmp_path))


def test_bad_rule_stops_no_other(tmp_path: Path) -> None:
    write_rule(tmp_path, id="bad", **{"severity: medium": "severity: huge"})
    write_rule(tmp_path, id="good")
    found = loaded(tmp_path)
    assert list(found.rules) == ["good"]
    assert [error.rule for error in found.errors] == ["bad"]


def test_site_changes_parameters(tmp_path: Path) -> None:
    write_rule(tmp_path)
    assert loaded(tmp_path, **{"many-calls": {"calls": 7}}).rules["many-calls"].bound == {"calls": 7}


@pytest.mark.parametrize(("value", "says"), [(0, "below 1"), (500, "above 100"), ("many", "kind"), (True, "kind")])
def test_parameter_of_the_site_is_checked(tmp_path: Path, value: object, says: str) -> None:
    write_rule(tmp_path)
    assert any(says in message for message in messages(tmp_path, **{"many-calls": {"calls": value}}))


def test_unknown_rules_and_parameters_of_the_site_are_told(tmp_path: Path) -> None:
    write_rule(tmp_path)
    found = messages(tmp_path, **{"many-calls": {"cals": 1}, "other": {"x": 1}})
    assert any("parameter cals" in message for message in found)
    assert any("no rule of that name" in message for message in found)


def test_broken_edit_keeps_the_old_rule(tmp_path: Path) -> None:
    path = write_rule(tmp_path)
    found = loaded(tmp_path)
    (path / "rule.yaml").write_text("id: [", encoding="utf-8")
    assert found.refresh()
    assert found.rules["many-calls"].bound == {"calls": 3}
    assert any("is not YAML" in error.message for error in found.errors)
    assert not found.refresh()


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (QUERY.replace("count(*) as calls", "count(* as calls"), "syntax error"),
        (QUERY + "; select 1", "one SELECT"),
        ("create table x as select $calls", "one SELECT"),
        (QUERY.replace("from flow", "from flow, dns"), "not in reads"),
        (QUERY.replace("as machine", "as host"), "no column machine"),
        (QUERY.replace("as calls", "as tries"), "no column calls"),
    ],
)
def test_worker_refuses_what_is_no_rule(tmp_path: Path, query: str, says: str) -> None:
    write_rule(tmp_path, query=query)
    engine = BehaviourEngine([RuleFolder(tmp_path, rehearsed=True)])
    try:
        assert any(says in error.message for error in engine.errors), [str(error) for error in engine.errors]
        assert not engine.rules
    finally:
        engine.close()


def test_shipped_rules_are_in_order() -> None:
    engine = BehaviourEngine([RuleFolder(SHIPPED / "behaviour", rehearsed=True)])
    try:
        assert [str(error) for error in engine.errors] == []
        assert len(engine.rules) >= 30
    finally:
        engine.close()


def test_every_shipped_rule_has_cases() -> None:
    folders = [path.parent for path in (SHIPPED / "behaviour").glob("*/rule.yaml")]
    assert [folder.name for folder in folders if not (folder / "cases.yaml").exists()] == []
