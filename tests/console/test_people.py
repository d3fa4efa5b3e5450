"""Accounts made and changed in the console."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from pipelines.store.state import AuditEntry, Person, audit
from tests.console.conftest import entered, token


def post(client: TestClient, path: str, **form: object) -> tuple[int, str]:
    answer = client.post(path, data={"csrf": token(client.get("/people").text), **form})
    return answer.status_code, answer.text


def test_a_new_account_enters_with_its_first_password(fresh_app: FastAPI) -> None:
    client = entered(fresh_app, "system_admin")
    proof = {"x-csrf-token": token(client.get("/people").text)}
    form = {"account": "lan", "roles": ["unit_admin", "leader"], "units": "bcy", "full_name": "Nguyễn Thị Lan"}
    made = client.post("/api/v1/people/add", headers=proof, data=form).json()
    assert entered(fresh_app, "lan", made["password"]).get("/").headers["location"] == "/password"
    with fresh_app.state.console.database.session() as session:
        lan = session.get_one(Person, "lan")
        assert (lan.roles, lan.units, lan.full_name) == (["unit_admin", "leader"], ["bcy"], "Nguyễn Thị Lan")
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "add_person")).one()
        assert (entry.actor, entry.entity) == ("system_admin", "person:lan")
        assert made["password"] not in str(entry.details)
        assert audit.verify(session) is None
    status, page = post(client, "/people/add", account="minh", roles="leader")
    assert status == 200
    assert "chỉ hiện một lần" in page


def test_what_cannot_be_is_refused(fresh_app: FastAPI) -> None:
    client = entered(fresh_app, "system_admin")
    assert post(client, "/people/add", account="leader", roles="leader")[0] == 422  # in use
    assert post(client, "/people/add", account="Lan Anh", roles="leader")[0] == 422
    assert post(client, "/people/add", account="lan", roles="root")[0] == 422
    assert post(client, "/people/add", account="lan", roles="unit_admin")[0] == 422  # no unit
    status, page = post(client, "/people/add", account="lan", roles="unit_admin", units="bcy, khong-co")
    assert status == 422
    assert "khong-co" in page
    with fresh_app.state.console.database.session() as session:
        assert session.get(Person, "lan") is None


def test_a_changed_role_holds_at_once(fresh_app: FastAPI) -> None:
    client, other = entered(fresh_app, "system_admin"), entered(fresh_app, "leader")
    assert other.get("/audit").status_code == 403
    assert post(client, "/people/leader/change", roles="auditor", full_name="Người khác")[0] == 303
    assert other.get("/audit").status_code == 200
    assert post(client, "/people/system_admin/change", roles="auditor")[0] == 422  # one's own
    assert post(client, "/people/leader/change", roles="unit_admin")[0] == 422
    assert post(client, "/people/nobody/change", roles="leader")[0] == 404
