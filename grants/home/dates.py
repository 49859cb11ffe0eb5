# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Milestones and obligations that are not met yet: late ones, and those that come near."""

from datetime import date, time

from sqlalchemy import ColumnElement, Subquery, case, func, literal, null, select, union_all
from sqlalchemy.orm import Session, joinedload

from grants.applications import visible, works_on
from grants.home.duties import MOST, NEAR, Duties, Duty
from grants.stages import ENDED
from models.application import Application, Milestone
from models.colleague import Colleague
from models.obligation import Obligation
from models.values import Due


def late(session: Session, me: Colleague, today: date) -> Duties:
    """What should have been done, a colleague's own first."""
    dated = _dated()
    return _duties(session, me, dated, dated.c.on_date < today)


def near(session: Session, me: Colleague, today: date, *, mine: bool) -> Duties:
    """What is due from today on: of applications a colleague works on, or of the office's others."""
    dated = _dated()
    return _duties(
        session, me, dated, dated.c.on_date.between(today, today + NEAR), _is_mine(me) == int(mine)
    )


def _is_mine(me: Colleague) -> ColumnElement[int]:
    return case((works_on(me), 1), else_=0)  # an application without an owner is nobody's, not unknown


def _dated() -> Subquery:
    milestones = select(
        literal("milestones").label("kind"), Milestone.id, Milestone.application_id, Milestone.title,
        Milestone.on.label("on_date"), Milestone.at.label("at_time"), Milestone.zone,
    )  # fmt: skip
    obligations = select(
        literal("obligations"), Obligation.id, Obligation.application_id, Obligation.title,
        Obligation.on, null(), null(),
    )  # fmt: skip
    return union_all(
        milestones.where(Milestone.done_on.is_(None), Milestone.removed_at.is_(None)),
        obligations.where(Obligation.done_on.is_(None), Obligation.removed_at.is_(None)),
    ).subquery("dated")


def _duties(session: Session, me: Colleague, dated: Subquery, *which: ColumnElement[bool]) -> Duties:
    found = session.execute(
        select(dated, Application, func.count().over().label("total"))
        .join(Application, Application.id == dated.c.application_id)
        .where(visible(me), Application.stage.not_in(ENDED), *which)
        .order_by(
            _is_mine(me).desc(), dated.c.on_date, dated.c.at_time.nulls_last(), dated.c.kind, dated.c.id
        )
        .options(joinedload(Application.owner))
        .limit(MOST)
    ).all()
    rows = tuple(
        Duty(row.kind, row.id, row.title, _due(row.on_date, row.at_time, row.zone), row.Application)
        for row in found
    )
    return Duties(rows, found[0].total if found else 0)


def _due(on: date, at: time | None, zone: str | None) -> Due:
    """A day alone is a day of our own, and asks for no zone."""
    return Due(on, at, zone if at and zone else "")
