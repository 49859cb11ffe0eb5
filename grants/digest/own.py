# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What asks for the colleague a digest is for: dates of their own applications, and decisions to take."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from grants import home
from grants.applications import visible, works_on
from grants.home.decisions import LONG
from grants.home.duties import NEAR
from grants.stages import ENDED
from models.application import Application
from models.call import Call
from models.colleague import Colleague
from models.interest import Assignment, GoDecision
from models.obligation import Obligation
from models.values import CallStatus


@dataclass(frozen=True, slots=True, order=True)
class Owed:
    """One date of an application, of a milestone or of what an award asks."""

    on: date
    title: str
    obligation: bool


@dataclass(frozen=True, slots=True)
class Upcoming:
    """An own application, and what is due: what is late or near, else the first that comes."""

    application: Application
    owed: tuple[Owed, ...]


@dataclass(frozen=True, slots=True)
class Decisions:
    """What waits for a decision.

    Args:
        given: calls this colleague was given to look into, without a go or no-go.
        relevant: calls found relevant, without one.
        deciding: applications that wait for one.
    """

    given: frozenset[int]
    calls: tuple[Call, ...]
    deciding: tuple[Application, ...]


def upcoming(session: Session, me: Colleague, today: date) -> tuple[Upcoming, ...]:
    """The applications a colleague works on, what asks for them first, then by title."""
    mine = session.scalars(
        select(Application)
        .where(visible(me), works_on(me), Application.stage.not_in(ENDED))
        .order_by(Application.title, Application.id)
        .options(selectinload(Application.milestones))
    ).all()
    owed = defaultdict(list)
    numbers = [one.id for one in mine]
    duties = select(Obligation).where(
        Obligation.application_id.in_(numbers), Obligation.done_on.is_(None), Obligation.removed_at.is_(None)
    )
    for duty in session.scalars(duties):
        owed[duty.application_id].append(Owed(duty.on, duty.title, obligation=True))
    for one in mine:
        steps = (step for step in one.milestones if step.done_on is None)
        owed[one.id] += [Owed(step.on, step.title, obligation=False) for step in steps]
    told = [Upcoming(one, _near(sorted(owed[one.id]), today)) for one in mine]
    return tuple(sorted(told, key=lambda one: one.owed[0].on if one.owed else date.max))


def _near(owed: list[Owed], today: date) -> tuple[Owed, ...]:
    near = [one for one in owed if one.on <= today + NEAR]
    return tuple(near or owed[:1])


def decisions(session: Session, me: Colleague, today: date) -> Decisions:
    """What waits for a decision, what this colleague was given first."""
    given = _given(session, me, today)
    numbers = frozenset(call.id for call in given)
    others = [call for call in home.relevant(session, me, today) if call.id not in numbers]
    return Decisions(numbers, (*given, *others), tuple(home.deciding(session, me)))


def _given(session: Session, me: Colleague, today: date) -> list[Call]:
    decided = select(GoDecision.call_id).where(
        GoDecision.office_id == me.office_id, GoDecision.undone_at.is_(None)
    )
    rows = session.scalars(
        select(Assignment)
        .where(Assignment.colleague_id == me.id, Assignment.ended_at.is_(None))
        .where(Assignment.call_id.not_in(decided))
        .order_by(Assignment.id)
        .options(
            joinedload(Assignment.call).options(
                selectinload(Call.all_deadlines), *(defer(column, raiseload=True) for column in LONG)
            )
        )
    )
    return [row.call for row in rows if row.call.status_on(today) != CallStatus.CLOSED]
