# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The inbox over real HTTP."""

from datetime import timedelta

import httpx
import pytest
from bs4 import BeautifulSoup

from models.call import CallChange, ChangeKind, Significance
from models.session import Begin
from tests.builders import NOW
from tests.web.offices import As
from tests.web.test_calls import titles, words

RELEVANT = {"verdict": "relevant", "over": "0", "from": "inbox", "back": "order=deadline"}


def forms(answer: httpx.Response) -> int:
    return len(BeautifulSoup(answer.text, "lxml").select("form.judge"))


@pytest.mark.usefixtures("office")
def test_the_inbox_shows_what_waits_with_reasons_days_and_a_form_each(web: httpx.Client) -> None:
    answer = web.get("/inbox")
    assert [one[:9] for one in titles(answer)] == ["Cities th", "Energiehu", "Quartiere"]
    assert forms(answer) == 3
    said = words(answer)
    assert "nog 21 dagen, dinsdag 15 december 2026" in said
    assert "sluitingsdatum gewijzigd" in said
    assert "niet bekeken" in said
    marked = [one.get_text() for one in BeautifulSoup(answer.text, "lxml").select(".passage mark")]
    assert marked == ["Heat stress", "climate adaptation"]
    assert titles(web.get("/inbox?order=deadline"))[0] == "Cities that stay cool"
    assert len(titles(web.get("/inbox?theme=wonen"))) == 2
    assert len(titles(web.get("/inbox?theme=nergens"))) == 3


@pytest.mark.usefixtures("office")
def test_a_call_is_judged_from_the_inbox_and_the_verdict_taken_back_there(web: httpx.Client) -> None:
    answer = web.post("/calls/1/verdict", data=RELEVANT)
    assert answer.headers["location"] == "/inbox?order=deadline&judged=1"
    page = web.get(answer.headers["location"])
    assert "Cities that stay cool : relevant" in words(page)
    assert len(titles(page)) == 2
    back = web.post("/verdicts/1/undo", data={"from": "inbox", "back": "order=deadline"})
    assert back.headers["location"] == "/inbox?order=deadline"
    page = web.get("/inbox?judged=1")
    assert ": relevant" not in words(page)
    assert len(titles(page)) == 3


def test_a_verdict_of_another_office_is_not_told_here(as_: As, web: httpx.Client) -> None:
    as_("Joost").post("/calls/1/verdict", data=RELEVANT)
    page = web.get("/inbox?judged=1")
    assert ": relevant" not in words(page)
    assert len(titles(page)) == 3


@pytest.mark.usefixtures("office")
def test_what_changed_since_the_verdict_is_there_again_and_says_so(web: httpx.Client, begin: Begin) -> None:
    form = {"verdict": "not_relevant", "reason": "too_late"} | {"from": "inbox", "back": "x=1&path=/evil"}
    assert web.post("/calls/3/verdict", data=form).headers["location"] == "/inbox?x=1&path=%2Fevil&judged=1"
    with begin() as session:
        kind, major = ChangeKind.DEADLINE_MOVED, Significance.MAJOR
        later = NOW + timedelta(hours=1)
        session.add(CallChange(call_id=3, kind=kind, significance=major, at=later))
    page = web.get("/inbox?verdict=not_relevant")
    assert len(titles(page)) == 1
    assert "Gewijzigd sinds het oordeel van Noor de Vries" in words(page)
    assert 'name="over" value="1"' in page.text
    assert len(titles(web.get("/inbox?verdict=unjudged&decision=undecided"))) == 2


@pytest.mark.usefixtures("office")
def test_an_empty_inbox_says_what_to_do_and_a_page_too_far_leads_to_the_last(web: httpx.Client) -> None:
    assert web.get("/inbox?page=9&order=best").headers["location"] == "/inbox?page=1&order=best"
    assert "Wis het filter" in words(web.get("/inbox?mine=followed"))
    for number in (1, 2, 3):
        web.post(f"/calls/{number}/verdict", data=RELEVANT)
    assert "Alles is beoordeeld" in words(web.get("/inbox"))
    assert len(titles(web.get("/calls?verdict=relevant"))) == 3


def test_a_reader_sees_the_inbox_without_forms(as_: As) -> None:
    page = as_("Rob").get("/inbox")
    assert (len(titles(page)), forms(page)) == (3, 0)


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize(
    "query", ["mine=all", "verdict=x", "decision=<script>", "order=9", "page=0", "judged=x"]
)
def test_a_question_that_is_none_is_refused(web: httpx.Client, query: str) -> None:
    for path in ("/inbox", "/calls"):
        if path == "/inbox" or "judged" not in query:
            assert web.get(f"{path}?{query}").status_code == 400
