"""Units in the console: a look before the change, what one sees of those below, and who did it."""

from __future__ import annotations

import re

from fastapi import FastAPI
from fastapi.testclient import TestClient

from pipelines.store.state.people import Person
from tests.console.conftest import entered, token


def upload(client: TestClient, text: str) -> str:
    proof = token(client.get("/units").text)
    answer = client.post("/units/look", data={"csrf": proof}, files={"file": ("units.csv", text.encode())})
    assert answer.status_code == 200
    return answer.text


def test_an_import_is_seen_first_and_then_taken(fresh_app: FastAPI) -> None:
    client = entered(fresh_app, "system_admin")
    present = client.get("/units.csv").text
    shown = upload(client, present.replace("Ban Cơ yếu", "Phòng Cơ yếu"))
    assert "<del>Ban Cơ yếu</del>" in shown
    assert "Ban Cơ yếu" in client.get("/units.csv").text, "a look changes nothing"
    content = re.search(r'name="content" value="([^"]+)"', shown)
    assert content
    done = client.post("/units/import", data={"csrf": token(shown), "content": content[1]})
    assert done.status_code == 200
    assert "Phòng Cơ yếu" in client.get("/units.csv").text
    auditor = entered(fresh_app, "auditor")
    acts = auditor.get("/api/v1/audit", params={"action": "import_units"}).json()["entries"]
    assert [(one["actor"], one["details"]["changed"]) for one in acts] == [("system_admin", ["bcy"])]


def test_mistakes_are_told_by_row_and_nothing_is_taken(fresh_app: FastAPI) -> None:
    client = entered(fresh_app, "system_admin")
    shown = upload(client, "id,name,networks\na,A,10.0.0.0/8\nb,B,10.1.0.0/16\n")
    assert "10.1.0.0/16 of b overlaps 10.0.0.0/8 of a" in shown
    assert "/units/import" not in shown


def test_an_administrator_sees_everything_below_the_own_unit(fresh_app: FastAPI) -> None:
    with fresh_app.state.console.database.transaction() as session:
        session.get_one(Person, "unit_admin").units = ["bandang"]
    client = entered(fresh_app, "unit_admin")
    assert [unit["id"] for unit in client.get("/api/v1/units").json()["units"]] == ["bandang", "bcy"]
    assert {machine["unit"] for machine in client.get("/api/v1/machines").json()["machines"]} == {"bcy"}


def test_two_roles_add_up(fresh_app: FastAPI) -> None:
    with fresh_app.state.console.database.transaction() as session:
        session.get_one(Person, "unit_admin").roles = ["unit_admin", "leader"]
    client = entered(fresh_app, "unit_admin")
    assert {machine["unit"] for machine in client.get("/api/v1/machines").json()["machines"]} >= {"bcy", "vp-tinhuy"}
    assert client.get("/health").status_code == 200
    assert client.post("/alerts/alert0/decision").status_code == 403
