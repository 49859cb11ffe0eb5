# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from datetime import date, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from grants.timetable import (
    Sort,
    Step,
    differences,
    disorder,
    moments,
    same_week_next_year,
    steps_of,
)
from grants.working_days import DayOff
from models.call import KeyDate, Significance
from models.values import Due
from tests.builders import call, deadline

PAPERS = Step("Stukken Afstemmingsgremium", date(2027, 6, 14))
MEETING = Step("Afstemmingsgremium", date(2027, 7, 13), time(10, 30), place="Gronau")


def key_date(number: int, step: Step) -> KeyDate:
    return KeyDate(id=number, label=step.label, on=step.on, at=step.at, zone=step.zone, place=step.place)


def test_the_chain_keeps_the_order_a_colleague_gave_it_and_the_moments_the_order_of_days() -> None:
    one = call(
        deadlines=[deadline(date(2027, 5, 16), at=time(23, 59), stage="stage 1")], opens_on=date(2027, 1, 4),
        all_key_dates=[key_date(2, PAPERS), key_date(1, MEETING)],
    )  # fmt: skip
    assert steps_of(one) == (MEETING, PAPERS)
    assert [(each.sort, each.on) for each in moments(one)] == [
        (Sort.OPENS, date(2027, 1, 4)), (Sort.SUBMISSION, date(2027, 5, 16)), (Sort.STEP, PAPERS.on), (Sort.STEP, MEETING.on),
    ]  # fmt: skip
    submission = moments(one)[1]
    assert (submission.label, submission.due.stage, submission.off) == ("stage 1", "", DayOff.HOLIDAY_NL)
    assert [each.due.zone for each in moments(one)][2:] == ["", "Europe/Amsterdam"]


def test_an_unreadable_deadline_and_no_opening_are_no_moments() -> None:
    assert moments(call(deadlines=[deadline(None)], opens_on=None)) == []


def test_a_step_before_the_one_it_was_put_after_is_out_of_order() -> None:
    early = Step("Besluit", date(2027, 6, 1))
    same_day = Step("Lunch", MEETING.on, time(9))
    assert disorder([PAPERS, MEETING]) == []
    assert disorder([]) == []
    assert disorder([MEETING, early, same_day]) == [(early, MEETING), (same_day, MEETING)]
    assert disorder([MEETING, Step("Borrel", MEETING.on)]) == []


def test_each_date_that_moved_came_or_went_is_a_change() -> None:
    moved = Step(PAPERS.label, date(2027, 6, 21))
    renamed = Step("Beraad", MEETING.on)
    changes = differences([PAPERS, MEETING], [moved, renamed, Step("Besluit", date(2027, 10, 4))])
    assert [(one.significance, one.before, one.after) for one in changes] == [
        (
            Significance.MAJOR,
            "Stukken Afstemmingsgremium: 2027-06-14",
            "Stukken Afstemmingsgremium: 2027-06-21",
        ),
        (
            Significance.MINOR,
            "Afstemmingsgremium: 2027-07-13 10:30 Europe/Amsterdam, Gronau",
            "Beraad: 2027-07-13",
        ),
        (Significance.MINOR, "", "Besluit: 2027-10-04"),
    ]
    assert differences([PAPERS], [])[0].significance == Significance.MAJOR
    assert differences([PAPERS], [PAPERS]) == []


@given(st.dates(date(2000, 1, 1), date(2090, 12, 31)))
def test_a_year_later_is_the_same_weekday_of_the_same_week_or_the_last_one(day: date) -> None:
    later = same_week_next_year(day)
    assert later.isoweekday() == day.isoweekday()
    assert timedelta(days=357) <= later - day <= timedelta(days=371)
    week = day.isocalendar().week
    assert later.isocalendar().week in ({week} if week < 53 else {52, 53})


def test_a_moment_without_hours_is_a_day_of_our_own() -> None:
    (step,) = moments(call(deadlines=[], opens_on=None, all_key_dates=[key_date(1, PAPERS)]))
    assert step.due == Due(PAPERS.on, zone="")
