# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.applications import StaleError, create, draft, edit
from models.application import Application, Document, Milestone, Stage, StageChange
from models.audit import AuditEntry
from models.call import Call
from models.colleague import Colleague
from models.interest import Choice, GoDecision
from models.session import Begin
from tests import builders
from tests.builders import NOW

pytestmark = pytest.mark.usefixtures("both")


def started(session: Session, call: Call | None = None, key: str = "k1", **facts: Any) -> Application:
    told = {"title": "Koele straten, één wijk", "team": {4}, "themes": {1}} | facts
    return create(session, told, by=session.get_one(Colleague, 5), now=NOW, key=key, call=call)


def changed(
    session: Session, version: int | None = None, *, by: int = 5, application_id: int = 1, **facts: Any
) -> Application:
    one = session.get_one(Application, application_id)
    told = {"team": {member.colleague_id for member in one.team}, "themes": set()} | facts
    edit(session, one, told, by=session.get_one(Colleague, by), now=NOW, seen_version=version or one.version)
    return one


def test_a_new_application_is_its_makers_idea_and_the_same_form_makes_no_second(begin: Begin) -> None:
    for _ in range(2):
        with begin() as session:
            assert started(session).id == 3
    with begin() as session:
        one = session.get_one(Application, 3)
        assert (one.slug, one.stage, one.owner_id) == ("koele-straten-een-wijk-k1", Stage.IDEA, 5)
        assert [member.colleague_id for member in one.team] == [4]
        assert [theme.id for theme in one.themes] == [1]
        step = session.scalars(select(StageChange).where(StageChange.application_id == 3)).one()
        assert (step.before, step.after, step.by) == (None, Stage.IDEA, "els@enschede.example")
        kept = session.scalars(select(AuditEntry)).one()
        assert (kept.action, kept.facts["title"]) == ("created", "Koele straten, één wijk")


def test_another_form_with_the_same_title_makes_another_and_a_title_without_letters_is_fine(
    begin: Begin,
) -> None:
    with begin() as session:
        assert [started(session).id, started(session, key="k2").id] == [3, 4]
        assert started(session, title="— ? —").slug == "aanvraag-k1"


def a_call(session: Session) -> Call:
    deadlines = [
        builders.deadline(date(2026, 12, 15), at=time(17), stage="stage 1"),
        builders.deadline(date(2027, 4, 8)),
        builders.deadline(date(2026, 12, 1), superseded_at=NOW),
        builders.deadline(None, text="nog onbekend"),
    ]
    call = builders.call(deadlines=deadlines, programme="LIFE", organisation="CINEA", title="T" * 999)
    session.add(call)
    session.flush()
    return call


def test_from_a_call_come_its_deadlines_in_force_and_its_address(begin: Begin) -> None:
    with begin() as session:
        call = a_call(session)
        assert draft(call) == {"title": "T" * 300, "programme": "LIFE", "funder": "CINEA"}
        one = started(session, call)
        assert (one.call_id, one.stage) == (call.id, Stage.IDEA)
    with begin() as session:
        dates = session.scalars(select(Milestone).order_by(Milestone.on)).all()
        assert [(row.title, row.on, row.at, row.zone, row.kind) for row in dates] == [
            ("Indienen (stage 1)", date(2026, 12, 15), time(17), "Europe/Brussels", "submission"),
            ("Indienen", date(2027, 4, 8), None, "Europe/Brussels", "submission"),
        ]
        paper = session.scalars(select(Document)).one()
        assert (paper.url, len(paper.title), paper.by) == ("https://x.example/1", 300, "els@enschede.example")


@pytest.mark.parametrize(
    ("choices", "stage", "why"),
    [
        ([(1, Choice.NO_GO, "te duur"), (1, Choice.GO, "past")], Stage.PREPARING, "go: past"),
        ([(1, Choice.GO, "past"), (1, Choice.NO_GO, "")], Stage.IDEA, "no_go"),
        ([(2, Choice.GO, "van Almelo")], Stage.IDEA, ""),
    ],
)
def test_the_offices_last_go_or_no_go_is_noted(
    begin: Begin, choices: list[tuple[int, Choice, str]], stage: Stage, why: str
) -> None:
    with begin() as session:
        call = a_call(session)
        for office, choice, words in choices:
            session.add(GoDecision(office_id=office, call_id=call.id, choice=choice, why=words, at=NOW))
            session.flush()
        one = started(session, call)
        step = session.scalars(select(StageChange).where(StageChange.application_id == one.id)).one()
        assert (one.stage, step.why) == (stage, why)


def test_what_is_changed_is_kept_before_and_after(begin: Begin) -> None:
    with begin() as session:
        changed(session, title="EDL 2", total=Decimal(1000), runs_from=date(2027, 1, 1), team={3, 4})
    with begin() as session:
        changed(session, title="EDL 2", team={4}, themes={1, 2})
    with begin() as session:
        one = session.get_one(Application, 1)
        assert (one.title, one.total) == ("EDL 2", Decimal(1000))
        assert ([member.colleague_id for member in one.team], [row.id for row in one.themes]) == ([4], [1, 2])
        facts = [kept.facts for kept in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
        assert facts == [
            {
                "title": ["Euregionale Doorlopende Leerlijn", "EDL 2"],
                "total": [None, "1000.00"],
                "runs_from": [None, "2027-01-01"],
                "team": [[], [3, 4]],
            },
            {"team": [[3, 4], [4]], "themes": [[], [1, 2]]},
        ]


def test_a_change_that_changes_nothing_is_none_and_one_from_an_old_version_is_refused(begin: Begin) -> None:
    with begin() as session:
        changed(session)
        assert session.scalars(select(AuditEntry)).all() == []
        changed(session, title="EDL 2")
    with begin() as session, pytest.raises(StaleError):
        changed(session, 1, title="EDL 3")


@pytest.mark.parametrize(("by", "team"), [(5, [5]), (2, []), (3, []), (1, [])])
def test_who_makes_an_application_confidential_does_not_shut_themselves_out(
    begin: Begin, by: int, team: list[int]
) -> None:
    with begin() as session:
        one = changed(session, by=by, confidential=True)
        assert [member.colleague_id for member in one.team] == team
        assert one.seen_by(session.get_one(Colleague, by))


def test_what_is_not_among_the_facts_stays_as_it_is(begin: Begin) -> None:
    with begin() as session:
        one = started(session)
        edit(session, one, {"reference": "R"}, by=session.get_one(Colleague, 5), now=NOW, seen_version=1)
        assert ([member.colleague_id for member in one.team], [theme.id for theme in one.themes]) == (
            [4],
            [1],
        )
        assert (one.reference, one.title) == ("R", "Koele straten, één wijk")
