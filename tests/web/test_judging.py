# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Judging, deciding, following and assigning over real HTTP; what three offices see, and bad input."""

from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from models.application import Stage
from models.audit import AuditEntry
from models.interest import Assignment, Follow, GoDecision, Seen
from models.match import Verdict
from models.session import Begin
from tests import builders
from tests.web.offices import As
from tests.web.test_calls import words

EVIL = "<script>alert(1)</script>"
NOT = {"verdict": "not_relevant", "reason": "no_capacity", "over": "0"}
GO = {"choice": "go", "why": "past bij het hitteplan", "leads": "1", "over": "0"}
DEEDS = {
    "/calls/{}/verdict": NOT,
    "/calls/{}/decision": GO,
    "/calls/{}/follow": {},
    "/calls/{}/unfollow": {},
    "/calls/{}/assignment": {"colleague": "1"},
    "/verdicts/{}/undo": {},
    "/decisions/{}/undo": {},
    "/assignments/{}/end": {},
}


def count(begin: Begin, row: type[Any]) -> int:
    with begin() as session:
        return session.scalar(select(func.count(row.id))) or 0


@pytest.mark.usefixtures("office")
def test_a_verdict_is_told_with_who_when_and_why_and_taken_back(web: httpx.Client, begin: Begin) -> None:
    form = NOT | {"note": f"volgend jaar \x07misschien {EVIL}"}
    for _ in range(2):
        assert web.post("/calls/1/verdict", data=form).headers["location"] == "/calls/1"
    page = web.get("/calls/1")
    assert "niet relevant: geen capaciteit Noor de Vries, dinsdag 24 november 2026 09:00" in words(page)
    assert "volgend jaar misschien &lt;script&gt;" in page.text
    for _ in range(2):
        assert web.post("/verdicts/1/undo", data={}).headers["location"] == "/calls/1"
    page = web.get("/calls/1")
    assert "Nog geen oordeel." in words(page)
    assert "ongedaan gemaakt door noor@enschede.example" in words(page)
    assert count(begin, Verdict) == 1
    with begin() as session:
        assert session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all() == [
            "judged",
            "undone",
        ]
    assert "beoordeeld" in web.get("/audit").text


def test_of_two_who_judge_at_once_the_second_sees_what_the_first_said(as_: As, web: httpx.Client) -> None:
    sam = as_("Sam")
    sam.post("/calls/1/verdict", data={"verdict": "relevant", "over": "0"})
    answer = web.post("/calls/1/verdict", data=NOT | {"note": "Mijn woorden"})
    assert answer.status_code == 409
    assert "Een collega was u voor." in answer.text
    assert "Mijn woorden" in answer.text
    assert '<option value="no_capacity" selected>' in answer.text
    again = NOT | {"note": "Mijn woorden", "over": "1"}
    assert web.post("/calls/1/verdict", data=again).status_code == 303
    sam.post("/verdicts/2/undo", data={})
    sam.post("/verdicts/1/undo", data={})
    answer = web.post("/calls/1/verdict", data=again)
    assert answer.status_code == 409
    assert "maakte dit intussen ongedaan" in answer.text


@pytest.mark.usefixtures("office")
def test_a_go_offers_to_begin_an_application_and_can_be_taken_back(web: httpx.Client, begin: Begin) -> None:
    assert 'class="button" href="/applications/new' not in web.get("/calls/1").text
    assert web.post("/calls/1/decision", data=GO).headers["location"] == "/calls/1"
    page = web.get("/calls/1")
    assert 'class="button" href="/applications/new?call=1"' in page.text
    assert "go – als penvoerder Noor de Vries" in words(page)
    web.post("/applications", data={"title": "Koel", "owner_id": "1", "call": "1", "key": "0" * 12})
    assert "Aanvraag: Koel" in words(web.get("/calls/1"))
    assert "voorbereiding" in words(web.get("/applications/1"))
    assert web.post("/decisions/1/undo", data={}).headers["location"] == "/calls/1"
    assert "Nog geen besluit." in words(web.get("/calls/1"))
    no = {"choice": "no_go", "why": "te duur", "leads": "1", "over": "0"}
    assert web.post("/calls/1/decision", data=no).status_code == 303
    assert web.post("/calls/1/decision", data=GO).status_code == 409
    with begin() as session:
        rows = session.scalars(select(GoDecision).order_by(GoDecision.id)).all()
        assert [(row.choice, row.leads, row.undone_by) for row in rows] == [
            ("go", True, "noor@enschede.example"), ("no_go", False, ""),
        ]  # fmt: skip


def test_a_colleague_follows_and_has_another_look_into_it(as_: As, web: httpx.Client, begin: Begin) -> None:
    assert web.post("/calls/1/follow", data={}).headers["location"] == "/calls/1"
    assert "U volgt deze openstelling." in words(web.get("/calls/1"))
    assert "U volgt deze openstelling." not in words(as_("Sam").get("/calls/1"))
    assert web.post("/calls/1/unfollow", data={}).status_code == 303
    assert count(begin, Follow) == 1
    assert web.post("/calls/1/assignment", data={"colleague": "2", "over": "0"}).status_code == 303
    assert "Sam toegewezen door noor@enschede.example" in words(web.get("/calls/1"))
    answer = web.post("/calls/1/assignment", data={"colleague": "1", "over": "0"})
    assert answer.status_code == 409
    assert "Een collega was u voor." in answer.text
    assert "Sam kijkt" in words(web.get("/calls?mine=&search=cities"))
    assert web.post("/assignments/1/end", data={}).headers["location"] == "/calls/1"
    assert "geëindigd door noor@enschede.example" in words(web.get("/calls/1"))
    assert count(begin, Assignment) == 1


@pytest.mark.usefixtures("office")
def test_a_look_is_marked_once_until_something_changes(web: httpx.Client, begin: Begin) -> None:
    for _ in range(2):
        web.get("/calls/3")
    assert count(begin, Seen) == 1
    assert words(web.get("/inbox")).count("niet bekeken") == 2


def test_three_offices_see_what_each_decided_and_not_why_nor_what_is_confidential(
    as_: As, web: httpx.Client, begin: Begin
) -> None:
    joost = as_("Joost")
    web.post("/calls/1/verdict", data=NOT | {"note": "Ons geheim"})
    joost.post("/calls/1/decision", data=GO | {"why": "Almelo's reden"})
    joost.post("/calls/1/assignment", data={"colleague": "4"})
    with begin() as session:
        facts = {"call_id": 1, "stage": Stage.IDEA}
        session.add(builders.application(title="Ondermijning", confidential=True, **facts))
        session.add(builders.application(title="Van Almelo", office_id=2, **facts))
    seen = {name: words(as_(name).get("/calls/1")) for name in ("Sam", "Joost", "Hanna")}
    for said in seen.values():
        assert "niet relevant: geen capaciteit Noor de Vries" in said
        assert "go – als penvoerder Joost" in said
        assert "Ondermijning" not in said
    rest = ["Deed er nog niets mee: Gemeente Hengelo." in said for said in seen.values()]
    assert rest == [True, True, False]  # Hanna's own office has a row
    assert "Ons geheim" in seen["Sam"]
    assert [("Ons geheim" in seen[name], "Van Almelo" in seen[name]) for name in ("Joost", "Hanna")] == [
        (False, True), (False, False),
    ]  # fmt: skip
    assert ["Almelo's reden" in seen[name] for name in seen] == [False, True, False]
    assert "Aanvraag: Ondermijning" in words(web.get("/calls/1"))


WRONG = [
    ("verdict", {"verdict": "maybe"}, 400),
    ("verdict", {}, 400),
    ("verdict", {"verdict": "not_relevant"}, 422),
    ("verdict", {"verdict": "not_relevant", "reason": "=cmd"}, 422),
    ("verdict", {"verdict": "relevant", "note": "x" * 100_000}, 422),
    ("decision", {"choice": "perhaps", "why": "x"}, 400),
    ("decision", {"choice": "go", "why": " \x07 "}, 422),
    ("decision", {"choice": "go", "why": "x" * 2001}, 422),
    ("assignment", {"colleague": "4"}, 422),
    ("assignment", {"colleague": "99999999999"}, 422),
    ("assignment", {}, 422),
]


@pytest.mark.usefixtures("as_")
@pytest.mark.parametrize(("deed", "form", "code"), WRONG)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    web: httpx.Client, begin: Begin, deed: str, form: dict[str, str], code: int
) -> None:
    answer = web.post(f"/calls/1/{deed}", data=form | {"over": "0"})
    assert answer.status_code == code
    if code == 422:
        assert 'role="alert"' in answer.text
        assert form.get("note", "")[:2001] in answer.text
    assert [count(begin, row) for row in (Verdict, GoDecision, Assignment, AuditEntry)] == [0, 0, 0, 0]


@pytest.mark.parametrize("path", DEEDS)
def test_what_is_not_there_is_404_and_a_reader_changes_nothing_of_the_office(
    as_: As, begin: Begin, path: str
) -> None:
    assert as_("Sam").post(path.format(404), data=DEEDS[path]).status_code == 404
    assert as_("Sam").post(path.format("x"), data=DEEDS[path]).status_code == 400
    if "follow" not in path:  # following binds nobody else
        assert as_("Rob").post(path.format(1), data=DEEDS[path]).status_code == 403
    assert count(begin, AuditEntry) == 0


def test_what_another_office_did_is_not_there_to_undo(as_: As, web: httpx.Client, begin: Begin) -> None:
    joost = as_("Joost")
    for path in ("verdict", "decision"):
        joost.post(f"/calls/1/{path}", data=DEEDS[f"/calls/{{}}/{path}"])
    joost.post("/calls/1/assignment", data={"colleague": "4"})
    before = count(begin, AuditEntry)
    for path in ("/verdicts/1/undo", "/decisions/1/undo", "/assignments/1/end"):
        assert web.post(path, data={}).status_code == 404
    assert before == count(begin, AuditEntry) == 3


def test_a_reader_sees_how_it_stands_without_forms(as_: As, web: httpx.Client) -> None:
    for path in ("verdict", "decision"):
        web.post(f"/calls/1/{path}", data=DEEDS[f"/calls/{{}}/{path}"])
    page = as_("Rob").get("/calls/1")
    assert "go – als penvoerder" in words(page)
    assert "ongedaan maken" not in words(page)
