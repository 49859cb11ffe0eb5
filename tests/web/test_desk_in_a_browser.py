# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A colleague judges, undoes, follows, decides and begins an application in a real browser; axe looks on."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.web.offices import As
from tests.web.test_accessibility import SHOTS, small_targets
from tests.web.test_browser import watched

NOT = {"verdict": "not_relevant", "reason": "no_capacity", "over": "0", "note": "Dit jaar niet."}
VIEW = {"page": "inbox", "query": "theme=wonen", "name": "Wonen", "key": "a1" * 6, "shared": "1"}


def untroubled(page: Page, name: str) -> None:
    """Nothing for axe, nothing too wide, nothing too small; a picture stays."""
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
    found = Axe().run(page).response["violations"]
    assert [(name, one["id"], one["nodes"][0]["html"]) for one in found] == []
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert (wide, small_targets(page)) == (0, [])


@pytest.mark.usefixtures("office")
def test_a_colleague_judges_undoes_follows_decides_and_begins_an_application(
    opened: Callable[..., Page], site: str
) -> None:
    page = opened()
    complaints = watched(page)
    page.goto(site + "/inbox?order=deadline")
    page.get_by_role("button", name="Relevant Cities that stay cool", exact=True).press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Cities that stay cool: relevant")
    expect(page.locator(".calls > li")).to_have_count(2)
    page.get_by_role("button", name="Ongedaan maken").click()
    expect(page.locator(".calls > li")).to_have_count(3)
    page.get_by_role("link", name="Cities that stay cool").click()
    page.get_by_role("button", name="Volgen", exact=True).click()
    expect(page.get_by_text("U volgt deze openstelling.")).to_be_visible()
    page.get_by_role("textbox", name="Waarom").fill("Past bij het hitteplan.")
    page.get_by_label("Wij zijn penvoerder").check()
    page.get_by_role("button", name="Go: hier gaan wij voor").click()
    untroubled(page, "desk-decided")
    page.get_by_role("link", name="Begin een aanvraag").click()
    expect(page.get_by_label("Titel")).to_have_value("Cities that stay cool")
    page.goto(site + "/calls?mine=followed&decision=go")
    expect(page.locator(".calls > li")).to_have_count(1)
    page.get_by_text("Weergaven bewaren en beheren").click()
    page.get_by_label("Naam voor wat u nu ziet").fill("Waar wij voor gaan")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_role("link", name="Waar wij voor gaan")).to_have_attribute("aria-current", "true")
    assert complaints == []


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_desk(as_: As, opened: Callable[..., Page], site: str, scheme: str) -> None:
    sam = as_("Sam")
    sam.post("/calls/1/verdict", data=NOT)
    sam.post("/calls/1/decision", data={"choice": "no_go", "why": "Te duur.", "over": "0"})
    sam.post("/calls/1/assignment", data={"colleague": "1", "over": "0"})
    sam.post("/views", data=VIEW)
    width = 1200 if scheme == "light" else 320
    page = opened(color_scheme=scheme, viewport={"width": width, "height": 800})
    for name, path in {"inbox": "/inbox?theme=wonen", "empty": "/inbox?mine=followed", "judged": "/calls/1",
                       "unjudged": "/calls/3", "calls": "/calls"}.items():  # fmt: skip
        page.goto(site + path)
        for one in page.locator("details").all():
            one.evaluate("one => one.open = true")
        untroubled(page, f"desk-{name}-{scheme}")
    page.goto(site + "/calls/3")
    page.evaluate("document.querySelector('form[action$=decision]').noValidate = true")
    page.get_by_role("button", name="Go: hier gaan wij voor").click()
    untroubled(page, f"desk-wrong-{scheme}")
    page.goto(site + "/inbox")
    page.get_by_text("Weergaven bewaren en beheren").click()
    page.evaluate("document.querySelector('form[action=\"/views\"]').noValidate = true")
    page.locator('form[action="/views"] button').click()
    untroubled(page, f"desk-view-{scheme}")
