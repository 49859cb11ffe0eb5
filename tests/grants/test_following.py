# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Who follows a call, who looks into it, and who has seen it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from grants import queries
from grants.errors import MissingError
from grants.following import assign, end_assignment, follow, note_seen, unfollow
from grants.judging import OvertakenError
from models.interest import Assignment, Follow, Seen
from models.session import Begin
from tests.grants.desk import LATER, NOW, a_call, deeds, furnish, person


@pytest.fixture
def session(begin: Begin) -> Iterator[Session]:
    with begin() as session:
        furnish(session)
        yield session


def stands(session: Session, name: str, call_id: int = 1) -> queries.Standing:
    return queries.call_desk(session, person(session, name), call_id).ours


def test_a_colleague_follows_once_and_no_longer_and_the_row_stays(session: Session) -> None:
    noor = person(session, "Noor")
    for _ in range(2):
        follow(session, 1, by=noor, now=NOW)
    assert (stands(session, "Noor").followed, stands(session, "Sam").followed) == (True, False)
    for _ in range(2):
        unfollow(session, 1, by=noor, now=LATER)
    assert stands(session, "Noor").followed is False
    assert [(row.since, row.until) for row in session.scalars(select(Follow))] == [(NOW, LATER)]
    assert [action for _, action, _ in deeds(session)] == ["followed", "unfollowed"]
    follow(session, 1, by=noor, now=LATER)
    assert stands(session, "Noor").followed is True


def test_who_follows_a_call_follows_its_twins(session: Session) -> None:
    twin = a_call(session, key="twin", source_id=2, folded_into_id=1)
    follow(session, twin.id, by=person(session, "Noor"), now=NOW)
    assert stands(session, "Noor", 1).followed is True
    unfollow(session, 1, by=person(session, "Noor"), now=LATER)
    assert stands(session, "Noor", twin.id).followed is False


def test_a_colleague_is_assigned_and_another_takes_over(session: Session) -> None:
    noor = person(session, "Noor")
    first = assign(session, 1, 2, by=noor, now=NOW, over=0)
    assert assign(session, 1, 2, by=noor, now=NOW, over=0) is first
    with pytest.raises(OvertakenError):
        assign(session, 1, 1, by=noor, now=NOW, over=0)
    second = assign(session, 1, 1, by=noor, now=LATER, over=first.id)
    assert (first.ended_at, first.ended_by, second.by) == (LATER, "noor@x.example", "noor@x.example")
    assert stands(session, "Sam").assignment is second
    for _ in range(2):
        end_assignment(session, second.id, by=person(session, "Sam"), now=LATER)
    assert stands(session, "Sam").assignment is None
    assert len(session.scalars(select(Assignment)).all()) == 2
    assert [(who, action) for who, action, _ in deeds(session)] == [
        ("noor", "assigned"), ("noor", "assigned"), ("sam", "ended"),
    ]  # fmt: skip


@pytest.mark.parametrize("who", [3, 4, 404])
def test_nobody_is_assigned_who_left_or_works_elsewhere(session: Session, who: int) -> None:
    with pytest.raises(MissingError, match="works at your office"):
        assign(session, 1, who, by=person(session, "Noor"), now=NOW, over=0)
    with pytest.raises(MissingError):
        assign(session, 404, 1, by=person(session, "Noor"), now=NOW, over=0)


def test_an_assignment_of_another_office_is_not_there(session: Session) -> None:
    row = assign(session, 1, 4, by=person(session, "Joost"), now=NOW, over=0)
    with pytest.raises(MissingError):
        end_assignment(session, row.id, by=person(session, "Noor"), now=LATER)
    assert row.ended_at is None


def test_a_look_is_kept_once_per_colleague_and_call(session: Session) -> None:
    noor = person(session, "Noor")
    note_seen(session, 1, by=noor, now=NOW)
    note_seen(session, 1, by=noor, now=LATER)
    assert [row.at for row in session.scalars(select(Seen))] == [LATER]
    assert (stands(session, "Noor").seen_at, stands(session, "Sam").seen_at) == (LATER, None)
    assert deeds(session) == []
