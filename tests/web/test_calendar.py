# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A calendar at its secret address, as programs ask for it, and the page where it is made."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from models.application import Milestone
from models.audit import AuditEntry
from models.colleague import Colleague
from models.session import Begin
from tests.grants.calendars.rfc5545 import events, faults
from tests.web.test_browser import LOOKS, SHOTS, watched

pytestmark = pytest.mark.usefixtures("portfolio")
ADDRESS = re.compile(r"<code>http://localhost:8000(/calendar/[\w-]{43}\.ics)</code>")


def named(raw: bytes) -> dict[str, Any]:
    """Its events, by their keys."""
    return {re.split("[_@]", uid)[0]: one for uid, one in events(raw).items()}


def made(web: httpx.Client, path: str = "/me/calendar", scope: str = "mine") -> str:
    """The path of a new calendar."""
    answer = web.post(path, data={"scope": scope})
    assert answer.status_code == 200
    found = ADDRESS.search(answer.text)
    assert found is not None
    return found[1]


def ask(site: str, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    """As a calendar program does: no cookie, no browser."""
    return httpx.request(method, site + path, headers={"User-Agent": "Microsoft Exchange", **headers})


def test_a_calendar_is_read_without_signing_in_until_it_is_revoked(site: str, web: httpx.Client) -> None:
    path = made(web)
    answer = ask(site, path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert faults(answer.content) == []
    assert {"Stuurgroep: EDL", "Rapport: EDL"} <= {
        one.summary.value for one in events(answer.content).values()
    }
    assert web.post("/me/calendar/end").headers["location"] == "/me#calendar"
    assert ask(site, path).status_code == 404
    assert web.post("/me/calendar/end").status_code == 303


def test_a_new_address_ends_the_old_one_and_is_shown_once(site: str, web: httpx.Client, begin: Begin) -> None:
    old, new = made(web), made(web, scope="whole")
    assert (ask(site, old).status_code, ask(site, new).status_code) == (404, 200)
    assert "/calendar/" not in web.get("/me").text.replace('action="/me/calendar', "")
    with begin() as session:
        deeds = session.scalars(select(AuditEntry).where(AuditEntry.subject == "calendar_feed")).all()
        assert [one.action for one in deeds] == ["made", "revoked", "made"]
        assert new.rpartition("/")[2].removesuffix(".ics") not in str([one.facts for one in deeds])


def test_what_did_not_change_is_not_sent_again_and_a_move_is(
    site: str, web: httpx.Client, begin: Begin
) -> None:
    path = made(web)
    first = ask(site, path)
    mark = first.headers["etag"]
    for known in (mark, f"W/{mark}", f'"x", {mark}', "*"):
        again = ask(site, path, **{"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", mark)
    with begin() as session:
        session.get_one(Milestone, 2).on = date(2026, 12, 9)
    moved = ask(site, path, **{"If-None-Match": mark})
    assert moved.status_code == 200
    assert moved.headers["etag"] != mark
    before, after = (named(one.content)["milestone-2"] for one in (first, moved))
    assert [(one.dtstart.value.day, one.sequence.value) for one in (before, after)] == [(8, "0"), (9, "1")]


def test_a_program_may_ask_for_the_head_alone(site: str, web: httpx.Client) -> None:
    path = made(web)
    head, whole = ask(site, path, "HEAD"), ask(site, path)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", whole.headers["etag"])
    assert int(head.headers["content-length"]) == len(whole.content)
    assert ask(site, path[:-9] + "wrong.ics", "HEAD").status_code == 404


@pytest.mark.parametrize("secret", ["x", "x" * 43, "..", "%00", "é" * 20, "a b", "' OR 1=1 --"])
def test_a_wrong_address_opens_nothing(site: str, secret: str) -> None:
    answer = ask(site, f"/calendar/{secret}.ics")
    assert answer.status_code == 404
    assert ask(site, f"/calendar/{'x' * 5000}.ics").status_code in {400, 404, 422}


def test_a_scope_that_is_none_makes_nothing(site: str, web: httpx.Client) -> None:
    path = made(web)
    for scope in ("", "everything", "mine\x00x"):
        assert web.post("/me/calendar", data={"scope": scope}).status_code == 400
    assert ask(site, path).status_code == 200


def test_the_office_has_one_too_without_anything_confidential(
    site: str, web: httpx.Client, begin: Begin
) -> None:
    with begin() as session:
        session.add(Milestone(application_id=3, title="Geheim", on=date(2026, 12, 1)))  # the confidential one
    own, office = made(web, scope="whole"), made(web, "/settings/calendar")
    mine, ours = ask(site, own), ask(site, office)
    assert "X-WR-CALNAME:Pijplijn · Gemeente Enschede" in ours.text
    assert named(mine.content).keys() - named(ours.content).keys() == {"milestone-3"}
    assert web.post("/settings/calendar/end").status_code == 303
    assert (ask(site, own).status_code, ask(site, office).status_code) == (200, 404)


def test_who_left_has_no_calendar_any_more(site: str, web: httpx.Client, begin: Begin) -> None:
    path = made(web)
    with begin() as session:
        session.get_one(Colleague, 1).active = False
    assert ask(site, path).status_code == 404


@pytest.mark.parametrize(
    "look", [pytest.param(one, marks=pytest.mark.slow if one != "light" else ()) for one in LOOKS]
)
def test_a_colleague_subscribes_in_two_clicks(opened: Callable[..., Page], site: str, look: str) -> None:
    facts: dict[str, Any] = LOOKS[look]
    page = opened(**facts)
    complaints = watched(page)
    page.goto(site + "/me")
    page.get_by_role("button", name="Adres maken", exact=True).click()
    note = page.locator("#made")
    expect(note.locator("code")).to_contain_text("http://localhost:8000/calendar/")
    assert (note.locator("a").first.get_attribute("href") or "").startswith(
        "webcal://localhost:8000/calendar/"
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.screenshot(path=SHOTS / f"calendar-{look}.png", full_page=True)
    page.get_by_role("button", name="Intrekken").first.click()
    expect(page.get_by_role("button", name="Adres maken", exact=True)).to_be_visible()
    assert complaints == []
