# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Saved views over real HTTP: one's own, and those shared by link."""

import httpx
import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from models.audit import AuditEntry
from models.colleague import SavedView
from models.session import Begin
from tests.web.offices import As

KEY = "a1" * 6
EVIL = "<script>alert(1)</script>"
SAVE = {"page": "calls", "query": "theme=wonen&order=deadline&page=3&search=", "name": "Wonen", "key": KEY}


def listed(page: httpx.Response) -> list[str]:
    return [one.get_text() for one in BeautifulSoup(page.text, "lxml").select(".saved nav a")]


def saved(begin: Begin) -> list[tuple[str, str, bool]]:
    with begin() as session:
        rows = session.scalars(select(SavedView).order_by(SavedView.id))
        return [(row.name, row.query, row.shared) for row in rows]


@pytest.mark.usefixtures("office")
def test_a_view_is_saved_once_and_opened_by_its_link(web: httpx.Client, begin: Begin) -> None:
    for _ in range(2):
        place = web.post("/views", data=SAVE | {"name": f" Wonen\x07 \n{EVIL}"}).headers["location"]
        assert place == "/calls?order=deadline&theme=wonen"
    assert saved(begin) == [(f"Wonen {EVIL}", "order=deadline&theme=wonen", False)]
    page = web.get("/calls?theme=wonen&order=deadline&page=1")
    assert listed(page) == [f"Wonen {EVIL}"]
    assert EVIL not in page.text
    assert 'href="/views/a1a1a1a1a1a1" aria-current="true"' in page.text
    assert listed(web.get("/inbox")) == listed(web.get("/applications")) == []
    assert web.get(f"/views/{KEY}").headers["location"] == "/calls?order=deadline&theme=wonen"


def test_a_view_is_seen_by_others_of_the_office_when_it_is_shared_and_changed_by_its_own_only(
    as_: As, web: httpx.Client, begin: Begin
) -> None:
    sam, joost = as_("Sam"), as_("Joost")
    web.post("/views", data=SAVE | {"page": "applications", "query": "stage=running"})
    assert (listed(sam.get("/applications")), sam.get(f"/views/{KEY}").status_code) == ([], 404)
    change = {"name": "Lopend", "shared": "1"}
    assert web.post(f"/views/{KEY}", data=change).headers["location"] == "/applications?stage=running"
    assert listed(sam.get("/applications")) == ["Lopend"]
    assert sam.get(f"/views/{KEY}").status_code == 303
    assert (listed(joost.get("/applications")), joost.get(f"/views/{KEY}").status_code) == ([], 404)
    for client in (sam, joost):
        for path in ("", "/remove"):
            assert client.post(f"/views/{KEY}{path}", data=change).status_code == 404
    rob = as_("Rob")
    assert listed(rob.get("/applications")) == ["Lopend"]
    assert rob.post(f"/views/{KEY}/remove", data={}).status_code == 404
    assert saved(begin) == [("Lopend", "stage=running", True)]


def test_a_key_that_a_colleague_used_gives_a_view_of_its_own(
    as_: As, web: httpx.Client, begin: Begin
) -> None:
    for client in (web, as_("Sam")):
        assert client.post("/views", data=SAVE).status_code == 303
    assert len(saved(begin)) == 2


@pytest.mark.usefixtures("office")
def test_a_view_taken_away_stays_as_a_row_and_gives_its_name_free(web: httpx.Client, begin: Begin) -> None:
    web.post("/views", data=SAVE)
    web.post(f"/views/{KEY}", data={"name": "Wonen"})
    assert web.post(f"/views/{KEY}/remove", data={}).headers["location"] == "/calls"
    assert listed(web.get("/calls")) == []
    assert web.get(f"/views/{KEY}").status_code == 404
    assert web.post(f"/views/{KEY}/remove", data={}).status_code == 404
    assert web.post("/views", data=SAVE | {"key": "b2" * 6}).status_code == 303
    with begin() as session:
        assert [row.removed_at is None for row in session.scalars(select(SavedView))] == [False, True]
        assert session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all() == [
            "saved", "removed", "saved",
        ]  # fmt: skip


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"name": " \x07 "}, 422),
        ({"name": "x" * 100_000}, 422),
        ({"name": "Bestaat"}, 422),
        ({"page": "//evil.example"}, 400),
        ({"query": "search=" + "x" * 2001}, 400),
        ({"key": ""}, 400),
        ({"key": "../../calls"}, 400),
    ],
)
def test_a_view_that_cannot_be_is_said_and_not_kept(
    web: httpx.Client, begin: Begin, wrong: dict[str, str], code: int
) -> None:
    web.post("/views", data=SAVE | {"name": "Bestaat", "key": "c3" * 6})
    answer = web.post("/views", data=SAVE | {"shared": "1"} | wrong)
    assert answer.status_code == code
    if code == 422:
        assert 'aria-invalid="true"' in answer.text
        assert 'name="query" value="theme=wonen' in answer.text
        again = web.post("/views/c3c3c3c3c3c3", data=wrong)
        assert again.status_code == (303 if wrong["name"] == "Bestaat" else 422)
    with begin() as session:
        assert session.scalar(select(func.count(SavedView.id))) == 1


@pytest.mark.usefixtures("office")
def test_a_link_that_is_none_is_refused(web: httpx.Client) -> None:
    assert web.get("/views/zzz").status_code == 400
    assert web.get(f"/views/{KEY}").status_code == 404
