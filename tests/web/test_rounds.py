# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Rounds as colleagues enter, edit and copy them, over real HTTP."""

import re
from datetime import date

import httpx
import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from models.call import Call
from models.session import Begin
from tests.builders import NOW, call, deadline, source

FORM = {
    "source": "dnl", "key": "a" * 16, "title": "Ronde 2027", "text": "Over de grens.", "language": "nl", "seen": "",
    "deadline-0-on": "2027-05-17", "deadline-0-at": "23:59", "step-0-label": "Stukken", "step-0-on": "2027-06-14",
}  # fmt: skip


@pytest.fixture(autouse=True)
def kept_sources(begin: Begin) -> None:
    with begin() as session:
        session.add_all(
            [source(slug="dnl", name="Rondes", kind="rounds"), source(slug="rss", name="Feed", kind="rss")]
        )


def soup(answer: httpx.Response) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "lxml")


def entered(web: httpx.Client, **more: str) -> int:
    answer = web.post("/rounds/new", data=FORM | more)
    assert answer.status_code == 303, answer.text
    return int(answer.headers["location"].rpartition("/")[2])


def version(web: httpx.Client, call_id: int) -> str:
    return str(soup(web.get(f"/calls/{call_id}/edit")).select_one("input[name=seen]")["value"])  # type: ignore[index]


def test_an_empty_list_says_what_to_do_and_leads_to_the_form(web: httpx.Client) -> None:
    page = soup(web.get("/rounds"))
    assert "Er is nog geen ronde ingevoerd" in page.get_text()
    assert page.select_one('a[href="/rounds/new"]')
    assert web.get("/rounds/new").status_code == 200


def test_a_round_is_entered_and_shown_as_a_chain_of_dates(web: httpx.Client) -> None:
    number = entered(web)
    assert entered(web) == number
    shown = soup(web.get(f"/calls/{number}")).select_one(".chain")
    assert shown is not None
    words = " ".join(shown.get_text(" ").split())
    assert re.search(r"Indienen.*17 mei 2027 23:59.*Stukken.*14 juni 2027", words)
    assert "Ronde 2027" in web.get("/rounds").text


def test_a_form_with_a_fault_comes_back_as_typed_with_a_sentence_at_the_field(
    web: httpx.Client, begin: Begin
) -> None:
    answer = web.post("/rounds/new", data=FORM | {"title": "", "deadline-0-on": "31-2-2027", "source": "rss"})
    page = soup(answer)
    assert answer.status_code == 422
    assert {link["href"] for link in page.select(".note--danger a")} == {
        "#title",
        "#deadline-0-on",
        "#source",
    }
    assert page.select_one('[name="deadline-0-on"]')["value"] == "31-2-2027"  # type: ignore[index]
    assert page.select_one('[name="step-0-label"]')["value"] == "Stukken"  # type: ignore[index]
    with begin() as session:
        assert session.scalars(select(Call)).all() == []


@pytest.mark.parametrize(
    ("title", "code"), [("x" * 100_000, 422), ("<script>alert(1)</script>", 303), ("a\x00\x07b", 303)]
)
def test_titles_of_every_kind_are_refused_or_made_harmless(web: httpx.Client, title: str, code: int) -> None:
    answer = web.post("/rounds/new", data=FORM | {"title": title})
    assert answer.status_code == code
    assert "<script>alert" not in web.get("/rounds").text


def test_more_rows_are_given_without_losing_what_was_typed(web: httpx.Client) -> None:
    before = len(soup(web.get("/rounds/new")).select('[name$="-label"]'))
    page = soup(
        web.post("/rounds/new", data=FORM | {"more": "step", "step-rows": str(before), "deadline-rows": "x"})
    )
    assert len(page.select('[name$="-label"]')) > before
    assert page.select_one('[name="title"]')["value"] == "Ronde 2027"  # type: ignore[index]


def test_a_round_is_edited_and_two_who_edit_at_once_see_both_versions(web: httpx.Client) -> None:
    number = entered(web)
    seen = version(web, number)
    first = web.post(f"/calls/{number}/edit", data=FORM | {"seen": seen, "title": "Van Noor"})
    second = web.post(f"/calls/{number}/edit", data=FORM | {"seen": seen, "title": "Van Sam"})
    assert (first.status_code, second.status_code) == (303, 409)
    page = soup(second)
    assert "Van Noor" in page.get_text()
    assert page.select_one('[name="title"]')["value"] == "Van Sam"  # type: ignore[index]
    again = page.select_one("input[name=seen]")["value"]  # type: ignore[index]
    assert (
        web.post(f"/calls/{number}/edit", data=FORM | {"seen": again, "title": "Van Sam"}).status_code == 303
    )
    assert web.post(f"/calls/{number}/edit", data=FORM | {"title": ""}).status_code == 422


def test_a_replayed_new_form_that_says_something_else_is_a_conflict(web: httpx.Client) -> None:
    entered(web)
    assert web.post("/rounds/new", data=FORM | {"title": "Anders"}).status_code == 409
    assert entered(web, key="not a key") != 1


def test_a_round_is_copied_by_one_button(web: httpx.Client, begin: Begin) -> None:
    number = entered(web)
    answer = web.post(f"/calls/{number}/copy")
    assert answer.status_code == 303
    assert "2028-05-15" in web.get(answer.headers["location"]).text
    assert web.post(f"/calls/{number}/copy").headers["location"] == answer.headers["location"]
    with begin() as session:
        assert len(session.scalars(select(Call)).all()) == 2
    fund = entered(web, key="b" * 16, **{"deadline-0-on": "", "deadline-0-at": "", "rolling": "1"})
    assert web.post(f"/calls/{fund}/copy").status_code == 409


def test_calls_that_are_read_and_those_of_nobody_are_not_edited(web: httpx.Client, begin: Begin) -> None:
    with begin() as session:
        session.add(call(source_id=2, deadlines=[deadline(date(2027, 1, 5))], first_seen_at=NOW))
    for path in ("/calls/1", "/calls/99"):
        assert web.get(f"{path}/edit").status_code == 404
        assert web.post(f"{path}/edit", data=FORM).status_code == 404
        assert web.post(f"{path}/copy").status_code == 404


def test_another_site_enters_nothing(web: httpx.Client, begin: Begin) -> None:
    answer = web.post("/rounds/new", data=FORM, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    with begin() as session:
        assert session.scalars(select(Call)).all() == []
