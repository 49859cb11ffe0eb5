# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What axe finds on the pages of applications: nothing."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

PATHS = [
    "",
    "?edit=1",
    "?view=board",
    "?view=board&moved=1",
    "/calendar?month=2026-12",
    "/calendar?month=nonsense",
    "/timeline",
    "/1",
    "/1/edit",
    "/1/partners/new",
    "/1/comments/new",
]


@pytest.mark.usefixtures("portfolio")
@pytest.mark.parametrize(
    ("scheme", "language"), [("light", "nl"), ("dark", "nl"), ("light", "de"), ("dark", "en")]
)
def test_axe_finds_nothing_on_the_pages_of_applications(
    opened: Callable[..., Page], site: str, scheme: str, language: str
) -> None:
    page = opened(language, color_scheme=scheme)
    for path in PATHS:
        page.goto(f"{site}/applications{path}")
        page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
        assert violations(page) == [], path
    page.goto(f"{site}/applications?view=board")
    page.locator("#at-2 summary").click()
    page.locator("#at-2 button[value=withdrawn]").click()
    assert violations(page) == [], "the reason"
    page.goto(f"{site}/applications?edit=1")
    page.evaluate("document.querySelector('.row-form [name=version]').value = '7'")
    page.locator(".row-form button").click()
    assert violations(page) == [], "a stale row"
    page.goto(f"{site}/applications?edit=1")
    page.evaluate("document.querySelector('.row-form').noValidate = true")
    page.locator(".row-form [name=on]").fill("")
    page.locator(".row-form button").click()
    assert violations(page) == [], "a wrong row"


def violations(page: Page) -> list[tuple[str, str]]:
    """What axe has against a page, and the first element it is about."""
    found = Axe().run(page).response["violations"]
    return [(one["id"], one["nodes"][0]["html"]) for one in found]
