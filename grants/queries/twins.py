# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Calls that are one at several sources, as lists, letters and the page of a call show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

from sqlalchemy import Select, bindparam, func, or_, select, union_all
from sqlalchemy.orm import Session, aliased, defer, joinedload, selectinload

from models.call import Call, Deadline
from models.link import CallLink
from models.match import Match
from models.source import Source
from models.values import CallStatus

AT_ONCE: Final = 1000  # numbers in one statement: a database that plans a longer one badly takes minutes
ENDS = (CallLink.call, CallLink.other)


@dataclass(frozen=True, slots=True)
class Group:
    """Linked calls: the one that lists show, then its twins in the order of their sources."""

    calls: tuple[Call, ...]

    @property
    def twins(self) -> tuple[Call, ...]:
        """All but the one that is shown."""
        return self.calls[1:]

    def best(self, matches: Iterable[Match]) -> tuple[Match, ...]:
        """The best match of each theme, the best first; of equals the shown call's own."""
        shown = self.calls[0].id
        by_theme: dict[int, Match] = {}
        for one in sorted(matches, key=lambda one: (-one.score, one.call_id != shown, one.id)):
            by_theme.setdefault(one.theme_id, one)
        return tuple(by_theme.values())

    def deadline(self, today: date) -> Deadline | None:
        """The first deadline ahead that any of the sources tells: never silently a later one."""
        ahead = [one for call in self.calls if (one := call.next_deadline(today))]
        return min(ahead, key=lambda one: one.on or date.max, default=None)

    def dates(self, today: date) -> tuple[tuple[Call, date], ...]:
        """What each source tells, the earliest first, when they do not tell the same; else nothing."""
        told = [(call, day) for call in self.calls if (day := _day(call, today))]
        return tuple(sorted(told, key=lambda pair: pair[1])) if len({day for _, day in told}) > 1 else ()

    def closed(self, today: date) -> bool:
        """Whether every source's dates or words say so."""
        return all(call.status_on(today) == CallStatus.CLOSED for call in self.calls)


@dataclass(frozen=True, slots=True)
class Twin:
    """A linked call beside the one at hand; without a link of their own they are one by way of a third."""

    call: Call
    link: CallLink | None
    deadline: Deadline | None
    day: date | None


def _day(call: Call, today: date) -> date | None:
    """The next day a source tells, or the last when all have passed."""
    ahead = call.next_deadline(today)
    days = [one.on for one in call.deadlines if one.on is not None]
    return ahead.on if ahead else max(days, default=None)


def groups(session: Session, among: Iterable[int], *, alone: bool = False) -> dict[int, Group]:
    """By call: its group, for those of `among` that have one; the long texts stay in the database.

    Args:
        session: to look in.
        among: numbers of calls.
        alone: whether calls without a twin are there too, each a group of its own.
    """
    numbers = iter(dict.fromkeys(among))
    found: dict[int, Group] = {}
    while some := [*islice(numbers, AT_ONCE)]:
        by_shown: dict[int, list[Call]] = {}
        for call in session.scalars(AMONG[alone], {"among": some}):
            by_shown.setdefault(call.folded_into_id or call.id, []).append(call)
        groups = [Group(tuple(calls)) for calls in by_shown.values()]
        found |= {call.id: group for group in groups for call in group.calls}
    return found


def _members(*, alone: bool) -> Select[Call]:
    twin = aliased(Call)
    among = Call.id.in_(bindparam("among", expanding=True))
    asked = select(func.coalesce(Call.folded_into_id, Call.id)).where(among)
    folded = (select(one).where(twin.folded_into_id.in_(asked)) for one in (twin.id, twin.folded_into_id))
    wanted = union_all(*folded, asked) if alone else union_all(*folded)
    return (
        select(Call)
        .where(Call.id.in_(wanted))
        .order_by(Call.folded_into_id.is_not(None), Call.source_id, Call.id)
        .options(
            joinedload(Call.source).load_only(Source.slug, Source.name),
            selectinload(Call.all_deadlines),
            *(defer(column, raiseload=True) for column in (Call.body, Call.text, Call.extra)),
        )
    )


AMONG: Final = {alone: _members(alone=alone) for alone in (False, True)}
"""Worded once: wording them costs more than what they find."""


def twins(
    session: Session, call_id: int, *, today: date
) -> tuple[list[Twin], list[CallLink], tuple[tuple[Call, date], ...]]:
    """The calls that are one with this one, its links that were undone, and the dates they disagree on."""
    rows = session.scalars(
        select(CallLink)
        .where(or_(CallLink.call_id == call_id, CallLink.other_id == call_id))
        .order_by(CallLink.id)
        .options(*(joinedload(end).load_only(Call.title, Call.language) for end in ENDS))
    ).all()
    live = [row for row in rows if row.undone_at is None]
    links = {row.other_id if row.call_id == call_id else row.call_id: row for row in live}
    group = groups(session, [call_id]).get(call_id, Group(()))
    beside = [
        Twin(one, links.get(one.id), one.next_deadline(today), _day(one, today))
        for one in group.calls
        if one.id != call_id
    ]
    return beside, [row for row in rows if row.undone_at], group.dates(today)
