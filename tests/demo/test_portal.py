# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The demo portal has the real one's oddities, and the demo's stock reads without an error."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from demo.portal import Portal, serving, stocked
from grants.sources.sedia_record import understand

DEMO = Path(__file__).resolve().parent.parent.parent / "demo"
PATH = "/search-api/prod/rest/search?apiKey=SEDIA&text=***"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    german = {"reference": "9", "language": "de", "metadata": {"type": ["1"]}}
    many = [
        {
            "reference": str(n),
            "metadata": {
                "type": ["1"],
                "identifier": [f"{n:03}"],
                "deadlineDate": [f"{n + 2000}-01-01T00:00:00.000+0000"],
            },
        }
        for n in range(120)
    ]
    with serving(
        Portal([german, {"reference": "a", "metadata": {"type": "8"}}, *many], DEMO / "feeds")
    ) as address:
        yield address


def form(filename: str = '; filename="blob"', **parts: object) -> tuple[str, bytes]:
    texts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"{filename}\r\n'
        f"Content-Type: application/json\r\n\r\n{json.dumps(part)}\r\n"
        for name, part in parts.items()
    ]
    return "multipart/form-data; boundary=x", ("".join(texts) + "--x--\r\n").encode()


def ask(address: str, sent: tuple[str, bytes], more: str = "") -> dict[str, Any]:
    kind, body = sent
    with urlopen(Request(address + PATH + more, data=body, headers={"Content-Type": kind})) as answer:
        return json.load(answer)


def refused(address: str, sent: tuple[str, bytes], path: str = PATH) -> tuple[int, Any]:
    with pytest.raises(HTTPError) as caught:
        urlopen(Request(address + path, data=sent[1], headers={"Content-Type": sent[0]}))
    with caught.value as error:
        body = error.read()
        return error.code, json.loads(body)["type"] if body else ""


def test_file_parts_filter_sort_and_page(address: str) -> None:
    query = {"bool": {"must": [{"terms": {"type": ["1", "8"]}}]}}
    sent = form(query=query, languages=["en"], sort={"field": "identifier", "order": "DESC"})
    answer = ask(address, sent, "&pageSize=100&pageNumber=2")
    assert (answer["totalResults"], len(answer["results"])) == (
        120,
        20,
    )  # no German, nothing without the field
    assert answer["results"][0]["reference"] == "19"


def test_a_json_body_is_ignored_and_gives_everything(address: str) -> None:
    answer = ask(address, ("application/json", b'{"query":{"term":{"type":"8"}}}'), "&pageSize=10000")
    assert (answer["totalResults"], answer["pageSize"]) == (122, 100)


@pytest.mark.parametrize("sent", [form("", query={}), ("application/x-www-form-urlencoded", b"query=%7B%7D")])
def test_an_ordinary_form_field_is_an_internal_error(address: str, sent: tuple[str, bytes]) -> None:
    assert refused(address, sent) == (500, "throwable")


def test_clauses_the_portal_does_not_know_are_refused(address: str) -> None:
    assert refused(address, form(query={"wildcard": {"title": "*"}})) == (400, "businessError")


def test_text_is_required_and_other_pages_are_not_there(address: str) -> None:
    path = "/search-api/prod/rest/search?apiKey=SEDIA"
    assert refused(address, form(query={}), path) == (400, "businessError")
    assert refused(address, form(query={}), "/elsewhere") == (404, "")


@pytest.mark.parametrize(("bound", "count"), [("2100-01-01T00:00:00.000+0000", 20), ("2100-01-01", 120)])
def test_only_the_indexs_own_form_of_a_date_compares(address: str, bound: str, count: int) -> None:
    query = {"bool": {"must": [{"range": {"deadlineDate": {"gte": bound}}}, {"term": {"type": "1"}}]}}
    assert ask(address, form(query=query, sort=[{"field": "identifier"}]))["totalResults"] == count


@pytest.mark.parametrize(
    ("asks", "says"), [("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")]
)
def test_a_feed_known_already_is_not_sent_again(address: str, asks: str, says: str) -> None:
    url = f"{address}/feeds/overijssel.xml"
    with urlopen(url) as first:
        assert first.read().startswith(b"<?xml")
        known = first.headers[says]
    with pytest.raises(HTTPError) as caught:
        urlopen(Request(url, headers={asks: known}))
    with caught.value as error:
        assert error.code == 304


@pytest.mark.parametrize("path", ["/feeds/none.xml", "/feeds/../calls/sedia.json", "/"])
def test_nothing_else_is_served(address: str, path: str) -> None:
    with pytest.raises(HTTPError) as caught:
        urlopen(address + path)
    with caught.value as error:
        assert error.code == 404


def test_every_call_of_the_demo_is_read_and_one_budget_is_unreadable() -> None:
    reads = [understand(record) for record in stocked(DEMO).records]
    entries = [read.entry for read in reads]
    assert len({entry.key for entry in entries}) == len(entries) >= 40
    assert [warning for read in reads for warning in read.warnings] == [
        "The portal's budgetOverview of HORIZON-CL3-2027-02-CS-ECCC-01 is cut off and could not be read."
    ]
    assert {entry.kind for entry in entries} == {"topic", "cascade", "external aid"}
    assert all(entry.body and entry.deadlines and entry.opens_on for entry in entries)
    last = [max(due.on for due in entry.deadlines if due.on) for entry in entries]
    assert min(last) >= date(2026, 12, 1)
    assert {due.stage for entry in entries for due in entry.deadlines} >= {"stage 2", "cut-off 3"}


def test_the_demo_replays_what_was_recorded(tmp_path: Path) -> None:
    folder = tmp_path / "recordings" / "fonds"
    folder.mkdir(parents=True)
    (folder / "001.json").write_bytes(b"{}")
    asked = {"method": "GET", "url": "https://x.example/calls?page=2"}
    lines = [
        {"request": asked, "response": {"headers": {"content-type": "application/json"}, "body": "001.json"}},
        {"request": asked | {"url": "https://x.example/gone"}, "error": {}},
        {"request": asked | {"method": "POST"}, "response": {"headers": {}, "body": "001.json"}},
    ]
    (folder / "index.json").write_text(json.dumps(lines))
    with serving(stocked(tmp_path)) as address:
        with urlopen(f"{address}/calls?page=2") as answer:
            assert (answer.headers["Content-Type"], answer.read()) == ("application/json", b"{}")
        assert refused_page(f"{address}/gone") == refused_page(f"{address}/calls") == 404


def refused_page(url: str) -> int:
    with pytest.raises(HTTPError) as caught:
        urlopen(url)
    with caught.value as error:
        return error.code


def test_the_demo_has_a_page_to_watch_and_a_json_feed_that_were_recorded() -> None:
    assert sorted(stocked(DEMO).recorded) == ["/euregio/agenda", "/fonds-oost/feed.json"]
