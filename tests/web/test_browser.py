# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Journeys in a real browser: light, dark and phone width; pictures stay."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from config.settings import HOME
from tests.prefect_api import PrefectApi

Opened = Callable[..., Page]
SHOTS = HOME / "shots"
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "viewport": {"width": 1200, "height": 800}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1200, "height": 800}},
    "phone": {"color_scheme": "light", "viewport": {"width": 360, "height": 740}},
}


def watched(page: Page) -> list[str]:
    """What the console and the page complain of; a refusal by the policy is among it."""
    complaints: list[str] = []
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


@pytest.mark.usefixtures("office")
def test_a_colleague_finds_a_call_by_keyboard(opened: Opened, site: str) -> None:
    page = opened()
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


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize(
    "look", [pytest.param(one, marks=() if one == "light" else pytest.mark.slow) for one in LOOKS]
)
def test_a_colleague_reads_a_source_now_and_changes_its_settings(
    opened: Opened, site: str, look: str, prefect: PrefectApi
) -> None:
    page = opened(**LOOKS[look])
    complaints = watched(page)
    page.goto(site + "/sources")
    page.locator("tbody th a", has_text="Provincie Gelderland").click()
    page.get_by_role("region", name="Tabel van de leesbeurten").focus()
    page.get_by_label("Hoogstens zoveel openstellingen").fill("4")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_role("alert")).to_contain_text("niet bewaard")
    expect(page.get_by_label("Hoogstens zoveel openstellingen")).to_have_attribute("aria-invalid", "true")
    page.screenshot(path=SHOTS / f"source-wrong-{look}.png", full_page=True)
    page.get_by_label("Hoogstens zoveel openstellingen").fill("120")
    page.get_by_role("button", name="Bewaren").press("Enter")
    expect(page.get_by_role("status")).to_have_text("De instellingen zijn bewaard.")
    prefect.broken = True
    page.get_by_role("button", name="Nu lezen").click()
    expect(page.get_by_role("alert")).to_contain_text("manage.py harvest ebb")
    page.screenshot(path=SHOTS / f"source-refused-{look}.png", full_page=True)
    prefect.broken = False
    page.get_by_role("button", name="Nu lezen").click()
    expect(page.get_by_role("status")).to_contain_text("de bron wordt gelezen")
    page.screenshot(path=SHOTS / f"source-asked-{look}.png", full_page=True)
    with page.expect_download() as download:
        page.get_by_role("link", name="antwoord van 760 kB").click()
    assert download.value.suggested_filename == "ebb-1.txt"
    page.close()
    assert prefect.started == [{"slugs": ["ebb"], "accept_size": False}]
    assert [one for one in complaints if "422" not in one and "503" not in one] == []


@pytest.mark.usefixtures("portfolio")
@pytest.mark.parametrize(
    "look", [pytest.param(one, marks=() if one == "light" else pytest.mark.slow) for one in LOOKS]
)
def test_a_colleague_moves_a_card_by_keyboard_takes_it_back_and_is_told_of_a_stale_form(
    opened: Opened, site: str, look: str
) -> None:
    page = opened(**LOOKS[look])
    complaints = watched(page)
    page.goto(site + "/applications?view=board")
    page.locator("summary", has_text="EDL: Verzet").press("Enter")
    page.get_by_role("button", name="EDL, naar verantwoording").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("is nu: verantwoording")
    page.screenshot(path=SHOTS / f"board-moved-{look}.png", full_page=True)
    page.get_by_role("button", name="Ongedaan maken").press("Enter")
    expect(page.locator("#stage-running")).to_be_visible()
    page.goto(site + "/applications/1/edit")
    other = page.context.new_page()
    other.goto(site + "/applications/1/edit")
    other.get_by_label("Titel").fill("EDL van een ander")
    other.get_by_role("button", name="Bewaren").click()
    page.get_by_label("Titel").fill("EDL van mij")
    page.get_by_label("Totale begroting").fill("veel")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_label("Totale begroting")).to_have_attribute("aria-invalid", "true")
    page.screenshot(path=SHOTS / f"application-wrong-{look}.png", full_page=True)
    page.get_by_label("Totale begroting").fill("900.000")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_role("alert")).to_contain_text("EDL van een ander")
    expect(page.get_by_label("Titel")).to_have_value("EDL van mij")
    page.screenshot(path=SHOTS / f"application-stale-{look}.png", full_page=True)
    page.get_by_role("button", name="Bewaren").click()
    expect(page.locator("h1")).to_have_text("EDL van mij")
    page.get_by_role("textbox", name="Reactie").fill("@sam kijk jij?")
    page.get_by_role("button", name="Plaatsen").click()
    expect(page.locator("#comments + .cards")).to_contain_text("@sam kijk jij?")
    page.context.close()
    assert [one for one in complaints if "422" not in one and "409" not in one] == []


@pytest.mark.usefixtures("office")
def test_the_menu_of_an_administrator_fits_on_one_line_of_a_laptop_in_each_language(
    opened: Opened, site: str
) -> None:
    for language in ("nl", "de", "en"):
        page = opened(language, viewport={"width": 1280, "height": 800})
        page.goto(site + "/applications")
        places = page.locator(".masthead .frame > *").evaluate_all(
            "all => all.map(one => one.offsetTop + one.offsetHeight / 2)"
        )
        assert max(places) - min(places) < 8, language
        page.locator(".me summary").press("Enter")
        page.locator(
            ".menu", has_text={"nl": "Beheer", "de": "Verwaltung", "en": "Management"}[language]
        ).first.locator("summary").click()
        expect(page.locator(".menu[open]")).to_have_count(1)  # one at a time
        page.context.close()
