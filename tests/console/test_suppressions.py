"""A specialist suppresses an alert, sees what it hides, and ends it."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.console.conftest import entered, token

REASON = "sao lưu của Văn phòng"


def states(client: TestClient, state: str) -> list[str]:
    answer = client.get("/api/v1/alerts", params={"state": state}).json()
    return [alert["id"] for group in answer["groups"] for alert in group["alerts"]]


def test_an_alert_is_suppressed_stays_visible_and_comes_back(fresh_app: FastAPI) -> None:
    client = entered(fresh_app, "specialist")
    form = client.get("/alerts/alert0/suppress").text
    assert 'value="beacon"' in form
    looked = client.get("/api/v1/suppressions/preview", params={"rule": "beacon", "machine": "mac:00"}).json()
    assert (looked["findings"], looked["alerts"], looked["machines"]) == (10, 1, 1)
    values = {"csrf": token(form), "rule": "beacon", "machine": "mac:00", "peer": "", "reason": REASON, "days": 7}
    assert client.post("/suppressions", data=values).headers["location"] == "/suppressions"
    assert "alert0" in states(client, "suppressed")
    assert "alert0" not in states(client, "open")
    made = client.get("/api/v1/suppressions").json()["present"]
    assert [(one["reason"], one["created_by"], one["standing"]) for one in made] == [(REASON, "specialist", "in_force")]
    page = client.get("/suppressions").text
    assert REASON in page
    client.post(f"/suppressions/{made[0]['id']}/end", data={"csrf": token(page), "confirmed": "true"})
    assert "alert0" in states(client, "new")
    assert [one["standing"] for one in client.get("/api/v1/suppressions").json()["past"]] == ["ended"]


def test_a_peer_that_the_machine_never_called_hides_nothing(fresh_app: FastAPI) -> None:
    client = entered(fresh_app, "specialist")
    proof = {"x-csrf-token": token(client.get("/account").text)}
    looked = client.get("/api/v1/suppressions/preview", params={"machine": "mac:00", "peer": "198.51.100.1"}).json()
    assert looked["findings"] == 0
    client.post("/api/v1/suppressions", headers=proof, data={"peer": "198.51.100.1", "reason": REASON})
    assert "alert0" in states(client, "open")


def test_nothing_is_hidden_without_a_reason_or_for_everybody(fresh_app: FastAPI) -> None:
    client = entered(fresh_app, "specialist")
    proof = {"x-csrf-token": token(client.get("/account").text)}
    for values in ({"reason": REASON}, {"reason": ".", "rule": "beacon"}):
        answer = client.post("/api/v1/suppressions", headers=proof, data=values)
        assert answer.status_code == 422
        assert "⟨" not in answer.text
    assert states(client, "suppressed") == []


def test_a_window_is_announced_in_the_time_of_the_site(fresh_app: FastAPI) -> None:
    client = entered(fresh_app, "specialist")
    values = {
        "csrf": token(client.get("/suppressions").text), "kind": "scan", "machine": "10.20.7.11", "reason": REASON,
        "starts": "2026-11-03T00:00", "ends": "2026-11-05T00:00",
    }  # fmt: skip
    assert client.post("/suppressions/windows", data=values).status_code == 303
    [made] = client.get("/api/v1/suppressions").json()["past"]
    assert made["starts_at"] == "2026-11-02T17:00:00Z"
