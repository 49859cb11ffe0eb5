# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Back-planning over real HTTP: a preview, its dates, the way back, and the office's template."""

import re
from collections.abc import Callable, Iterator
from datetime import date

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import select

from grants.sign_ins import open_sign_in
from models.application import Application, Milestone, Stage
from models.audit import AuditEntry
from models.colleague import Access, Colleague
from models.office import Closure, PlanStep
from models.session import Begin
from tests import builders
from tests.builders import NOW

EVIL = "<script>alert(1)</script>"
STEP = {"name_nl": "Concept", "name_de": "Entwurf", "name_en": "Draft", "working_days": "5"}
SETTINGS = "/settings/planning"


@pytest.fixture
def desk(office: None, token: str, begin: Begin) -> None:
    """Enschede with a template of two steps and an application to submit; a reader there, Joost at Almelo."""
    with begin() as session:
        session.add(builders.office(slug="almelo", name="Gemeente Almelo"))
        session.flush()
        for name, office_id, access in (
            ("Els", 1, Access.EDITOR),
            ("Rob", 1, Access.READER),
            ("Joost", 2, Access.ADMINISTRATOR),
        ):
            session.add(
                builders.colleague(name=name, email=f"{name}@x.example", office_id=office_id, access=access)
            )
        session.add_all(
            PlanStep(
                office_id=1,
                name={"nl": name, "de": "Schritt", "en": "Step"},
                working_days=days,
                position=days,
            )
            for name, days in ((f"Concept {EVIL}", 50), ("College", 10))
        )
        one = builders.application(title="Waterrobuust", stage=Stage.PREPARING, owner_id=1)
        one.milestones = [builders.milestone(date(2027, 1, 14), kind="submission")]
        session.add_all([one, builders.application(slug="leeg", title="Leeg", stage=Stage.IDEA)])


@pytest.fixture
def as_(desk: None, site: str, begin: Begin) -> Iterator[Callable[[str], httpx.Client]]:
    """A client signed in as one of the others."""
    clients = []

    def client(name: str) -> httpx.Client:
        with begin() as session:
            one = session.scalars(select(Colleague).where(Colleague.name == name)).one()
            token = open_sign_in(session, one, way="password", browser="", now=NOW)
        clients.append(httpx.Client(base_url=site, cookies={"sid": token}))
        return clients[-1]

    yield client
    for one in clients:
        one.close()


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))


def days(begin: Begin) -> list[date]:
    with begin() as session:
        return [row.on for row in session.get_one(Application, 1).milestones if row.planned_on]


def actions(begin: Begin) -> list[str]:
    with begin() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


@pytest.mark.usefixtures("desk")
def test_a_planning_is_shown_confirmed_and_taken_back(web: httpx.Client, begin: Begin) -> None:
    page = web.get("/applications/1/plan").text
    assert "donderdag 14 januari 2027" in page
    assert "woensdag 30 december 2026" in page
    assert "al voorbij" in page
    assert EVIL not in page
    assert web.post("/applications/1/plan", data=hidden(page)).status_code == 303
    assert days(begin) == [date(2026, 11, 3), date(2026, 12, 30)]
    assert web.post("/applications/1/plan", data=hidden(page)).status_code == 303
    assert len(days(begin)) == 2
    told = web.get("/applications/1").text
    assert told.count("teruggepland") >= 2
    assert "er is niets te doen" in web.get("/applications/1/plan").text
    undo = re.search(r'name="planning" value="(\d+)"', told)
    assert undo
    for number, code in (("x", 409), ("9", 409), (undo[1], 303), (undo[1], 409)):
        assert web.post("/applications/1/plan/undo", data={"planning": number}).status_code == code
    assert days(begin) == []
    assert actions(begin) == ["planned", "unplanned"]


@pytest.mark.usefixtures("desk")
def test_a_moved_submission_shows_old_and_new_and_leaves_what_staff_chose(
    web: httpx.Client, begin: Begin
) -> None:
    web.post("/applications/1/plan", data=hidden(web.get("/applications/1/plan").text))
    with begin() as session:
        rows = {row.title: row for row in session.scalars(select(Milestone))}
        rows["Indienen"].on, rows["College"].on = date(2027, 1, 21), date(2026, 12, 22)
    told = web.get("/applications/1").text
    assert "de indiening is sindsdien verzet" in told
    assert "met de hand verzet" in told
    page = web.get("/applications/1/plan").text
    assert "<del>dinsdag 3 november 2026</del>" in page
    assert "de planning geeft donderdag 7 januari 2027" in page
    assert web.post("/applications/1/plan", data=hidden(page)).status_code == 303
    assert days(begin) == [date(2026, 11, 10), date(2026, 12, 22)]


@pytest.mark.usefixtures("desk")
def test_what_cannot_be_planned_says_what_to_do(web: httpx.Client, begin: Begin) -> None:
    assert "/applications/2/milestones/new" in web.get("/applications/2/plan").text
    assert web.post("/applications/2/plan", data={"on": "2027-01-14"}).status_code == 409
    assert web.get("/applications/1/plan?on=morgen").status_code == 200
    assert web.post("/applications/1/plan", data={"on": "morgen", "seen": EVIL}).status_code == 409
    with begin() as session:
        for step in session.scalars(select(PlanStep)):
            step.removed_at = NOW
    assert "Het sjabloon heeft geen stappen" in web.get("/applications/1/plan").text


def test_only_editors_plan_and_only_administrators_change_the_template(
    as_: Callable[[str], httpx.Client],
) -> None:
    els, rob, joost = as_("Els"), as_("Rob"), as_("Joost")
    assert els.get("/applications/1/plan").status_code == 200
    assert rob.get("/applications/1/plan").status_code == 403
    assert rob.post("/applications/1/plan", data={}).status_code == 403
    assert joost.get("/applications/1/plan").status_code == 404
    assert joost.post("/applications/1/plan/undo", data={}).status_code == 404
    for client in (els, rob):
        assert client.get(SETTINGS).status_code == 403
        assert client.post(f"{SETTINGS}/steps", data=STEP).status_code == 403
    assert joost.post(f"{SETTINGS}/steps/1", data=STEP).status_code == 404
    assert joost.post(f"{SETTINGS}/steps/1/remove").status_code == 404
    assert joost.post(f"{SETTINGS}/closures/1/remove").status_code == 404
    assert "Er is nog geen stap" in joost.get(SETTINGS).text


def test_a_confidential_application_is_planned_by_nobody_else(
    as_: Callable[[str], httpx.Client], begin: Begin
) -> None:
    with begin() as session:
        session.get_one(Application, 1).confidential = True
    assert as_("Els").get("/applications/1/plan").status_code == 404
    assert as_("Els").post("/applications/1/plan", data={}).status_code == 404


@pytest.mark.usefixtures("desk")
def test_steps_are_added_changed_ordered_removed_and_put_back(web: httpx.Client, begin: Begin) -> None:
    assert (
        web.post(
            f"{SETTINGS}/steps", data=STEP | {"name_nl": f" Nieuw \x07 {EVIL} ", "german_too": "1"}
        ).status_code
        == 303
    )
    page = web.get(SETTINGS).text
    assert "&lt;script&gt;" in page
    assert EVIL not in page
    seen = re.findall(r'name="seen" value="(\w+)"', page)
    with begin() as session:
        assert session.get_one(PlanStep, 3).name["nl"] == f"Nieuw {EVIL}"
        first = session.scalars(select(PlanStep.id).order_by(PlanStep.position).limit(1)).one()
    changed = STEP | {"seen": seen[0], "working_days": "7"}
    assert web.post(f"{SETTINGS}/steps/{first}", data=changed).status_code == 303
    stale = web.post(
        f"{SETTINGS}/steps/{first}", data=changed | {"working_days": "8", "name_nl": "Mijn naam"}
    )
    assert stale.status_code == 409
    assert "Iemand anders was u voor" in stale.text
    assert 'value="Mijn naam"' in stale.text
    for deed in ("down", "up", "remove", "return"):
        assert web.post(f"{SETTINGS}/steps/{first}/{deed}").status_code == 303
    assert web.post(f"{SETTINGS}/steps/{first}/burn").status_code == 400
    assert actions(begin) == ["added", "changed", "moved", "moved", "removed", "returned"]


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name_de": " "}, "Vul dit in."),
        ({"name_en": "x" * 100_000}, "Hoogstens 120 tekens."),
        ({"working_days": "-1"}, "Vul een heel getal in van 0 tot en met 400."),
        ({"working_days": "401"}, "Vul een heel getal in van 0 tot en met 400."),
        ({"working_days": "=1+1"}, "Vul een heel getal in van 0 tot en met 400."),
        ({"working_days": "٣"}, "Vul een heel getal in van 0 tot en met 400."),
    ],
)
def test_a_step_that_cannot_be_kept_says_why_and_loses_nothing(
    web: httpx.Client, begin: Begin, typed: dict[str, str], sentence: str
) -> None:
    for path in (f"{SETTINGS}/steps", f"{SETTINGS}/steps/1"):
        answer = web.post(path, data=STEP | typed | {"name_nl": "Mijn naam"})
        assert answer.status_code == 422
        assert sentence in answer.text
        assert 'value="Mijn naam"' in answer.text
    assert actions(begin) == []


@pytest.mark.usefixtures("desk")
def test_a_full_template_takes_no_step_more(web: httpx.Client, begin: Begin) -> None:
    with begin() as session:
        names = {"nl": "Stap", "de": "Schritt", "en": "Step"}
        session.add_all(PlanStep(office_id=1, name=names, working_days=one) for one in range(100, 128))
    answer = web.post(f"{SETTINGS}/steps", data=STEP)
    assert answer.status_code == 409
    assert "hoogstens 30 stappen" in answer.text


@pytest.mark.usefixtures("desk")
def test_a_day_is_shut_and_open_again(web: httpx.Client, begin: Begin) -> None:
    day = {"on": "2026-12-30", "name": EVIL}
    assert web.post(f"{SETTINGS}/closures", data=day).status_code == 303
    assert EVIL not in web.get(SETTINGS).text
    assert "dinsdag 29 december 2026" in web.get("/applications/1/plan").text
    for wrong in ({"on": "2026-02-30"}, {"on": "morgen"}, {"on": "1999-01-01"}, {"name": "x" * 121}):
        answer = web.post(f"{SETTINGS}/closures", data=day | wrong)
        assert answer.status_code == 422
        assert (day | wrong)["name"].replace("<", "&lt;").replace(">", "&gt;") in answer.text
    assert web.post(f"{SETTINGS}/closures/1/remove").status_code == 303
    assert web.post(f"{SETTINGS}/closures/9/remove").status_code == 404
    with begin() as session:
        assert session.get_one(Closure, 1).removed_at == NOW


@pytest.mark.usefixtures("desk")
def test_a_colleague_plans_back_and_takes_it_back_in_a_browser(
    opened: Callable[..., Page], site: str
) -> None:
    page = opened()
    page.goto(f"{site}/applications/1")
    page.get_by_role("link", name="Terugplannen vanaf de indiening").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Terugplannen vanaf de indiening")
    page.get_by_role("button", name="Zet 2 datums in de aanvraag").click()
    expect(page.get_by_text("teruggepland", exact=True)).to_have_count(2)
    page.get_by_role("button", name="Terugplanning ongedaan maken").click()
    expect(page.get_by_text("teruggepland", exact=True)).to_have_count(0)
    expect(page.get_by_text("ongedaan gemaakt")).to_have_count(1)


@pytest.mark.usefixtures("desk")
@pytest.mark.slow  # test_accessibility walks these pages too; here they have every kind of content
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_axe_finds_nothing_on_the_pages_of_planning(
    opened: Callable[..., Page], site: str, scheme: str, language: str
) -> None:
    page = opened(language, color_scheme=scheme)
    for path in ("/applications/1/plan", "/applications/2/plan", SETTINGS):
        page.goto(site + path)
        found = Axe().run(page).response["violations"]
        assert [(path, one["id"], one["nodes"][0]["html"]) for one in found] == []
