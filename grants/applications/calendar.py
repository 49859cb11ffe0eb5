# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What falls on which day: dates of applications, and deadlines of calls that are followed or gone for."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from grants.applications.lists import Wanted, narrowed
from grants.applications.visible import visible
from grants.stages import SUBMISSION
from models.application import Application, Milestone
from models.call import Call, Deadline
from models.colleague import Colleague
from models.interest import Choice, Follow, GoDecision
from models.obligation import Obligation


class Sort(StrEnum):
    """What kind of date stands in the calendar."""

    MILESTONE = "milestone"
    OBLIGATION = "obligation"
    SUBMITTED = "submitted"
    DEADLINE = "deadline"  # of a call there is no application for on that day


@dataclass(frozen=True, slots=True)
class Entry:
    """One date; `about` is the application or the call it belongs to, whose own the title may be."""

    on: date
    sort: Sort
    title: str
    about: Application | Call
    at: time | None = None
    done: bool = False


@dataclass(frozen=True, slots=True)
class Week:
    """A row of the calendar: the ISO week, and Monday to Sunday each with what falls on it."""

    number: int
    days: list[tuple[date, list[Entry]]]


def month(session: Session, colleague: Colleague, wanted: Wanted, first: date) -> list[Week]:
    """The whole weeks of the month that begins on `first`; calls only while no filter narrows the rest."""
    weeks = list(_mondays(first))
    start, end = weeks[0], weeks[-1] + timedelta(days=6)
    entries = _of_applications(session, colleague, wanted, start, end)
    if wanted == Wanted():
        entries += _of_calls(session, colleague, start, end, entries)
    by_day: dict[date, list[Entry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda one: (one.at or time.max, one.about.title, one.title)):
        by_day[entry.on].append(entry)
    return [
        Week(monday.isocalendar().week, [(day, by_day[day]) for day in _days(monday)]) for monday in weeks
    ]


def _mondays(first: date) -> Iterator[date]:
    monday = first - timedelta(days=first.weekday())
    last = next_month(first) - timedelta(days=1)
    while monday <= last:
        yield monday
        monday += timedelta(days=7)


def _days(monday: date) -> list[date]:
    return [monday + timedelta(days=number) for number in range(7)]


def next_month(first: date) -> date:
    """The first day of the month after."""
    return (first + timedelta(days=31)).replace(day=1)


def _of_applications(
    session: Session, colleague: Colleague, wanted: Wanted, start: date, end: date
) -> list[Entry]:
    rows = (_between(row, colleague, start, end) for row in (Milestone, Obligation))
    found = [_entry(one) for some in rows for one in session.scalars(narrowed(session, some, wanted))]
    planned = {(one.about.id, one.on) for one in found if one.sort == Sort.SUBMITTED}
    handed_in = select(Application).where(visible(colleague), Application.submitted_on.between(start, end))
    found += [
        Entry(one.submitted_on, Sort.SUBMITTED, "", one, done=True)
        for one in session.scalars(narrowed(session, handed_in, wanted))
        if one.submitted_on is not None and (one.id, one.submitted_on) not in planned
    ]
    return found


def _between(row: type[Milestone | Obligation], colleague: Colleague, start: date, end: date) -> Select[Any]:
    found: Select[Any] = select(row).join(row.application).options(joinedload(row.application))
    return found.where(visible(colleague), row.on.between(start, end), row.removed_at.is_(None))


def _entry(row: Milestone | Obligation) -> Entry:
    if isinstance(row, Obligation):
        return Entry(row.on, Sort.OBLIGATION, row.title, row.application, done=bool(row.done_on))
    sort = Sort.SUBMITTED if row.kind == SUBMISSION and row.done_on == row.on else Sort.MILESTONE
    return Entry(row.on, sort, row.title, row.application, row.at, bool(row.done_on))


def _of_calls(
    session: Session, colleague: Colleague, start: date, end: date, taken: list[Entry]
) -> list[Entry]:
    """The deadlines that are not a date of an application for that call already."""
    ours = {(one.about.call_id, one.on) for one in taken if isinstance(one.about, Application)}
    rows = session.scalars(
        select(Deadline)
        .join(Deadline.call)
        .options(joinedload(Deadline.call))
        .where(Deadline.on.between(start, end), Deadline.superseded_at.is_(None), _interesting(colleague))
    )
    return [
        Entry(row.on, Sort.DEADLINE, row.stage, row.call, row.at)
        for row in rows
        if row.on is not None and (row.call_id, row.on) not in ours
    ]


def _interesting(colleague: Colleague) -> ColumnElement[bool]:
    """Followed by this colleague, or the office's last word on it is go."""
    followed = select(Follow.call_id).where(Follow.colleague_id == colleague.id, Follow.until.is_(None))
    last = (
        select(func.max(GoDecision.id))
        .where(GoDecision.office_id == colleague.office_id, GoDecision.undone_at.is_(None))
        .group_by(GoDecision.call_id)
    )
    gone_for = select(GoDecision.call_id).where(GoDecision.id.in_(last), GoDecision.choice == Choice.GO)
    return or_(Call.id.in_(followed), Call.id.in_(gone_for))
