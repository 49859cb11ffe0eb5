# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The calls as staff see them, over a real server."""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import httpx
import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import Settings
from models.match import Match
from models.session import Begin
from tests.browser import serving
from web.app import create_app


def soup(response: httpx.Response) -> BeautifulSoup:
    return BeautifulSoup(response.text, "lxml")


def titles(response: httpx.Response) -> list[str]:
    return [one.get_text() for one in soup(response).select(".calls h2 a")]


def words(response: httpx.Response) -> str:
    return " ".join(soup(response).get_text(" ").split())


@pytest.mark.usefixtures("office")
def test_calls_lists_what_matches_best_first_and_closed_last(web: httpx.Client) -> None:
    assert [one[:12] for one in titles(web.get("/calls"))] == [
        "Cities that ",
        "Quartiere vo",
        "Energiehubs ",
        "Closed long ",
    ]
    assert len(titles(web.get("/calls?everything=1"))) == 5


@pytest.mark.usefixtures("office")
def test_calls_tells_why_when_and_how_much(web: httpx.Client) -> None:
    first = soup(web.get("/calls")).select_one(".call")
    assert first is not None
    said = " ".join(first.get_text(" ").split())
    for words_ in ("Klimaatadaptatie en water", "sterk", "climate adaptation", "LIFE", "12.500.000"):
        assert words_ in said
    assert "gedeeld door 4 openstellingen" in said
    assert "sluitingsdatum gewijzigd" in said
    assert "15 december" in said


@pytest.mark.usefixtures("office")
def test_what_resembles_the_description_is_said_and_quoted(web: httpx.Client, begin: Begin) -> None:
    with begin() as session:
        row = session.scalars(select(Match).where(Match.call_id == 2)).first()
        assert row is not None
        sentence = "Ganze <Dörfer>."
        row.reasons, row.call.text = [], f"Kurz. {sentence} Mehr."
        row.sentence = {"field": "text", "start": 6, "end": 6 + len(sentence), "phrase": sentence, "mark": ""}
    quote = soup(web.get("/calls/2")).select_one(".match__why q")
    assert quote is not None
    assert (quote.get_text(), quote["lang"]) == (sentence, "de")
    assert "– lijkt op uw omschrijving:" in words(web.get("/calls/2"))
    assert "– lijkt op uw omschrijving" in words(web.get("/calls"))
    assert f"Kurz. {sentence} Mehr." in [one.get_text() for one in soup(web.get("/inbox")).select(".passage")]


@pytest.mark.usefixtures("office")
def test_calls_says_in_which_language_a_title_is(web: httpx.Client) -> None:
    links = soup(web.get("/calls")).select(".calls h2 a")
    assert [one["lang"] for one in links] == ["en", "de", "nl", "en"]


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("theme=wonen", 2),
        ("theme=nergens", 4),
        ("status=closed", 1),
        ("search=energiehubs", 1),
        ("search=%00", 4),
        ("status=&theme=&search=&order=deadline", 4),
        ("office=elders", 4),
    ],
)
def test_calls_narrows_by_the_filter(web: httpx.Client, query: str, count: int) -> None:
    assert len(titles(web.get(f"/calls?{query}"))) == count


@pytest.mark.usefixtures("office")
def test_calls_keeps_the_filter_in_the_form(web: httpx.Client) -> None:
    page = soup(web.get("/calls?theme=wonen&status=open&search=quartiere"))
    assert [one["value"] for one in page.select("option[selected]")] == ["wonen", "open"]
    field = page.select_one("input[name=search]")
    assert field is not None
    assert field["value"] == "quartiere"


@pytest.mark.usefixtures("office")
def test_calls_tells_what_to_do_next_when_nothing_is_found(web: httpx.Client) -> None:
    page = soup(web.get("/calls?search=bestaatniet"))
    assert [one["href"] for one in page.select(".note a")] == [
        "/calls",
        "?search=bestaatniet&everything=1",
    ]
    assert soup(web.get("/calls?page=9")).select_one(".note a") is not None


@pytest.mark.usefixtures("office")
def test_call_shows_the_reasons_the_dates_and_the_changes(web: httpx.Client) -> None:
    answer = web.get("/calls/1")
    assert [one.get_text() for one in soup(answer).select("mark")] == [
        "Cities",
        "Heat stress",
        "climate adaptation",
    ]
    assert "dinsdag 8 december 2026 → dinsdag 15 december 2026" in words(answer)
    link = soup(answer).select_one("a.button")
    assert link is not None
    assert link["href"] == "https://x.example/1"
    assert "im Frühjahr 2027" in words(web.get("/calls/2"))
    assert "de bron noemt geen tijdzone" in words(web.get("/calls/3"))


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize(
    "path", ["/calls", "/calls/1", "/calls/2", "/calls?search=<script>alert(1)</script>"]
)
def test_no_page_lets_words_from_outside_become_markup(web: httpx.Client, path: str) -> None:
    answer = web.get(path)
    assert "<script" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text


@pytest.mark.usefixtures("office")
def test_call_links_to_addresses_of_the_web_only(web: httpx.Client) -> None:
    assert "javascript:" not in web.get("/calls/5").text


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize("path", ["/calls", "/calls/1", "/sources", "/calls/404"])
@pytest.mark.parametrize(
    ("language", "home"), [("nl", "Deze week"), ("de", "Diese Woche"), ("en", "This week")]
)
def test_pages_speak_the_language_that_was_asked(
    web: httpx.Client, path: str, language: str, home: str
) -> None:
    page = soup(web.get(path, params={"lang": language}))
    assert page.html is not None
    assert page.html["lang"] == language
    menu = page.select_one(".masthead nav a")
    assert menu is not None
    assert menu.get_text() == home


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "nl"),
        ("fr-FR,fr", "nl"),
        ("de-DE,de;q=0.9,en;q=0.8", "de"),
        ("en;q=0.5, nl;q=0.8", "nl"),
        ("en;q=zero,de;q=0.1", "de"),
    ],
)
def test_language_follows_the_browser_at_the_door_and_then_the_colleague(
    site: str, web: httpx.Client, header: str, language: str
) -> None:
    said = {"Accept-Language": header}
    assert httpx.get(f"{site}/sign-in", headers=said).headers["content-language"] == language
    assert web.get("/calls", headers=said).headers["content-language"] == "nl"
    web.get("/calls?lang=en")
    assert web.get("/calls", headers=said).headers["content-language"] == "en"


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing", 404),
        ("/calls/404", 404),
        ("/calls/99999999999999999999", 400),
        ("/calls/x", 400),
        ("/calls?page=0", 400),
        ("/calls?page=x", 400),
        ("/calls?status=half", 400),
        ("/docs", 404),
        ("/openapi.json", 404),
        ("/static/../app.py", 404),
        ("/static/%2e%2e/app.py", 404),
    ],
)
def test_errors_are_pages_with_a_sentence(web: httpx.Client, path: str, status: int) -> None:
    answer = web.get(path)
    assert answer.status_code == status
    heading = soup(answer).h1
    assert heading is not None
    assert heading.get_text().endswith(".")
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_pages_are_for_reading_only(web: httpx.Client) -> None:
    answer = web.post("/calls")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


@pytest.mark.parametrize("path", ["/calls", "/static/pijplijn.css", "/health", "/nothing"])
def test_every_answer_is_sealed(web: httpx.Client, path: str) -> None:
    headers = web.get(path).headers
    policy = headers["content-security-policy"]
    assert re.findall(r"unsafe|https?:|\*", policy) == []
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_strange_hosts_are_refused(web: httpx.Client) -> None:
    assert web.get("/calls", headers={"Host": "evil.example"}).status_code == 400


def test_health_tells_that_the_database_answers(web: httpx.Client) -> None:
    answer = web.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"ok": True, "database": "reachable"})


def broken() -> AbstractContextManager[Session]:
    @contextmanager
    def look() -> Iterator[Session]:
        raise RuntimeError("The disk is full.")
        yield

    return look()


def test_a_fault_of_ours_is_a_page_that_tells_no_secrets() -> None:
    with serving(create_app(Settings(), broken, broken)) as site:
        answer = httpx.get(f"{site}/calls")
    assert answer.status_code == 500
    assert "disk" not in answer.text
    assert "Er ging iets mis bij ons." in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.usefixtures("office")
def test_a_call_tells_whom_it_is_for_in_its_own_words(web: httpx.Client) -> None:
    link = soup(web.get("/calls")).select_one(".calls h2 a")
    assert link is not None
    said = words(web.get(str(link["href"])))
    assert "Voor wie en waar" in said
    assert "lees bij de bron wie kan aanvragen" in said
