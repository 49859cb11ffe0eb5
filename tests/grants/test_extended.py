# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A no-go whose deadline was extended since comes back, until the office decides or judges anew."""

from datetime import date, datetime, timedelta

import pytest

from grants import queries
from grants.home import week
from models.application import Application, Stage
from models.call import Call
from models.interest import Choice
from models.match import Verdict
from models.session import Begin
from models.values import CallStatus
from tests import builders
from tests.grants.desk import a_call, furnish, person
from tests.grants.reminders.desk import DUE, decide, move

NOW = builders.NOW
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def office(begin: Begin) -> None:
    with begin() as session:
        furnish(session, calls=2)
        decide(session, Choice.NO_GO, at=NOW + timedelta(hours=1))


def extended(begin: Begin, who: str = "Noor", today: date = TODAY) -> list[int]:
    with begin() as session:
        me = person(session, who)
        found = list(queries.extended(session, me, today=today))
        shown = week(session, me, now=datetime.combine(today, NOW.timetz())).reopened
        assert [one.id for one in shown] == found
        return found


def later(begin: Begin, days: int = 20, hours: int = 2) -> None:
    move(begin, DUE + timedelta(days=days), at=NOW + timedelta(hours=hours))


def test_an_extension_since_a_no_go_shows_it_again_to_that_office_alone(begin: Begin) -> None:
    assert extended(begin) == []
    later(begin)
    assert extended(begin) == [1]
    assert extended(begin, "Joost") == []
    assert extended(begin, today=DUE + timedelta(days=21)) == []


def test_a_deadline_brought_forward_or_extended_before_the_no_go_does_not(begin: Begin) -> None:
    later(begin, days=-2)
    assert extended(begin) == []
    later(begin, days=0, hours=3)
    assert extended(begin) == []


def test_a_new_decision_a_new_verdict_or_an_application_ends_it(begin: Begin) -> None:
    later(begin)
    with begin() as session:
        session.add(Verdict(office_id=1, call_id=1, relevant=False, at=NOW + timedelta(hours=1)))
    assert extended(begin) == [1]
    with begin() as session:
        verdict = Verdict(office_id=1, call_id=1, relevant=False, at=NOW + timedelta(hours=3))
        session.add(verdict)
    assert extended(begin) == []
    with begin() as session:
        session.get_one(Verdict, 2).undone_at = NOW
        session.add(builders.application(call_id=1, stage=Stage.PREPARING, confidential=True, owner_id=1))
    assert extended(begin) == []
    assert extended(begin, "Sam") == [1], "who may not know of the application sees what they saw"
    with begin() as session:
        session.get_one(Application, 1).stage = Stage.WITHDRAWN
        decide(session, Choice.NO_GO, at=NOW + timedelta(hours=4))
    assert extended(begin) == []


def test_an_extension_at_a_twin_counts_for_the_call_that_is_shown(begin: Begin) -> None:
    with begin() as session:
        a_call(session, key="twin").folded_into_id = 1
        session.get_one(Call, 1).stated_status = CallStatus.OPEN
    move(begin, DUE + timedelta(days=9), at=NOW + timedelta(hours=2), call_id=3)
    assert extended(begin) == [1]
