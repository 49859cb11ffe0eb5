# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

from config.settings import Settings
from grants.errors import PijplijnError
from grants.reminders import plan, preview, write_reminders
from grants.stages import MOVES, check_move
from models.application import Milestone, Stage, TeamMember
from models.call import Call
from models.colleague import Colleague
from models.message import Message, MessageState
from models.obligation import Obligation
from models.session import Begin
from tests.builders import NOW, application, call, colleague, deadline, milestone, office, source

DUE = date(2026, 12, 15)
SETTINGS = Settings(mail_from="Pijplijn <p@enschede.example>", data_dir=Path("/nowhere"))


def an_application(begin: Begin, **facts: Any) -> None:
    with begin() as session:
        session.add_all([office(), source()])
        session.flush()
        session.add_all(
            [colleague(), colleague(name="Lena", email="lena@enschede.example", language="de"), call()]
        )
        session.flush()
        kept = {"owner_id": 1, "team": [TeamMember(colleague_id=2)], "milestones": [milestone(DUE)]}
        session.add(application(**kept | facts))


def written(begin: Begin, today: date) -> int:
    with begin() as session:
        messages = write_reminders(session, today=today, now=NOW, settings=SETTINGS)
        for message in messages:
            message.state = MessageState.SENT
        return len(messages)


def test_each_step_is_written_once_to_owner_and_team(begin: Begin) -> None:
    an_application(begin)
    assert written(begin, DUE - timedelta(days=33)) == 0
    assert written(begin, DUE - timedelta(days=32)) == 2, "thirty days before is a Sunday: it goes on Friday"
    assert written(begin, DUE - timedelta(days=32)) == 0
    assert written(begin, DUE - timedelta(days=15)) == 0
    assert written(begin, DUE - timedelta(days=14)) == 2


def test_a_back_up_is_reminded_beside_the_owner_also_of_what_is_confidential(begin: Begin) -> None:
    an_application(begin, backup_id=2, team=[], confidential=True)
    assert written(begin, DUE) == 2


def test_a_deadline_taken_over_as_a_milestone_reminds_once_and_a_moved_one_as_well(begin: Begin) -> None:
    steps = [milestone(DUE, kind="submission"), milestone(DUE + timedelta(days=1))]
    an_application(begin, call_id=1, stage=Stage.PREPARING, team=[], milestones=steps)
    assert written(begin, DUE - timedelta(days=30)) == 1
    with begin() as session:
        session.add(deadline(DUE + timedelta(days=1), call_id=1))
    assert written(begin, DUE - timedelta(days=29)) == 2


def test_missed_days_are_made_up_for_by_the_most_urgent_step_alone(begin: Begin) -> None:
    an_application(begin)
    assert written(begin, DUE - timedelta(days=1)) == 2
    with begin() as session:
        keys = list(session.scalars(select(Message.key).order_by(Message.id)))
    assert keys == ["reminder:1:milestone-1:2026-12-15:2:1", "reminder:1:milestone-1:2026-12-15:2:2"]


def test_a_date_that_passed_is_told_once_and_then_left(begin: Begin) -> None:
    an_application(begin)
    assert written(begin, DUE + timedelta(days=1)) == 2
    assert written(begin, DUE + timedelta(days=20)) == 0
    assert written(begin, DUE + timedelta(days=31)) == 0


def test_a_moved_date_reminds_again(begin: Begin) -> None:
    an_application(begin)
    written(begin, DUE)
    with begin() as session:
        session.get_one(Milestone, 1).on = DUE + timedelta(days=10)
    assert written(begin, DUE) == 2


@pytest.mark.parametrize(("stage", "done_on"), [(Stage.SETTLED, None), (Stage.RUNNING, DUE)])
def test_what_is_done_or_ended_reminds_nobody(begin: Begin, stage: Stage, done_on: date | None) -> None:
    an_application(begin, stage=stage, milestones=[milestone(DUE, done_on=done_on)])
    assert written(begin, DUE) == 0


def test_a_call_that_is_prepared_for_reminds_of_its_deadline_until_it_is_submitted(begin: Begin) -> None:
    an_application(begin, stage=Stage.PREPARING, call_id=1, milestones=[])
    with begin() as session:
        assert {one.dated.title for one in plan(session, today=DUE)} == {"Cities that stay cool"}


def test_an_obligation_reminds_in_the_readers_language(begin: Begin) -> None:
    an_application(begin, milestones=[])
    with begin() as session:
        session.add(Obligation(application_id=1, title="Rapport", kind="finance", on=DUE))
    with begin() as session:
        letters = [one for _, one in preview(session, today=DUE, now=NOW, settings=SETTINGS)]
    assert [one.subject for one in letters] == [
        "Herinnering: Rapport (Euregionale Doorlopende Leerlijn)",
        "Erinnerung: Rapport (Euregionale Doorlopende Leerlijn)",
    ]
    assert "vandaag, dinsdag 15 december 2026\n" in letters[0].text
    assert "<h1>Rapport</h1>" in letters[1].html


def test_a_moved_deadline_of_the_call_reminds_again_with_a_link(begin: Begin) -> None:
    an_application(begin, stage=Stage.PREPARING, call_id=1, milestones=[])
    assert written(begin, DUE - timedelta(days=2)) == 2
    with begin() as session:
        aimed = session.get_one(Call, 1)
        aimed.all_deadlines[0].superseded_at = NOW
        aimed.all_deadlines.append(deadline(DUE + timedelta(days=7), at=time(17)))
    with begin() as session:
        letters = [
            one for _, one in preview(session, today=DUE - timedelta(days=2), now=NOW, settings=SETTINGS)
        ]
    assert "nog 9 dagen, dinsdag 22 december 2026 17:00 (Brussel)" in letters[0].text
    assert "http://localhost:8000/calls/1" in letters[0].text
    assert '<h1 lang="en">Cities that stay cool</h1>' in letters[0].html


def test_a_confidential_application_reminds_only_who_may_see_it_and_is_still_here(begin: Begin) -> None:
    an_application(begin, confidential=True, team=[TeamMember(colleague_id=2)])
    with begin() as session:
        session.get_one(Colleague, 2).active = False
        session.add(office(slug="almelo"))
        session.flush()
        session.add(colleague(name="Sam", email="sam@almelo.example", office_id=2))
        session.flush()
        session.add(TeamMember(application_id=1, colleague_id=3))
    with begin() as session:
        assert [one.person.name for one in plan(session, today=DUE)] == ["Noor de Vries"]


def test_many_applications_ask_the_database_no_more_than_one(begin: Begin) -> None:
    def asked() -> int:
        with begin() as session:
            count: list[str] = []
            event.listen(session.get_bind(), "before_cursor_execute", lambda *words: count.append(words[2]))
            preview(session, today=DUE, now=NOW, settings=SETTINGS)
            return len(count)

    an_application(begin, call_id=1, stage=Stage.PREPARING)
    few = asked()
    with begin() as session:
        session.add_all(
            application(slug=f"a{number}", owner_id=1, call_id=1, milestones=[milestone(DUE)])
            for number in range(20)
        )
    assert asked() == few


@pytest.mark.parametrize("before", list(Stage))
@pytest.mark.parametrize("after", list(Stage))
def test_a_stage_moves_only_along_its_ways(before: Stage, after: Stage) -> None:
    if after in MOVES[before]:
        check_move(before, after)
    else:
        with pytest.raises(PijplijnError, match=f"cannot go from {before} to {after}"):
            check_move(before, after)
