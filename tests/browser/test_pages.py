"""Every page in a real browser: accessible in both themes, usable by keyboard, in both languages."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
PAGES = (
    "/",
    "/alerts",
    "/alerts/alert0",
    "/cases",
    "/cases/case0",
    "/inbox",
    "/inbox?shown=all",
    "/machines",
    "/machines/mac%3A00",
    "/machines/unknown",
    "/hunt?range=all",
    "/events/e1",
    "/health",
    "/rules",
    "/rules/beacon",
    "/indicators",
    "/coverage",
    "/suppressions",
    "/alerts/alert0/suppress",
    "/account",
    "/second-factor",
    "/units",
    "/units/vp-tinhuy",
)
SERIOUS = {"serious", "critical"}


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found if one["impact"] in SERIOUS]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_no_serious_accessibility_violation(page: Page, path: str, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(path)
    page.wait_for_load_state("networkidle") if path != "/alerts" else page.wait_for_timeout(300)
    assert violations(page) == []


def test_the_log_in_page_is_accessible(page: Page) -> None:
    page.context.clear_cookies()
    page.goto("/login")
    assert violations(page) == []


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [1366, 390])
def test_pages_do_not_scroll_sideways(page: Page, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_pictures_are_drawn(page: Page) -> None:
    page.goto("/machines/mac%3A00")
    expect(page.locator("[data-chart] canvas").first).to_be_visible()


def test_triage_by_keyboard(page: Page) -> None:
    page.goto("/alerts?state=new")
    page.keyboard.press("j")
    row = page.locator("tr.current")
    expect(row).to_be_visible()
    identity = row.get_attribute("id")
    page.keyboard.press(" ")
    drawer = page.locator("#drawer.open")
    expect(drawer).to_contain_text("412")
    page.keyboard.press("Escape")
    expect(page.locator("#drawer.open")).to_have_count(0)
    page.keyboard.press("a")
    expect(page.locator(f"#{identity} .state")).to_have_text("Đã tiếp nhận")
    page.reload()
    expect(page.locator(f"#{identity}")).to_have_count(0)


def test_go_keys_help_and_search(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("g")
    page.keyboard.press("m")
    page.wait_for_url("**/machines")
    page.keyboard.press("?")
    expect(page.locator("#help[open]")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("10.20.7.12")
    page.keyboard.press("Enter")
    page.wait_for_url("**/machines/mac%3A02")


def test_language_and_theme_are_kept(page: Page) -> None:
    page.goto("/alerts")
    page.click("button[name=language][value=en]")
    expect(page.locator("h1")).to_have_text("Alerts")
    page.goto("/")
    expect(page.locator("h1")).to_have_text("Overview")
    page.click("button[name=language][value=vi]")
    expect(page.locator("h1")).to_have_text("Tổng quan")


def test_hunt_explains_a_mistake_and_narrows_by_a_click(page: Page) -> None:
    page.goto("/hunt?range=all")
    page.fill("#query", "source.ipp:10.0.0.1")
    page.press("#query", "Enter")
    expect(page.locator(".mistake")).to_be_visible()
    page.goto("/hunt?range=all")
    page.locator(".facet a.value", has_text="10.20.7.10").first.click()
    expect(page.locator("#query")).to_have_value('source.ip:"10.20.7.10"')
    expect(page.locator("table.events tbody tr").first).to_be_visible()


def test_export_gives_a_spreadsheet_file(page: Page) -> None:
    page.goto("/hunt?range=all")
    with page.expect_download() as download:
        page.keyboard.press("e")
    content = download.value.path().read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == 53


def test_hostile_names_stay_text(page: Page) -> None:
    page.goto("/machines/mac%3A01")
    expect(page.locator("h1")).to_contain_text("<img src=x")
    assert page.locator("h1 img").count() == 0
