"""A real console on loopback, driven in Debian's Chromium."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from dashboards.console.app import create
from dashboards.console.settings import ConsoleSettings
from tests.console import seed

ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync")  # fmt: skip
"""No sandbox because tests run as root; the others keep the browser from looking for its maker's servers."""


@pytest.fixture(scope="session")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a console over the seeded office."""
    url, store = seed.office(tmp_path_factory.mktemp("browser"))
    app = create(url, store, ConsoleSettings(attempts_per_address=1000, second_factor="optional"))
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)
    listener.close()
    app.state.console.database.close()
    store.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    path = shutil.which("chromium")
    assert path, "Chromium is missing; scripts/setup.sh test installs it"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser, console: str) -> Iterator[Page]:
    """A specialist's page on an old office screen; fails the test on errors of scripts or of the security policy."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, base_url=console)
    yield from _page(context)


def _page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.goto("/login")
    page.fill("input[name=name]", "specialist")
    page.fill("input[name=password]", seed.PASSWORD)
    page.click("button.main")
    page.wait_for_url("**/")
    yield page
    context.close()
    assert troubles == []
