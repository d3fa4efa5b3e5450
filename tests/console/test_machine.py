"""The page of one machine: what it serves, runs, fetches and who logs in from it; and the devices of nobody."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from pipelines.store.state.machines import Machine
from tests.console import seed
from tests.console.conftest import Enter, entered


def doings(enter: Enter, machine: str = "mac:00") -> dict[str, Any]:
    answer = enter("specialist").get(f"/api/v1/machines/{machine}", params={"range": "7d"})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["doings"]
    return found


def test_services_are_ports_that_answered(enter: Enter) -> None:
    services = [(one["port"], one["protocol"], one["connections"]) for one in doings(enter)["services"]]
    assert services == [(53, "dns", 3), (22, "ssh", 1)], "3389 did not answer; 443 is another's"
    assert doings(enter, "mac:01")["services"] == []


def test_peers_tell_who_opened_the_connections(enter: Enter) -> None:
    peers = {(one["address"], one["opened"]): one["connections"] for one in doings(enter)["peers"]}
    assert peers["203.0.113.9", True] == 40
    assert peers["10.20.7.11", False] == 2
    assert ("10.20.7.10", True) not in peers, "not itself"
    assert {(one["address"], one["opened"]) for one in doings(enter, "mac:01")["peers"]} == {("10.20.7.10", True)}


def test_files_have_a_direction_as_the_machine_sees_it(enter: Enter) -> None:
    files = {one["name"]: one["received"] for one in doings(enter)["files"]}
    assert files == {"hóa đơn.exe": True, "danh sách.docx": False}


def test_log_ins_and_software(enter: Enter) -> None:
    found = doings(enter)
    assert [(one["user"], one["domain"], one["outcome"]) for one in found["log_ins"]] == [
        (seed.HOSTILE, "TINHUY", "failure")
    ]
    assert {one["kind"] for one in found["software"]} == {"user_agent", "ja4"}


def test_guesses_name_their_reasons(enter: Enter) -> None:
    guesses = [(one["guess"], one["reason"], one["value"]) for one in doings(enter)["guesses"]]
    assert guesses[0] == ("Windows", "dhcp", "MSFT 5.0")
    assert guesses[1][:2] == ("Windows 7", "user_agent")
    assert guesses[2:] == [("Windows", "ttl", "127"), ("dns_server", "port_53", "3")]


def test_hours_are_those_of_the_local_day(enter: Enter) -> None:
    days = enter("specialist").get("/api/v1/machines/mac:00").json()["days"]
    assert len(days) == 14
    seen = {one["day"]: [hour for hour, there in enumerate(one["seen"]) if there] for one in days if one["hours"]}
    assert seen == {"2026-11-04": [3, 4, 5, 6, 7], "2026-11-03": [9, 10, 11, 12]}


def test_the_page_escapes_what_machines_say(enter: Enter) -> None:
    page = enter("specialist").get("/machines/mac:00").text
    assert "hóa đơn.exe" in page
    assert "<img src=x" not in page


def test_the_page_stands_when_the_store_does_not(fresh_app: FastAPI) -> None:
    client = entered(fresh_app, "specialist")
    for file in fresh_app.state.console.events.folder.rglob("*.parquet"):
        file.unlink()
    page = client.get("/machines/mac:00")
    assert page.status_code == 200
    assert "restore it from a backup" in page.text


def test_unknown_devices_are_home_machines_of_no_unit_newest_first(fresh_app: FastAPI) -> None:
    client = entered(fresh_app, "specialist")
    with fresh_app.state.console.database.transaction() as session:
        session.get_one(Machine, "mac:03").unit = None
    devices = client.get("/api/v1/machines/unknown").json()["devices"]
    assert [(one["id"], one["made_up"]) for one in devices] == [("mac:04", True), ("mac:03", False)]
    assert 'href="/machines/mac%3A04"' in client.get("/machines/unknown").text
    assert 'href="/machines/unknown"' in client.get("/units").text


def test_an_administrator_of_one_unit_sees_no_unknown_device(enter: Enter) -> None:
    client = enter("unit_admin")
    assert client.get("/api/v1/machines/unknown").json()["devices"] == []
    page = client.get("/machines/unknown").text
    assert "Galaxy-A13" not in page
    assert "do trung tâm theo dõi" in page
    assert 'href="/machines/unknown"' not in client.get("/units").text
