# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The page the day begins with, over HTTP."""

from datetime import date, time, timedelta

import httpx
import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from models.application import Application, Comment, Milestone, Stage
from models.colleague import Colleague
from models.interest import Follow
from models.match import Verdict
from models.session import Begin
from tests import builders
from tests.web.conftest import EVIL, NOW


def soup(response: httpx.Response) -> BeautifulSoup:
    assert response.status_code == 200
    return BeautifulSoup(response.text, "lxml")


def words(page: BeautifulSoup, section: str) -> str:
    found = page.select_one(f"section[aria-labelledby={section}]")
    return " ".join(found.get_text(" ").split()) if found else ""


def test_who_has_nothing_to_do_is_told_what_to_do_next(web: httpx.Client) -> None:
    page = soup(web.get("/"))
    assert "U bent bij" in page.get_text()
    assert [one["href"] for one in page.select("main a")] == ["/inbox", "/applications"]


@pytest.mark.usefixtures("portfolio")
def test_the_week_tells_what_is_late_what_comes_and_what_to_decide(web: httpx.Client, begin: Begin) -> None:
    with begin() as session:
        session.add(
            builders.milestone(
                date(2026, 11, 27), title="Tekenen", application_id=5, at=time(17), zone="Europe/Brussels"
            )
        )
        session.add(builders.milestone(date(2026, 11, 30), title="Van een ander", application_id=2))
        session.get_one(Application, 2).owner_id = None
        session.get_one(Application, 4).stage = Stage.DECIDING
        session.add(Verdict(office_id=1, call_id=1, relevant=True, at=NOW))
        session.add(Follow(colleague_id=1, call_id=2, since=NOW - timedelta(days=1)))
    page = soup(web.get("/"))
    assert "Stuurgroep 22 dagen te laat , maandag 2 november 2026 EDL" in words(page, "late")
    mine = words(page, "mine")
    assert "Tekenen nog 3 dagen, vrijdag 27 november 2026 17:00 (Brussel) Versnelling" in mine
    assert "Partneroverleg nog 14 dagen" in mine
    assert "Van een ander" in words(page, "others")
    decide = words(page, "decide")
    assert f"{EVIL} aanvraag wacht op go of no-go" in decide
    assert "Cities that stay cool relevant, nog geen go of no-go · nog 21 dagen" in decide
    waiting = words(page, "waiting")
    assert "titel gewijzigd" in waiting
    assert "Provincie Overijssel mislukt" in waiting
    assert page.select_one("section[aria-labelledby=waiting] [lang=de]")
    assert page.select("script") == []


@pytest.mark.usefixtures("portfolio")
def test_a_date_is_done_from_the_home_page_and_leads_back_to_it(web: httpx.Client) -> None:
    form = soup(web.get("/")).select_one("section[aria-labelledby=late] form")
    assert form is not None
    answer = web.post(str(form["action"]), data={"from": "home"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert words(soup(web.get("/")), "late") == ""


@pytest.mark.usefixtures("portfolio")
def test_a_mention_is_told_until_it_is_answered(web: httpx.Client, begin: Begin) -> None:
    with begin() as session:
        session.add(builders.colleague(name="Sam", email="sam@enschede.example"))
        session.flush()
        sam = session.scalars(select(Colleague.id).where(Colleague.name == "Sam")).one()
        text = f"@noor {EVIL} kijk jij?"
        session.add(Comment(application_id=1, colleague_id=sam, text=text, mentions=[1], at=NOW))
    assert f"Sam noemt u bij EDL : @noor {EVIL} kijk jij?" in words(soup(web.get("/")), "waiting")
    web.post("/applications/1/comments", data={"text": "gezien"})
    assert "noemt u" not in soup(web.get("/")).get_text()


@pytest.mark.usefixtures("portfolio")
def test_more_than_the_page_holds_is_counted(web: httpx.Client, begin: Begin) -> None:
    with begin() as session:
        days = [date(2026, 11, 1)] * 30
        session.add_all(Milestone(application_id=1, title=f"Stap {n}", on=on) for n, on in enumerate(days))
    assert "en nog 11" in words(soup(web.get("/")), "late")
