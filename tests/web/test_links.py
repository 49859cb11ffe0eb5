# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The same call at other sources, as staff see it, link it and undo it."""

from datetime import date

import httpx
import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from grants.linking import link_all
from models.call import Call
from models.link import CallLink
from models.match import Match
from models.session import Begin
from tests import builders
from tests.web.conftest import EVIL, NOW

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


def page(web: httpx.Client, path: str = "/calls/1") -> BeautifulSoup:
    return BeautifulSoup(web.get(path).text, "lxml")


def section(web: httpx.Client, path: str = "/calls/1") -> str:
    found = page(web, path).select_one(".twins")
    assert found is not None
    return " ".join(found.get_text(" ").split())


@pytest.fixture
def linked(office: None, begin: Begin) -> None:
    """Call 6 of RVO is call 1 by its identifier, with an earlier deadline; call 7 is like it, unlinked."""
    with begin() as session:
        session.get_one(Call, 1).kind = "topic"
        for number in (3, 4, 5):
            session.get_one(Call, number).identifier = f"OTHER-2026-{number}"
        own = {"source_id": 2, "url": "https://rvo.example/koel", "title": f"Koele steden {EVIL}"}
        early = [builders.deadline(date(2026, 12, 1))]
        session.add(builders.call(key="twin", language="nl", deadlines=early, **own))
        apart = {"source_id": 2, "url": "https://rvo.example/los", "title": "Cities that keep cool too"}
        session.add(builders.call(key="alone", identifier="RVO-7", **apart))
    link_all(begin, now=NOW)


@pytest.mark.usefixtures("linked")
def test_a_call_tells_where_else_it_is_why_how_sure_and_when(web: httpx.Client) -> None:
    said = section(web)
    for words in (
        "Dezelfde openstelling bij andere bronnen",
        f"Koele steden {EVIL}",
        "RVO subsidies – sluit: nog 7 dagen, dinsdag 1 december 2026",
        "hetzelfde kenmerk (vrijwel zeker), vanzelf gekoppeld op dinsdag 24 november 2026",
        "Houd de vroegste aan tot u het zeker weet.",
        "RVO subsidies: dinsdag 1 december 2026; EU Funding & Tenders: dinsdag 15 december 2026",
    ):
        assert words in said
    assert "vanzelf gekoppeld" in section(web, "/calls/6")
    assert not page(web).find("script")


@pytest.mark.usefixtures("linked")
def test_a_list_shows_a_linked_call_once_and_says_where_else(web: httpx.Client) -> None:
    (line,) = [
        one for one in page(web, "/calls?everything=1").select(".call") if "ook bij:" in one.get_text()
    ]
    said = " ".join(line.get_text(" ").split())
    assert "ook bij: RVO subsidies" in said
    assert "De bronnen noemen verschillende sluitingsdata" in said
    assert "nog 7 dagen, dinsdag 1 december 2026" in said
    assert "6 openstellingen" in page(web, "/calls?everything=1").get_text()


@pytest.mark.usefixtures("linked")
def test_a_colleague_undoes_a_link_and_both_are_shown_again(web: httpx.Client, begin: Begin) -> None:
    form = page(web, "/calls/6").select_one(".twins li form")
    assert form is not None
    assert (form["method"], form["action"]) == ("post", "/links/1/undo")
    fields = {one["name"]: one["value"] for one in form.select("input")}
    answer = web.post("/links/1/undo", data=fields, headers=SAME_SITE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/calls/6")
    with begin() as session:
        assert session.scalars(select(CallLink)).one().undone_by == "noor@enschede.example"
    said = section(web)
    assert "Geen die wij kennen." in said
    assert "1 koppeling losgemaakt" in said
    assert "losgemaakt door noor@enschede.example op dinsdag 24 november 2026" in said
    assert "7 openstellingen" in page(web, "/calls?everything=1").get_text()


@pytest.mark.usefixtures("linked")
def test_what_linking_let_go_itself_is_told_as_such(web: httpx.Client, begin: Begin) -> None:
    with begin() as session:
        row = session.scalars(select(CallLink)).one()
        row.undone_by, row.undone_at = "linking", NOW
    assert "vanzelf losgemaakt op" in section(web)


@pytest.mark.usefixtures("linked")
@pytest.mark.parametrize("words", ["7", "/calls/7", "https://www.rvo.example/los/"])
def test_a_colleague_links_by_number_or_address(web: httpx.Client, begin: Begin, words: str) -> None:
    answer = web.post("/calls/2/links", data={"other": words}, headers=SAME_SITE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/calls/2")
    with begin() as session:
        assert (
            session.scalars(select(CallLink).where(CallLink.by == "noor@enschede.example")).one().other_id
            == 7
        )
    assert "door een collega gekoppeld (zeker), gekoppeld door noor@enschede.example op" in section(
        web, "/calls/2"
    )


@pytest.mark.usefixtures("linked")
def test_a_pasted_address_of_our_own_page_is_understood(web: httpx.Client, begin: Begin) -> None:
    assert web.post("/calls/2/links", data={"other": f"{web.base_url}/calls/7?office=x"}).status_code == 303
    with begin() as session:
        assert (
            session.scalars(select(CallLink).where(CallLink.by == "noor@enschede.example")).one().other_id
            == 7
        )


@pytest.mark.usefixtures("linked")
@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (f"{EVIL}", "Die openstelling kennen wij niet."),
        ("404", "Die openstelling kennen wij niet."),
        ("2", "Dat is deze openstelling zelf."),
        ("3", "Deze bron noemt ze zelf als verschillende openstellingen: die blijven apart."),
        ("https://x.example/1", "Op dat adres staan meer openstellingen: geef het nummer van één."),
    ],
)
def test_what_cannot_be_linked_is_said_beside_the_field(web: httpx.Client, words: str, problem: str) -> None:
    answer = web.post("/calls/2/links", data={"other": words})
    assert answer.status_code == 422
    shown = BeautifulSoup(answer.text, "lxml")
    (said,) = shown.select("#problem[role=alert]")
    (field,) = shown.select("input[name=other]")
    assert (said.get_text(), field["value"], field["aria-describedby"]) == (problem, words, "problem")
    assert not shown.find("script")


@pytest.mark.usefixtures("linked")
def test_another_site_links_and_undoes_nothing(web: httpx.Client, begin: Begin) -> None:
    for path, fields in (("/calls/2/links", {"other": "7"}), ("/links/1/undo", {})):
        assert web.post(path, data=fields, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    with begin() as session:
        (row,) = session.scalars(select(CallLink))
        assert row.undone_at is None


@pytest.mark.usefixtures("linked")
def test_a_link_or_call_that_is_not_there_is_told(web: httpx.Client) -> None:
    assert web.post("/links/7/undo", data={}).status_code == 404
    assert web.post("/calls/404/links", data={"other": "1"}).status_code == 404


@pytest.mark.usefixtures("linked")
def test_twins_without_a_link_of_their_own_and_without_dates_are_told(
    web: httpx.Client, begin: Begin
) -> None:
    with begin() as session:
        session.add(builders.call(key="z", source_id=3, identifier="", deadlines=[], rolling=True, url="x"))
        session.add(builders.call(key="y", source_id=4, identifier="", deadlines=[], url="y"))
        past = [builders.deadline(date(2026, 10, 1))]
        session.add(builders.call(key="w", source_id=5, identifier="", deadlines=past, url="w"))
        assert session.scalars(select(Match)).first()
    for one, other in ((6, 8), (8, 9), (9, 10)):
        assert web.post(f"/calls/{one}/links", data={"other": str(other)}).status_code == 303
    said = section(web)
    assert said.count("gekoppeld via een andere openstelling") == 3
    for words in (
        "sluit: doorlopend",
        "sluit: onbekend: lees de bron",
        "sluit: verstreken, donderdag 1 oktober 2026",
    ):
        assert words in said
