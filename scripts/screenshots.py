"""Pictures of every console page for the documentation: ``python scripts/screenshots.py``.

Starts the demo as a user would, enters with its one-time password and writes ``docs/pictures/*.png``.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, sync_playwright

ROOT: Final = Path(__file__).resolve().parent.parent
OUT: Final = ROOT / "docs" / "pictures"
PORT: Final = 8471
ADDRESS: Final = f"http://127.0.0.1:{PORT}"
ARGUMENTS: Final = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
                    "--disable-component-update", "--disable-sync")  # fmt: skip
NEW: Final = "một câu chỉ để chụp ảnh"
PAGES: Final = {
    "overview": "/", "alerts": "/alerts", "machines": "/machines", "hunt": "/hunt?range=all", "health": "/health",
    "rules": "/rules", "account": "/account", "cases": "/cases", "units": "/units", "people": "/people", "audit": "/audit",
    "suppressions": "/suppressions", "indicators": "/indicators", "coverage": "/coverage", "inbox": "/inbox",
}  # fmt: skip


@contextmanager
def demo() -> Iterator[str]:
    """The demo while it runs; gives the one-time password."""
    command = [sys.executable, "-u", "-m", "vonggac", "demo", "--port", str(PORT)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            for line in process.stdout or ():
                if found := re.search(r"(?:Password|Mật khẩu): +(\S+)", line):
                    yield found[1]
                    return
            raise SystemExit("the demo did not start: run `make demo` to see why")
        finally:
            process.terminate()


def enter(page: Page, password: str) -> None:
    """Log in and choose a password of one's own."""
    page.goto(f"{ADDRESS}/login", wait_until="networkidle")
    page.screenshot(path=OUT / "login.png")
    page.fill("input[name=name]", "demo")
    page.fill("input[name=password]", password)
    page.click("button.main")
    page.fill("input[name=old]", password)
    page.fill("input[name=new]", NEW)
    page.fill("input[name=again]", NEW)
    page.click("button.main")
    page.wait_for_url(f"{ADDRESS}/")


def take(page: Page, name: str, path: str) -> None:
    """One page, pictures drawn."""
    page.goto(ADDRESS + path)
    page.wait_for_timeout(900)
    page.screenshot(path=OUT / f"{name}.png")


def first(page: Page, path: str, chosen: str) -> str:
    """Address of the first link on a page that holds this text."""
    page.goto(ADDRESS + path)
    return page.locator("a[data-open]", has_text=chosen).first.get_attribute("href") or "/"


def main() -> None:
    """All pages, an alert, a machine, the night and the telephone."""
    OUT.mkdir(parents=True, exist_ok=True)
    with demo() as password, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(ARGUMENTS))
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.goto(f"{ADDRESS}/login")
        enter(page, password)
        for name, path in PAGES.items():
            take(page, name, path)
        take(page, "alert", first(page, "/alerts", "Kết nối định kỳ"))
        take(page, "machine", first(page, "/machines?verdict=infected", ""))
        case = first(page, "/cases", "")
        take(page, "case", case)
        page.emulate_media(color_scheme="dark")
        take(page, "alerts-night", "/alerts")
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 390, "height": 844})
        take(page, "overview-telephone", "/")
        take(page, "case-telephone", case)
        browser.close()


if __name__ == "__main__":
    main()
