# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The shape of 22 deadline moves that a public finder saw in ten days, replayed day by day with our own calls.

Twenty went later and two earlier (by 106 and by 456 days, the latter leaving six); five were seen when the old
deadline was a day away or past; one call moved twice in two days.
"""

from collections import Counter
from datetime import date, timedelta
from typing import NamedTuple

import pytest

from grants.reminders import check
from grants.reminders.alarms import brought_forward
from models.application import Stage
from models.session import Begin
from tests import builders
from tests.grants.reminders.desk import START, amended, follow, furnish, moment, move, states, written

FIRST = date(2026, 11, 9)


class Move(NamedTuple):
    """A move: of which call, seen on which day, how long before the old deadline, by how many days."""

    call: int
    seen: int
    ahead: int
    by: int


MOVES = [
    Move(1, 1, 31, 14), Move(2, 1, 462, -456), Move(3, 2, 0, 7), Move(4, 2, 17, 1), Move(5, 2, 45, 30),
    Move(6, 3, 120, -106), Move(7, 3, -3, 60), Move(8, 3, 9, 9), Move(9, 4, 1, 21), Move(10, 4, 62, 3),
    Move(11, 5, 5, 5), Move(11, 6, 9, 28), Move(12, 6, 22, 90), Move(13, 6, -1, 365), Move(14, 7, 14, 2),
    Move(15, 7, 90, 10), Move(16, 8, 0, 35), Move(17, 8, 28, 14), Move(18, 9, 3, 4), Move(19, 9, 40, 61),
    Move(20, 10, 11, 12), Move(21, 10, 8, 180),
]  # fmt: skip
CALLS = sorted({one.call for one in MOVES})
OPEN = [*range(46)]
SHUT = {2, 3, 5, 9, 10, 11, 12, 13, 20, 21, 33}
DAYS = {"every day": OPEN, "with days missed": [day for day in OPEN if day not in SHUT]}


def day_of(number: int) -> date:
    return FIRST + timedelta(days=number)


def first_deadline(call: int) -> date:
    first = next(one for one in MOVES if one.call == call)
    return day_of(first.seen + first.ahead)


def an_office(begin: Begin) -> None:
    """Noor follows all; on the one that loses 456 days Lena works, and so hears instead; Adel has none."""
    with begin() as session:
        furnish(session, deadlines=[builders.deadline(first_deadline(1), since=START)])
        for call in CALLS[1:]:
            on = first_deadline(call)
            session.add(
                builders.call(
                    key=f"call-{call}", deadlines=[builders.deadline(on, since=START)], title=f"Call {call}"
                )
            )
            session.flush()
        for call in CALLS:
            follow(session, call_id=call)
        session.add(builders.application(call_id=2, stage=Stage.PREPARING, owner_id=2, created_at=START))


def test_the_moves_are_those_that_were_seen() -> None:
    assert len(MOVES) == 22
    assert sorted(one.by for one in MOVES)[:3] == [-456, -106, 1]
    assert [one.ahead + one.by for one in MOVES if one.by == -456] == [6]
    assert len([one for one in MOVES if one.ahead <= 1]) == 5
    assert [call for call, times in Counter(one.call for one in MOVES).items() if times > 1] == [11]


@pytest.mark.slow
@pytest.mark.parametrize("days", DAYS.values(), ids=DAYS)
def test_each_of_the_22_moves_is_told_once_to_whom_it_concerns_and_nothing_is_missed(
    begin: Begin, days: list[int]
) -> None:
    an_office(begin)
    told: Counter[tuple[str, int]] = Counter()
    reminded: Counter[str] = Counter()
    ends = {call: first_deadline(call) for call in CALLS}
    for number in OPEN:
        day = day_of(number)
        for one in [one for one in MOVES if one.seen == number]:
            assert ends[one.call] == day + timedelta(days=one.ahead), "the table adds up"
            ends[one.call] += timedelta(days=one.by)
            move(begin, ends[one.call], at=moment(day, 8), hour=None, call_id=one.call)
        if number not in days:
            continue
        for hour in (9, 13):  # whatever runs twice tells once
            told.update((one.recipient, int(one.key.split(":")[1])) for one in amended(begin, day, hour=hour))
            reminded.update(one.key for one in written(begin, day, hour=hour))
        with begin() as session:
            assert check(session, now=moment(day, 14)).gaps == []
    noors = {call: times for (who, call), times in told.items() if who.startswith("noor")}
    twice = 2 if {5, 6} <= {*days} else 1  # between two rounds both are one
    assert noors == {call: twice if call == 11 else 1 for call in CALLS if call != 2}
    assert {(call, times) for (who, call), times in told.items() if who.startswith("lena")} == {(2, 1)}
    assert {who for who, _ in told} == {"noor@enschede.example", "lena@enschede.example"}
    assert set(reminded.values()) == {1}
    assert {state for _, state in states(begin)} == {"sent"}
    assert_reminded_of_what_came_near(reminded, ends, days)


def assert_reminded_of_what_came_near(reminded: Counter[str], ends: dict[int, date], days: list[int]) -> None:
    """Each deadline in force that came within a fortnight: reminded of by its own date."""
    near = {call for call, on in ends.items() if day_of(9) <= on <= day_of(days[-1]) + timedelta(days=14)}
    parts = [key.split(":") for key in reminded]
    told = {(what.rpartition("-")[2], on) for _, _, what, on, _, _ in parts}
    assert {(str(call), str(ends[call])) for call in near} <= told
    assert len(near) > 9


def test_the_deadline_that_lost_456_days_also_goes_to_the_second_channel(begin: Begin) -> None:
    an_office(begin)
    move(begin, day_of(7), at=moment(day_of(1), 8), hour=None, call_id=2)
    (letter,) = amended(begin, day_of(1))
    assert (letter.recipient, "vorgezogen" in letter.subject) == ("lena@enschede.example", True)
    assert "noch 6 Tage" in letter.mime.decode()
    with begin() as session:
        assert len([*brought_forward(session, moment(day_of(1), 9))]) == 1
