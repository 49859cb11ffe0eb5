# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

from grants.calendars import Event, Kind, behind, give_out, given_out
from models.session import Begin
from models.values import Due
from tests.builders import NOW

DAY = date(2026, 12, 15)
ONE = Event("milestone-3", Kind.MILESTONE, DAY, Due(DAY), "Indienen", "Rail", "/applications/1")
MOVED = replace(ONE, on=date(2027, 1, 14))
HERE = "https://p.example"


def out(begin: Begin, *events: Event, address: str = HERE, days: int = 0) -> list[tuple[str, int, int]]:
    """UID, sequence and how many days after the first its last form is."""
    with begin() as session:
        given = give_out(session, events, address=address, now=NOW + timedelta(days=days))
        return [(row.uid, row.sequence, (row.changed_at - NOW).days) for row in given.values()]


def test_the_sequence_rises_with_every_other_form_and_only_then(begin: Begin) -> None:
    assert out(begin, ONE) == [("milestone-3@p.example", 0, 0)]
    assert out(begin, ONE, days=1) == [("milestone-3@p.example", 0, 0)]
    assert out(begin, MOVED, days=2) == [("milestone-3@p.example", 1, 2)]
    assert out(begin, MOVED, days=3) == [("milestone-3@p.example", 1, 2)]
    assert out(begin, ONE, days=4) == [("milestone-3@p.example", 2, 4)]


def test_a_uid_outlives_a_change_of_our_address(begin: Begin) -> None:
    out(begin, ONE)
    assert out(begin, MOVED, address="https://new.example") == [("milestone-3@p.example", 1, 0)]
    assert out(begin, replace(ONE, key="call-1"), address="") == [("call-1@localhost", 0, 0)]


def test_what_was_cancelled_before_anybody_was_told_of_it_is_told_to_nobody(begin: Begin) -> None:
    gone = replace(ONE, cancelled=True)
    assert out(begin, gone) == []
    out(begin, ONE)
    assert out(begin, gone, days=1) == [("milestone-3@p.example", 1, 1)]
    assert out(begin, ONE, days=2) == [("milestone-3@p.example", 2, 2)]


def test_nothing_is_behind_once_it_was_given_out(begin: Begin) -> None:
    with begin() as session:
        assert behind([ONE], given_out(session, [ONE])) == [ONE]
        give_out(session, [ONE], address=HERE, now=NOW)
        assert behind([ONE], given_out(session, [ONE])) == []
        assert behind([MOVED], given_out(session, [ONE])) == [MOVED]


def test_many_events_go_out_in_few_statements(begin: Begin) -> None:
    many = [replace(ONE, key=f"milestone-{number}") for number in range(1201)]
    assert len(out(begin, *many)) == 1201
    assert {sequence for _, sequence, _ in out(begin, *many)} == {0}


def test_programs_that_ask_at_the_same_moment_raise_the_sequence_once(begin: Begin) -> None:
    first = [replace(ONE, key=f"milestone-{number}") for number in range(40)]
    moved = [replace(one, on=MOVED.on) for one in first]
    with ThreadPoolExecutor(6) as pool:
        for some, expected in ((first, 0), (moved, 1)):
            asked = [pool.submit(out, begin, *(some if turn % 2 else reversed(some))) for turn in range(6)]
            assert {sequence for one in asked for _, sequence, _ in one.result()} == {expected}
