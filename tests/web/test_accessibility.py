# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Chromium opens every page there is, light, dark and as narrow as a phone, in three languages; pictures stay.

The pages come from tests/web/rules.py, so none is left out. What axe is not sure of is in shots/unsure-*.txt.
"""

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from config.settings import HOME
from tests.browser import serving
from tests.web.rules import rules
from tests.web.test_browser import watched
from tests.web.world import World, filled, form

SHOTS = HOME / "shots"
NOOR, READER = "Noor, administrator", "Almelo's reader"
NO_PAGES = {
    "/health",
    "/ready",
    "/metrics",
    "/.well-known/security.txt",
    "/theme.css",
    "/calendar/{secret}.ics",
    "/themes/file.toml",
    "/sources/{slug}/payload/{payload_id}",
    "/messages/{message_id}/letter",  # what a mail program shows, inside a page of ours
}
BESIDE = [  # other faces of pages, and who looks
    (NOOR, "/nothing"),
    (NOOR, "/applications?view=board"),
    (NOOR, "/applications?view=board&moved=1"),
    (NOOR, "/applications?edit=1"),
    (NOOR, "/applications/calendar?month=2026-12"),
    (NOOR, "/applications/calendar?month=nonsense"),
    (NOOR, "/applications?search=x9"),
    (NOOR, "/applications/new?call=1"),
    (NOOR, "/calls?everything=1"),
    (NOOR, "/search?q=cities"),
    (NOOR, "/search?q=x9"),
    (NOOR, "/calls?search=x9"),
    (NOOR, "/calls/2"),
    (NOOR, "/sources/held"),
    (NOOR, "/applications/2/plan"),  # without a submission
    (NOOR, "/applications/timeline?search=x9"),
    (NOOR, "/inbox?judged=1"),
    (NOOR, "/themes/1?done=saved"),
    (READER, "/"),
    (READER, "/calls/1"),
    (READER, "/applications"),
    (READER, "/inbox"),
    (READER, "/themes/3"),
    (READER, "/people"),  # refused
]
WIDE, NARROW = {"width": 1200, "height": 800}, {"width": 320, "height": 740}
REFUSED = re.compile(r"status of 40[034] ")  # a page as well
AXE = {"resultTypes": ["violations", "incomplete"]}


class Seen(NamedTuple):
    """One page somebody looks at."""

    who: str
    path: str

    @property
    def name(self) -> str:
        """For its pictures."""
        words = re.sub(r"\W+", "-", self.path).strip("-")[:60] or "home"
        return words if self.who == NOOR else f"{words}-{self.who.split()[-1]}"


def pages(world: World) -> Iterator[Seen]:
    """Every page, each kind of form of an application among them, and its other faces."""
    for rule in rules():
        if rule.method == "GET" and rule.answer == 200 and rule.route not in NO_PAGES:
            yield Seen(NOOR, filled(rule, world.subjects[rule.subject][0]))
    yield from (Seen(*one) for one in BESIDE)


@pytest.fixture(scope="module")
def address(world: World) -> Iterator[str]:
    with serving(world.app) as site:
        yield site


@pytest.mark.slow
@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_every_page_is_there_for_everybody(
    browser: Browser, world: World, address: str, language: str
) -> None:
    SHOTS.mkdir(exist_ok=True)
    context = browser.new_context(locale=language, viewport=WIDE)  # type: ignore[arg-type]
    page, wrong, unsure = context.new_page(), [], []
    complaints = watched(page)
    for seen in pages(world):
        sign_in(context, world, address, seen.who, language)
        page.goto(address + seen.path)
        assert page.locator(f"html[lang={language}]").count() == 1
        looked = list(looks(page, f"{seen.name}-{{}}-{language}.png"))
        wrong += [f"{seen.path}: {one}" for certain, one in looked if certain]
        unsure += [f"{seen.path}: {one}" for certain, one in looked if not certain]
    context.close()
    (SHOTS / f"unsure-{language}.txt").write_text("\n".join(unsure))
    assert wrong == []
    assert [one for one in complaints if not REFUSED.search(one)] == []


SENT = """([path, fields]) => {
    const form = Object.assign(document.createElement("form"), {method: "post", action: path});
    for (const [name, value] of Object.entries(fields))
        form.append(Object.assign(document.createElement("textarea"), {name, value}));
    document.body.append(form);
    form.submit();
}"""
MARKS = {"seen", "version", "over"}  # of what a form was filled in over


def forms(world: World) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Every form as it is taken, over what somebody else changed meanwhile, and with nothing in it."""
    for rule in rules():
        if rule.form and rule.who != "anyone":
            subject = world.subjects[rule.subject][0]
            good, path = form(rule, subject), filled(rule, subject)
            yield "taken", path, good
            yield "stale", path, {name: "" if name in MARKS else text for name, text in good.items()}
            yield "empty", path, {name: text if name in MARKS else "" for name, text in good.items()}


@pytest.mark.slow
def test_every_answer_to_a_form_is_there_for_everybody(browser: Browser, world: World, address: str) -> None:
    SHOTS.mkdir(exist_ok=True)
    context = browser.new_context(locale="nl", viewport=WIDE)  # type: ignore[arg-type]
    page, wrong = context.new_page(), []
    sign_in(context, world, address, NOOR, "nl")
    for told, path, fields in forms(world):
        answer = context.request.post(address + path, form=dict(fields), max_redirects=0)
        if answer.status == HTTPStatus.SEE_OTHER or "text/html" not in answer.headers["content-type"]:
            continue
        page.goto(f"{address}/me")
        with page.expect_navigation():
            page.evaluate(SENT, [path, fields])
        name = Seen(NOOR, path).name
        wrong += [
            f"{path}, {told}: {one}" for certain, one in looks(page, f"{name}-{told}-{{}}.png") if certain
        ]
    context.close()
    assert wrong == []


def sign_in(context: BrowserContext, world: World, address: str, who: str, language: str) -> None:
    cookies = {"sid": world.tokens[who], "lang": language}
    context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])


def looks(page: Page, picture: str) -> Iterator[tuple[bool, str]]:
    """What is wrong with an open page, light, dark and narrow: whether that is certain, and the words for it."""
    page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
    if page.locator("h1").count() != 1:
        yield True, "no heading or several"
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.screenshot(path=SHOTS / picture.format(scheme), full_page=True)
        yield from (found for found in axe(page, scheme))
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.screenshot(path=SHOTS / picture.format("phone"), full_page=True)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 0:
        yield True, f"{wide} px wider than a phone"
    yield from ((True, f"smaller than 24 px: {one}") for one in small_targets(page))
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]


def axe(page: Page, scheme: str) -> Iterator[tuple[bool, str]]:
    answer: dict[str, Any] = Axe().run(page, options=AXE).response
    for sort in ("violations", "incomplete"):
        for one in answer[sort]:
            yield sort == "violations", f"{scheme}: {one['id']}: {one['nodes'][0]['html'][:200]}"


def small_targets(page: Page) -> list[str]:
    """Controls under 24 px that do not stand in a sentence (WCAG 2.2, 2.5.8)."""
    return list(
        page.evaluate("""() => [...document.querySelectorAll(
                "nav a, button, select, input, summary, .button")]
            .filter(one => { const box = one.getBoundingClientRect();
                return box.width > 0 && (box.height < 24 || box.width < 24) })
            .map(one => one.outerHTML)""")
    )
