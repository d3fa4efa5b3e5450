"""Workflow and playbooks as data: complete, and mistakes are told with their place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.cases import clocks, playbooks
from pipelines.cases.playbooks import PHASES, Sign, plan
from pipelines.cases.workflow import SHIPPED, WorkflowError, read, workflow
from pipelines.settings import SettingsError, load
from schema import behaviours

NOW = datetime(2026, 11, 4, tzinfo=UTC)


def test_every_state_can_be_reached_and_left() -> None:
    flow = workflow()
    reached, frontier = {"new"}, {"new"}
    while frontier:
        frontier = {one.to for one in flow.transitions.values() if set(one.before) & frontier} - reached
        reached |= frontier
    assert reached == set(flow.states)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda flow: flow["transitions"]["close"].update(to="nowhere"), "transitions.close: no such state: nowhere"),
        (lambda flow: flow["transitions"]["close"].update(requires=["luck"]), "transitions.close.requires.0"),
        (lambda flow: flow["transitions"]["close"].update(by="anybody"), "transitions.close.by"),
        (
            lambda flow: flow["states"].update(limbo={"open": True, "waits": "time", "vi": "a", "en": "b"}),
            "states.limbo",
        ),
        (lambda flow: flow["returning"]["policy"].update(not_stages=["party"]), "no such stage: party"),
        (lambda flow: flow["opening"]["policy"].update(verdict="infected"), "opening.policy"),
    ],
)
def test_a_mistake_in_the_workflow_is_told(tmp_path: Path, change: Any, place: str) -> None:
    content = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    change(content)
    path = tmp_path / "workflow.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(WorkflowError, match="workflow") as caught:
        read(path)
    assert place in str(caught.value)


@pytest.mark.parametrize("behaviour", sorted(behaviours()))
def test_every_behaviour_has_steps_that_end_somewhere(behaviour: str) -> None:
    found = plan([Sign(behaviour, "")])
    assert found.first
    assert found.required
    ids = [task.id for task in found.tasks]
    assert len(ids) == len(set(ids))
    phases = [PHASES.index(task.step.phase) for task in found.tasks]
    assert phases == sorted(phases)
    if {"unplug", "unplug-at-once"} & set(ids):
        assert "reconnect" in found.required, "who says unplug says when to plug in again"


def test_the_gravest_sentence_stands_first_and_the_strict_step_replaces_the_light_one() -> None:
    found = plan([Sign("dynamic-dns", ""), Sign("c2-beacon", ""), Sign("ransomware", "")])
    assert found.first[0].vi.startswith("Mã độc tống tiền")
    ids = [task.id for task in found.tasks]
    assert ids[0] == "unplug-at-once"
    assert "unplug" not in ids


def test_families_add_steps_by_whole_words() -> None:
    assert set(plan([Sign("c2-http", "sigma Ramnit check-in")]).families) == {"ramnit"}
    assert plan([Sign("c2-http", "xramnity")]).families == {}
    assert "clean-usb" in plan([Sign("c2-http", "RAMNIT")]).required


def test_a_mistake_in_a_playbook_is_told(tmp_path: Path) -> None:
    for name in ("steps.yaml", "playbooks.yaml"):
        (tmp_path / name).write_text((playbooks.HERE / name).read_text(encoding="utf-8"), encoding="utf-8")
    text = (tmp_path / "playbooks.yaml").read_text(encoding="utf-8")
    (tmp_path / "playbooks.yaml").write_text(text.replace("[mining]", "[minig]"), encoding="utf-8")
    with pytest.raises(playbooks.PlaybookError, match="no such behaviour: minig"):
        playbooks.read(tmp_path)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"deadlines": {"urgent": "1h"}}, "cases.deadlines"),
        ({"quiet_days_for": {"nonsense": 3}}, "cases.quiet_days_for"),
        ({"time_zone": "Asia/Nowhere"}, "cases.time_zone"),
        ({"quiet_days": 0}, "cases.quiet_days"),
    ],
)
def test_settings_of_cases_are_checked(changes: dict[str, Any], place: str) -> None:
    with pytest.raises(SettingsError, match=place):
        load(changes={"cases": changes})


def test_deadlines_and_urgency() -> None:
    allowed = load().cases.deadlines
    limit = clocks.due(NOW, "high", allowed)
    assert limit == NOW + timedelta(hours=72)
    ages = [(0, "calm"), (53, "calm"), (54, "soon"), (71, "soon"), (72, "overdue")]
    assert [clocks.urgency(NOW, limit, NOW + timedelta(hours=h)) for h, _ in ages] == [word for _, word in ages]
    assert clocks.sooner(limit, NOW + timedelta(hours=60), "critical", allowed) == limit
    assert clocks.sooner(limit, NOW + timedelta(hours=1), "critical", allowed) == NOW + timedelta(hours=25)


def test_clocks_hold_for_what_the_law_names() -> None:
    def names(serious: bool, grave: bool) -> list[str]:
        return [one.name for one in clocks.incident_clocks(NOW, serious, grave, {}, NOW)]

    assert names(False, False) == []
    assert names(True, False) == ["first", "full"]
    assert names(False, True) == ["immediately", "first", "full"]
    done = clocks.incident_clocks(NOW, True, False, {"first": NOW}, NOW + timedelta(hours=80))
    assert [one.urgency for one in done] == ["done", "overdue"]
