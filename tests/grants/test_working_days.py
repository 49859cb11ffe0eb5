# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.working_days import DayOff, day_off, is_working_day, working_days_before


@pytest.mark.parametrize(
    ("day", "off"),
    [
        (date(2027, 5, 14), None),
        (date(2027, 5, 15), DayOff.WEEKEND),
        (date(2027, 4, 27), DayOff.HOLIDAY_NL),
        (date(2025, 4, 26), DayOff.HOLIDAY_NL),  # King's Day: the 27th is a Sunday
        (date(2026, 5, 5), DayOff.HOLIDAY_NL),  # every year, not in lustrum years alone
        (date(2027, 3, 26), DayOff.HOLIDAY_BOTH),  # Good Friday
        (date(2027, 5, 27), DayOff.HOLIDAY_DE),  # Corpus Christi
        (date(2028, 10, 3), DayOff.HOLIDAY_DE),
        (date(2027, 5, 6), DayOff.HOLIDAY_BOTH),  # Ascension
        (date(2028, 12, 25), DayOff.HOLIDAY_BOTH),
    ],
)
def test_a_day_is_off_by_weekend_or_by_holiday_in_one_country_or_both(day: date, off: DayOff | None) -> None:
    assert day_off(day) == off


@pytest.mark.parametrize(
    ("what", "day", "dutch", "with_germans"),
    [
        ("an ordinary Tuesday", date(2026, 11, 24), True, True),
        ("Good Friday, by the Termijnenwet alone", date(2027, 3, 26), False, False),
        ("Easter Monday", date(2027, 3, 29), False, False),
        ("King's Day", date(2027, 4, 27), False, True),
        ("the 27th of April, a Monday, when King's Day keeps its day", date(2026, 4, 27), False, True),
        ("the Monday after a King's Day on Saturday the 26th", date(2031, 4, 28), True, True),
        ("Liberation Day in a year that is no lustrum", date(2027, 5, 5), False, False),
        ("Labour Day, a Friday", date(2026, 5, 1), True, False),
        ("Ascension", date(2027, 5, 6), False, False),
        ("the Friday after Ascension", date(2027, 5, 7), True, True),
        ("Whit Monday", date(2027, 5, 17), False, False),
        ("Corpus Christi, in NRW", date(2027, 5, 27), True, False),
        ("German Unity Day, a Tuesday", date(2028, 10, 3), True, False),
        ("Reformation Day, in Niedersachsen", date(2028, 10, 31), True, False),
        ("All Saints, in NRW", date(2028, 11, 1), True, False),
        ("Reformation Day on a Saturday", date(2026, 10, 31), False, False),
        ("All Saints on a Sunday", date(2026, 11, 1), False, False),
        ("Boxing Day", date(2028, 12, 26), False, False),
        ("a leap day, a Tuesday", date(2028, 2, 29), True, True),
    ],
)  # fmt: skip
def test_people_work_on_a_day_in_the_netherlands_and_in_germany(
    what: str, day: date, *, dutch: bool, with_germans: bool
) -> None:
    assert is_working_day(day) == dutch, what
    assert is_working_day(day, german_too=True) == (dutch and with_germans), what


@pytest.mark.parametrize(
    ("what", "submission", "count", "german_too", "found"),
    [
        ("the day itself when it is one", date(2026, 12, 15), 0, False, date(2026, 12, 15)),
        ("the Friday before a Sunday", date(2026, 11, 29), 0, False, date(2026, 11, 27)),
        ("yesterday", date(2026, 12, 15), 1, False, date(2026, 12, 14)),
        ("over a weekend", date(2026, 12, 14), 1, False, date(2026, 12, 11)),
        ("over a leap day", date(2028, 3, 1), 1, False, date(2028, 2, 29)),
        ("over the end of February in another year", date(2027, 3, 1), 1, False, date(2027, 2, 26)),
        ("over New Year and Christmas", date(2027, 1, 4), 5, False, date(2026, 12, 24)),
        ("over the weekend of Easter", date(2027, 3, 30), 1, False, date(2027, 3, 25)),
        ("over Ascension and Liberation Day", date(2027, 5, 7), 1, False, date(2027, 5, 4)),
        ("over German Unity Day, for us alone", date(2028, 10, 4), 1, False, date(2028, 10, 3)),
        ("over German Unity Day, with Germans", date(2028, 10, 4), 1, True, date(2028, 10, 2)),
        ("over the days of both Länder", date(2028, 11, 2), 1, True, date(2028, 10, 30)),
        ("over Corpus Christi", date(2027, 5, 28), 1, True, date(2027, 5, 26)),
    ],
)  # fmt: skip
def test_working_days_are_counted_back(
    what: str, submission: date, count: int, *, german_too: bool, found: date
) -> None:
    assert working_days_before(submission, count, german_too=german_too) == found, what


def test_a_day_on_which_the_office_is_shut_does_not_count() -> None:
    bridge = date(2027, 5, 7)
    assert not is_working_day(bridge, closed={bridge})
    assert working_days_before(date(2027, 5, 10), 1, closed={bridge}) == date(2027, 5, 4)


@given(day=st.dates(date(2001, 1, 1), date(2099, 12, 31)), count=st.integers(0, 60), german_too=st.booleans())
def test_as_many_working_days_lie_between_as_were_asked_for(
    day: date, count: int, *, german_too: bool
) -> None:
    found = working_days_before(day, count, german_too=german_too)
    days = [found + timedelta(days=one) for one in range((day - found).days)]
    assert is_working_day(found, german_too=german_too)
    assert sum(is_working_day(one, german_too=german_too) for one in days) == (count or int(found != day))
