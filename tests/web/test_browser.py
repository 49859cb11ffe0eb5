# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A real browser looks at every page, light, dark and phone width, in three languages; pictures stay."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from config.settings import HOME
from tests.browser import FLAGS, chromium

SHOTS = HOME / "shots"
PAGES = {
    "calls": "/calls?everything=1",
    "call": "/calls/1",
    "sources": "/sources",
    "looks": "/looks",
    "error": "/nothing",
    "empty": "/calls?search=x9",
}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "viewport": {"width": 1200, "height": 800}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1200, "height": 800}},
    "phone": {"color_scheme": "light", "viewport": {"width": 360, "height": 740}},
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def watched(page: Page) -> list[str]:
    """What the console and the page complain of; a refusal by the policy is among it."""
    complaints: list[str] = []
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


@pytest.mark.usefixtures("looks")
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_every_page_is_shown_without_a_complaint(
    browser: Browser, site: str, look: str, language: str
) -> None:
    SHOTS.mkdir(exist_ok=True)
    page = browser.new_page(**LOOKS[look], locale=language)
    complaints = watched(page)
    for name, path in PAGES.items():
        answer = page.goto(site + path)
        assert answer is not None
        assert answer.status == (404 if name == "error" else 200)
        expect(page.locator("h1")).to_be_visible()
        page.screenshot(path=SHOTS / f"{name}-{look}-{language}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} is {wide} px too wide"
        assert small_targets(page) == []
    page.close()
    assert [one for one in complaints if "404" not in one] == []


def small_targets(page: Page) -> list[str]:
    """Controls under 24 px that do not stand in a sentence (WCAG 2.2, 2.5.8)."""
    return list(
        page.evaluate("""() => [...document.querySelectorAll(
                "nav a, button, select, input, summary, .button")]
            .filter(one => { const box = one.getBoundingClientRect();
                return box.width > 0 && (box.height < 24 || box.width < 24) })
            .map(one => one.outerHTML)""")
    )


@pytest.mark.usefixtures("office")
def test_a_colleague_finds_a_call_by_keyboard(browser: Browser, site: str) -> None:
    page = browser.new_page(locale="nl")
    complaints = watched(page)
    page.goto(site + "/calls")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    expect(page.locator(".skip-link")).to_be_in_viewport()
    page.locator("input[name=search]").fill("energiehubs")
    page.keyboard.press("Enter")
    expect(page.locator(".calls > li")).to_have_count(1)
    page.locator(".calls h2 a").click()
    expect(page.locator("h1")).to_have_text("Energiehubs op bedrijventerreinen")
    page.locator("footer a[lang=de]").click()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    page.close()
    assert complaints == []
