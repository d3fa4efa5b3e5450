"""The console over a seeded office, entered as any role."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from dashboards.console.app import create
from dashboards.console.settings import ConsoleSettings
from tests.console import seed

Enter = Callable[[str], TestClient]


@pytest.fixture(scope="session")
def office_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """Shared by tests that change nothing."""
    yield from _app(tmp_path_factory.mktemp("office"))


@pytest.fixture
def fresh_app(tmp_path: Path) -> Iterator[FastAPI]:
    """For tests that change something."""
    yield from _app(tmp_path)


def _app(folder: Path) -> Iterator[FastAPI]:
    url, store = seed.office(folder)
    app = create(
        url,
        store,
        ConsoleSettings(attempts_per_address=1000, second_factor="optional", attachments=folder / "attachments"),
    )
    yield app
    app.state.console.database.close()
    store.close()


def token(page: str) -> str:
    """The proof against cross-site requests that a page carries."""
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found, page[:400]
    return found[1]


def entered(app: FastAPI, name: str, password: str = seed.PASSWORD) -> TestClient:
    """A browser that has logged in as ``name``."""
    client = TestClient(app, follow_redirects=False)
    form = {"name": name, "password": password, "csrf": token(client.get("/login").text)}
    answer = client.post("/login", data=form)
    assert answer.status_code == 303, answer.text
    return client


@pytest.fixture(scope="session")
def enter(office_app: FastAPI) -> Enter:
    """``enter(role)``: a client logged in as that role; one session a role."""
    known: dict[str, TestClient] = {}

    def client(role: str) -> TestClient:
        if role not in known:
            known[role] = entered(office_app, role)
        return known[role]

    return client
