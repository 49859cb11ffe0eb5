# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from datetime import date, time, timedelta

import pytest
from sqlalchemy import Engine

from grants.applications import Sort, Wanted, Week, month
from models.application import Application, Stage
from models.colleague import Colleague
from models.interest import Choice, Follow, GoDecision
from models.obligation import Obligation
from models.session import Begin
from tests import builders
from tests.builders import NOW
from tests.grants.applications.test_lists import statements

pytestmark = pytest.mark.usefixtures("both")
DECEMBER = date(2026, 12, 1)
LAST_DAY = date(2026, 12, 31)
ELS, KIM = 5, 4


def weeks(begin: Begin, by: int = ELS, wanted: Wanted | None = None, first: date = DECEMBER) -> list[Week]:
    with begin() as session:
        found = month(session, session.get_one(Colleague, by), wanted or Wanted(), first)
        return [Week(week.number, list(week.days)) for week in found]


def told(begin: Begin, by: int = ELS, wanted: Wanted | None = None) -> list[tuple[int, Sort, str, str]]:
    return [
        (day.day, entry.sort, entry.title, entry.about.title)
        for week in weeks(begin, by, wanted)
        for day, entries in week.days
        for entry in entries
    ]


@pytest.fixture
def dates(both: None, begin: Begin) -> None:
    """In December of both: a meeting, a report and, of the open one, what was handed in."""
    with begin() as session:
        for one in (1, 2):
            session.add(
                builders.milestone(date(2026, 12, 8), title="Overleg", at=time(9), application_id=one)
            )
            session.add(Obligation(application_id=one, title="Rapport", kind="finance", on=date(2026, 12, 8)))
        session.get_one(Application, 1).submitted_on = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("first", "numbers", "start", "end"),
    [
        (DECEMBER, [49, 50, 51, 52, 53], date(2026, 11, 30), date(2027, 1, 3)),
        (date(2027, 1, 1), [53, 1, 2, 3, 4], date(2026, 12, 28), date(2027, 1, 31)),
        (date(2027, 2, 1), [5, 6, 7, 8], date(2027, 2, 1), date(2027, 2, 28)),  # a month of whole weeks
        (date(2028, 2, 1), [5, 6, 7, 8, 9], date(2028, 1, 31), date(2028, 3, 5)),  # with a leap day
        (date(2026, 8, 1), [31, 32, 33, 34, 35, 36], date(2026, 7, 27), date(2026, 9, 6)),
    ],
)
def test_a_month_has_whole_weeks_with_their_iso_numbers(
    begin: Begin, first: date, numbers: list[int], start: date, end: date
) -> None:
    found = weeks(begin, first=first)
    days = [day for week in found for day, _ in week.days]
    assert [week.number for week in found] == numbers
    assert (days[0], days[-1], len(days)) == (start, end, 7 * len(numbers))
    assert days == [start + timedelta(days=number) for number in range(len(days))]


@pytest.mark.usefixtures("dates")
def test_a_day_tells_its_dates_in_order_of_the_clock(begin: Begin) -> None:
    edl = "Euregionale Doorlopende Leerlijn"
    assert told(begin) == [
        (1, Sort.SUBMITTED, "", edl),
        (8, Sort.MILESTONE, "Overleg", edl),
        (8, Sort.OBLIGATION, "Rapport", edl),
    ]


@pytest.mark.usefixtures("dates")
def test_confidential_dates_are_for_who_may_know_and_a_filter_narrows(begin: Begin) -> None:
    assert len(told(begin, KIM)) == 5
    assert told(begin, 6) == []
    assert len(told(begin, KIM, Wanted(search="ondermijning"))) == 2
    assert told(begin, ELS, Wanted(search="ondermijning")) == []
    assert told(begin, ELS, Wanted(stage=Stage.IDEA)) == []


def test_a_submission_on_its_own_day_is_told_once(begin: Begin) -> None:
    with begin() as session:
        facts = {"kind": "submission", "application_id": 1}
        session.add(builders.milestone(LAST_DAY, done_on=LAST_DAY, **facts))
        session.get_one(Application, 1).submitted_on = LAST_DAY
    assert [row[:3] for row in told(begin)] == [(31, Sort.SUBMITTED, "Indienen")]


def test_the_deadlines_of_followed_calls_and_of_a_go_are_in_it_until_an_application_takes_them_over(
    begin: Begin,
) -> None:
    with begin() as session:
        moved = builders.deadline(date(2026, 12, 2), superseded_at=NOW)
        session.add_all(
            builders.call(
                key=key,
                title=key,
                deadlines=[moved, builders.deadline()] if key == "a" else [builders.deadline()],
            )
            for key in "abcdef"
        )
        session.flush()
        go = {"office_id": 1, "at": NOW}
        session.add_all([
            Follow(colleague_id=ELS, call_id=1, since=NOW),
            Follow(colleague_id=ELS, call_id=2, since=NOW, until=NOW),
            Follow(colleague_id=KIM, call_id=3, since=NOW),
            GoDecision(call_id=4, choice=Choice.NO_GO, **go),
            GoDecision(call_id=4, choice=Choice.GO, **go),
            GoDecision(call_id=5, choice=Choice.GO, **go),
            GoDecision(call_id=5, choice=Choice.NO_GO, **go),
            GoDecision(call_id=3, choice=Choice.GO, office_id=2, at=NOW),
            GoDecision(call_id=6, choice=Choice.GO, undone_at=NOW, **go),
        ])  # fmt: skip
    assert [(row[1], row[3]) for row in told(begin)] == [(Sort.DEADLINE, "a"), (Sort.DEADLINE, "d")]
    assert told(begin, ELS, Wanted(search="a")) == []
    with begin() as session:
        session.get_one(Application, 1).call_id = 4
        session.add(builders.milestone(date(2026, 12, 15), application_id=1))
    assert [row[1] for row in told(begin)] == [Sort.MILESTONE, Sort.DEADLINE]


def test_ten_or_a_hundred_dates_take_as_many_statements(begin: Begin, engine: Engine) -> None:
    def add(many: range) -> None:
        with begin() as session:
            for number in many:
                one = builders.application(slug=f"n{number}", submitted_on=date(2026, 12, 3))
                one.milestones = [builders.milestone(date(2026, 12, 4))]
                call = builders.call(key=f"n{number}")
                session.add_all([one, call])
                session.flush()
                session.add(Obligation(application_id=one.id, title="x", kind="audit", on=date(2026, 12, 5)))
                session.add(Follow(colleague_id=ELS, call_id=call.id, since=NOW))

    add(range(10))
    few = statements(engine, lambda: told(begin))
    add(range(10, 100))
    assert statements(engine, lambda: told(begin)) == few
    assert len(told(begin)) == 400
