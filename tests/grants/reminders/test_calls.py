# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Calls nobody applies for yet remind who follows them, looks into them or gave a go."""

from datetime import timedelta

import pytest

from models.application import Stage, TeamMember
from models.call import Call
from models.colleague import Colleague
from models.interest import Assignment, Choice
from models.match import Verdict
from models.session import Begin
from tests import builders
from tests.grants.reminders.desk import DUE, START, amended, decide, follow, furnish, moment, written

SOON = DUE - timedelta(days=2)


def told(begin: Begin) -> set[str]:
    return {one.recipient.partition("@")[0] for one in written(begin, SOON)}


def test_a_follower_is_reminded_once_per_step_with_a_link(begin: Begin) -> None:
    with begin() as session:
        furnish(session)
        follow(session)
    (letter,) = written(begin, SOON)
    assert letter.key == "reminder:call:call-1:2026-12-15:2:1"
    assert letter.subject == "Herinnering: Cities that stay cool"
    assert b"http://localhost:8000/calls/1" in letter.mime
    assert letter.due_at == moment(DUE, 17)
    assert written(begin, SOON) == []
    assert [one.key.split(":")[4] for one in written(begin, DUE)] == ["0"]


def test_assignee_decider_and_follower_each_hear_once(begin: Begin) -> None:
    with begin() as session:
        furnish(session)
        follow(session)
        decide(session, Choice.GO)
        session.add(Assignment(office_id=1, call_id=1, colleague_id=1, at=START, by="x"))
    assert told(begin) == {"noor", "lena"}


@pytest.mark.parametrize("what", ["no-go", "not relevant"])
def test_a_no_go_or_a_call_that_is_not_relevant_reminds_nobody(begin: Begin, what: str) -> None:
    with begin() as session:
        furnish(session)
        follow(session)
        if what == "no-go":
            decide(session, Choice.NO_GO)
        else:
            session.add(Verdict(office_id=1, call_id=1, relevant=False, at=START))
    assert told(begin) == set()


def test_a_go_counts_for_more_than_an_older_verdict_and_what_was_taken_back_for_nothing(begin: Begin) -> None:
    with begin() as session:
        furnish(session)
        session.add(Verdict(office_id=1, call_id=1, relevant=False, at=START))
        decide(session, Choice.GO)
        decide(session, Choice.NO_GO, undone_at=START)
    assert told(begin) == {"lena"}


def test_an_application_of_the_office_takes_over_and_never_repeats_a_step(begin: Begin) -> None:
    with begin() as session:
        furnish(session)
        follow(session)
        follow(session, 2)
    assert told(begin) == {"noor", "lena"}
    with begin() as session:
        session.add(builders.application(call_id=1, owner_id=1, stage=Stage.PREPARING))
    assert written(begin, SOON) == []
    assert [one.recipient for one in written(begin, DUE)] == ["noor@enschede.example"]


def test_a_confidential_application_changes_nothing_for_who_may_not_know_of_it(begin: Begin) -> None:
    with begin() as session:
        furnish(session)
        follow(session, 2)
        session.add(builders.application(call_id=1, owner_id=1, stage=Stage.PREPARING, confidential=True))
    letters = {one.recipient.partition("@")[0]: one for one in written(begin, SOON)}
    assert letters.keys() == {"noor", "lena"}
    assert b"Leerlijn" not in letters["lena"].mime
    assert letters["lena"].application_id is None


def test_who_follows_a_call_by_themselves_hears_of_it_after_an_application_was_withdrawn(
    begin: Begin,
) -> None:
    with begin() as session:
        furnish(session)
        follow(session)
        decide(session, Choice.GO)
        session.add(builders.application(call_id=1, owner_id=1, stage=Stage.WITHDRAWN))
    assert told(begin) == {"noor"}


def test_another_offices_application_changes_nothing_here(begin: Begin) -> None:
    with begin() as session:
        furnish(session)
        follow(session)
        session.add(builders.office(slug="almelo"))
        session.flush()
        session.add(builders.application(office_id=2, call_id=1, stage=Stage.PREPARING))
    assert told(begin) == {"noor"}


def test_a_twin_that_is_found_later_repeats_nothing_and_a_day_both_name_is_told_once(begin: Begin) -> None:
    with begin() as session:
        furnish(session)
        follow(session)
    assert len(written(begin, SOON)) == 1
    with begin() as session:
        session.add(builders.call(key="twin", deadlines=[builders.deadline(DUE, since=START)]))
        session.flush()
        session.get_one(Call, 1).folded_into_id = 2
    assert written(begin, SOON) == []
    assert len(written(begin, DUE)) == 1


def test_when_nobody_is_left_the_administrators_hear_of_a_go_and_of_an_application(begin: Begin) -> None:
    with begin() as session:
        furnish(session)
        decide(session, Choice.GO)
        session.add(
            builders.application(milestones=[builders.milestone(DUE)], team=[TeamMember(colleague_id=2)])
        )
        session.get_one(Colleague, 2).active = False
    letters = written(begin, SOON)
    assert {one.recipient for one in letters} == {"adel@enschede.example"}
    assert len(letters) == 2
    assert b"niemand anders" in letters[0].mime


def test_who_follows_after_the_deadline_is_not_told_that_it_passed(begin: Begin) -> None:
    with begin() as session:
        furnish(session)
        follow(session)
        follow(session, 2, since=moment(DUE + timedelta(days=2)))
    letters = written(begin, DUE + timedelta(days=3))
    assert [one.subject for one in letters] == ["Verstreken: Cities that stay cool"]
    assert letters[0].due_at is None


def test_past_its_hour_a_deadline_has_passed_on_its_own_day(begin: Begin) -> None:
    with begin() as session:
        furnish(session)
        follow(session)
    (letter,) = written(begin, DUE, hour=18)
    assert letter.subject == "Verstreken: Cities that stay cool"
    assert b"verstreken: vandaag" in letter.mime


def test_an_unreadable_deadline_reminds_nobody_and_breaks_nothing(begin: Begin) -> None:
    with begin() as session:
        furnish(
            session,
            deadlines=[builders.deadline(None, text="in due course"), builders.deadline(DUE, since=START)],
        )
        follow(session)
    assert told(begin) == {"noor"}


def test_unfollowed_and_gone_colleagues_hear_nothing(begin: Begin) -> None:
    with begin() as session:
        furnish(session)
        follow(session, until=START)
        follow(session, 2)
        session.get_one(Colleague, 2).active = False
    assert told(begin) == set()
    assert amended(begin, SOON) == []
