# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What axe finds on the forms of applications that were refused: nothing. Pages: test_accessibility.py."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

pytestmark = pytest.mark.slow


@pytest.mark.usefixtures("portfolio")
@pytest.mark.parametrize(("scheme", "language"), [("light", "nl"), ("dark", "en")])
def test_axe_finds_nothing_on_a_refused_form(
    opened: Callable[..., Page], site: str, scheme: str, language: str
) -> None:
    page = opened(language, color_scheme=scheme)
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
