# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The audit log as a page and as a file, over real HTTP, for administrators alone and of their own office."""

import csv
import hashlib
import json
from io import StringIO

import httpx
import pytest
from bs4 import BeautifulSoup

from grants.auditing import head, verify
from grants.sign_ins import open_sign_in
from models.colleague import Access
from models.session import Begin
from tests import builders
from tests.web.conftest import EVIL, NOW, note_deeds


def lines(page: httpx.Response) -> list[str]:
    assert page.status_code == 200
    found = BeautifulSoup(page.text, "lxml").select(".deed")
    return [" ".join(one.get_text(" ").split()) for one in found]


@pytest.mark.usefixtures("log")
def test_the_page_shows_an_offices_own_deeds_and_the_shared_ones_the_latest_first(
    web: httpx.Client, begin: Begin
) -> None:
    page = web.get("/audit")
    shared, application, colleague = lines(page)
    assert shared.startswith("zondag 22 november 2026, 09:00:00 bron 1: gewijzigd =cmd|<script>")
    assert shared.endswith('hoogstens – → 9 waarom <script>alert(1)</script> list 1, 2, {"a": 1}')
    assert application == "dinsdag 24 november 2026, 09:00:00 aanvraag 1: lifted lena@enschede.example"
    assert colleague.endswith(
        "medewerker 7: gewijzigd noor@enschede.example rol lezer → bewerker werkt hier ja → nee"
    )
    assert EVIL not in page.text
    assert "almelo" not in page.text
    with begin() as session:
        assert head(session) in page.text


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("actor=LENA", 1), ("actor=joost", 0), ("actor=%25", 0), ("actor=%00", 3), ("subject=colleague", 1),
        ("subject=nothing", 0), ("on=2026-11-24", 2), ("on=2026-11-22", 1), ("on=2026-11-23", 0),
        ("actor=noor&subject=colleague&on=2026-11-24", 1), ("actor=&subject=&on=", 3), ("page=2", 0),
    ],
)  # fmt: skip
def test_the_filter_asks_who_what_and_when(web: httpx.Client, query: str, count: int) -> None:
    page = web.get(f"/audit?{query}")
    assert len(lines(page)) == count
    assert ("Hier staat niets" in page.text) == (count == 0)


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize(
    "query", ["on=yesterday", "on=9999-12-31", "on=0001-01-01", "page=0", "actor=" + "a" * 201]
)
def test_a_filter_that_cannot_be_is_refused(web: httpx.Client, query: str) -> None:
    assert web.get(f"/audit?{query}").status_code == 400


def test_a_long_log_is_paged_and_keeps_the_filter(web: httpx.Client, begin: Begin) -> None:
    assert "Er is nog niets gedaan" in web.get("/audit").text
    note_deeds(begin, *({"subject_id": number, "actor": "sam"} for number in range(51)))
    first = web.get("/audit?actor=sam&on=2026-11-24")
    (following,) = BeautifulSoup(first.text, "lxml").select("a[rel=next]")
    assert len(lines(first)) == 50
    last = web.get(f"/audit{following['href']}")
    assert lines(last) == ["dinsdag 24 november 2026, 09:00:00 bron 0: gewijzigd sam"]
    assert "Bladzijde 2 van 2" in last.text
    (previous,) = BeautifulSoup(last.text, "lxml").select(".pages a")
    assert lines(web.get(f"/audit{previous['href']}")) == lines(first)


@pytest.mark.usefixtures("log")
def test_the_words_are_there_in_german_and_english(web: httpx.Client) -> None:
    assert "Mitarbeitende 7: geändert" in web.get("/audit?lang=de").text
    assert "colleague 7: changed" in web.get("/audit?lang=en").text


@pytest.mark.usefixtures("log")
def test_json_lines_hold_what_proves_each_hash(web: httpx.Client) -> None:
    answer = web.post("/audit/export", data={"format": "jsonl"})
    assert answer.headers["content-type"] == "application/jsonl; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="audit-enschede-2026-11-24.jsonl"'
    told = [json.loads(line) for line in answer.text.splitlines()]
    assert [one["action"] for one in told] == ["changed", "lifted", "changed", "exported"]
    for one in told:
        said = {name: value for name, value in one.items() if name not in {"id", "hash"}}
        text = json.dumps(said, sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(text.encode()).hexdigest() == one["hash"]


@pytest.mark.usefixtures("log")
def test_a_spreadsheet_gets_no_formula(web: httpx.Client) -> None:
    answer = web.post("/audit/export", data={"format": "csv", "on": "2026-11-22"})
    assert answer.content.startswith(b"\xef\xbb\xbfid;at;actor;")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    (row,) = csv.DictReader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    assert row["actor"] == f"'=cmd|{EVIL}"
    assert (row["office_id"], json.loads(row["facts"])["at_most"]) == ("", [None, 9])


@pytest.mark.usefixtures("log")
def test_taking_a_file_is_a_deed_itself(web: httpx.Client, begin: Begin) -> None:
    web.post("/audit/export", data={"format": "csv", "actor": "lena", "subject": "", "on": ""})
    (latest, *_) = lines(web.get("/audit"))
    assert latest.endswith(
        "logboek 1: uitgevoerd naar een bestand noor@enschede.example soort bestand csv wie lena"
    )
    with begin() as session:
        assert verify(session).why == ""


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize(
    "fields", [{}, {"format": "exe"}, {"format": "csv", "on": "x"}, {"format": "csv", "on": "9999-12-31"}]
)
def test_a_file_that_cannot_be_is_refused_and_not_noted(
    web: httpx.Client, begin: Begin, fields: dict[str, str]
) -> None:
    assert web.post("/audit/export", data=fields).status_code == 400
    assert len(lines(web.get("/audit"))) == 3


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("access", [Access.READER, Access.EDITOR])
def test_others_may_not_read_or_take_it_and_see_no_link_to_it(
    site: str, begin: Begin, access: Access
) -> None:
    with begin() as session:
        other = builders.colleague(name="Sam", email="sam@enschede.example", access=access)
        session.add(other)
        session.flush()
        token = open_sign_in(session, other, way="password", browser="", now=NOW)
    with httpx.Client(base_url=site, cookies={"sid": token}) as client:
        assert client.get("/audit").status_code == 403
        assert client.post("/audit/export", data={"format": "csv"}).status_code == 403
        assert "/audit" not in client.get("/me").text
    assert httpx.get(f"{site}/audit").status_code == 303


@pytest.mark.usefixtures("log")
def test_another_offices_administrator_reads_their_own(site: str, begin: Begin) -> None:
    with begin() as session:
        joost = builders.colleague(email="joost@almelo.example", office_id=2, access=Access.ADMINISTRATOR)
        session.add(joost)
        session.flush()
        token = open_sign_in(session, joost, way="password", browser="", now=NOW)
    with httpx.Client(base_url=site, cookies={"sid": token}) as client:
        assert [line.partition("00 ")[2][:14] for line in lines(client.get("/audit"))] == [
            "bron 1: gewijz",
            "medewerker 8: ",
        ]
        assert "enschede" not in client.post("/audit/export", data={"format": "jsonl"}).text
