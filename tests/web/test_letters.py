# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The digest and the reminder as their readers see them: in Chromium, in words, by a spam filter; and their links."""

import re
import shutil
import subprocess
from collections import Counter
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser
from sqlalchemy import select

import models
from config.settings import HOME
from models.audit import AuditEntry
from models.session import Begin
from tests.web.letters import more_to_tell, part, sent
from tests.web.test_accessibility import axe

SHOTS = HOME / "shots"
LETTERS = [(kind, language) for kind in ("digest", "reminder") for language in ("nl", "de", "en")]
PHONE, WIDE = {"width": 375, "height": 740}, {"width": 900, "height": 900}
OF_PAGES = re.compile(r": (landmark-one-main|region): ")  # a letter stands inside the page of a mail program
MARKS = {"seen", "sign_in", "colleague", "audit_entry"}  # that somebody looked, and when they were last here

pytestmark = pytest.mark.usefixtures("portfolio")


@pytest.fixture(autouse=True)
def told(portfolio: None, begin: Begin) -> None:
    more_to_tell(begin)


def addresses(begin: Begin, public_url: str) -> set[str]:
    """Every link of ours in both parts of every letter."""
    found: set[str] = set()
    for kind, language in LETTERS:
        letter = sent(begin, kind, language, public_url)
        html = BeautifulSoup(part(letter, "html"), "lxml")
        links = [str(one["href"]) for one in html.select("a[href]")]
        words = re.findall(r"https?://\S+", part(letter, "plain"))
        assert {one for one in links if one.startswith(public_url)} == {
            one for one in words if one.startswith(public_url)
        }
        found |= {one for one in links + words if one.startswith(public_url)}
        found |= {one.strip("<>") for one in letter.get_all("List-Unsubscribe", [])}
    return found


def everything(begin: Begin) -> dict[str, list[Any]]:
    """All rows of all tables."""
    with begin() as session:
        return {
            name: sorted(map(repr, session.execute(table.select())))
            for name, table in models.Base.metadata.tables.items()
        }


def test_no_link_in_a_letter_changes_anything_when_it_is_followed(
    site: str, begin: Begin, web: httpx.Client
) -> None:
    links = addresses(begin, site)
    assert len(links) > 20
    assert any("/unsubscribe/" in one for one in links)
    before = everything(begin)
    for one in links:  # as a scanner does
        assert httpx.get(one, follow_redirects=True).status_code == 200, one
    assert everything(begin) == before
    for one in links:
        assert web.get(one, follow_redirects=True).status_code == 200, one
    after = everything(begin)
    assert {name for name, rows in after.items() if rows != before[name]} <= MARKS
    with begin() as session:
        actions = Counter(session.scalars(select(AuditEntry.action)))
    assert set(actions) == {"followed", "assigned", "judged", "looked"}
    assert actions["looked"] == 1, "Noor opened a confidential application"


def test_no_letter_has_a_token_that_signs_in_and_a_reminder_cannot_be_switched_off(begin: Begin) -> None:
    for kind, language in LETTERS:
        letter = sent(begin, kind, language)
        whole = part(letter, "html") + part(letter, "plain")
        assert not re.search(r"/invitation/|sid=|/sign-in", whole)
        assert (
            ("List-Unsubscribe" in letter)
            == ("List-Unsubscribe-Post" in letter)
            == ("/unsubscribe/" in whole)
        )
        assert ("List-Unsubscribe" in letter) == (kind == "digest")


def test_both_parts_tell_the_same_titles_dates_and_headings(begin: Begin) -> None:
    for kind, language in LETTERS:
        letter = sent(begin, kind, language)
        plain = " ".join(part(letter, "plain").casefold().replace("[", "").replace("]", "").split())
        html = BeautifulSoup(part(letter, "html"), "lxml")
        for one in html.select("h2, h3 a, p strong, li"):
            words = " ".join(one.get_text().casefold().split())
            assert words in plain, (kind, language, words)


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "language"), LETTERS)
def test_a_letter_reads_well_light_dark_and_on_a_phone(
    browser: Browser, begin: Begin, kind: str, language: str
) -> None:
    SHOTS.mkdir(exist_ok=True)
    html = part(sent(begin, kind, language), "html")
    wrong: list[str] = []
    for look, scheme, size in (("light", "light", WIDE), ("dark", "dark", WIDE), ("phone", "light", PHONE)):
        context = browser.new_context(color_scheme=scheme, viewport=size, locale=language)  # type: ignore[arg-type]
        page = context.new_page()
        page.set_content(html)
        page.screenshot(path=SHOTS / f"letter-{kind}-{look}-{language}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        wrong += [f"{look}: {wide} px too wide"] if wide > 0 else []
        wrong += [
            f"{look}: {words}"
            for certain, words in axe(page, scheme)
            if certain and not OF_PAGES.search(words)
        ]
        context.close()
    assert wrong == []


@pytest.mark.skipif(not shutil.which("spamassassin"), reason="SpamAssassin is not here")
@pytest.mark.slow
@pytest.mark.parametrize(("kind", "language"), LETTERS)
def test_a_spam_filter_finds_nothing_in_a_letter(begin: Begin, kind: str, language: str) -> None:
    program = shutil.which("spamassassin")
    assert program
    raw = sent(begin, kind, language).as_bytes()
    done = subprocess.run([program, "-t", "-L"], input=raw, capture_output=True, check=True)
    said = done.stdout.decode("utf-8", "replace")
    score = re.search(r"score=(-?[\d.]+)", said)
    assert score, said[:2000]
    print(kind, language, score[0], re.findall(r"tests=([\w,\s]+?) ", said)[:1])  # noqa: T201 - for the report
    assert float(score[1]) <= 1
