# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A letter that is not sent two hours before its deadline is on every page, and told to the operator once."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import delete

from grants.reminders import urgent
from grants.upkeep import DEADLINES, tell
from models.application import TeamMember
from models.colleague import Colleague
from models.message import Message, MessageState
from models.session import Begin
from tests import builders
from tests.grants.reminders.desk import DUE, amended, follow, furnish, moment, move, written

DAY = date(2026, 12, 1)


def seen(
    begin: Begin, who: int, day: date, hour: int, minute: int = 0
) -> list[tuple[int | None, int | None]]:
    with begin() as session:
        me = session.get_one(Colleague, who)
        return [
            (one.application_id, one.call_id) for one in urgent(session, me, now=moment(day, hour, minute))
        ]


def heard(begin: Begin, day: date, hour: int, minute: int = 0) -> list[str]:
    told: list[str] = []
    tell(
        begin,
        send=lambda _title, text: (told.append(text), True)[1],
        now=moment(day, hour, minute),
        watches=DEADLINES,
    )
    return told


def an_office(begin: Begin, *, confidential: bool) -> None:
    with begin() as session:
        furnish(session)
        dated = builders.milestone(DUE, at=time(16))
        session.add(
            builders.application(
                team=[TeamMember(colleague_id=1)], milestones=[dated], confidential=confidential
            )
        )
        follow(session)
    written(begin, DUE, sent=False)


def test_two_hours_before_the_office_is_told_and_the_operator_once(begin: Begin) -> None:
    an_office(begin, confidential=False)
    assert seen(begin, 2, DUE, 13, 59) == []
    assert heard(begin, DUE, 13, 59) == []
    assert seen(begin, 2, DUE, 14) == [(1, None)]
    assert seen(begin, 2, DUE, 15) == [(1, None), (None, 1)]
    (text,) = heard(begin, DUE, 14)
    assert (
        text
        == "Message 1, a reminder, is queued and its deadline strikes at 2026-12-15 15:00 UTC: tell people by telephone."
    )
    assert heard(begin, DUE, 14, 5) == []
    assert "Leerlijn" not in text
    assert seen(begin, 2, DUE, 17) == []
    assert heard(begin, DUE, 18) == [], "that it is over helps nobody"


def test_a_letter_that_went_or_is_just_on_its_way_alarms_nobody(begin: Begin) -> None:
    an_office(begin, confidential=False)
    with begin() as session:
        session.get_one(Message, 1).state = MessageState.SENT
        session.get_one(Message, 2).created_at = moment(DUE, 15)
    assert seen(begin, 2, DUE, 15, 10) == []
    assert seen(begin, 2, DUE, 15, 16) == [(None, 1)]


@pytest.mark.parametrize("state", [MessageState.HELD, MessageState.DEAD, MessageState.IN_DOUBT])
def test_a_letter_that_is_stuck_alarms_at_once_and_another_office_sees_nothing(
    begin: Begin, state: MessageState
) -> None:
    an_office(begin, confidential=False)
    with begin() as session:
        session.get_one(Message, 1).state = state
        session.get_one(Message, 1).created_at = moment(DUE, 14)
        session.add(builders.office(slug="almelo"))
        session.flush()
        session.add(builders.colleague(email="sam@almelo.example", office_id=2))
    assert seen(begin, 2, DUE, 14, 1) == [(1, None)]
    assert seen(begin, 4, DUE, 14, 1) == []


def test_a_confidential_application_is_told_to_its_team_and_administrators_alone(begin: Begin) -> None:
    an_office(begin, confidential=True)
    assert [seen(begin, who, DUE, 14) for who in (1, 2, 3)] == [[(1, None)], [], [(1, None)]]


def test_a_deadline_brought_forward_is_told_on_the_second_channel_once(begin: Begin) -> None:
    with begin() as session:
        furnish(session)
        follow(session)
        follow(session, 2)
    move(begin, DUE + timedelta(days=3), at=moment(DAY, 7))
    amended(begin, DAY, hour=8)
    assert heard(begin, DAY, 8) == []
    move(begin, DUE - timedelta(days=8), at=moment(DAY, 9))
    amended(begin, DAY, hour=10)
    assert heard(begin, DAY, 10) == ["The deadline of call 1 was brought forward: Cities that stay cool"]
    assert heard(begin, DAY, 11) == []
    assert heard(begin, DAY + timedelta(days=3), 11) == []


def test_an_unsent_letter_about_a_moved_deadline_is_told_too(begin: Begin) -> None:
    with begin() as session:
        furnish(session)
        follow(session)
    move(begin, DAY, at=moment(DAY, 13))
    amended(begin, DAY, hour=14, sent=False)
    assert (None, 1) in seen(begin, 2, DAY, 16)


def test_the_nightly_check_tells_the_operator_what_is_missing_once_and_when_it_is_over(begin: Begin) -> None:
    def said(hour: int) -> list[str]:
        return tell(begin, send=lambda _title, _text: True, now=moment(DAY, hour))

    with begin() as session:
        furnish(session)
        session.add(builders.application(owner_id=1, milestones=[builders.milestone(DUE)]))
        follow(session)
    assert [line for line in said(8) if "reminder" in line] == []
    written(begin, DAY)
    with begin() as session:
        session.execute(delete(Message))
    lines = ["A reminder of a call for 2026-12-15 at office 1: it was not written. See /reminders.",
             "A reminder of application 1 for 2026-12-15 at office 1: it was not written. See /reminders."]  # fmt: skip
    assert sorted(line for line in said(10) if "reminder" in line) == lines
    assert said(11) == []
    written(begin, DAY, hour=11)
    assert sorted(said(12)) == lines
    later = moment(DAY + timedelta(days=2))
    assert "No reminders were planned for more than a night. See whether the flows run." in tell(
        begin, send=lambda *_: True, now=later
    )
