# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Decisions to take: calls that were found relevant, and applications that wait for their go or no-go."""

from datetime import date
from typing import Final

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from grants import queries
from grants.applications import visible, works_on
from grants.queries.criteria import latest_verdicts
from models.application import Application, Stage
from models.call import Call
from models.colleague import Colleague
from models.interest import Choice, GoDecision
from models.match import Verdict
from models.values import CallStatus

MOST: Final = 20
LOOKED_AT: Final = 200  # calls found relevant and undecided: more than any office leaves lying
LONG: Final = (Call.body, Call.text, Call.extra)  # never shown in a list


def relevant(session: Session, me: Colleague, today: date) -> list[Call]:
    """Calls found relevant, without a decision of the office or an application; what closes first first."""
    judged = select(Verdict.call_id).where(Verdict.id.in_(latest_verdicts(me.office_id)), Verdict.relevant)
    decided = select(GoDecision.call_id).where(
        GoDecision.office_id == me.office_id, GoDecision.undone_at.is_(None)
    )
    applied = select(Application.call_id).where(visible(me), Application.call_id.is_not(None))
    found = session.scalars(
        select(Call)
        .where(Call.id.in_(judged), Call.id.not_in(decided), Call.id.not_in(applied))
        .order_by(Call.id.desc())
        .options(selectinload(Call.all_deadlines), *(defer(column, raiseload=True) for column in LONG))
        .limit(LOOKED_AT)
    )
    open_ones = [call for call in found if call.status_on(today) != CallStatus.CLOSED]
    return sorted(open_ones, key=lambda call: (_closes(call, today), call.id))[:MOST]


def reopened(session: Session, me: Colleague, today: date) -> list[Call]:
    """Calls of a no-go whose deadline was extended since; what closes first first."""
    again = queries.extended(session, me, today=today)
    found = session.scalars(
        select(Call)
        .where(Call.id.in_(again))
        .options(selectinload(Call.all_deadlines), *(defer(column, raiseload=True) for column in LONG))
    )
    return sorted(found, key=lambda call: (_closes(call, today), call.id))[:MOST]


def _closes(call: Call, today: date) -> date:
    following = call.next_deadline(today)
    return (following and following.on) or date.max


def deciding(session: Session, me: Colleague) -> list[Application]:
    """Applications in the stage of go or no-go, a colleague's own first."""
    mine = case((works_on(me), 1), else_=0)
    found = select(Application).where(visible(me), Application.stage == Stage.DECIDING)
    ordered = found.order_by(mine.desc(), Application.title, Application.id)
    return list(session.scalars(ordered.options(joinedload(Application.owner)).limit(MOST)))


def unjudged(session: Session, me: Colleague, today: date) -> int:
    """How many calls wait in the inbox of the office."""
    waiting = queries.Interest(me, waiting=True)
    return queries.calls(session, office_slug=me.office.slug, today=today, interest=waiting, size=1).total


def gone_for(me: Colleague) -> Select[int]:
    """The numbers of the calls the office goes for: its latest decision says so."""
    ours = (GoDecision.office_id == me.office_id, GoDecision.undone_at.is_(None))
    latest = select(func.max(GoDecision.id)).where(*ours)
    wanted = select(GoDecision.call_id).where(GoDecision.id.in_(latest.group_by(GoDecision.call_id)))
    return wanted.where(GoDecision.choice == Choice.GO)
