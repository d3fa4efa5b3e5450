"""Log-in, sessions, forged requests, hostile content, headers."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from dashboards.console.app import create
from dashboards.console.security.accounts import add_person
from dashboards.console.settings import ConsoleSettings
from pipelines.store import state
from pipelines.store.state.people import LoginSession
from tests.console import seed
from tests.console.conftest import Enter, entered, token

PAGES = ("/", "/alerts?state=all", "/alerts/alert0", "/alerts/alert0/preview", "/machines", "/machines/mac:01", "/hunt?range=all",
         "/events/e1", "/health", "/rules", "/account")  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_what_comes_from_traffic_is_never_markup(enter: Enter, path: str) -> None:
    page = enter("specialist").get(path)
    assert page.status_code == 200
    assert "<img src=x" not in page.text
    assert "49" not in page.text.split("onerror")[0][-60:]  # a template inside a name is not run


@pytest.mark.parametrize("path", [*PAGES, "/login", "/static/dist/manifest.json", "/nothing"])
def test_every_answer_carries_the_security_headers(enter: Enter, path: str) -> None:
    headers = enter("specialist").get(path).headers
    assert "script-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", PAGES)
def test_pages_hold_nothing_inline(enter: Enter, path: str) -> None:
    page = enter("specialist").get(path).text
    assert "<style" not in page
    assert " style=" not in page
    assert "onclick=" not in page
    assert page.count("<script") == page.count('<script type="module" src="/static/dist/')


def test_a_change_without_proof_is_refused(fresh_app: FastAPI) -> None:
    client = entered(fresh_app, "specialist")
    answer = client.post("/alerts/alert0/decision", data={"decision": "false_alarm"})
    assert answer.status_code == 403
    assert client.get("/api/v1/alerts/alert0").json()["alert"]["state"] == "new"


def test_a_change_from_another_site_is_refused(fresh_app: FastAPI) -> None:
    client = entered(fresh_app, "specialist")
    proof = token(client.get("/account").text)
    answer = client.post(
        "/alerts/alert0/decision",
        data={"decision": "false_alarm", "csrf": proof},
        headers={"origin": "http://evil.example"},
    )
    assert answer.status_code == 403


def test_decisions_change_the_alert_and_name_the_person(fresh_app: FastAPI) -> None:
    client = entered(fresh_app, "specialist")
    proof = token(client.get("/account").text)
    answer = client.post(
        "/alerts/alert0/decision", data={"decision": "acknowledge", "csrf": proof}, headers={"hx-request": "true"}
    )
    assert answer.status_code == 200
    assert 'id="decision-alert0"' in answer.text
    alert = client.get("/api/v1/alerts/alert0").json()["alert"]
    assert (alert["state"], alert["assignee"]) == ("acknowledged", "specialist")
    client.post("/alerts/alert0/decision", data={"decision": "false_alarm", "note": "máy quét của ta", "csrf": proof})
    alert = client.get("/api/v1/alerts/alert0").json()
    assert (alert["alert"]["state"], alert["alert"]["verdict"], alert["note"]) == (
        "closed",
        "false_alarm",
        "máy quét của ta",
    )


def test_wrong_passwords_lock_the_account_for_a_while(fresh_app: FastAPI) -> None:
    client = TestClient(fresh_app, follow_redirects=False)
    proof = token(client.get("/login").text)
    for _ in range(5):
        assert (
            client.post("/login", data={"name": "leader", "password": "sai mật khẩu", "csrf": proof}).status_code == 401
        )
    locked = client.post("/login", data={"name": "leader", "password": seed.PASSWORD, "csrf": proof})
    assert locked.status_code == 401
    assert "tạm khóa" in locked.text


def test_unknown_names_and_wrong_passwords_read_alike(fresh_app: FastAPI) -> None:
    client = TestClient(fresh_app, follow_redirects=False)
    proof = token(client.get("/login").text)
    answers = [
        client.post("/login", data={"name": name, "password": "sai", "csrf": proof}).text.replace(name, "·")
        for name in ("leader", "nobody")
    ]
    assert answers[0] == answers[1]


def test_attempts_of_one_address_are_braked(fresh_app: FastAPI) -> None:
    fresh_app.state.console.throttle._limit = 3
    client = TestClient(fresh_app, follow_redirects=False)
    proof = token(client.get("/login").text)
    codes = [
        client.post("/login", data={"name": f"x{i}", "password": "p", "csrf": proof}).status_code for i in range(4)
    ]
    assert codes == [401, 401, 401, 429]


def test_a_one_time_password_opens_nothing_but_its_change(fresh_app: FastAPI) -> None:
    with fresh_app.state.console.database.transaction() as session:
        password = add_person(session, "moi", ("specialist",))
    client = entered(fresh_app, "moi", password)
    assert client.get("/").headers["location"] == "/password"
    assert client.get("/api/v1/overview").status_code == 403
    form = {"csrf": token(client.get("/password").text), "old": password}
    weak = client.post("/password", data={**form, "new": "ngan", "again": "ngan"})
    assert weak.status_code == 422
    good = "trời hôm nay nhiều mây"
    assert client.post("/password", data={**form, "new": good, "again": good}).status_code == 303
    assert client.get("/").status_code == 200


def test_log_out_ends_the_session_on_the_server(fresh_app: FastAPI) -> None:
    client = entered(fresh_app, "leader")
    cookies = dict(client.cookies)
    client.post("/logout", data={"csrf": token(client.get("/account").text)})
    other = TestClient(fresh_app, follow_redirects=False, cookies=cookies)
    assert other.get("/").headers["location"] == "/login"


def test_the_state_keeps_neither_tokens_nor_passwords(fresh_app: FastAPI) -> None:
    client = entered(fresh_app, "leader")
    with fresh_app.state.console.database.session() as session:
        kept = [row.id for row in session.query(LoginSession)]
    assert client.cookies["vonggac_session"] not in kept


def test_large_bodies_are_refused(enter: Enter) -> None:
    assert enter("leader").post("/preferences", content=b"x" * 600_000).status_code == 413


def test_a_log_in_goes_on_to_pages_of_this_console_only(fresh_app: FastAPI) -> None:
    client = TestClient(fresh_app, follow_redirects=False)
    proof = token(client.get("/login").text)
    form = {"name": "leader", "password": seed.PASSWORD, "csrf": proof, "goal": "//evil.example/"}
    assert client.post("/login", data=form).headers["location"] == "/"


def test_foreign_host_names_are_refused_where_hosts_are_set(tmp_path_factory: pytest.TempPathFactory) -> None:
    url, store = seed.office(tmp_path_factory.mktemp("hosts"))
    client = TestClient(
        create(url, store, ConsoleSettings(hosts=("vonggac.example",))), base_url="http://rebound.example"
    )
    assert client.get("/login").status_code == 400
    state.open(url).close()
    store.close()
