# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Every kind of letter in Chromium: light, dark and on a phone, in three languages; the pictures stay in shots/."""

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser

from models.session import Begin
from tests.web.letter_kinds import KINDS, every_kind
from tests.web.letters import part
from tests.web.test_accessibility import axe
from tests.web.test_letters import OF_PAGES, PHONE, SHOTS, WIDE

LOOKS = [("light", "light", WIDE), ("dark", "dark", WIDE), ("phone", "light", PHONE)]


@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_there_is_one_of_every_kind_and_its_two_parts_tell_the_same(begin: Begin, language: str) -> None:
    letters = every_kind(begin, language)
    assert sorted(letters) == sorted(KINDS.values())
    for kind, letter in letters.items():
        told = f"{letter['Subject']} {part(letter, 'plain')}"
        plain = " ".join(told.casefold().split())
        for one in BeautifulSoup(part(letter, "html"), "lxml").select("h1, h2, .alert, .lead"):
            words = " ".join(one.get_text().casefold().split())
            assert words in plain, (kind, words)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_each_reads_well_light_dark_and_on_a_phone(browser: Browser, begin: Begin, language: str) -> None:
    SHOTS.mkdir(exist_ok=True)
    letters = {kind: part(one, "html") for kind, one in every_kind(begin, language).items()}
    wrong: list[str] = []
    for look, scheme, size in LOOKS:
        context = browser.new_context(color_scheme=scheme, viewport=size, locale=language)  # type: ignore[arg-type]
        page = context.new_page()
        for kind, html in letters.items():
            page.set_content(html)
            page.screenshot(path=SHOTS / f"letter-{kind}-{look}-{language}.png", full_page=True)
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                wrong.append(f"{kind}, {look}: too wide")
            if look != "phone":  # narrow, it has the same colours and words
                faults = [words for certain, words in axe(page, scheme) if certain]
                wrong += [f"{kind}, {look}: {words}" for words in faults if not OF_PAGES.search(words)]
        context.close()
    assert wrong == []
