"""Cases in the console: worked by a unit's administrator and the centre, seen by nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi import FastAPI

from pipelines.store.state import Case, Person
from pipelines.store.state.base import now
from tests.console.conftest import entered, token

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def test_a_case_is_worked_on_by_its_unit_and_refused_to_others(fresh_app: FastAPI) -> None:
    foreign = entered(fresh_app, "unit_admin")
    proof = {"x-csrf-token": token(foreign.get("/account").text)}
    assert foreign.get("/api/v1/cases?shown=all").json()["cases"] == []
    answer = foreign.post("/api/v1/cases/case0/comment", data={"text": "xin chào"}, headers=proof)
    assert answer.status_code == 404
    with fresh_app.state.console.database.transaction() as session:
        session.get_one(Person, "unit_admin").units = ["vp-tinhuy"]
    here = "/api/v1/cases/case0"
    moved = foreign.post(f"{here}/move", data={"transition": "acknowledge"}, headers=proof)
    assert moved.json()["case"]["state"] == "acknowledged"
    refused = foreign.post(f"{here}/move", data={"transition": "clean"}, headers=proof)
    assert refused.status_code == 422
    assert "bước bắt buộc" in refused.json()["needs"]
    assert (
        foreign.post(f"{here}/move", data={"transition": "dismiss", "comment": "x"}, headers=proof).status_code == 403
    )
    assert foreign.post(f"{here}/incident", data={"incident": "true"}, headers=proof).status_code == 403


def test_proof_is_uploaded_and_only_downloaded(fresh_app: FastAPI) -> None:
    client = entered(fresh_app, "specialist")
    proof = {"x-csrf-token": token(client.get("/account").text)}
    here = "/api/v1/cases/case0"
    files = {"file": ("<b>ảnh</b>.png", PNG, "text/html")}
    answer = client.post(f"{here}/steps/unplug", data={"done": "true"}, files=files, headers=proof)
    assert answer.status_code == 200, answer.text
    kept = answer.json()["files"][-1]
    task = next(one for one in answer.json()["tasks"] if one["id"] == "unplug")
    assert task["complete"]
    got = client.get(f"/cases/case0/files/{kept['id']}")
    assert got.content == PNG
    assert got.headers["content-type"] == "application/octet-stream"
    assert got.headers["content-disposition"].startswith("attachment")
    bad = {"file": ("x.html", b"<script>alert(1)</script>", "image/png")}
    assert client.post(f"{here}/steps/unplug", data={"done": "true"}, files=bad, headers=proof).status_code == 422
    hostile = client.post(f"{here}/comment", data={"text": "<script>alert(1)</script>"}, headers=proof)
    assert hostile.status_code == 200
    page = client.get("/cases/case0").text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "⟨" not in page
    unknown = client.get("/cases/case0/files/none")
    assert unknown.status_code == 404


@pytest.mark.parametrize(
    ("left", "state", "counts"),
    [(-1, "acknowledged", (1, 1, 0)), (10, "new", (1, 0, 1)), (60, "new", (1, 0, 0)), (-1, "observation", (1, 0, 0))],
)
def test_the_first_page_tells_which_cases_are_due(
    fresh_app: FastAPI, left: int, state: str, counts: tuple[int, int, int]
) -> None:
    with fresh_app.state.console.database.transaction() as session:
        case = session.get_one(Case, "case0")
        case.state, case.due_at = state, now() + timedelta(hours=left)
        case.opened_at = case.due_at - timedelta(hours=72)
    client = entered(fresh_app, "leader")
    told = client.get("/api/v1/overview").json()["cases"]
    assert (told["open"], told["overdue"], told["soon"]) == counts
    assert [one["id"] for one in told["nearest"]] == ([] if state == "observation" else ["case0"])
    page = client.get("/").text
    assert ("/cases?shown=overdue" in page, "/cases?shown=soon" in page) == (counts[1] == 1, counts[2] == 1)
    for shown, expected in zip(("overdue", "soon"), counts[1:], strict=True):
        assert client.get("/api/v1/cases", params={"shown": shown}).json()["total"] == expected


def test_the_first_page_tells_nothing_of_cases_out_of_sight(fresh_app: FastAPI) -> None:
    assert entered(fresh_app, "system_admin").get("/api/v1/overview").json()["cases"] is None
    told = entered(fresh_app, "unit_admin").get("/api/v1/overview").json()["cases"]
    assert (told["open"], told["nearest"]) == (0, [])
