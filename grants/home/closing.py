# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Calls that close soon and that somebody at the office is busy with."""

from datetime import date

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session, contains_eager, defer

from grants.applications import visible, works_on
from grants.home.decisions import LONG, gone_for
from grants.home.duties import MOST, NEAR, Duties, Duty
from grants.stages import BEFORE_SUBMISSION
from models.application import Application, Milestone
from models.call import Call, Deadline
from models.colleague import Colleague
from models.interest import Assignment, Follow


def closing(session: Session, me: Colleague, today: date, *, mine: bool) -> Duties:
    """Deadlines of calls a colleague follows, looks into or prepares for, or else the rest of the office's.

    A deadline that an application has as a milestone of its own is told there.
    """
    is_mine = case((_mine(me), 1), else_=0)
    found = session.execute(
        select(Deadline, func.count().over().label("total"))
        .join(Deadline.call)
        .where(
            Deadline.superseded_at.is_(None),
            Deadline.on.between(today, today + NEAR),
            Call.folded_into_id.is_(None),
            is_mine == 1 if mine else _ours(me) & (is_mine == 0),
            ~_taken_over(me),
        )
        .order_by(Deadline.on, Deadline.at.nulls_last(), Deadline.id)
        .options(contains_eager(Deadline.call).options(*(defer(column, raiseload=True) for column in LONG)))
        .limit(MOST)
    ).all()
    rows = tuple(
        Duty("calls", row.Deadline.call_id, row.Deadline.call.title, row.Deadline.due, call=row.Deadline.call)
        for row in found
    )
    return Duties(rows, found[0].total if found else 0)


def _mine(me: Colleague) -> ColumnElement[bool]:
    followed = select(Follow.call_id).where(Follow.colleague_id == me.id, Follow.until.is_(None))
    given = select(Assignment.call_id).where(Assignment.colleague_id == me.id, Assignment.ended_at.is_(None))
    return or_(Call.id.in_(followed), Call.id.in_(given), _prepared(works_on(me)))


def _ours(me: Colleague) -> ColumnElement[bool]:
    at_the_office = Assignment.office_id == me.office_id
    given = select(Assignment.call_id).where(at_the_office, Assignment.ended_at.is_(None))
    return or_(Call.id.in_(given), Call.id.in_(gone_for(me)), _prepared(visible(me)))


def _prepared(whose: ColumnElement[bool]) -> ColumnElement[bool]:
    applied = select(Application.call_id).where(whose, Application.call_id.is_not(None))
    return Call.id.in_(applied.where(Application.stage.in_(BEFORE_SUBMISSION)))


def _taken_over(me: Colleague) -> ColumnElement[bool]:
    milestones = select(Milestone.id).join(Milestone.application)
    same = (Application.call_id == Call.id, Milestone.on == Deadline.on, Milestone.removed_at.is_(None))
    return milestones.where(visible(me), *same).exists()
