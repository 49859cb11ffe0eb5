# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The views of applications over real HTTP: a row changed in the list, the calendar, the timeline."""

import re
from datetime import date

import httpx
import pytest
from sqlalchemy import Engine

from models.application import Application, Milestone, Stage
from models.interest import Follow
from models.obligation import Obligation
from models.session import Begin
from models.theme import Theme
from tests import builders
from tests.builders import NOW
from tests.grants.applications.test_lists import statements
from tests.web.test_applications import EVIL, As, as_, deeds, desk, get, hidden

__all__ = ["as_", "desk"]
VIEWS = ("", "?view=board", "/calendar?month=2026-12", "/timeline")


@pytest.fixture
def dated(desk: None, begin: Begin) -> None:
    """The open application and the confidential one have a milestone and an obligation in December."""
    with begin() as session:
        for one in (1, 2):
            facts = {"title": f"Overleg {EVIL}", "application_id": one}
            session.add(builders.milestone(date(2026, 12, 8), **facts))
            session.add(Obligation(application_id=one, title="Rapport", kind="audit", on=date(2026, 12, 9)))


def row(page: str, **facts: str) -> dict[str, str]:
    names = ("version", "kind", "date", "seen")
    form = page[page.index('class="row-form"') :]
    return (
        {name: hidden(form, name) for name in names}
        | {"owner_id": "1", "reference": "", "on": "2026-12-08"}
        | facts
    )


@pytest.mark.usefixtures("dated")
def test_a_row_is_changed_where_it_stands_and_the_view_stays_as_it_was(
    web: httpx.Client, begin: Begin
) -> None:
    page = web.get("/applications?search=edl&edit=1").text
    form = row(page, reference="INT-7", on="2026-12-01")
    action = re.search(r'action="(/applications/1/row[^"]*)"', page)
    assert action
    assert action[1] == "/applications/1/row?search=edl&amp;view=list"
    for _ in range(2):  # as by a double click
        answer = web.post("/applications/1/row?search=edl", data=form)
        assert answer.headers["location"] == "/applications?search=edl&saved=1#at-1"
    assert "is bewaard" in web.get(answer.headers["location"]).text
    assert (get(begin, Application).reference, get(begin, Milestone).on) == ("INT-7", date(2026, 12, 1))
    assert deeds(begin) == ["changed", "changed"]


@pytest.mark.usefixtures("dated")
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("on", ""), ("on", "2026-02-30"), ("on", "=1+1"), ("owner_id", "5"), ("owner_id", "x"),
        ("reference", "x" * 100_000),
    ],
)  # fmt: skip
def test_a_row_that_is_wrong_keeps_what_was_typed_and_stores_nothing(
    web: httpx.Client, begin: Begin, name: str, text: str
) -> None:
    form = row(web.get("/applications?edit=1").text, reference="Blijft staan") | {name: text}
    answer = web.post("/applications/1/row", data=form)
    assert answer.status_code == 422
    assert "field--trouble" in answer.text
    assert ("Blijft staan" in answer.text) or name == "reference"
    assert row(answer.text)["version"] == form["version"]
    assert deeds(begin) == []


@pytest.mark.usefixtures("dated")
def test_of_a_stale_row_both_versions_are_shown_even_when_only_its_date_was_changed(
    web: httpx.Client, begin: Begin
) -> None:
    form = row(web.get("/applications?edit=1").text, reference="Van mij", on="2026-12-03")
    with begin() as session:
        session.get_one(Milestone, 1).on = date(2026, 12, 4)
    for answer in (
        web.post("/applications/1/row?stage=idea", data=form),
        web.post("/applications/1/row", data=form),
    ):
        assert answer.status_code == 409
        assert "<td>2026-12-04</td><td>2026-12-03</td>" in answer.text
    assert (get(begin, Application).reference, get(begin, Application).version) == ("", 1)  # not half of it
    again = form | {
        name: hidden(answer.text[answer.text.index("row-form") :], name) for name in ("version", "seen")
    }
    assert web.post("/applications/1/row", data=again).status_code == 303
    assert web.post("/applications/1/row", data=again | {"reference": "Te laat"}).status_code == 409
    assert (get(begin, Application).reference, get(begin, Milestone).on) == ("Van mij", date(2026, 12, 3))


@pytest.mark.usefixtures("dated")
@pytest.mark.parametrize(
    "facts", [{"kind": "comments"}, {"date": "99"}, {"date": "2"}, {"date": "1e3"}, {"kind": ""}]
)
def test_a_date_of_another_application_or_of_none_is_left_alone(
    web: httpx.Client, begin: Begin, facts: dict[str, str]
) -> None:
    with begin() as session:
        session.get_one(Milestone, 2).title = "Van een ander"
    form = row(web.get("/applications?edit=1").text, reference="R", on="2027-01-01") | facts
    assert web.post("/applications/1/row", data=form).status_code == 303
    assert {get(begin, Milestone, number).on for number in (1, 2)} == {date(2026, 12, 8)}


@pytest.mark.usefixtures("desk")
def test_an_application_without_dates_has_a_row_without_one(web: httpx.Client, begin: Begin) -> None:
    page = web.get("/applications?edit=1").text
    assert 'name="on"' not in page
    assert (
        web.post("/applications/1/row", data={"owner_id": "", "reference": "R", "version": "1"}).status_code
        == 303
    )
    assert get(begin, Application).owner_id is None


def test_handing_a_confidential_application_over_keeps_who_did_it_in_its_team(as_: As, begin: Begin) -> None:
    kim = as_("kim")
    form = {"owner_id": "2", "reference": "", "version": "1"}
    assert kim.post("/applications/2/row", data=form).status_code == 303
    assert kim.get("/applications/2").status_code == 200
    assert get(begin, Application, 2).owner_id == 2


def test_who_may_not_know_changes_no_row_and_a_reader_has_no_forms(as_: As, begin: Begin) -> None:
    els, rob = as_("els"), as_("rob")
    form = {"owner_id": "1", "reference": "R", "version": "1"}
    assert els.post("/applications/2/row", data=form).status_code == 404
    assert rob.post("/applications/1/row", data=form).status_code == 403
    for path in ("?edit=1", "?view=board&edit=1"):
        page = rob.get(f"/applications{path}").text
        assert "row-form" not in page
        assert 'class="steps"' not in page
        assert "<script" not in page
    assert "row-form" not in els.get("/applications?edit=2").text
    assert deeds(begin) == []


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("form", ["row", "stage", "stage/undo"])
def test_the_address_of_a_form_leads_to_the_application(web: httpx.Client, as_: As, form: str) -> None:
    answer = web.get(f"/applications/1/{form}?lang=de")
    assert answer.headers["location"] == "/applications/1?lang=de"
    assert as_("els").get(f"/applications/2/{form}").status_code == 404


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("path", "shown"), [("view=board", "board"), ("view=list", "sources"), ("", "history")]
)
def test_a_step_refused_in_a_view_is_told_in_that_view(web: httpx.Client, path: str, shown: str) -> None:
    for form, told in [
        ({"stage": "submitted", "version": "7"}, "Iemand anders wijzigde"),
        ({"stage": "settled", "version": "1"}, "kan"),
    ]:
        answer = web.post(f"/applications/1/stage?{path}", data=form)
        assert answer.status_code == 409
        assert told in answer.text
        assert f'class="{shown}"' in answer.text
    answer = web.post(f"/applications/1/stage/undo?{path}", data={"step": "1"})
    assert (answer.status_code, "Alleen de laatste stap" in answer.text) == (409, True)


@pytest.mark.usefixtures("desk")
def test_a_stage_that_asks_for_a_reason_is_not_reached_without_one(web: httpx.Client, begin: Begin) -> None:
    form = {"stage": "withdrawn", "version": "1", "why": " \n "}
    answer = web.post("/applications/1/stage?view=board&owner=1", data=form)
    assert answer.status_code == 422
    assert 'action="/applications/1/stage?view=board&amp;owner=1"' in answer.text
    assert hidden(answer.text, "stage") == "withdrawn"
    assert (get(begin, Application).stage, deeds(begin)) == (Stage.PREPARING, [])
    assert web.post("/applications/1/stage", data=form | {"why": f"No-go {EVIL}"}).status_code == 303
    page = web.get("/applications/1").text
    assert "No-go &lt;script&gt;" in page
    assert web.post("/applications/2/stage", data={"stage": "rejected", "version": "1"}).status_code == 409


@pytest.mark.usefixtures("dated")
@pytest.mark.parametrize("name", ["els", "rob", "joost", "kim"])
@pytest.mark.parametrize("view", VIEWS)
def test_no_view_tells_of_a_confidential_application(as_: As, name: str, view: str) -> None:
    page = as_(name).get(f"/applications{view}").text
    assert ("Ondermijning" in page) == (name == "kim")
    assert ("EDL &lt;script&gt;" in page) == (name != "joost")
    assert EVIL not in page


@pytest.mark.usefixtures("dated")
def test_the_calendar_names_its_month_in_the_language_of_the_reader(web: httpx.Client, begin: Begin) -> None:
    with begin() as session:
        session.add(Follow(colleague_id=1, call_id=1, since=NOW))
    words = {
        "nl": ("december 2026", "maandag", "mijlpaal: Overleg", "sluitingsdatum"),
        "de": ("Dezember 2026", "Montag", "Meilenstein: Overleg", "Frist"),
        "en": ("December 2026", "Monday", "milestone: Overleg", "deadline"),
    }
    for language, told in words.items():
        page = web.get(f"/applications/calendar?month=2026-12&lang={language}").text
        assert [word for word in told if word not in page] == []
        assert 'href="/calls/1" lang="en"' in page
        assert "month=2026-11" in page
        assert "month=2027-01" in page
    assert 'aria-current="date"' in web.get("/applications/calendar").text
    assert "/calls/1" not in web.get("/applications/calendar?month=2026-12&stage=preparing").text


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    "month", ["nonsense", "2026-13", "1999-12", "2026-1", "99999-01", "2026-12-01", EVIL]
)
def test_a_wrong_month_is_told_in_a_sentence_and_this_month_shown(web: httpx.Client, month: str) -> None:
    answer = web.get("/applications/calendar", params={"month": month})
    assert answer.status_code == 400
    assert "is geen maand" in answer.text
    assert "november 2026" in answer.text
    assert EVIL not in answer.text


@pytest.mark.usefixtures("desk")
def test_the_first_and_the_last_month_have_no_way_on(web: httpx.Client) -> None:
    first, last = (web.get(f"/applications/calendar?month={month}").text for month in ("2000-01", "2099-12"))
    assert ("month=1999" in first, "month=2100" in last) == (False, False)
    assert "In deze weken valt niets" in first


@pytest.mark.usefixtures("dated")
def test_the_timeline_is_a_drawing_and_a_table_and_pages(web: httpx.Client, begin: Begin) -> None:
    page = web.get("/applications/timeline?search=edl").text
    assert page.count('<rect class="span span--loose span--preparing"') == 1
    assert "<title>8 dec 2026: Overleg &lt;script&gt;" in page
    assert "<summary>Als tabel</summary>" in page
    assert "style=" not in page
    assert "Deze bladzijde bestaat niet" in web.get("/applications/timeline?page=9").text
    assert "Geen aanvraag past" in web.get("/applications/timeline?search=niets").text
    with begin() as session:
        session.add_all(builders.application(slug=f"n{one}", title=f"N{one}") for one in range(50))
    assert "Bladzijde 1 van 2" in web.get("/applications/timeline").text


@pytest.mark.usefixtures("desk")
def test_the_views_lead_to_each_other_with_the_same_filter(web: httpx.Client) -> None:
    for view in VIEWS:
        page = web.get(f"/applications{view}{'&' if '?' in view else '?'}owner=1&search=edl").text
        switch = page[page.index('class="views"') :].partition("</nav>")[0]
        for to in ("/applications?", "/applications/calendar?", "/applications/timeline?"):
            assert f'href="{to}owner=1&amp;search=edl"' in switch, view
        assert "view=board" in switch
        assert switch.count("aria-current") == 1


@pytest.mark.parametrize(
    "path", ["/calendar?month=" + "9" * 300, "/timeline?page=0", "/timeline?theme=" + "x" * 300]
)
@pytest.mark.usefixtures("desk")
def test_an_address_too_long_or_wrong_is_refused(web: httpx.Client, path: str) -> None:
    assert web.get(f"/applications{path}").status_code == 400


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("view", VIEWS)
def test_a_page_with_ten_or_with_forty_takes_as_many_statements(
    web: httpx.Client, begin: Begin, engine: Engine, view: str
) -> None:
    def add(many: range) -> None:
        with begin() as session:
            for number in many:
                one = builders.application(slug=f"n{number}", owner_id=1, themes=[session.get_one(Theme, 1)])
                one.milestones = [builders.milestone(date(2026, 12, 8))]
                session.add(one)
                session.flush()
                session.add(Obligation(application_id=one.id, title="x", kind="audit", on=date(2026, 12, 9)))

    def ask() -> None:
        assert web.get(f"/applications{view}").status_code == 200

    ask()  # and with it what is looked up once a minute
    add(range(10))
    few = statements(engine, ask)
    add(range(10, 40))
    assert statements(engine, ask) == few
