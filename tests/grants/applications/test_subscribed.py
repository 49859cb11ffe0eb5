# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What stands in whose calendar, read from its text by another library and held to RFC 5545."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from grants.applications.subscribed import PAST, subscribed
from grants.calendars import make
from models.application import Application, Milestone, Stage, TeamMember
from models.calendar import Scope
from models.call import Call, Deadline
from models.colleague import Access, Colleague
from models.interest import Assignment, Choice, Follow, GoDecision
from models.obligation import Obligation
from models.office import Office
from models.session import Begin, Session, reading
from tests.builders import NOW, application, call, colleague, deadline, milestone, office, source
from tests.grants.calendars.rfc5545 import events, faults

DAY = date(2026, 12, 15)
HERE = "https://p.example"
NOOR, LENA, BOSS, JOOST, OFFICE = 1, 2, 3, 4, 0


@pytest.fixture
def desk(begin: Begin) -> None:
    """Two offices; Noor works on an open application, Lena on a confidential one, each for a call of its own."""
    with begin() as session:
        session.add_all([office(), office(slug="almelo", name="Gemeente Almelo"), source()])
        session.flush()
        people = [
            colleague(),
            colleague(name="Lena", email="lena@enschede.example", language="de"),
            colleague(name="Boss", email="boss@enschede.example", access=Access.ADMINISTRATOR),
            colleague(name="Joost", email="joost@almelo.example", office_id=2),
        ]
        calls = [call(key=str(number), title=f"Call {number}") for number in range(1, 7)]
        for one in (*people, *calls):
            session.add(one)
            session.flush()
        facts: dict[str, Any] = {"stage": Stage.PREPARING}
        session.add(
            application(
                slug="open", title="Open", owner_id=NOOR, call_id=1, milestones=[milestone(DAY)], **facts
            )
        )
        session.flush()
        session.add(
            application(slug="secret", title="Ondermijning", confidential=True, call_id=2, milestones=[milestone(DAY)],
                team=[TeamMember(colleague_id=LENA)], **facts)
        )  # fmt: skip
        session.flush()
        session.add(
            application(
                slug="almelo",
                title="Almelo",
                office_id=2,
                owner_id=JOOST,
                milestones=[milestone(DAY)],
                **facts,
            )
        )
        session.flush()
        session.add(Obligation(application_id=2, title="Verslag", kind="content", on=DAY))


def secret_of(begin: Begin, who: int, scope: Scope) -> str:
    with begin() as session:
        boss = session.get_one(Colleague, BOSS)
        whose = session.get_one(Colleague, who) if who else session.get_one(Office, 1)
        return make(session, whose, scope, by=boss, now=NOW)


def fetched(begin: Begin, who: int, scope: Scope = Scope.MINE, *, now: datetime = NOW) -> dict[str, Any]:
    secret = secret_of(begin, who, scope)
    raw = subscribed(begin, begin, secret, address=HERE, now=now)
    assert raw is not None
    assert faults(raw) == []
    return {re.split("[_@]", uid)[0]: one for uid, one in events(raw).items()}


def change(begin: Begin, row: type[Any], number: int, **facts: Any) -> None:
    with begin() as session:
        found = session.get_one(row, number)
        for name, value in facts.items():
            setattr(found, name, value)


def add(begin: Begin, *rows: Any) -> None:
    with begin() as session:
        session.add_all(rows)


@pytest.mark.parametrize(
    ("who", "scope", "expected"),
    [
        (NOOR, Scope.MINE, {"milestone-1", "call-1"}),
        (NOOR, Scope.WHOLE, {"milestone-1", "call-1"}),
        (LENA, Scope.MINE, {"milestone-2", "obligation-1", "call-2"}),
        (LENA, Scope.WHOLE, {"milestone-1", "call-1", "milestone-2", "obligation-1", "call-2"}),
        (BOSS, Scope.MINE, set()),
        (BOSS, Scope.WHOLE, {"milestone-1", "call-1", "milestone-2", "obligation-1", "call-2"}),
        (JOOST, Scope.WHOLE, {"milestone-3"}),
        (OFFICE, Scope.WHOLE, {"milestone-1", "call-1"}),
    ],
)
def test_everyone_gets_what_they_may_know_of_and_an_office_nothing_confidential(
    begin: Begin, desk: None, who: int, scope: Scope, expected: set[str]
) -> None:
    assert set(fetched(begin, who, scope)) == expected


def test_a_confidential_application_leaves_the_calendar_of_who_no_longer_works_on_it(
    begin: Begin, desk: None
) -> None:
    assert fetched(begin, LENA)["milestone-2"].contents["class"][0].value == "PRIVATE"
    with begin() as session:
        session.delete(session.get_one(TeamMember, 1))
    assert fetched(begin, LENA) == {}


def test_what_becomes_confidential_leaves_the_calendar_of_the_office(begin: Begin, desk: None) -> None:
    assert "milestone-1" in fetched(begin, OFFICE)
    change(begin, Application, 1, confidential=True)
    assert fetched(begin, OFFICE) == {}


def test_calls_that_are_followed_assigned_or_gone_for_are_in_it(begin: Begin, desk: None) -> None:
    held = {"office_id": 1, "at": NOW, "by": "x"}
    go = {"office_id": 1, "at": NOW, "choice": Choice.GO}
    add(
        begin,
        Follow(colleague_id=NOOR, call_id=3, since=NOW),
        Assignment(call_id=4, colleague_id=NOOR, **held),
        GoDecision(call_id=5, colleague_id=LENA, **go),
        GoDecision(call_id=6, colleague_id=NOOR, **go),
    )
    own = {"milestone-1", "call-1"}
    assert set(fetched(begin, NOOR)) == own | {"call-3", "call-4", "call-6"}
    assert set(fetched(begin, NOOR, Scope.WHOLE)) == own | {"call-3", "call-4", "call-5", "call-6"}
    assert set(fetched(begin, OFFICE)) == own | {"call-4", "call-5", "call-6"}
    assert set(fetched(begin, JOOST)) == {"milestone-3"}
    change(begin, Follow, 1, until=NOW)
    change(begin, Assignment, 1, ended_at=NOW)
    change(begin, GoDecision, 2, undone_at=NOW)
    assert set(fetched(begin, NOOR)) == own


def test_twins_are_one_deadline_and_the_one_applied_for_is_shown(begin: Begin, desk: None) -> None:
    change(begin, Call, 4, folded_into_id=3)
    change(begin, Call, 1, folded_into_id=5)
    add(begin, *(Follow(colleague_id=NOOR, call_id=number, since=NOW) for number in (3, 4, 5)))
    assert set(fetched(begin, NOOR)) == {"milestone-1", "call-1", "call-3"}


def test_a_deadline_taken_over_as_the_submission_stands_in_it_once(begin: Begin, desk: None) -> None:
    change(begin, Milestone, 1, kind="submission")
    assert set(fetched(begin, NOOR)) == {"milestone-1"}
    change(begin, Milestone, 1, on=date(2026, 12, 14))
    assert set(fetched(begin, NOOR)) == {"milestone-1", "call-1"}


def test_a_moved_deadline_moves_in_the_calendar_of_everyone(begin: Begin, desk: None) -> None:
    first = fetched(begin, NOOR)["call-1"]
    change(begin, Deadline, 1, superseded_at=NOW)
    add(begin, deadline(date(2027, 1, 14), at=time(17, 0), call_id=1))
    later = NOW + timedelta(days=1)
    moved = fetched(begin, NOOR, now=later)["call-1"]
    again = fetched(begin, OFFICE, now=later + timedelta(hours=9))["call-1"]
    assert (first.dtstart.value, first.sequence.value) == (DAY, "0")
    assert moved.dtstart.value.isoformat() == again.dtstart.value.isoformat() == "2027-01-14T17:00:00+01:00"
    assert moved.sequence.value == again.sequence.value == "1"
    assert moved.dtstamp.value == again.dtstamp.value == later


def test_what_was_removed_is_cancelled_for_ninety_days_for_who_knew_of_it(begin: Begin, desk: None) -> None:
    fetched(begin, NOOR)
    change(begin, Milestone, 1, removed_at=NOW, on=date(2027, 6, 1))
    gone = fetched(begin, NOOR)["milestone-1"]
    assert (gone.status.value, gone.sequence.value) == ("CANCELLED", "1")
    assert "milestone-1" in fetched(begin, NOOR, now=NOW + timedelta(days=89))
    assert "milestone-1" not in fetched(begin, NOOR, now=NOW + timedelta(days=90))


def test_the_dates_of_an_application_that_ended_are_cancelled_and_its_call_binds_nobody(
    begin: Begin, desk: None
) -> None:
    fetched(begin, NOOR)
    change(begin, Application, 1, stage=Stage.WITHDRAWN)
    (one,) = fetched(begin, NOOR).values()
    assert (one.summary.value, one.status.value) == ("Indienen: Open", "CANCELLED")


def test_a_calendar_goes_back_half_a_year(begin: Begin, desk: None) -> None:
    change(begin, Milestone, 1, on=NOW.date() - PAST)
    change(begin, Deadline, 1, on=NOW.date() - PAST - timedelta(days=1))
    assert set(fetched(begin, NOOR)) == {"milestone-1"}


def test_a_calendar_is_the_same_to_the_byte_until_something_changes(
    begin: Begin, engine: Engine, desk: None
) -> None:
    secret = secret_of(begin, NOOR, Scope.MINE)
    look = reading(engine)
    texts = [
        subscribed(look, begin, secret, address=HERE, now=NOW + timedelta(hours=hours)) for hours in range(3)
    ]
    assert texts[0] == texts[1] == texts[2]
    with statements(engine) as asked:
        subscribed(look, begin, secret, address=HERE, now=NOW)
    assert {one.split()[0] for one in asked} <= {"SELECT", "BEGIN"}
    change(begin, Milestone, 1, on=date(2026, 12, 16))
    assert subscribed(look, begin, secret, address=HERE, now=NOW) != texts[0]


def test_a_wrong_secret_opens_nothing(begin: Begin, desk: None) -> None:
    assert subscribed(begin, begin, "x" * 43, address=HERE, now=NOW) is None
    assert subscribed(begin, begin, "", address=HERE, now=NOW) is None


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def lay_down(session: Session, many: int, mark: str) -> None:
    """So many applications of Noor's, each with a milestone, an obligation and a call."""
    for number in range(many):
        one = call(key=f"{mark}-{number}", title=f"Call {number}")
        session.add(one)
        session.flush()
        facts = {"owner_id": NOOR, "call_id": one.id, "stage": Stage.PREPARING, "slug": f"{mark}-{number}"}
        whose = application(milestones=[milestone(DAY)], **facts)
        session.add(whose)
        session.flush()
        session.add(Obligation(application_id=whose.id, title="Verslag", kind="content", on=DAY))


def test_a_hundred_dates_take_as_many_statements_as_ten(begin: Begin, engine: Engine, desk: None) -> None:
    secret = secret_of(begin, NOOR, Scope.MINE)
    told = []
    for many, mark in ((3, "few"), (30, "many")):
        with begin() as session:
            lay_down(session, many, mark)
        subscribed(begin, begin, secret, address=HERE, now=NOW)
        with statements(engine) as asked:
            raw = subscribed(begin, begin, secret, address=HERE, now=NOW)
        told.append(((raw or b"").count(b"BEGIN:VEVENT"), len(asked)))
    (few, asked_of_few), (many, asked_of_many) = told
    assert (few, many) == (11, 101)
    assert asked_of_few == asked_of_many <= 7
