"""Cases in the terminal, over the seeded office."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from sqlalchemy import select

from pipelines.cases import book
from pipelines.settings import load
from pipelines.store import state
from pipelines.store.state import AuditEntry, Case
from tests.console import seed
from vonggac.commands import app


@pytest.fixture
def site(tmp_path: Path) -> Path:
    path = tmp_path / "site.yaml"
    path.write_text(yaml.safe_dump({"data": str(tmp_path / "data")}), encoding="utf-8")
    settings = load(path)
    settings.data.mkdir(parents=True)
    database = state.open(settings.state_url)
    for fill in (seed.organisation, seed.people, seed.machines, seed.alerts, seed.cases):
        fill(database)
    actor = book.Actor("specialist", frozenset({"cases_work", "cases_approve"}))
    with database.transaction() as session:
        case = session.get_one(Case, "case0")
        book.comment(session, case, actor, "rút dây\x1b[2J\nmạng")
        book.move(session, case, "acknowledge", actor, settings.cases)
    database.close()
    return path


def called(site: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["case", *arguments, "--config", str(site)])
    return result.exit_code, result.output


def test_open_cases_are_listed_and_shown(site: Path) -> None:
    code, said = called(site, "list")
    assert code == 0
    columns = said.rstrip("\n").split("\t")
    assert columns[:3] == ["1", "Đã tiếp nhận", "high"]
    assert columns[4:] == ["VP-TINHUY-00", "vp-tinhuy", "specialist"]
    assert called(site, "list", "--overdue") == (0, "")
    code, said = called(site, "show", "1", "--language", "en")
    assert code == 0
    assert "Acknowledged" in said
    assert "! high  beacon" in said
    assert "[ ] " in said
    assert "new → acknowledged" in said
    assert "\x1b" not in said
    assert "rút dây [2J mạng" in said


def test_the_whole_case_is_one_json_document_and_the_audit_log_knows(site: Path) -> None:
    code, said = called(site, "export", "1")
    assert code == 0
    told = json.loads(said)
    assert (told["version"], told["case"]["number"], told["case"]["state"]) == (1, 1, "acknowledged")
    assert told["machine"]["addresses"][0]["address"] == "10.20.7.10"
    assert {one["id"] for one in told["alerts"]} == {"alert0", "alert1"}
    assert [one["kind"] for one in told["timeline"]] == ["opened", "comment", "assigned", "moved"]
    assert told["timeline"][1]["data"]["text"] == "rút dây\x1b[2J\nmạng"
    assert told["attachments"][0]["sha256"] == "0" * 64
    assert told["watchers"] == ["specialist"]
    assert any(one["required"] and not one["complete"] for one in told["playbook"])
    database = state.open(load(site).state_url)
    with database.session() as session:
        actions = session.scalars(select(AuditEntry.action)).all()
    database.close()
    assert "export_case" in actions


@pytest.mark.parametrize("command", ["show", "export"])
def test_a_case_that_is_not_there_is_one_clear_line(site: Path, command: str) -> None:
    assert called(site, command, "7") == (2, "vonggac: case 7: there is none; `vonggac case list --all` shows all\n")
    assert called(site, command, "x")[0] == 2
