# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Choosing the digest, and switching it off with the link in it, over real HTTP."""

import httpx
import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from grants.digest import unsubscribe_token
from grants.nameless import doers
from models.audit import AuditEntry
from models.colleague import Colleague, Rhythm
from models.session import Begin
from tests import builders
from tests.web.offices import As

CHOICE = {
    "rhythm": "daily",
    "weekday": "5",
    "hour": "16",
    "language": "de",
    "theme-1": "1",
    "programmes": " LIFE \n\nlife\nXq ",
}


def noor(begin: Begin) -> Colleague:
    with begin() as session:
        return session.get_one(Colleague, 1)


def deeds(begin: Begin) -> list[tuple[str, str]]:
    with begin() as session:
        rows, people = session.scalars(select(AuditEntry).order_by(AuditEntry.id)), doers(session, 1)
        return [(people.get(row.actor, row.actor), row.action) for row in rows]


def words(page: httpx.Response) -> str:
    return " ".join(BeautifulSoup(page.text, "lxml").select_one("main").get_text(" ").split())  # type: ignore[union-attr]


@pytest.mark.usefixtures("office")
def test_a_choice_is_kept_shown_again_and_seen_by_the_administrator(web: httpx.Client, begin: Begin) -> None:
    before = words(web.get("/me/digest"))
    assert "zoals uw gemeente: maandag" in before
    assert "wekelijks op maandag vanaf 7:00 uur" in words(web.get("/me"))
    answer = web.post("/me/digest", data=CHOICE)
    assert answer.headers["location"] == "/me/digest?saved=1&lang=de"
    page = web.get("/me/digest?saved=1&lang=de")
    assert "life : 1 Ausschreibung" in words(page)
    assert "Xq : keine einzige Ausschreibung; prüfen Sie die Schreibweise" in words(page)
    form = BeautifulSoup(page.text, "lxml")
    assert [one["value"] for one in form.select("option[selected]")] == ["daily", "5", "16", "de"]
    assert [one["name"] for one in form.select("input[checked]")] == ["theme-1"]
    one = noor(begin)
    assert (one.digest_rhythm, one.digest_weekday, one.digest_hour) == (Rhythm.DAILY, 5, 16)
    assert (one.digest_themes, one.digest_programmes) == ([1], ["life", "Xq"])
    assert "täglich ab 16:00 Uhr · 1 Thema · 2 Programme" in words(web.get("/people"))
    assert deeds(begin) == [("noor@enschede.example", "changed")]
    web.post("/me/digest", data=CHOICE)
    assert len(deeds(begin)) == 1, "the same again is no deed"


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize(
    "bad",
    [
        {"rhythm": "hourly"}, {"rhythm": ""}, {"weekday": "8"}, {"weekday": "0"}, {"hour": "24"}, {"hour": "-1"},
        {"hour": ""}, {"hour": "٣"}, {"language": "xx"}, {"theme-3": "1"}, {"theme-999999999": "1"},
    ],
    ids=str,
)  # fmt: skip
def test_what_no_page_of_ours_offers_is_refused_and_changes_nothing(
    web: httpx.Client, begin: Begin, bad: dict[str, str]
) -> None:
    with begin() as session:
        session.add(builders.office(slug="almelo"))
        session.flush()
        session.add(builders.theme(office_id=2))
    assert web.post("/me/digest", data=CHOICE | bad).status_code == 400
    assert (noor(begin).digest_rhythm, noor(begin).language) == (Rhythm.WEEKLY, "nl")


@pytest.mark.parametrize("typed", ["x" * 100_000, "\n".join(f"p{number}" for number in range(31))])
def test_too_many_programmes_are_refused_with_a_sentence_and_nothing_of_the_form_is_lost(
    web: httpx.Client, begin: Begin, typed: str
) -> None:
    answer = web.post("/me/digest", data={**CHOICE, "programmes": typed, "theme-1": []})
    assert answer.status_code == 422
    assert "Hoogstens 30 programma's van elk hoogstens 100 letters." in words(answer)
    form = BeautifulSoup(answer.text, "lxml")
    assert form.select_one("textarea").get_text().strip() == typed  # type: ignore[union-attr]
    assert [one["value"] for one in form.select("option[selected]")] == ["daily", "5", "16", "de"]
    assert noor(begin).digest_rhythm == Rhythm.WEEKLY


def test_a_link_only_asks_and_a_click_switches_off_and_can_be_put_back(
    as_: As, begin: Begin, site: str
) -> None:
    as_("Sam")
    path = f"{site}/unsubscribe/{unsubscribe_token('hush', 1)}"
    with begin() as session:
        session.get_one(Colleague, 1).digest_rhythm = Rhythm.DAILY
        already = len(list(session.scalars(select(AuditEntry))))
    for _ in range(3):
        assert "Geen overzicht meer?" in httpx.get(path).text
    assert noor(begin).digest_rhythm == Rhythm.DAILY
    click = httpx.post(path, data={"List-Unsubscribe": "One-Click"})
    assert (click.status_code, noor(begin).digest_rhythm) == (200, Rhythm.NEVER)
    assert "Toch weer ontvangen, elke dag" in click.text
    assert "set-cookie" not in click.headers
    parts = {"List-Unsubscribe": (None, "One-Click")}
    assert httpx.post(path, files=parts).status_code == 200, "a mail program may send a form in parts"
    assert "U krijgt geen overzicht meer" in httpx.get(path).text
    assert httpx.post(f"{path}/undo", data={"rhythm": "daily"}).status_code == 303
    assert noor(begin).digest_rhythm == Rhythm.DAILY
    httpx.post(path)
    assert httpx.post(f"{path}/undo", data={"rhythm": "hourly"}).status_code == 303
    assert noor(begin).digest_rhythm == Rhythm.WEEKLY
    address = noor(begin).email
    assert deeds(begin)[already:] == [(address, "unsubscribed"), (address, "subscribed")] * 2


@pytest.mark.parametrize("forged", ["1.forged", "1", "x", "2.", "0." + "A" * 43, "1." + "A" * 43])
def test_a_link_that_is_not_ours_is_nobodys(web: httpx.Client, begin: Begin, forged: str) -> None:
    for answer in (
        web.get(f"/unsubscribe/{forged}"), web.post(f"/unsubscribe/{forged}"), web.post(f"/unsubscribe/{forged}/undo")
    ):  # fmt: skip
        assert answer.status_code == 404
    assert noor(begin).digest_rhythm == Rhythm.WEEKLY


def test_a_link_of_who_left_or_of_another_key_is_nobodys(as_: As, begin: Begin, site: str) -> None:
    as_("Sam")
    assert httpx.get(f"{site}/unsubscribe/{unsubscribe_token('other', 1)}").status_code == 404
    with begin() as session:
        session.get_one(Colleague, 1).active = False
    assert httpx.post(f"{site}/unsubscribe/{unsubscribe_token('hush', 1)}").status_code == 404


def test_the_token_signs_nobody_in(as_: As, begin: Begin, site: str) -> None:
    as_("Sam")
    token = unsubscribe_token("hush", 1)
    httpx.get(f"{site}/unsubscribe/{token}")
    assert httpx.get(f"{site}/me", cookies={"sid": token}).headers["location"] == "/sign-in?next=%2Fme"
