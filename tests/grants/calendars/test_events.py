# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Deadlines keep their key when a source moves them; read without a database."""

from datetime import date, timedelta
from typing import Any

from grants.calendars import of_deadlines, of_milestone, of_obligation
from models.application import Stage
from models.call import Deadline
from models.obligation import Obligation
from models.values import Basis
from tests.builders import NOW, application, call, deadline, milestone

MARCH, APRIL, MAY = (date(2027, month, 15) for month in (3, 4, 5))


def keys(*rows: Deadline) -> dict[str, tuple[date, bool]]:
    """By key: the day, and whether it is cancelled."""
    for number, row in enumerate(rows, 1):
        row.id = number
    found = of_deadlines(call(id=7), rows).values()
    return {one.key: (one.on, one.cancelled) for one in found}


def before(on: date, days: int = 1, **facts: Any) -> Deadline:
    """One that was superseded so many days ago."""
    return deadline(on, superseded_at=NOW - timedelta(days=days), **facts)


def test_a_moved_deadline_is_the_same_event() -> None:
    assert keys(deadline(MARCH)) == {"call-7": (MARCH, False)}
    assert keys(before(MARCH), deadline(APRIL)) == {"call-7": (APRIL, False)}
    assert keys(before(MARCH, 9), before(MAY, 2), deadline(APRIL)) == {"call-7": (APRIL, False)}


def test_a_deadline_that_went_or_became_unreadable_is_cancelled_as_it_last_was() -> None:
    assert keys(before(MARCH, 9), before(APRIL, 2)) == {"call-7": (APRIL, True)}
    assert keys(before(MARCH), deadline(None, basis=Basis.UNKNOWN, text="voorjaar")) == {
        "call-7": (MARCH, True)
    }


def test_stages_keep_apart_whatever_their_order() -> None:
    first = keys(deadline(MARCH, stage="stage 1"), deadline(MAY, stage="stage 2"))
    moved = keys(
        before(MARCH, stage="stage 1"), before(MAY, stage="stage 2"), deadline(MAY, stage="stage 2"),
        deadline(APRIL, stage="stage 1"),
    )  # fmt: skip
    assert list(first.values()) == [(MARCH, False), (MAY, False)]
    assert sorted(moved) == sorted(first)
    assert sorted(moved.values()) == [(APRIL, False), (MAY, False)]


def test_deadlines_without_a_stage_are_told_apart_by_their_place() -> None:
    assert keys(deadline(MAY), deadline(MARCH)) == {"call-7": (MARCH, False), "call-7.2": (MAY, False)}
    assert keys(before(MAY), before(MARCH), deadline(MAY)) == {
        "call-7": (MAY, False),
        "call-7.2": (MAY, True),
    }


def test_what_an_ended_application_left_undone_is_cancelled_and_what_was_done_is_not() -> None:
    whose = application(id=1, stage=Stage.WITHDRAWN, confidential=True)
    left = of_milestone(milestone(MARCH, id=1, application=whose))
    done = of_obligation(Obligation(id=1, title="Verslag", on=MARCH, done_on=MARCH, application=whose))
    assert (left.cancelled, done.cancelled, done.done, done.confidential) == (True, False, True, True)


def test_an_obligation_that_was_taken_off_is_cancelled() -> None:
    row = Obligation(id=1, title="Verslag", on=MARCH, removed_at=NOW, application=application(id=1))
    assert of_obligation(row).cancelled


def test_a_fingerprint_tells_what_a_subscriber_sees_and_nothing_else() -> None:
    whose = application(id=1)
    one = milestone(MARCH, id=1, application=whose, zone="Europe/Amsterdam")
    seen = of_milestone(one).fingerprint
    one.zone, one.kind = "Europe/Brussels", "internal"  # of a whole day the zone says nothing
    assert of_milestone(one).fingerprint == seen
    for name, value in {"on": APRIL, "title": "Anders", "done_on": MARCH, "removed_at": NOW}.items():
        was = getattr(one, name)
        setattr(one, name, value)
        assert of_milestone(one).fingerprint != seen, name
        setattr(one, name, was)
