# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""One digest a local date or ISO week, whatever the clock does and whatever is missed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grants.clock import AMSTERDAM, iso_week
from grants.digest.rhythm import is_due, last_turn, weekday
from models.colleague import Colleague, Rhythm
from models.office import Office

HOUR = timedelta(hours=1)


def reader(rhythm: Rhythm, *, hour: int = 7, day: int | None = None) -> Colleague:
    office = Office(slug="enschede", digest_weekday=1)
    return Colleague(office=office, digest_rhythm=rhythm, digest_hour=hour, digest_weekday=day)


def ticks(start: datetime, hours: int) -> Iterator[datetime]:
    yield from (start + HOUR * number for number in range(hours))


def written(one: Colleague, moments: Iterator[datetime]) -> list[tuple[str, datetime]]:
    """What a run at each of these moments writes, as grants.digest.write decides it."""
    found: dict[str, datetime] = {}
    last = None
    for now in moments:
        turn = last_turn(one, now)
        if turn and is_due(turn, last) and turn.period not in found:
            found[turn.period] = last = now
    return list(found.items())


def clock_changes() -> list[datetime]:
    """The moments at which Amsterdam's clock jumps, 2026 to 2040, found by looking at the clock itself."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    hours = ticks(start, 15 * 366 * 24)
    offsets = ((now, now.astimezone(AMSTERDAM).utcoffset()) for now in hours)
    before, found = start.astimezone(AMSTERDAM).utcoffset(), []
    for now, offset in offsets:
        if offset != before and now.year <= 2040:
            found.append(now)
        before = offset
    return found


CHANGES = clock_changes()


def test_there_are_thirty_changes_of_the_clock_until_2040() -> None:
    assert len(CHANGES) == 30
    assert [at.hour for at in CHANGES] == [1] * 30


@pytest.mark.parametrize("hour", [0, 1, 2, 3, 7, 23])
def test_around_every_change_of_the_clock_each_local_date_has_one_digest(hour: int) -> None:
    for change in CHANGES:
        start = change - timedelta(days=3)
        first = start.astimezone(AMSTERDAM).date()
        periods = written(reader(Rhythm.DAILY, hour=hour), ticks(start, 6 * 24))
        days = [date.fromisoformat(period) for period, _ in periods]
        assert days == [days[0] + timedelta(days=number) for number in range(len(days))], change
        assert days[0] in {first, first - timedelta(days=1)}
        for day, now in zip(days[1:], [at for _, at in periods[1:]], strict=True):
            local = now.astimezone(AMSTERDAM)
            assert local.date() == day
            assert local.hour == hour or (hour == 2 and local.hour == 3), (
                "at its hour, or when there is none, next"
            )


@pytest.mark.parametrize("day", [1, 6, 7])
@pytest.mark.parametrize("hour", [2, 7, 23])
def test_around_every_change_of_the_clock_each_iso_week_has_one_digest(day: int, hour: int) -> None:
    for change in CHANGES:
        periods = written(
            reader(Rhythm.WEEKLY, hour=hour, day=day), ticks(change - timedelta(days=20), 40 * 24)
        )
        weeks = [
            iso_week(change.astimezone(AMSTERDAM).date() + timedelta(days=7 * one)) for one in range(-3, 4)
        ]
        assert [period for period, _ in periods] in (weeks[0:6], weeks[1:7], weeks[0:7], weeks[1:6])


def test_the_weeks_of_a_turn_of_the_year_are_iso_weeks() -> None:
    start = datetime(2026, 12, 20, tzinfo=UTC)
    periods = written(reader(Rhythm.WEEKLY), ticks(start, 24 * 24))
    assert [period for period, _ in periods] == ["2026-W51", "2026-W52", "2026-W53", "2027-W01", "2027-W02"]


def test_what_was_missed_is_made_up_for_however_late_and_once() -> None:
    sunday = datetime(2026, 11, 29, 23, tzinfo=AMSTERDAM)
    one = reader(Rhythm.WEEKLY, day=7, hour=23)
    late = [sunday - 8 * 24 * HOUR, sunday + 2 * HOUR, sunday + 3 * HOUR, sunday + 30 * HOUR]
    assert written(one, iter(late)) == [("2026-W46", late[0]), ("2026-W48", late[1])]
    daily = reader(Rhythm.DAILY, hour=23)
    assert written(daily, iter([sunday + 2 * HOUR])) == [("2026-11-29", sunday + 2 * HOUR)]


def test_who_wants_none_has_no_turn_and_who_chose_no_day_has_the_offices() -> None:
    assert last_turn(reader(Rhythm.NEVER), datetime(2026, 11, 24, tzinfo=UTC)) is None
    assert (weekday(reader(Rhythm.WEEKLY)), weekday(reader(Rhythm.WEEKLY, day=5))) == (1, 5)


CHOICE = st.tuples(st.sampled_from(list(Rhythm)), st.integers(0, 23), st.sampled_from([None, 1, 3, 7]))
STEP = st.tuples(st.integers(1, 100), st.none() | CHOICE)


@settings(max_examples=200, deadline=None)
@given(start=st.sampled_from(CHANGES), steps=st.lists(STEP, max_size=60))
def test_whatever_is_chosen_and_missed_no_period_has_two_and_no_turn_is_lost(
    start: datetime, steps: list[tuple[int, tuple[Rhythm, int, int | None] | None]]
) -> None:
    one, now, last, periods = reader(Rhythm.WEEKLY), start, None, []
    for hours, choice in steps:
        now += HOUR * hours
        if choice:
            one.digest_rhythm, one.digest_hour, one.digest_weekday = choice
        turn = last_turn(one, now)
        assert turn is None or timedelta(0) <= now - turn.at <= timedelta(days=7, hours=1)
        if turn and is_due(turn, last) and turn.period not in periods:
            periods.append(turn.period)
            last = now
        assert turn is None or turn.period in periods or (last is not None and last >= turn.at)
    assert len(periods) == len(set(periods))
