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
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_of_applications(
    opened: Callable[..., Page], site: str, scheme: str
) -> None:
    page = opened(color_scheme=scheme)
    for path in PATHS:
        page.goto(f"{site}/applications{path}")
        page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
        found = Axe().run(page).response["violations"]
        assert [(path, one["id"], one["nodes"][0]["html"]) for one in found] == []
