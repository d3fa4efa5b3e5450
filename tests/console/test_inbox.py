"""The inbox: everybody's own messages, the unread ones counted, none about what one may not see."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from pipelines.cases import timeline
from pipelines.store.state import Case, Message, Person
from tests.console.conftest import entered, token


def told(app: FastAPI, *people: str, kind: str = "mentioned", text: str = "xem giúp <b>tôi</b>") -> None:
    with app.state.console.database.transaction() as session:
        case = session.get_one(Case, "case0")
        data = {"by": "leader", "text": text, "due": "2026-11-05T01:00:00+00:00"}
        timeline.tell(session, case, kind, people, f"case0:{kind}:{text}", data)


def inbox(client: TestClient, shown: str = "unread") -> list[dict[str, object]]:
    answer = client.get("/api/v1/inbox", params={"shown": shown})
    assert answer.status_code == 200
    found: list[dict[str, object]] = answer.json()["messages"]
    return found


def proof(client: TestClient) -> dict[str, str]:
    return {"x-csrf-token": token(client.get("/account").text)}


def test_messages_are_counted_shown_and_marked_as_read(fresh_app: FastAPI) -> None:
    client = entered(fresh_app, "specialist")
    assert "Chưa có tin nào" in client.get("/inbox?shown=all").text
    told(fresh_app, "specialist")
    told(fresh_app, "specialist", kind="reminder", text="")
    page = client.get("/inbox").text
    assert "Tin của tôi, 2 tin chưa đọc" in page
    assert "leader nhắc đến bạn" in page
    assert "05/11/2026" in page
    assert "xem giúp &lt;b&gt;tôi&lt;/b&gt;" in page
    assert "⟨" not in page
    reminder, mention = inbox(client)
    assert (reminder["kind"], mention["kind"]) == ("reminder", "mentioned")
    answer = client.post(f"/inbox/{mention['id']}/read", headers=proof(client))
    assert (answer.status_code, answer.headers["location"]) == (303, "/inbox")
    assert [one["kind"] for one in inbox(client)] == ["reminder"]
    assert [one["unread"] for one in inbox(client, "all")] == [True, False]


def test_everything_up_to_what_was_shown_is_read_and_nothing_newer(fresh_app: FastAPI) -> None:
    client = entered(fresh_app, "specialist")
    told(fresh_app, "specialist", text="một")
    newest = client.get("/api/v1/inbox").json()["newest"]
    told(fresh_app, "specialist", text="hai")
    client.post("/inbox/read", data={"newest": newest}, headers=proof(client))
    assert [one["text"] for one in inbox(client)] == ["hai"]


def test_looking_at_the_case_reads_its_messages(fresh_app: FastAPI) -> None:
    client = entered(fresh_app, "specialist")
    told(fresh_app, "specialist", "leader")
    assert client.get("/cases/case0").status_code == 200
    assert inbox(client) == []
    assert len(inbox(entered(fresh_app, "leader"))) == 1


def test_nobody_reads_or_marks_the_messages_of_others(fresh_app: FastAPI) -> None:
    told(fresh_app, "specialist")
    other = entered(fresh_app, "leader")
    assert inbox(other, "all") == []
    with fresh_app.state.console.database.session() as session:
        identity = session.scalars(select(Message.id)).one()
    assert other.post(f"/inbox/{identity}/read", headers=proof(other)).status_code == 303
    assert other.post("/inbox/read", data={"newest": identity}, headers=proof(other)).status_code == 303
    assert len(inbox(entered(fresh_app, "specialist"))) == 1


def test_a_message_about_a_case_out_of_sight_stays_hidden(fresh_app: FastAPI) -> None:
    told(fresh_app, "unit_admin", "system_admin")
    foreign, machinery = entered(fresh_app, "unit_admin"), entered(fresh_app, "system_admin")
    for client in (foreign, machinery):
        assert inbox(client, "all") == []
        assert "chưa đọc" not in client.get("/").text
    with fresh_app.state.console.database.transaction() as session:
        session.get_one(Person, "unit_admin").units = ["vp-tinhuy"]
    assert len(inbox(foreign)) == 1
    assert "1 tin chưa đọc" in foreign.get("/").text


def test_every_kind_of_message_has_its_words(fresh_app: FastAPI) -> None:
    client = entered(fresh_app, "specialist")
    kinds = ["assigned", "mentioned", "comment", "moved", "returned", "reminder", "escalated", "verified", "clock"]
    for kind in kinds:
        told(fresh_app, "specialist", kind=kind)
    assert "⟨" not in client.get("/inbox").text
    client.post("/preferences", data={"language": "en", "csrf": token(client.get("/account").text)})
    assert "⟨" not in client.get("/inbox").text
