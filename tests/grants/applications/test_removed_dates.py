# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A date that was taken off an application keeps its row, and is told nowhere any more."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.applications import (
    Wanted,
    application_page,
    applications,
    board,
    month,
    next_date,
    timeline,
)
from grants.applications.planning import submissions
from grants.digest import facts
from grants.home.closing import closing
from grants.home.dates import late, near
from grants.reminders import plan
from models.application import Application, Milestone
from models.colleague import Colleague
from models.obligation import Obligation
from models.session import Begin
from tests import builders
from tests.builders import NOW

pytestmark = pytest.mark.usefixtures("both")
TODAY = date(2026, 11, 24)
SOON, GONE_BY = TODAY + timedelta(days=2), TODAY - timedelta(days=2)


def _sam(session: Session) -> Colleague:
    return session.get_one(Colleague, 2)


def _month(session: Session) -> list[str]:
    weeks = month(session, _sam(session), Wanted(), TODAY.replace(day=1))
    return [entry.title for week in weeks for _, entries in week.days for entry in entries]


def _listed(session: Session) -> list[str]:
    lines, _ = applications(session, _sam(session), Wanted(), page=1, size=9)
    return [line.next.title for line in lines if line.next]


def _on_the_board(session: Session) -> list[str]:
    columns, _ = board(session, _sam(session), Wanted())
    return [line.next.title for lines in columns.values() for line in lines if line.next]


def _on_the_page(session: Session) -> list[str]:
    page = application_page(session, _sam(session), 1)
    assert page is not None
    dates = [*page.application.milestones, *page.obligations, *page.ahead]
    return [row.title for row in dates]


def _on_the_line(session: Session) -> list[str]:
    drawn = timeline(session, _sam(session), Wanted(), today=TODAY)
    return [row.title for bar in drawn.bars for row in bar.dates]


def _next(session: Session) -> list[str]:
    found = next_date(session, session.get_one(Application, 1))
    return [found.title] if found else []


PLACES: dict[str, Callable[[Session], list[str]]] = {
    "calendar": _month,
    "list": _listed,
    "board": _on_the_board,
    "page": _on_the_page,
    "timeline": _on_the_line,
    "row": _next,
    "reminders": lambda session: [one.dated.title for one in plan(session, today=TODAY)],
    "digest": lambda session: [
        one.title for row in facts(session, _sam(session), now=NOW).applications for one in row.owed
    ],
    "home, near": lambda session: [row.title for row in near(session, _sam(session), TODAY, mine=True).rows],
    "home, late": lambda session: [row.title for row in late(session, _sam(session), TODAY).rows],
    "planning": lambda session: [str(day) for day in submissions(session.get_one(Application, 1), TODAY)],
}


def _submission(on: date) -> Milestone:
    return builders.milestone(on, title="Weg", kind="submission", application_id=1)


def _report(on: date) -> Obligation:
    return Obligation(on=on, title="Weg", kind="content", application_id=1)


@pytest.mark.parametrize(
    ("place", "dated"),
    [
        (place, dated)
        for place in PLACES
        for dated in (_submission, _report)
        if place != "planning" or dated is _submission
    ],
)
def test_a_date_that_was_taken_off_is_told_nowhere(
    begin: Begin, place: str, dated: Callable[[date], Milestone | Obligation]
) -> None:
    with begin() as session:
        session.add_all(dated(on) for on in (SOON, GONE_BY))
    with begin() as session:
        assert PLACES[place](session), "it is told while it stands"
    with begin() as session:
        for row in (*session.scalars(select(Milestone)), *session.scalars(select(Obligation))):
            row.removed_at = NOW
    with begin() as session:
        assert PLACES[place](session) == []


def test_a_deadline_whose_own_date_was_taken_off_is_told_as_the_calls(begin: Begin) -> None:
    with begin() as session:
        session.add(builders.call(deadlines=[builders.deadline(SOON)]))
        session.flush()
        session.get_one(Application, 1).call_id = 1
        session.add(builders.milestone(SOON, kind="submission", application_id=1, removed_at=NOW))
    with begin() as session:
        assert [row.kind for row in closing(session, _sam(session), TODAY, mine=True).rows] == ["calls"]
        assert {one.dated.names for one in plan(session, today=TODAY)} == {("call-1",)}
