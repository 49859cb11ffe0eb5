# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Calls as an office sees them: a list is read in a fixed number of statements, however long.

Calls that are one at several sources are one line: the shown call, the best matches, the first deadline.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload

from grants.queries import sums
from grants.queries.narrowing import NARROWED_BY_NOTHING, Narrowing
from grants.queries.twins import Group, groups
from grants.searching import found_in
from models.call import Call, CallChange, Deadline, Significance
from models.match import Match
from models.office import Office
from models.session import remembered
from models.theme import Theme
from models.values import CallStatus


class Order(StrEnum):
    """How a list of calls is put; closed calls always come last."""

    BEST = "best"
    DEADLINE = "deadline"


@dataclass(frozen=True, slots=True)
class CallLine:
    """A call as one office sees it: matches from the best down, and the latest change that matters.

    `twins` are the same call at other sources, `dates` what each of them says when they disagree.
    """

    call: Call
    status: CallStatus
    deadline: Deadline | None
    matches: tuple[Match, ...]
    change: CallChange | None
    twins: tuple[Call, ...] = ()
    dates: tuple[tuple[Call, date], ...] = ()

    def spans(self, field: str) -> list[tuple[int, int]]:
        """Where the reasons stand in title or text; those of an older text or of a twin's point nowhere."""
        current = (
            one
            for one in self.matches
            if one.call_id == self.call.id and one.text_version == self.call.text_version
        )
        reasons = (reason for one in current for reason in one.reasons if reason["field"] == field)
        return sorted({(reason["start"], reason["end"]) for reason in reasons})


@dataclass(frozen=True, slots=True)
class CallPage:
    """One page of a list of calls, and how many there are in all."""

    lines: tuple[CallLine, ...]
    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, -(-self.total // self.size))


def themes(session: Session, *, office_slug: str) -> list[Theme]:
    """The office's themes that are on."""
    return list(session.scalars(_themes(office_slug).order_by(Theme.slug)))


def calls(  # noqa: PLR0913 - the ways a list can be asked for, each by name
    session: Session,
    *,
    office_slug: str,
    today: date,
    theme: str | None = None,
    source: str | None = None,
    status: CallStatus | None = None,
    search: str = "",
    page: int = 1,
    size: int = 50,
    order: Order = Order.BEST,
    matched: bool = True,
    narrowing: Narrowing = NARROWED_BY_NOTHING,
) -> CallPage:
    """The calls that match the office's themes; with `matched` False, every call there is.

    `today` says what is open; `theme` and `source` are slugs of the only ones that count; `search` is found
    in the call or in one twin, and what has it in identifier or title comes first; `page` counts from 1.
    """

    def find() -> tuple[int, dict[int, CallStatus]]:
        ours = _themes(office_slug) if theme is None else _themes(office_slug).where(Theme.slug == theme)
        hits = found_in(session, Call, search)
        places = sums.shown_places(hits) if hits is not None else None
        best, dates = sums.best(ours, places), sums.dates(today, places)
        state = _status(dates, today)
        found = (
            select(Call.id, state.label("status"))
            .outerjoin(dates, dates.c.call_id == Call.id)
            .join(best, best.c.call_id == Call.id, isouter=not matched and theme is None)
            .where(Call.folded_into_id.is_(None))
        )
        if places is not None:
            found = found.join(places, places.c.call_id == Call.id)
        if source is not None:
            found = found.where(_any(lambda call: call.source.has(slug=source)))
        found = found.where(*narrowing.criteria(dates, today))
        if status is not None:
            found = found.where(state == status)
        closed = case((state == CallStatus.CLOSED, 1), else_=0)
        ranks = sums.ranks(closed, best, dates, places, by_date=order == Order.DEADLINE)
        told = found.add_columns(func.count().over().label("total")).order_by(*ranks, Call.id)
        rows = session.execute(told.limit(size).offset((page - 1) * size)).all()
        if not rows and page > 1:  # a page that is not there
            return session.scalar(select(func.count()).select_from(found.subquery())) or 0, {}
        return rows[0].total if rows else 0, {row.id: CallStatus(row.status) for row in rows}

    asked = (
        "calls",
        office_slug,
        today,
        theme,
        source,
        status,
        search,
        page,
        size,
        order,
        matched,
        narrowing,
    )
    total, statuses = remembered(session, asked, find)
    return CallPage(_lines(session, statuses, office_slug, today), total, page, size)


def call(session: Session, call_id: int, *, office_slug: str, today: date) -> CallLine | None:
    """One call with all its deadlines, changes and the office's matches; None when there is none."""
    wanted = select(Call).where(Call.id == call_id)
    loaded = wanted.options(
        joinedload(Call.source),
        selectinload(Call.all_deadlines),
        selectinload(Call.all_key_dates),
        selectinload(Call.changes),
    )
    found = session.scalars(loaded).one_or_none()
    if found is None:
        return None
    matches = tuple(_matches(session, [call_id], office_slug)[call_id])
    change = next((one for one in reversed(found.changes) if one.significance != Significance.COSMETIC), None)
    return CallLine(found, found.status_on(today), found.next_deadline(today), matches, change)


def as_row(line: CallLine) -> dict[str, Any]:
    """A call as a flat row for the command line."""
    best = line.matches[0] if line.matches else None
    return {
        "id": line.call.id,
        "identifier": line.call.identifier,
        "title": line.call.title,
        "status": line.status.value,
        "deadline": line.deadline.on if line.deadline else None,
        "theme": best.theme.slug if best else None,
        "band": best.band if best else None,
        "url": line.call.url,
        "also at": ", ".join(one.source.slug for one in line.twins),
    }


def _themes(office_slug: str) -> Select[Theme]:
    return select(Theme).join(Theme.office).where(Office.slug == office_slug, Theme.enabled)


def _status(dates: Subquery, today: date) -> ColumnElement[Any]:
    """Call.status_on in SQL; the tests hold the two to each other."""
    silent = or_(dates.c.last.is_(None), Call.opens_on.is_(None))
    return case(
        (dates.c.last < today, literal(CallStatus.CLOSED.value)),
        (Call.opens_on > today, literal(CallStatus.FORTHCOMING.value)),
        (and_(silent, Call.stated_status.is_not(None)), Call.stated_status),
        else_=literal(CallStatus.OPEN.value),
    )


def _any(so: Callable[[type[Call]], ColumnElement[bool]]) -> ColumnElement[bool]:
    """That it is so of the call or of one of its twins."""
    twin = aliased(Call)
    return or_(so(Call), select(twin.id).where(twin.folded_into_id == Call.id, so(twin)).exists())


def _lines(
    session: Session, statuses: dict[int, CallStatus], office_slug: str, today: date
) -> tuple[CallLine, ...]:
    """The lines of a page in the order of `statuses`; the long texts stay in the database."""
    found = groups(session, select(Call.id).where(Call.id.in_(statuses)), alone=True)
    matches = _matches(session, found, office_slug)
    changes = _changes(session, statuses)
    return tuple(
        _line(found[one], status, matches, changes.get(one), today) for one, status in statuses.items()
    )


def _line(
    group: Group,
    status: CallStatus,
    matches: dict[int, list[Match]],
    change: CallChange | None,
    today: date,
) -> CallLine:
    best = group.best(row for call in group.calls for row in matches[call.id])
    shown = group.calls[0]
    return CallLine(shown, status, group.deadline(today), best, change, group.twins, group.dates(today))


def _matches(session: Session, call_ids: Iterable[int], office_slug: str) -> dict[int, list[Match]]:
    rows = session.scalars(
        select(Match)
        .join(Match.theme)
        .join(Theme.office)
        .where(
            Match.call_id.in_(call_ids), Match.band != sums.NO_BAND, Theme.enabled, Office.slug == office_slug
        )
        .options(contains_eager(Match.theme).load_only(Theme.slug, Theme.name))
        .order_by(Match.score.desc(), Match.id)
    )
    by_call: dict[int, list[Match]] = defaultdict(list)
    for row in rows:
        by_call[row.call_id].append(row)
    return by_call


def _changes(session: Session, call_ids: Iterable[int]) -> dict[int, CallChange]:
    latest = (
        select(func.max(CallChange.id))
        .where(CallChange.call_id.in_(call_ids), CallChange.significance != Significance.COSMETIC)
        .group_by(CallChange.call_id)
    )
    return {row.call_id: row for row in session.scalars(select(CallChange).where(CallChange.id.in_(latest)))}
