"""Every route as every role: what is allowed, what is refused, and what a foreign unit never sees."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from dashboards.console.access import Needs, allowed, needed
from pipelines.store.state.people import ROLES
from tests.console.conftest import Enter

VALUES = {
    "/alerts/{identity}": "alert0",
    "/machines/{identity}": "mac:00",
    "/cases/{identity}": "case0",
    "/files/{file}": "file0",
    "/events/{identity}": "e1",
    "/people/{name}": "leader",
    "/suppressions/{identity}": "s1",
    "/rules/{rule}": "beacon",
    "/indicators/{identity}": "i1",
    "/units/{identity}": "bcy",
    "/units.{kind}": "csv",
}
LASTING = {"/live"}
"""Streams that do not end by themselves; tested in the browser."""


def routes(app: FastAPI) -> list[APIRoute]:
    found: list[APIRoute] = []
    pending = list(app.router.routes)
    while pending:
        route = pending.pop()
        if isinstance(route, APIRoute):
            found.append(route)
        pending.extend(getattr(getattr(route, "original_router", None), "routes", []))
    return found


def address(route: APIRoute) -> str:
    path = route.path
    for start, value in VALUES.items():
        if start in path:
            name = start[start.index("{") :]
            path = path.replace(name, value)
    return path


def test_every_route_names_what_it_needs(office_app: FastAPI) -> None:
    found = routes(office_app)
    assert len(found) > 30
    assert [route.path for route in found if needed(route.endpoint) is None] == []


@pytest.mark.parametrize("role", ROLES)
def test_reading_is_allowed_or_refused_by_role(office_app: FastAPI, enter: Enter, role: str) -> None:
    client = enter(role)
    for route in routes(office_app):
        if "GET" not in (route.methods or ()) or route.path in LASTING:
            continue
        permission = needed(route.endpoint)
        assert permission is not None
        status = client.get(address(route)).status_code
        if permission in (Needs.PUBLIC, Needs.HALF, Needs.ENTERED) or allowed((role,), permission):
            foreign = role == "unit_admin" and any(one in address(route) for one in ("alert0", "mac:00", "case0"))
            assert status in ((404,) if foreign else (200, 303)), (route.path, status)
        else:
            assert status == 403, (route.path, status)


@pytest.mark.parametrize("role", ROLES)
def test_changes_are_refused_to_roles_without_the_right(office_app: FastAPI, enter: Enter, role: str) -> None:
    client = enter(role)
    proof = {"x-csrf-token": _proof(client)}
    for route in routes(office_app):
        permission = needed(route.endpoint)
        if "POST" in (route.methods or ()) and permission in (
            Needs.TRIAGE,
            Needs.TUNE,
            Needs.PEOPLE_CHANGE,
            Needs.UNITS_CHANGE,
        ):
            status = client.post(address(route), headers=proof, data={}).status_code
            assert status == (422 if allowed((role,), permission) else 403), (route.path, status)


def test_nobody_reads_anything_without_log_in(office_app: FastAPI) -> None:
    client = TestClient(office_app, follow_redirects=False)
    for route in routes(office_app):
        if "GET" not in (route.methods or ()) or needed(route.endpoint) is Needs.PUBLIC:
            continue
        answer = client.get(address(route))
        expected = 401 if route.path.startswith("/api/") else 303
        assert answer.status_code == expected, route.path
        assert "VP-TINHUY" not in answer.text


def test_a_unit_administrator_sees_the_own_unit_only(enter: Enter) -> None:
    client = enter("unit_admin")
    listed = client.get("/api/v1/machines").json()
    assert {machine["unit"] for machine in listed["machines"]} == {"bcy"}
    alerts = client.get("/api/v1/alerts", params={"state": "all"}).json()
    assert [group["machine"]["id"] for group in alerts["groups"]] == ["mac:02"]
    assert client.get("/api/v1/overview").json()["total"] == 2
    assert [unit["id"] for unit in client.get("/api/v1/units").json()["units"]] == ["bcy"]
    assert client.get("/api/v1/units/vp-tinhuy").status_code == 404
    assert client.get("/api/v1/machines/mac:00").status_code == 404
    assert client.get("/api/v1/alerts/alert0").status_code == 404


def _proof(client: TestClient) -> str:
    from tests.console.conftest import token

    return token(client.get("/account").text)
