"""What people see and do stands in the audit log, whole and in order."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text

from tests.console.conftest import entered, token


def entries(app: FastAPI) -> list[dict[str, object]]:
    found: list[dict[str, object]] = entered(app, "auditor").get("/api/v1/audit").json()["entries"]
    return found


def test_looking_deciding_and_leaving_are_recorded(fresh_app: FastAPI) -> None:
    client = entered(fresh_app, "specialist")
    client.get("/machines/mac:00")
    client.get("/api/v1/alerts/alert1")
    proof = token(client.get("/account").text)
    client.post("/alerts/alert0/decision", data={"csrf": proof, "decision": "confirm"})
    client.get("/hunt.csv", params={"text": "source.ip:10.20.7.10"})
    client.post("/logout", data={"csrf": proof})
    own = [(one["action"], one["entity"]) for one in entries(fresh_app) if one["actor"] == "specialist"]
    assert own[::-1] == [
        ("log_in", "person:specialist"),
        ("machine_page", "machines:mac:00"),
        ("alert_page", "alerts:alert1"),
        ("decide", "alerts:alert0"),
        ("export", "hunt"),
        ("log_out", "person:specialist"),
    ]


def test_refused_log_ins_are_recorded_without_the_password(fresh_app: FastAPI) -> None:
    client = TestClient(fresh_app, follow_redirects=False)
    form = {"name": "leader", "password": "secret-guess-1", "csrf": token(client.get("/login").text)}
    assert client.post("/login", data=form).status_code == 401
    found = entries(fresh_app)
    assert [one["details"] for one in found if one["actor"] == "leader"] == [{"outcome": "wrong"}]
    assert "secret-guess" not in str(found)


def test_tampering_shows_on_the_page(fresh_app: FastAPI) -> None:
    client = entered(fresh_app, "auditor")
    assert "note good" in client.get("/audit/proof").text
    with fresh_app.state.console.database.transaction() as session:
        session.execute(text("update audit_entry set actor = 'minh' where number = 1"))
    assert "note bad" in client.get("/audit/proof").text
