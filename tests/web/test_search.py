# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Searching calls and applications, over a real server."""

from urllib.parse import quote

import httpx
import pytest
from bs4 import BeautifulSoup
from sqlalchemy import Engine, event, select

from models.application import Application
from models.colleague import Access, Colleague
from models.session import Begin
from tests import builders


def titles(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200
    return [one.get_text() for one in BeautifulSoup(answer.text, "lxml").select(".call h3 a, .call h2 a")]


def marked(answer: httpx.Response) -> list[str]:
    return [one.get_text() for one in BeautifulSoup(answer.text, "lxml").select("mark")]


@pytest.mark.usefixtures("portfolio")
def test_search_finds_calls_and_applications_and_marks_the_words(web: httpx.Client) -> None:
    answer = web.get("/search?q=heat+waves+adap")
    assert titles(answer) == ["EDL", "Cities that stay cool"]
    assert marked(answer) == ["Heat", "adaptation", "heat", "waves"] * 2
    assert "1 openstelling, 1 aanvraag" in answer.text
    assert titles(web.get("/search?q=LIFE-2026-CLI")) == [
        "Cities that stay cool", "Energiehubs op bedrijventerreinen", "Regiodeal, zesde ronde", "Closed long ago",
    ]  # fmt: skip
    assert marked(web.get("/search?q=nrw-7"))[0] == "NRW-7"


@pytest.mark.usefixtures("portfolio")
def test_search_says_what_to_do_when_nothing_is_asked_or_found(web: httpx.Client) -> None:
    for nothing in ("", "%20", "*", "%00"):
        assert "Waar zoekt u naar?" in web.get(f"/search?q={nothing}").text
    answer = web.get("/search?q=bestaatniet")
    assert "Geen openstelling gevonden." in answer.text
    assert "Geen aanvraag gevonden." in answer.text


ODD = ['"', "*", "AND (", "a\0b", "\x07", "' OR 1=1", "<script>alert(1)</script>", "é" * 5_000, '{a}: "b']


@pytest.mark.usefixtures("portfolio")
@pytest.mark.parametrize("path", ["/search?q=", "/calls?everything=1&search=", "/applications?search="])
def test_no_search_is_an_error_and_no_word_becomes_markup(web: httpx.Client, path: str) -> None:
    for typed in ODD:
        answer = web.get(path + quote(typed))
        assert answer.status_code == 200
        assert "<script" not in answer.text


def test_a_confidential_application_is_found_by_who_may_know_of_it_only(
    portfolio: None, web: httpx.Client, begin: Begin
) -> None:
    assert titles(web.get("/search?q=ondermijning")) == ["Ondermijning"]
    with begin() as session:
        noor = session.scalars(select(Colleague)).one()
        noor.access = Access.EDITOR
        other = builders.colleague(name="Sam", email="sam@enschede.example")
        session.add(other)
        session.flush()
        session.scalars(select(Application).where(Application.confidential)).one().owner_id = other.id
    answer = web.get("/search?q=ondermijning")
    assert titles(answer) == []
    assert "0 openstellingen, 0 aanvragen" in answer.text
    assert "Ondermijning" not in web.get("/applications?search=ondermijning").text


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("source=rvo", []),
        ("programme=städtebau", ["Quartiere"]),
        ("written=nl", ["Energiehubs", "Regiodeal"]),
        ("written=nl&search=energieh", ["Energiehubs"]),
        ("within=30", ["Cities"]),
        ("within=180&status=open", ["Cities", "Energiehubs"]),
        ("budget=12.500.000", ["Cities"]),
        ("budget=12.500.001", []),
        ("budget=veel", ["Cities", "Quartiere", "Energiehubs", "Regiodeal", "Closed"]),
    ],
)
def test_calls_are_narrowed_by_more_than_words(web: httpx.Client, query: str, found: list[str]) -> None:
    answer = web.get(f"/calls?everything=1&{query}")
    assert [one.partition(" ")[0].strip(",") for one in titles(answer)] == found
    name, _, value = query.partition("&")[0].partition("=")
    field = BeautifulSoup(answer.text, "lxml").select_one(f'form.filter [name="{name}"]')
    assert field is not None
    chosen = field.select_one("option[selected]")
    assert value == (chosen["value"] if chosen else field.get("value"))


def test_wrong_filters_are_refused_with_a_sentence(web: httpx.Client) -> None:
    for query in ("within=31", "written=fr", "programme=" + "x" * 201):
        assert web.get(f"/calls?{query}").status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/calls?everything=1&search=cool",
        "/calls",
        "/search?q=cool",
        "/applications?search=cool",
        "/applications",
    ],
)
def test_pages_take_as_many_statements_for_a_hundred_rows_as_for_ten(
    office: None, web: httpx.Client, begin: Begin, engine: Engine, path: str
) -> None:
    def add(some: range) -> None:
        with begin() as session:
            for number in some:
                session.add(builders.call(key=f"n{number}", title=f"Cool {number}"))
                session.add(builders.application(slug=f"n{number}", title=f"Cool {number}", owner_id=1))

    said: list[object] = []
    event.listen(engine, "before_cursor_execute", lambda *facts: said.append(facts[2]))
    asked = []
    web.get("/me")  # and with it what is looked up once a minute
    for some in (range(10), range(10, 100)):
        add(some)
        said.clear()
        assert web.get(path).status_code == 200
        asked.append(len(said))
    assert asked[0] == asked[1] <= 18
