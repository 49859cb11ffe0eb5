# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.applications import ReasonError, StaleError, move, undo_move, undoable
from grants.errors import PijplijnError
from models.application import Application, Milestone, Stage, StageChange
from models.audit import AuditEntry
from models.session import Begin
from tests.builders import NOW, milestone

pytestmark = pytest.mark.usefixtures("both")
TODAY = date(2026, 11, 24)


def go(session: Session, after: Stage, version: int = 1, why: str = "het is zover") -> StageChange | None:
    one = session.get_one(Application, 1)
    return move(session, one, after, by="sam", why=why, now=NOW, seen_version=version)


def test_a_step_is_kept_with_who_when_and_why_and_raises_the_version(begin: Begin) -> None:
    with begin() as session:
        go(session, Stage.SUBMITTED)
    with begin() as session:
        one = session.get_one(Application, 1)
        assert (one.stage, one.version, one.submitted_on) == (Stage.SUBMITTED, 2, TODAY)
        step = session.get_one(StageChange, 3)
        assert (step.before, step.after, step.by) == (Stage.PREPARING, Stage.SUBMITTED, "sam")
        assert (step.at, step.why) == (NOW, "het is zover")
        kept = session.scalars(select(AuditEntry)).one()
        assert (kept.action, kept.facts) == ("moved", {"stage": ["preparing", "submitted"]})
        assert (kept.subject_id, kept.office_id, kept.application_id) == (1, 1, 1)


def test_the_same_step_twice_is_one_step(begin: Begin) -> None:
    with begin() as session:
        assert go(session, Stage.DECIDING) is not None
    with begin() as session:
        assert go(session, Stage.DECIDING) is None
    with begin() as session:
        assert len(session.scalars(select(AuditEntry)).all()) == 1


def test_a_step_from_a_version_that_is_old_or_a_way_that_is_none_is_refused(begin: Begin) -> None:
    with begin() as session:
        go(session, Stage.DECIDING)
    with begin() as session:
        with pytest.raises(StaleError, match="you saw version 1, and it is at 2"):
            go(session, Stage.SUBMITTED)
        with pytest.raises(PijplijnError, match="cannot go from deciding to settled"):
            go(session, Stage.SETTLED, 2)


def test_what_ends_without_a_grant_is_kept_with_a_reason_only(begin: Begin) -> None:
    with begin() as session:
        with pytest.raises(ReasonError, match="Say why application 1 goes to withdrawn"):
            go(session, Stage.WITHDRAWN, why=" \n")
        assert session.get_one(Application, 1).stage == Stage.PREPARING
        assert go(session, Stage.WITHDRAWN, why="geen capaciteit") is not None
        assert go(session, Stage.WITHDRAWN, 2, why="") is None  # it is there already


def test_the_last_step_is_taken_back_by_a_step_and_only_once(begin: Begin) -> None:
    with begin() as session:
        step = go(session, Stage.DECIDING)
        assert step is not None
    with begin() as session:
        one = session.get_one(Application, 1)
        with pytest.raises(PijplijnError, match="Only the last step"):
            undo_move(session, one, 1, by="kim", now=NOW)
        assert (found := undoable(session, one)) is not None
        assert found.id == step.id
        back = undo_move(session, one, step.id, by="kim", now=NOW)
        assert undoable(session, one) is None
        assert (back.before, back.after, back.undoes_id) == (Stage.DECIDING, Stage.PREPARING, step.id)
        assert (one.stage, one.version) == (Stage.PREPARING, 3)
        for change in (step.id, back.id):
            with pytest.raises(PijplijnError, match="Only the last step"):
                undo_move(session, one, change, by="kim", now=NOW)


def test_the_first_step_cannot_be_taken_back(begin: Begin) -> None:
    with begin() as session, pytest.raises(PijplijnError, match="Only the last step"):
        undo_move(session, session.get_one(Application, 1), 1, by="kim", now=NOW)


def test_a_submission_fills_in_its_day_and_ticks_its_milestone_off_and_taking_it_back_undoes_both(
    begin: Begin,
) -> None:
    with begin() as session:
        session.add_all([
            milestone(TODAY, application_id=1, kind="submission"),
            milestone(TODAY, application_id=1, kind="internal"),
            milestone(TODAY, application_id=1, kind="submission", done_on=TODAY - timedelta(days=9)),
        ])  # fmt: skip
    with begin() as session:
        step = go(session, Stage.SUBMITTED)
        assert step is not None
    with begin() as session:
        done = session.scalars(select(Milestone.done_on).order_by(Milestone.id)).all()
        assert done == [TODAY, None, TODAY - timedelta(days=9)]
        undo_move(session, session.get_one(Application, 1), step.id, by="kim", now=NOW + timedelta(days=2))
    with begin() as session:
        assert session.get_one(Application, 1).submitted_on is None
        done = session.scalars(select(Milestone.done_on).order_by(Milestone.id)).all()
        assert done == [None, None, TODAY - timedelta(days=9)]


def test_a_day_of_submission_that_a_colleague_filled_in_stays(begin: Begin) -> None:
    with begin() as session:
        session.get_one(Application, 1).submitted_on = TODAY - timedelta(days=3)
    with begin() as session:
        step = go(session, Stage.SUBMITTED, 2)
        assert step is not None
        one = session.get_one(Application, 1)
        undo_move(session, one, step.id, by="kim", now=NOW)
        assert one.submitted_on == TODAY - timedelta(days=3)
