# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Themes to a file and back over real HTTP: seen before they are kept, and told in a sentence when they cannot be."""

import html
import re

import httpx
import pytest
from sqlalchemy import select

from models.session import Begin
from models.theme import Theme
from tests.prefect_api import PrefectApi

FILE = '[[theme]]\nid = "spoor"\nname = "Spoor & <b>tram</b>"\nthreshold = "wide"\ncore.nl = ["spoorlijn*"]\n'
pytestmark = pytest.mark.usefixtures("office")


def sent(web: httpx.Client, file: str | bytes, to: str = "/themes/file", **fields: str) -> httpx.Response:
    body = file if isinstance(file, bytes) else file.encode()
    return web.post(to, files={"file": ("themas.toml", body, "application/toml")}, data=fields)


def kept(begin: Begin) -> list[str]:
    with begin() as session:
        return sorted(session.scalars(select(Theme.slug)))


def asked(page: str) -> dict[str, str]:
    """What the form of the preview sends."""
    seen, text = (
        re.search(r'name="seen" value="(\w+)"', page),
        re.search(r"hidden=?.*?>\n(.*?)</textarea>", page, re.DOTALL),
    )
    assert seen
    assert text
    return {"seen": seen[1], "text": html.unescape(text[1])}


def test_what_is_fetched_changes_nothing_when_it_is_taken_in(web: httpx.Client) -> None:
    answer = web.get("/themes/file.toml")
    assert answer.headers["content-type"] == "application/toml; charset=utf-8"
    assert answer.headers["content-disposition"].startswith('attachment; filename="themas-enschede-')
    assert "Het bestand zegt hetzelfde als er al staat" in sent(web, answer.text).text


def test_a_file_is_seen_before_it_is_kept_and_kept_once(
    web: httpx.Client, begin: Begin, prefect: PrefectApi
) -> None:
    page = sent(web, b"\xef\xbb\xbf" + FILE.replace("\n", "\r\n").encode())
    assert page.status_code == 200
    assert "1 thema verandert" in page.text
    assert '<q lang="nl">spoorlijn*</q>' in page.text
    assert "<b>tram" not in page.text
    assert kept(begin) == ["klimaat_water", "wonen"]
    form = asked(page.text)
    for _ in range(2):
        answer = web.post("/themes/file/keep", files={"none": b""}, data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, "/themes?done=file")
    assert "Het bestand is overgenomen." in web.get("/themes?done=file").text
    assert kept(begin) == ["klimaat_water", "spoor", "wonen"]


def test_themes_that_changed_since_they_were_seen_are_shown_again(web: httpx.Client, begin: Begin) -> None:
    form = asked(sent(web, FILE).text)
    with begin() as session:
        session.add(Theme(office_id=1, slug="spoor", name={"nl": "Rails"}, description={}, words={}))
    answer = web.post("/themes/file/keep", data=form)
    assert answer.status_code == 409
    assert "De thema's zijn intussen gewijzigd" in answer.text
    assert '<q lang="nl">Rails</q>' in answer.text


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("", "Kies eerst een bestand."),
        (b"\xff\xfe\x00", "Dit bestand is geen tekst."),
        ("theme = ", "Dit is geen TOML"),
        ("a = 1", "Er moeten [[theme]]-tabellen in het bestand staan"),
        ("theme = [3]", "Regel 1: een thema heeft een id"),
        (FILE + FILE, "De id staat er twee keer: regel 6, thema ‘spoor’."),
        (FILE + "colour = 1", "‘colour’ bestaat hier niet (regel 1, thema ‘spoor’)"),
        ('[[theme]]\nid = "a"\nname.nl = "A"', "De naam ontbreekt in deze taal: Deutsch"),
        (FILE.replace("wide", "w"), "De threshold is narrow, normal of wide"),
        (FILE + "tooi = 3", "‘tooi’ is een lijst van adressen"),
        (FILE + "weak.nl = [3]", "‘weak’ heeft niet de vorm die het moet hebben"),
        (
            FILE + 'weak.nl = ["a*b"]',
            "regel 1, thema ‘spoor’: Zwakke woorden (Nederlands): in ‘a*b’ staat een * midden",
        ),
    ],
)
def test_a_bad_file_gets_a_sentence_and_changes_nothing(
    web: httpx.Client, begin: Begin, file: str | bytes, said: str
) -> None:
    answer = sent(web, file)
    assert answer.status_code == 422
    assert said in " ".join(html.unescape(answer.text).split())
    assert kept(begin) == ["klimaat_water", "wonen"]


def test_a_file_that_no_longer_reads_or_has_a_name_that_is_taken_is_not_kept(web: httpx.Client) -> None:
    assert web.post("/themes/file/keep", data={"text": "a = 1"}).status_code == 422
    taken = FILE.replace("Spoor & <b>tram</b>", "Wonen en wijken")
    answer = web.post("/themes/file/keep", data=asked(sent(web, taken).text))
    assert answer.status_code == 422
    assert "Er is al een ander thema met de naam ‘Wonen en wijken’." in answer.text


def test_what_is_no_form_or_too_large_is_refused(web: httpx.Client) -> None:
    for body, status in ((b"x" * (1024 * 1024 + 1), 413), (b"--b\r\nno end", 422)):
        kind = {"content-type": "multipart/form-data; boundary=b"}
        assert web.post("/themes/file", content=body, headers=kind).status_code == status
    assert (
        web.post("/themes/file", content=b"x", headers={"content-type": "multipart/form-data"}).status_code
        == 400
    )
