# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The looks as staff see them, and the form that says one was looked at."""

import httpx
import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from models.session import Begin
from models.source import Look
from tests.web.conftest import EVIL


def page(web: httpx.Client, query: str = "") -> BeautifulSoup:
    return BeautifulSoup(web.get(f"/looks{query}").text, "lxml")


def said(page: BeautifulSoup, selector: str) -> list[str]:
    return [" ".join(one.get_text(" ").split()) for one in page.select(selector)]


def test_looks_says_so_when_there_is_nothing_to_look_at(web: httpx.Client) -> None:
    assert "Er is niets om naar te kijken" in web.get("/looks").text
    assert said(page(web), "nav a[aria-current=page]") == ["Kijktaken"]


@pytest.mark.usefixtures("looks")
def test_looks_shows_what_was_removed_and_added_in_words_too(web: httpx.Client) -> None:
    shown = page(web)
    assert said(shown, "article h2") == ["Interreg agenda", f"Agenda {EVIL}"]
    assert said(shown, "article:first-of-type .difference p") == [
        "… ongewijzigd …", "regel 3", "regel 4", "weg: Indienen tot 1 mei", "nieuw: Indienen tot 15 mei", "regel 5",
        "regel 6",
    ]  # fmt: skip
    (link,) = shown.select("article:first-of-type h2 a")
    assert (link["href"], link["lang"]) == ("https://x.example/agenda", "de")
    assert [one.name for one in shown.select("article:first-of-type del, article:first-of-type ins")] == [
        "del",
        "ins",
    ]
    assert not shown.find("script")
    assert "2 gewijzigde pagina's wachten op u." in web.get("/looks").text
    assert "2 changed pages wait for you." in web.get("/looks?lang=en").text


@pytest.mark.usefixtures("looks")
def test_an_address_that_is_no_web_address_is_no_link(web: httpx.Client) -> None:
    assert page(web).select('a[href^="javascript"]') == []


@pytest.mark.usefixtures("looks")
def test_a_look_is_marked_by_a_form_and_moves_to_the_last_ones(web: httpx.Client, begin: Begin) -> None:
    form = page(web).select_one("article form")
    assert form is not None
    assert (form["method"], form["action"]) == ("post", "/looks/2")
    answer = web.post(
        "/looks/2", data={"note": f"Op tijd.\r\n{EVIL}"}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/looks")
    with begin() as session:
        look = session.scalars(select(Look).where(Look.id == 2)).one()
        assert (look.done_by, look.note) == ("office", f"Op tijd.\n{EVIL}")
    shown = page(web)
    assert said(shown, "article h2") == [f"Agenda {EVIL}"]
    assert said(shown, ".looked li a") == ["Interreg agenda"]
    assert said(shown, ".looked__note") == [f"Op tijd. {EVIL}"]
    assert not shown.find("script")


@pytest.mark.usefixtures("looks")
def test_another_site_marks_nothing(web: httpx.Client, begin: Begin) -> None:
    assert web.post("/looks/2", data={}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert web.post("/looks/2", data={}, headers={"Origin": "https://evil.example"}).status_code == 403
    with begin() as session:
        assert session.get_one(Look, 2).done_at is None


@pytest.mark.usefixtures("looks")
def test_a_note_is_kept_as_far_as_it_fits(web: httpx.Client, begin: Begin) -> None:
    web.post("/looks/2", data={"note": "x" * 3000})
    with begin() as session:
        assert len(session.get_one(Look, 2).note) == 2000


@pytest.mark.parametrize(("look", "code"), [("7", 404), ("0", 400), ("een", 400), ("99999999999", 400)])
def test_a_look_that_is_not_there_is_told(web: httpx.Client, look: str, code: int) -> None:
    assert web.post(f"/looks/{look}", data={}).status_code == code
