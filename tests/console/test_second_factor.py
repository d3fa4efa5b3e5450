"""The second factor: nothing without the code, no code twice, no way round, and a way back after a lost telephone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pyotp
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from dashboards.console.access import Needs, needed
from dashboards.console.app import create
from dashboards.console.security import second_factor
from dashboards.console.settings import ConsoleSettings
from pipelines.store.state import AuditEntry, Person, RecoveryCode, audit
from tests.console import seed
from tests.console.conftest import entered, token
from tests.console.test_access import address, routes

Clock = Callable[[float], None]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[FastAPI]:
    """A console that requires the second factor, as delivered."""
    url, store = seed.office(tmp_path)
    app = create(url, store, ConsoleSettings(attempts_per_address=1000))
    yield app
    app.state.console.database.close()
    store.close()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Sets the clock by which codes are judged."""

    def at(seconds: float) -> None:
        monkeypatch.setattr(second_factor.time, "time", lambda: seconds)

    at(3_000_000)
    return at


def enrolled(client: TestClient, at: float = 3_000_000) -> tuple[str, list[str]]:
    """Enrol; the secret and the recovery codes."""
    page = client.get("/second-factor").text
    found = re.search(r'class="mono">([A-Z2-7 ]+)<', page)
    assert found
    secret = found[1].replace(" ", "")
    done = client.post("/second-factor", data={"csrf": token(page), "code": pyotp.TOTP(secret).at(int(at))})
    assert done.status_code == 200
    return secret, re.findall(r"<li>([a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4})</li>", done.text)


def give(client: TestClient, code: str) -> int:
    return client.post("/code", data={"csrf": token(client.get("/code").text), "code": code}).status_code


@pytest.mark.parametrize("role", ["specialist", "system_admin"])
def test_roles_that_need_it_must_enrol_first(app: FastAPI, clock: Clock, role: str) -> None:
    client = entered(app, role)
    assert client.get("/").headers["location"] == "/second-factor"
    assert client.get("/api/v1/overview").json() == {"error": "enrol"}
    _, codes = enrolled(client)
    assert len(set(codes)) == second_factor.CODES
    assert client.get("/").status_code == 200


def test_other_roles_may_go_without(app: FastAPI) -> None:
    assert entered(app, "leader").get("/").status_code == 200


def test_a_password_alone_opens_nothing(app: FastAPI, clock: Clock) -> None:
    enrolled(entered(app, "specialist"))
    client = entered(app, "specialist")
    proof = {"x-csrf-token": token(client.get("/code").text)}
    for route in routes(app):
        permission = needed(route.endpoint)
        if permission in (Needs.PUBLIC, Needs.HALF):
            continue
        for method in route.methods or ():
            answer = client.request(method, address(route), headers=proof)
            if route.path.startswith("/api/"):
                assert answer.status_code == 403, route.path
            else:
                assert answer.headers["location"] == "/code", route.path


def test_the_code_completes_the_log_in_and_is_taken_once(app: FastAPI, clock: Clock) -> None:
    secret, _ = enrolled(entered(app, "specialist"))
    client = entered(app, "specialist")
    assert give(client, pyotp.TOTP(secret).at(3_000_000)) == 401  # the enrolment has used it
    clock(3_000_030)
    code = pyotp.TOTP(secret).at(3_000_030)
    assert give(client, f"{code[:3]} {code[3:]}") == 303
    assert client.get("/").status_code == 200
    assert give(entered(app, "specialist"), code) == 401


@pytest.mark.parametrize(("off", "status"), [(-60, 401), (-30, 303), (30, 303), (60, 401)])
def test_a_telephone_may_be_a_step_off(app: FastAPI, clock: Clock, off: int, status: int) -> None:
    secret, _ = enrolled(entered(app, "specialist"))
    clock(3_009_000)
    assert give(entered(app, "specialist"), pyotp.TOTP(secret).at(3_009_000 + off)) == status


def test_a_recovery_code_replaces_the_telephone_once(app: FastAPI, clock: Clock) -> None:
    _, codes = enrolled(entered(app, "specialist"))
    client = entered(app, "specialist")
    assert give(client, codes[0].upper().replace("-", " ")) == 303
    assert client.get("/").status_code == 200
    assert give(entered(app, "specialist"), codes[0]) == 401
    with app.state.console.database.session() as session:
        kept = session.scalars(select(RecoveryCode.hash)).all()
    assert len(kept) == second_factor.CODES - 1
    assert not set(kept) & set(codes)


def test_wrong_codes_lock_the_account_whatever_the_password(app: FastAPI, clock: Clock) -> None:
    enrolled(entered(app, "specialist"))
    for _ in range(4):
        assert give(entered(app, "specialist"), "000000") == 401  # each after the right password
    client = entered(app, "specialist")
    assert "tạm khóa" in client.post("/code", data={"csrf": token(client.get("/code").text), "code": "000000"}).text
    assert client.get("/code").headers["location"].startswith("/login")
    form = {"name": "specialist", "password": seed.PASSWORD, "csrf": token(client.get("/login").text)}
    assert client.post("/login", data=form).status_code == 401


def test_a_wrong_code_enrols_nothing(app: FastAPI, clock: Clock) -> None:
    client = entered(app, "specialist")
    page = client.get("/second-factor").text
    assert client.post("/second-factor", data={"csrf": token(page), "code": "000000"}).status_code == 422
    assert client.get("/").headers["location"] == "/second-factor"


def test_enrolment_ends_log_ins_made_without_it(app: FastAPI, clock: Clock) -> None:
    early, client = entered(app, "leader"), entered(app, "leader")
    enrolled(client)
    assert early.get("/").headers["location"] == "/login"


def test_another_telephone_needs_the_password(app: FastAPI, clock: Clock) -> None:
    client = entered(app, "specialist")
    enrolled(client)
    form = {"csrf": token(client.get("/second-factor").text)}
    assert client.post("/second-factor/remove", data={**form, "password": "sai"}).status_code == 422
    assert client.get("/").status_code == 200
    assert client.post("/second-factor/remove", data={**form, "password": seed.PASSWORD}).status_code == 303
    assert client.get("/").headers["location"] == "/second-factor"


def test_an_administrator_lifts_it_and_the_audit_log_tells(app: FastAPI, clock: Clock) -> None:
    lost = entered(app, "specialist")
    enrolled(lost)
    client = entered(app, "system_admin")
    enrolled(client)
    form = {"csrf": token(client.get("/people").text), "confirmed": "yes"}
    assert client.post("/people/system_admin/second-factor/remove", data=form).status_code == 422
    assert client.post("/people/specialist/second-factor/remove", data=form).status_code == 303
    assert lost.get("/").headers["location"] == "/login"
    assert entered(app, "specialist").get("/").headers["location"] == "/second-factor"
    with app.state.console.database.session() as session:
        told = session.execute(select(AuditEntry.actor, AuditEntry.action, AuditEntry.entity)).all()
        assert ("system_admin", "remove_second_factor", "people:specialist") in told
        assert audit.verify(session) is None
        assert session.get_one(Person, "specialist").totp_secret is None


def test_an_administrator_ends_the_log_ins_of_others(app: FastAPI, clock: Clock) -> None:
    other, client = entered(app, "leader"), entered(app, "system_admin")
    enrolled(client)
    form = {"csrf": token(client.get("/people").text), "confirmed": "yes"}
    assert client.post("/people/leader/sessions/end", data=form).status_code == 303
    assert other.get("/").headers["location"] == "/login"
