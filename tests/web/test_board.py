# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The board in a real browser: by mouse, by keyboard, with two people at once; and how few actions a status takes."""

import re
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from grants.sign_ins import open_sign_in
from models.application import Application, Stage
from models.colleague import Access
from models.session import Begin
from tests import builders
from tests.builders import NOW
from tests.web.test_browser import watched

Opened = Callable[..., Page]
WIDE = {"viewport": {"width": 1400, "height": 1000}}

pytestmark = pytest.mark.usefixtures("portfolio")


@pytest.fixture
def kim(site: str, begin: Begin, token: str) -> Iterator[httpx.Client]:
    """A colleague at the same board."""
    with begin() as session:
        one = builders.colleague(name="Kim", email="kim@enschede.example", access=Access.EDITOR)
        session.add(one)
        session.flush()
        hers = open_sign_in(session, one, way="password", browser="", now=NOW)
    with httpx.Client(base_url=site, cookies={"sid": hers}) as client:
        yield client


def drag(page: Page, title: str, stage: str) -> None:
    """By the mouse, from the grip of a card to the column of a stage."""
    column = page.locator(f"[data-stage={stage}]")
    # Away from the edges, where the board scrolls by itself while a card is over them.
    column.evaluate("one => one.scrollIntoView({inline: 'center', block: 'nearest'})")
    start, end = card(page, title).locator(".grip").bounding_box(), column.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 8, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(start["x"] + 20, start["y"] + 12, steps=4)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 30, steps=12)
    page.mouse.up()


def card(page: Page, title: str) -> Locator:
    return page.locator(".card", has_text=title)


def stage_of(begin: Begin, number: int) -> Stage:
    with begin() as session:
        return session.get_one(Application, number).stage


def test_a_card_goes_by_mouse_and_keyboard_where_it_may_and_two_people_do_not_overwrite_each_other(
    opened: Opened, site: str, begin: Begin, kim: httpx.Client
) -> None:
    page = opened(**WIDE)
    complaints = watched(page)
    page.goto(f"{site}/applications?view=board&owner=1")

    drag(page, "EDL", "reporting")
    expect(page.get_by_role("status").first).to_contain_text("EDL is nu: verantwoording.")
    expect(page).to_have_url(re.compile(r"view=board&owner=1&moved=1#at-1$"))
    expect(page).to_have_title(re.compile("^EDL is nu: verantwoording"))
    expect(card(page, "EDL")).to_be_in_viewport()
    page.get_by_role("button", name="Ongedaan maken").click()
    expect(page.get_by_role("status").first).to_contain_text("EDL is weer: in uitvoering.")

    drag(page, "EDL", "contracted")
    refusal = (
        "EDL kan niet van in uitvoering naar vastgelegd; wel naar: verantwoording, vaststelling aangevraagd."
    )
    expect(page.get_by_role("alert")).to_have_text(refusal)
    expect(page.locator("[data-stage=running]").get_by_role("link", name="EDL")).to_be_visible()
    assert stage_of(begin, 1) == Stage.RUNNING

    card(page, "EDL").locator("summary").press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="EDL, naar verantwoording")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("EDL is nu: verantwoording.")
    page.get_by_role("button", name="Ongedaan maken").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("EDL is weer: in uitvoering.")

    version = page.locator("#at-1 input[name=version]").input_value()
    assert (
        kim.post("/applications/1/stage", data={"stage": "reporting", "version": version}).status_code == 303
    )
    drag(page, "EDL", "settlement_requested")
    expect(page.get_by_role("alert").first).to_contain_text(
        "Iemand anders wijzigde EDL terwijl u keek. Er staat nu: verantwoording. U koos: vaststelling aangevraagd."
    )
    drag(page, "EDL", "settlement_requested")
    expect(page.get_by_role("status").first).to_contain_text("EDL is nu: vaststelling aangevraagd.")

    card(page, "Euregiorail").locator("summary").click()
    page.get_by_role("button", name="Münster, naar ingetrokken").click()
    expect(page.locator("h1")).to_have_text("Waarom ingetrokken?")
    assert stage_of(begin, 2) == Stage.IDEA
    page.get_by_label("Reden").fill("No-go: geen capaciteit.")
    page.get_by_role("button", name="Verzet").click()
    expect(page.get_by_role("status").first).to_contain_text("is nu: ingetrokken.")
    assert [one for one in complaints if "409" not in one and "422" not in one] == []


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize(
    ("path", "where"),
    [("/applications", "#at-1"), ("/applications?view=board", "#at-1"), ("/applications/1", "main")],
)
def test_a_status_takes_at_most_two_clicks_with_and_without_scripts(
    opened: Opened, site: str, begin: Begin, path: str, where: str, *, scripts: bool
) -> None:
    page, clicks = opened(java_script_enabled=scripts, **WIDE), 0
    page.goto(site + path)
    place = page.locator(where)
    wanted = place.get_by_role("button", name=re.compile("verantwoording$"))
    if not wanted.is_visible():
        place.locator("summary").click()
        clicks += 1
    wanted.click()
    clicks += 1
    expect(page.get_by_role("button", name="Ongedaan maken")).to_be_visible()
    assert stage_of(begin, 1) == Stage.REPORTING
    assert clicks <= 2


def test_a_row_is_changed_in_place_and_two_people_see_both_versions(
    opened: Opened, site: str, kim: httpx.Client
) -> None:
    page = opened(**WIDE)
    complaints = watched(page)
    page.goto(f"{site}/applications?owner=1")
    page.get_by_role("link", name="Wijzigen: EDL").click()
    expect(page.locator("#at-1")).to_be_in_viewport()
    page.get_by_label("Kenmerk van de verstrekker").fill("INT-7")
    page.get_by_label("Stuurgroep").fill("2026-12-01")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_role("status").first).to_have_text("EDL is bewaard.")
    expect(page.locator("#at-1")).to_contain_text("INT-7")
    expect(page.locator("#at-1")).to_contain_text("dinsdag 1 december 2026")

    page.get_by_role("link", name="Wijzigen: EDL").click()
    version = page.locator("#at-1 .row-form input[name=version]").input_value()
    theirs = {"reference": "Van Kim", "owner_id": "1", "version": version}
    assert kim.post("/applications/1/row?view=list", data=theirs).status_code == 303
    page.get_by_label("Kenmerk van de verstrekker").fill("Van mij")
    page.get_by_role("button", name="Bewaren").click()
    row = page.locator("#at-1")
    expect(row.get_by_role("alert")).to_contain_text("Van Kim")
    expect(row.get_by_role("alert")).to_contain_text("Van mij")
    expect(page.get_by_label("Kenmerk van de verstrekker")).to_have_value("Van mij")
    page.get_by_role("button", name="Bewaren").click()
    expect(row).to_contain_text("Van mij")
    assert [one for one in complaints if "409" not in one] == []


@pytest.mark.usefixtures("portfolio")
def test_a_board_with_more_cards_than_it_holds_says_so_and_leads_to_the_list(
    web: httpx.Client, begin: Begin
) -> None:
    with begin() as session:
        session.add_all(
            builders.application(slug=f"n{n}", title=f"Aanvraag {n}", stage=Stage.IDEA) for n in range(100)
        )
    page = web.get("/applications?view=board").text
    assert "106 aanvragen" in page
    assert "Op het bord staan de 100 met de eerste datum." in page
    assert "106 aanvragen" in web.get("/applications").text
