# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Applications over real HTTP: lists, the board, forms, and what nobody else may know of."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from grants.nameless import doers
from grants.sign_ins import open_sign_in
from models.application import Application, Comment, Milestone, Participation, Stage, StageChange, TeamMember
from models.audit import AuditEntry
from models.colleague import Access, Colleague
from models.session import Begin
from tests import builders
from tests.builders import NOW

EVIL = "<script>alert(1)</script>"
OTHERS = {
    "els": (1, Access.EDITOR),
    "kim": (1, Access.EDITOR),
    "rob": (1, Access.READER),
    "joost": (2, Access.ADMINISTRATOR),
}


@pytest.fixture
def desk(office: None, token: str, begin: Begin) -> None:
    """1 open, 2 confidential with Kim in its team, 3 of Almelo; Noor (colleague 1) administers."""
    with begin() as session:
        session.add(builders.office(slug="almelo", name="Gemeente Almelo"))
        session.flush()
        session.add_all(
            builders.colleague(
                name=name.title(), email=f"{name}@x.example", office_id=office_id, access=access
            )
            for name, (office_id, access) in OTHERS.items()
        )
        session.flush()
        kim = session.scalars(select(Colleague.id).where(Colleague.name == "Kim")).one()
        for facts in (
            {"title": f"EDL {EVIL}", "stage": Stage.PREPARING, "owner_id": 1},
            {
                "slug": "geheim",
                "title": "Ondermijning",
                "confidential": True,
                "team": [TeamMember(colleague_id=kim)],
            },
            {"slug": "almelo", "title": "Van Almelo", "office_id": 2},
        ):
            session.add(builders.application(**facts))
            session.flush()
        session.add_all(
            StageChange(application_id=one, after=Stage.PREPARING, at=NOW, by="seed") for one in (1, 2, 3)
        )


As = Callable[[str], httpx.Client]


@pytest.fixture
def as_(desk: None, site: str, begin: Begin) -> Iterator[As]:
    """A client signed in as one of the others."""
    clients = []

    def client(name: str) -> httpx.Client:
        with begin() as session:
            one = session.scalars(select(Colleague).where(Colleague.name == name.title())).one()
            token = open_sign_in(session, one, way="password", browser="", now=NOW)
        clients.append(httpx.Client(base_url=site, cookies={"sid": token}))
        return clients[-1]

    yield client
    for one in clients:
        one.close()


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return found[1]


def main_fields(**facts: str) -> dict[str, str]:
    return {"title": "EDL", "owner_id": "1"} | facts


def get(begin: Begin, row: type[Any], number: int = 1) -> Any:
    with begin() as session:
        return session.get_one(row, number)


def deeds(begin: Begin) -> list[str]:
    with begin() as session:
        rows = session.scalars(
            select(AuditEntry).where(AuditEntry.application_id.is_not(None)).order_by(AuditEntry.id)
        )
        return [row.action for row in rows]


@pytest.mark.usefixtures("desk")
def test_the_list_and_the_board_show_what_the_office_applies_for(web: httpx.Client) -> None:
    for path in (
        "/applications",
        "/applications?view=board",
        "/applications?search=edl&stage=preparing&owner=1",
    ):
        page = web.get(path).text
        assert "EDL &lt;script&gt;" in page
        assert "Van Almelo" not in page
        assert EVIL not in page
    assert "Geen aanvraag past" in web.get("/applications?search=niets").text
    assert web.get("/applications?stage=nonsense&owner=9x&theme=nope&moved=zzz").status_code == 200
    assert "Deze bladzijde bestaat niet" in web.get("/applications?page=9").text


@pytest.mark.parametrize(("name", "known"), [("els", False), ("rob", False), ("joost", False), ("kim", True)])
def test_a_confidential_application_is_not_there_for_whoever_may_not_know(
    as_: As,
    begin: Begin,
    name: str,
    known: bool,  # noqa: FBT001
) -> None:
    client = as_(name)
    for path in ("", "?view=board", "?search=ondermijning", "?stage=running", "?moved=2"):
        assert ("Ondermijning" in client.get(f"/applications{path}").text) == known, path
    for path in ("", "/edit", "/milestones/new"):
        there = 200 if known else 403 if name == "rob" and path else 404
        assert client.get(f"/applications/2{path}").status_code == there
    if not known and name != "rob":
        posts = {
            "/edit": main_fields(),
            "/stage": {"stage": "reporting"},
            "/stage/undo": {"step": "2"},
            "/comments": {"text": "x"},
        }
        for path, form in posts.items():
            assert client.post(f"/applications/2{path}", data=form).status_code == 404
    assert get(begin, Application, 2).stage == Stage.RUNNING
    assert deeds(begin) == (["looked"] if known else [])


def test_who_looks_at_a_confidential_application_is_kept_once_a_day(
    as_: As, begin: Begin, web: httpx.Client
) -> None:
    kim = as_("kim")
    for client in (kim, kim, web):
        assert client.get("/applications/2").status_code == 200
    with begin() as session:
        looked = session.scalars(
            select(AuditEntry.actor).where(AuditEntry.action == "looked").order_by(AuditEntry.id)
        )
        assert [doers(session, 1)[one] for one in looked] == ["kim@x.example", "noor@enschede.example"]


def test_a_reader_looks_and_changes_nothing(as_: As, begin: Begin) -> None:
    rob = as_("rob")
    page = rob.get("/applications/1").text
    assert page.count('<form method="post"') == 1  # to sign out
    for path in ("", "/1/edit", "/1/stage", "/1/stage/undo", "/1/comments", "/1/milestones"):
        assert (
            rob.post(f"/applications{path}", data=main_fields(stage="submitted", text="x")).status_code == 403
        )
    assert rob.get("/applications/new").status_code == 403
    assert deeds(begin) == []


@pytest.mark.usefixtures("desk")
def test_an_application_is_started_once_from_a_form_sent_twice(web: httpx.Client, begin: Begin) -> None:
    key = hidden(web.get("/applications/new").text, "key")
    form = main_fields(
        title=f"Koele \x07wijk\n{EVIL}",
        key=key,
        total="1.250.000,50",
        runs_from="2027-01-01",
        **{"themes-1": "1"},
    )
    places = {web.post("/applications", data=form).headers["location"] for _ in range(2)}
    assert places == {"/applications/4"}
    one = get(begin, Application, 4)
    assert (one.title, one.total, one.owner_id) == (f"Koele wijk {EVIL}", Decimal("1250000.50"), 1)
    assert (one.runs_from, one.stage, one.office_id) == (date(2027, 1, 1), Stage.IDEA, 1)
    assert EVIL not in web.get("/applications/4").text


@pytest.mark.usefixtures("desk")
def test_a_call_is_taken_over_and_one_that_is_none_is_not(web: httpx.Client, begin: Begin) -> None:
    page = web.get("/applications/new?call=1").text
    assert 'value="LIFE"' in page
    assert 'value="European Commission"' in page
    form = main_fields(title="Koel", call=hidden(page, "call"), key=hidden(page, "key"))
    assert web.post("/applications", data=form).status_code == 303
    page = web.get("/applications/4").text
    assert "https://x.example/1" in page
    assert 'href="/calls/1"' in page
    assert get(begin, Milestone).on == date(2026, 12, 15)
    assert web.get("/applications/new?call=999").status_code == 404
    assert web.post("/applications", data=main_fields(call="999")).status_code == 404


WRONG = [
    ("title", ""),
    ("title", " \x00\x07 "),
    ("title", "x" * 100_000),
    ("owner_id", "5"),  # Joost is of Almelo
    ("owner_id", "-1"),
    ("task_id", "1"),
    ("team-5", "1"),
    ("team-x", "1"),
    ("themes-99", "1"),
    ("total", "1.25.0"),
    ("total", "-5"),
    ("total", "9" * 13),
    ("total", "NaN"),
    ("runs_from", "2027-02-30"),
    ("runs_from", "20270101"),
    ("runs_from", "0001-01-01"),
    ("runs_until", "2026-01-01"),
]


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(("name", "text"), WRONG)
def test_a_field_that_is_wrong_is_marked_and_nothing_is_kept(
    web: httpx.Client, begin: Begin, name: str, text: str
) -> None:
    form = main_fields(funder="Blijft staan", runs_from="2026-12-01") | {name: text}
    for path in ("/applications", "/applications/1/edit"):
        answer = web.post(path, data=form | {"version": "1"})
        assert answer.status_code == 422
        assert "field--trouble" in answer.text
        assert "Blijft staan" in answer.text
    assert deeds(begin) == []


@pytest.mark.usefixtures("desk")
def test_a_form_too_large_is_refused_before_it_is_read(web: httpx.Client) -> None:
    assert web.post("/applications", data=main_fields(summary="x" * 300_000)).status_code == 413


@pytest.mark.usefixtures("desk")
def test_of_a_stale_form_both_versions_are_shown_and_saving_again_counts(
    web: httpx.Client, begin: Begin
) -> None:
    old = hidden(web.get("/applications/1/edit").text, "version")
    assert (
        web.post("/applications/1/edit", data=main_fields(title="Van Noor", version=old)).status_code == 303
    )
    mine = main_fields(title="Van mij", funder="Rijk", version=old)
    answer = web.post("/applications/1/edit", data=mine)
    assert answer.status_code == 409
    assert "<td>Van Noor</td><td>Van mij</td>" in answer.text
    assert 'value="Van mij"' in answer.text
    assert get(begin, Application).title == "Van Noor"
    again = mine | {"version": hidden(answer.text, "version")}
    assert web.post("/applications/1/edit", data=again).status_code == 303
    assert get(begin, Application).title == "Van mij"
    assert web.post("/applications/1/edit", data=main_fields(title="Zonder")).status_code == 409


@pytest.mark.usefixtures("desk")
def test_a_card_is_moved_on_the_board_and_the_step_taken_back(web: httpx.Client, begin: Begin) -> None:
    board = web.get("/applications?view=board").text
    assert 'action="/applications/1/stage?view=board"' in board
    assert '<button class="button--quiet" name="stage" value="submitted">' in board
    form = {"stage": "submitted", "version": "1"}
    for _ in range(2):
        answer = web.post("/applications/1/stage?view=board&owner=1", data=form)
        assert answer.headers["location"] == "/applications?view=board&owner=1&moved=1#at-1"
    board = web.get(answer.headers["location"]).text
    assert "is nu: ingediend" in board
    step = hidden(board, "step")
    answer = web.post("/applications/1/stage/undo?view=board", data={"step": step})
    assert answer.headers["location"] == "/applications?view=board&undone=1#at-1"
    assert "is weer: voorbereiding" in web.get(answer.headers["location"]).text
    assert web.post("/applications/1/stage/undo", data={"step": step}).status_code == 409
    assert web.post("/applications/1/stage/undo", data={"step": "1e9"}).status_code == 409
    assert get(begin, Application).stage == Stage.PREPARING
    assert deeds(begin) == ["moved", "undone"]
    assert "ongedaan gemaakt" in web.get("/applications/1").text


@pytest.mark.usefixtures("desk")
def test_a_step_that_is_stale_no_way_or_no_stage_is_refused_in_a_sentence(
    web: httpx.Client, begin: Begin
) -> None:
    answer = web.post(
        "/applications/1/stage", data={"stage": "submitted", "version": "7", "why": "Mijn reden"}
    )
    assert answer.status_code == 409
    assert "U koos ingediend" in answer.text
    assert "Mijn reden" in answer.text
    answer = web.post("/applications/1/stage", data={"stage": "settled", "version": "1"})
    assert answer.status_code == 409
    assert "niet naar vastgesteld" in answer.text
    for stage, why in [("nonsense", ""), ("", ""), ("submitted", "x" * 2001)]:
        assert (
            web.post("/applications/1/stage", data={"stage": stage, "version": "1", "why": why}).status_code
            == 400
        )
    assert deeds(begin) == []


FORMS: dict[str, dict[str, str]] = {
    "milestones": {"title": f"Stuurgroep {EVIL}", "on": "2027-01-15", "at": "10:30", "kind": "meeting"},
    "obligations": {
        "title": "Rapport",
        "on": "2027-03-01",
        "kind": "finance",
        "partner_id": "",
        "note": EVIL,
    },
    "partners": {
        "name": f"Stadt Münster {EVIL}",
        "country": "DE",
        "role": "partner",
        "share": "12,5",
        "contact": "a@b.example",
    },
    "contributions": {"party": "Provincie", "kind": "in_kind", "amount": "1,250.75", "certain": "1"},
    "decisions": {
        "on": "2027-02-01",
        "awarded": "awarded",
        "amount": "1.000",
        "reference": "B-7",
        "conditions": f"Twee verslagen. {EVIL}",
        "url": "https://dms.example/8",
    },
    "documents": {"title": EVIL, "url": "https://dms.example/7?a=1&b=2", "kind": "begroting"},
    "checklist": {"title": "De-minimisverklaring"},
    "comments": {"text": f"@kim kijk jij? {EVIL}"},
}


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("kind", FORMS)
def test_a_part_is_added_once_shown_escaped_and_changed_until_it_is_stale(
    web: httpx.Client, begin: Begin, kind: str
) -> None:
    path = f"/applications/1/{kind}"
    assert web.get(f"{path}/new").status_code == 200
    for _ in range(2):
        assert web.post(path, data=FORMS[kind]).status_code == 303
    page = web.get("/applications/1").text
    assert EVIL not in page
    assert deeds(begin) == ["added"]
    for other in (2, 3):
        assert web.post(f"/applications/{other}/{kind}/1", data=FORMS[kind]).status_code == (
            400 if kind == "comments" else 404
        )
        assert web.post(f"/applications/{other}/{kind}/1/done").status_code == 404
    if kind == "comments":
        assert web.get(f"{path}/1").status_code == 400
        return
    form = web.get(f"{path}/1").text
    seen = hidden(form, "seen")
    name, new = {
        "partners": ("share", "40"),
        "contributions": ("amount", "2000"),
        "decisions": ("amount", "2000"),
    }.get(kind, ("title", "Nieuw"))
    changed = FORMS[kind] | {name: new, "seen": seen}
    assert web.post(f"{path}/1", data=changed).status_code == 303
    assert web.post(f"{path}/1", data=changed).status_code == 303
    assert deeds(begin) == ["added", "changed"]
    answer = web.post(f"{path}/1", data=changed | {name: "99"})
    assert answer.status_code == 409
    assert f"<td>{new}</td><td>99</td>" in answer.text
    again = changed | {name: "99", "seen": hidden(answer.text, "seen")}
    assert web.post(f"{path}/1", data=again).status_code == 303
    assert web.get(f"{path}/99").status_code == 404


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("kind", "name", "text"),
    [
        ("milestones", "on", "31-12-2027"),
        ("milestones", "on", ""),
        ("milestones", "at", "25:00"),
        ("milestones", "kind", "nonsense"),
        ("obligations", "partner_id", "1"),
        ("obligations", "kind", ""),
        ("partners", "role", "king"),
        ("partners", "share", "100,01"),
        ("partners", "share", "NaN"),
        ("partners", "contact", "geen adres"),
        ("partners", "name", ""),
        ("partners", "country", "XX"),
        ("contributions", "party", ""),
        ("contributions", "amount", "veel"),
        ("contributions", "kind", "gold"),
        ("documents", "url", "javascript:alert(1)"),
        ("documents", "url", "https://["),
        ("documents", "title", "x" * 100_000),
        ("checklist", "title", "\x07"),
        ("comments", "text", "x" * 10_001),
    ],
)
def test_a_part_with_a_wrong_field_is_not_kept(
    web: httpx.Client, begin: Begin, kind: str, name: str, text: str
) -> None:
    answer = web.post(f"/applications/1/{kind}", data=FORMS[kind] | {name: text})
    assert answer.status_code == 422
    assert "field--trouble" in answer.text
    assert deeds(begin) == []


@pytest.mark.usefixtures("desk")
def test_a_partner_takes_part_once_and_can_be_chosen_or_named_not_both(
    web: httpx.Client, begin: Begin
) -> None:
    first = FORMS["partners"]
    assert web.post("/applications/1/partners", data=first).status_code == 303
    assert web.post("/applications/1/partners", data=first | {"share": "50"}).status_code == 422
    assert web.post("/applications/1/partners", data=first | {"partner_id": "1"}).status_code == 422
    chosen = {"partner_id": "1", "name": "", "country": "NL", "role": "lead"}
    assert web.post("/applications/2/partners", data=chosen).status_code == 303
    assert get(begin, Participation, 2).partner_id == 1


@pytest.mark.usefixtures("desk")
def test_dates_and_points_are_ticked_off_and_reopened_and_papers_are_taken_away(
    web: httpx.Client, begin: Begin
) -> None:
    for kind in ("milestones", "obligations", "checklist", "documents"):
        web.post(f"/applications/1/{kind}", data=FORMS[kind])
    for kind in ("milestones", "obligations", "checklist"):
        for deed in ("done", "done", "reopen"):
            assert web.post(f"/applications/1/{kind}/1/{deed}").status_code == 303
    assert deeds(begin)[4:] == ["done", "reopened"] * 3
    assert web.post("/applications/1/documents/1/remove").status_code == 303
    assert web.post("/applications/1/documents/1/remove").status_code == 404
    assert web.post("/applications/1/milestones/1/remove").status_code == 303
    assert web.post("/applications/1/milestones/1/done").status_code == 404
    assert web.post("/applications/1/milestones/1/burn").status_code == 400
    assert "dms.example" not in web.get("/applications/1").text


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("kind", ["obligations", "partners", "contributions", "decisions"])
def test_what_was_put_there_by_mistake_is_taken_away(web: httpx.Client, begin: Begin, kind: str) -> None:
    web.post(f"/applications/1/{kind}", data=FORMS[kind])
    edit = f'href="/applications/1/{kind}/1"'
    assert edit in web.get("/applications/1").text
    assert web.post(f"/applications/1/{kind}/1/remove").status_code == 303
    assert edit not in web.get("/applications/1").text
    assert web.post(f"/applications/1/{kind}/1/remove").status_code == 404
    assert deeds(begin) == ["added", "removed"]


@pytest.mark.usefixtures("desk")
def test_a_decision_is_kept_with_its_letter_its_outcome_and_its_conditions(web: httpx.Client) -> None:
    wrong = {"on": "", "awarded": "maybe", "amount": "veel", "url": "javascript:alert(1)"}
    refused = web.post("/applications/1/decisions", data=FORMS["decisions"] | wrong)
    assert refused.status_code == 422
    assert 'value="veel"' in refused.text
    assert web.post("/applications/1/decisions", data=FORMS["decisions"]).status_code == 303
    page = " ".join(web.get("/applications/1").text.split())
    assert "<strong>toegekend</strong>: € 1.000<small>maandag 1 februari 2027 · B-7 · " in page
    assert '<a href="https://dms.example/8" rel="noreferrer external">de brief</a>' in page
    assert "Twee verslagen." in page
    form = web.get("/applications/1/decisions/1").text
    assert '<option value="awarded" selected>toegekend</option>' in form
    rejected = FORMS["decisions"] | {"awarded": "rejected", "seen": hidden(form, "seen")}
    assert web.post("/applications/1/decisions/1", data=rejected).status_code == 303
    assert "<strong>afgewezen</strong>" in web.get("/applications/1").text


def test_a_comment_is_withdrawn_by_who_made_it_alone(as_: As, web: httpx.Client, begin: Begin) -> None:
    els = as_("els")
    assert els.post("/applications/1/comments", data=FORMS["comments"]).status_code == 303
    page = web.get("/applications/1").text
    assert "Genoemd: Kim" in " ".join(page.split())
    assert web.post("/applications/1/comments/1/remove").status_code == 403
    assert els.post("/applications/1/comments/1/remove").status_code == 303
    page = web.get("/applications/1").text
    assert "kijk jij" not in page
    assert "Ingetrokken." in page
    assert get(begin, Comment).text.startswith("@kim")


@pytest.mark.usefixtures("desk")
def test_a_budget_that_does_not_add_up_says_so(web: httpx.Client) -> None:
    web.post("/applications/1/edit", data=main_fields(total="100.000", requested="60.000", version="1"))
    web.post("/applications/1/contributions", data=FORMS["contributions"] | {"amount": "30000"})
    web.post("/applications/1/partners", data=FORMS["partners"])
    page = " ".join(web.get("/applications/1").text.replace("\xa0", " ").split())
    assert "samen € 90.000 van € 100.000; er ontbreekt € 10.000" in page
    assert "samen 12,5 procent" in page
    web.post(
        "/applications/1/contributions", data=FORMS["contributions"] | {"party": "Rijk", "amount": "10001"}
    )
    assert "meer dan de begroting" in web.get("/applications/1").text


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    "path",
    ["/applications/0", "/applications/x", "/applications/99999999999", "/applications/1/nonsense/new"],
)
def test_an_address_that_is_none_is_refused(web: httpx.Client, path: str) -> None:
    assert web.get(path).status_code in {400, 404}
