"""A specialist tunes a rule, turns it off, and sees how far it can be trusted."""

from __future__ import annotations

from fastapi import FastAPI

from pipelines.lifecycle import changes
from tests.console.conftest import entered, token

REASON = "phần mềm kế toán gọi đều"


def test_a_rule_is_tuned_within_its_bounds_and_turned_off(fresh_app: FastAPI) -> None:
    client = entered(fresh_app, "specialist")
    page = client.get("/rules/beacon").text
    proof = token(page)
    before = {one["name"]: one for one in client.get("/api/v1/rules/beacon").json()["parameters"]}
    assert before["strictness"]["why"] in page.replace("&#39;", "'")
    sent = {"csrf": proof, "reason": REASON, "parameter.strictness": "1,2"}
    assert client.post("/rules/beacon/change", data=sent).status_code == 303
    line = client.get("/api/v1/rules/beacon").json()
    assert {one["name"]: one["value"] for one in line["parameters"]}["strictness"] == 1.2
    assert (line["line"]["tuned"], line["changed_by"]) == (True, "specialist")
    for wrong in ("1000000", "nhiều", ""):
        answer = client.post("/api/v1/rules/beacon/change", headers={"x-csrf-token": proof},
                             data={"reason": REASON, "parameter.strictness": wrong})  # fmt: skip
        assert answer.status_code == 422
    client.post("/rules/beacon/change", data={"csrf": proof, "reason": REASON, "off": "true"})
    with fresh_app.state.console.database.session() as session:
        assert changes.in_force(session) == changes.Changes(frozenset({"beacon"}), {})
    client.post("/rules/beacon/change", data={"csrf": proof, "reason": REASON})
    with fresh_app.state.console.database.session() as session:
        assert changes.in_force(session) == changes.Changes()


def test_verdicts_make_the_record(fresh_app: FastAPI) -> None:
    client = entered(fresh_app, "specialist")
    proof = {"x-csrf-token": token(client.get("/account").text)}
    assert client.get("/api/v1/rules/beacon").json()["line"]["ledger"]["precision"] is None
    client.post("/api/v1/alerts/alert0/decision", headers=proof, data={"decision": "confirm"})
    ledger = client.get("/api/v1/rules/beacon").json()["line"]["ledger"]
    assert (ledger["confirmed"], ledger["precision"], ledger["high"]) == (1, 1.0, 1.0)
    assert 0.2 < ledger["low"] < 0.21


def test_a_rule_that_is_not_there_is_not_found(fresh_app: FastAPI) -> None:
    assert entered(fresh_app, "specialist").get("/rules/no-such-rule").status_code == 404
