# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What stands in a calendar that is subscribed to: dates of applications, and deadlines of calls.

A colleague's shows what they may know of when it is asked for; an office's no confidential application, ever.
"""

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, select
from sqlalchemy.orm import Session, joinedload

from grants import calendars
from grants.applications.visible import visible, works_on
from grants.calendars import Calendar, Event, of_deadlines, of_milestone, of_obligation
from grants.clock import local_day
from grants.queries.criteria import shown
from grants.stages import SUBMISSION
from models.application import Application, Milestone, Stage
from models.calendar import CalendarFeed, Scope
from models.call import Call, Deadline
from models.interest import Assignment, Choice, Follow, GoDecision
from models.obligation import Obligation
from models.session import Begin

PAST = timedelta(days=180)  # how far back a calendar goes
LEFT = (Stage.REJECTED, Stage.WITHDRAWN)  # of these the deadline of the call binds nobody


def subscribed(look: Begin, begin: Begin, secret: str, *, address: str, now: datetime) -> bytes | None:
    """The calendar at a secret address; None when there is none.

    Args:
        look: opens a reading, which is all it takes as long as nothing changed.
        begin: opens a transaction, to note what goes out in another form than before.
        secret: of the address.
        address: where the pages are.
        now: the moment.
    """
    with look() as session:
        feed = calendars.opened(session, secret)
        if feed is None:
            return None
        events = dates(session, feed, today=local_day(now, feed.office.zone))
        given = calendars.given_out(session, events)
    if calendars.behind(events, given):
        with begin() as session:
            given = calendars.give_out(session, events, address=address, now=now)
    whose = feed.colleague or feed.office
    told = Calendar(f"Pijplijn · {whose.name}", whose.language, feed.office.zone, address)
    return calendars.written(told, events, given, now=now)


def dates(session: Session, feed: CalendarFeed, *, today: date) -> list[Event]:
    """Every event of a calendar, cancelled ones too; a statement per kind, however many there are."""
    seen, since = _seen(feed), today - PAST
    milestones = list(session.scalars(_of_applications(Milestone).where(seen, Milestone.on >= since)))
    obligations = session.scalars(_of_applications(Obligation).where(seen, Obligation.on >= since))
    planned = {
        (one.application.call_id, one.on)
        for one in milestones
        if one.kind == SUBMISSION and one.removed_at is None
    }
    deadlines = [
        event
        for row, event in _deadlines(session, feed, seen)
        if event.on >= since and (row.call_id, event.on) not in planned
    ]
    return [*map(of_milestone, milestones), *map(of_obligation, obligations), *deadlines]


def _seen(feed: CalendarFeed) -> ColumnElement[bool]:
    """The applications whose dates stand in it."""
    if feed.colleague is None:
        return and_(Application.office_id == feed.office_id, Application.confidential == literal(False))
    whole = visible(feed.colleague)
    return and_(whole, works_on(feed.colleague)) if feed.scope == Scope.MINE else whole


def _of_applications(row: type[Milestone | Obligation]) -> Select[Any]:
    names = ("title", "stage", "confidential", "call_id")
    loaded = joinedload(row.application).load_only(*(getattr(Application, name) for name in names))
    found: Select[Any] = select(row)
    return found.join(row.application).options(loaded).order_by(row.id)


def _deadlines(
    session: Session, feed: CalendarFeed, seen: ColumnElement[bool]
) -> list[tuple[Deadline, Event]]:
    """Of the calls that are applied for, and of the others one of each that is linked with its twins."""
    applied = select(Application.call_id).where(seen, Application.stage.not_in(LEFT))
    rows = session.scalars(
        select(Deadline)
        .join(Deadline.call)
        .where(Deadline.call_id.in_(applied.union(*_chosen(feed))))
        .options(
            joinedload(Deadline.call).load_only(Call.title, Call.folded_into_id, Call.source_id, Call.key)
        )
        .order_by(Deadline.id)
    )
    by_call: dict[Call, list[Deadline]] = defaultdict(list)
    for row in rows:
        by_call[row.call].append(row)
    ours = set(session.scalars(applied))
    covered = {call.folded_into_id or call.id for call in by_call if call.id in ours}
    wanted = [call for call in by_call if call.id in ours or (call.folded_into_id or call.id) not in covered]
    return [pair for call in wanted for pair in of_deadlines(call, by_call[call]).items()]


def _chosen(feed: CalendarFeed) -> tuple[Select[int], ...]:
    """The calls that were assigned, gone for or followed, each as lists show it."""
    latest = (
        select(func.max(GoDecision.id))
        .join(Call, Call.id == GoDecision.call_id)
        .where(GoDecision.office_id == feed.office_id, GoDecision.undone_at.is_(None))
        .group_by(shown())
    )
    gone_for = _calls(GoDecision).where(GoDecision.id.in_(latest), GoDecision.choice == Choice.GO)
    assigned = _calls(Assignment).where(Assignment.office_id == feed.office_id, Assignment.ended_at.is_(None))
    followed = _calls(Follow).where(Follow.colleague_id == feed.colleague_id, Follow.until.is_(None))
    if feed.colleague_id is not None and feed.scope == Scope.MINE:
        gone_for = gone_for.where(GoDecision.colleague_id == feed.colleague_id)
        assigned = assigned.where(Assignment.colleague_id == feed.colleague_id)
    return gone_for, assigned, followed


def _calls(row: type[GoDecision | Assignment | Follow]) -> Select[int]:
    return select(shown()).join(row, row.call_id == Call.id)
