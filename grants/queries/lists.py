# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Calls as an office sees them: a list is read in a fixed number of statements, however long.

Calls that are one at several sources are one line: the shown call, the best matches, the first deadline.
"""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, Subquery, case, func, select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from grants.queries.call_lines import CallLine, CallPage, call_lines, office_matches
from grants.queries.criteria import (
    best_matches,
    best_places,
    first_and_last_dates,
    last_news,
    of_any,
    office_themes,
    status_in_sql,
)
from grants.queries.interest import Interest
from grants.queries.narrowing import NARROWED_BY_NOTHING, Narrowing
from grants.searching import MARK, TEXT, found_in
from models.call import Call, Significance
from models.session import remembered
from models.theme import Theme
from models.values import CallStatus


class Order(StrEnum):
    """How a list of calls is put; closed calls always come last."""

    BEST = "best"
    DEADLINE = "deadline"
    NEWEST = "newest"


def themes(session: Session, *, office_slug: str) -> list[Theme]:
    """The office's themes that are on."""
    asked = office_themes(office_slug).order_by(Theme.slug).options(defer(Theme.words))
    return remembered(session, ("themes", office_slug), lambda: list(session.scalars(asked)))


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
    interest: Interest | None = None,
    narrowing: Narrowing = NARROWED_BY_NOTHING,
) -> CallPage:
    """The calls that match the office's themes; with `matched` False, every call there is.

    `today` says what is open; `theme` and `source` are slugs of the only ones that count; `search` is found
    in the call or in one twin, and what has it in identifier or title comes first; `page` counts from 1;
    `interest` asks for what a colleague and the office made of them. What somebody chose may match no theme.
    """
    anything = theme is None and (not matched or (interest is not None and interest.chosen))

    def find() -> tuple[int, dict[int, CallStatus], int]:
        hits = found_in(session, Call, search)
        places = None if hits is None else best_places(hits)
        best, dates = best_matches(office_slug, theme, places), first_and_last_dates(today, places)
        state = status_in_sql(dates, today)
        found = (
            select(Call.id, state.label("status"))
            .outerjoin(dates, dates.c.call_id == Call.id)
            .join(best, best.c.call_id == Call.id, isouter=anything)
            .where(Call.folded_into_id.is_(None), *narrowing.criteria(dates, today))
        )
        if source is not None:
            found = found.where(of_any(lambda call: call.source.has(slug=source)))
        if status is not None:
            found = found.where(state == status)
        if interest is not None:
            found = found.where(*interest.criteria())
        if interest is not None and interest.waiting:
            found = found.where(state != CallStatus.CLOSED)
        hidden = _counted(session, found.where(Call.barred)) if narrowing.able else 0
        found = found.where(~Call.barred) if narrowing.able else found
        closed = case((state == CallStatus.CLOSED, 1), else_=0)
        if places is None:
            put = _put(found.order_by(closed), order, best, dates)
        else:
            found = found.join(places, places.c.call_id == Call.id)
            put = _put(found.order_by(_named(places), closed), order, best, dates, places)
        return *_page(session, found, put.order_by(Call.id), page, size), hidden

    who = interest.asked if interest else None
    wanted = (theme, source, status, search, order, matched, who, narrowing)
    asked = ("calls", office_slug, today, wanted, page, size)
    total, statuses, hidden = remembered(session, asked, find)
    colleague = interest.colleague if interest else None
    return CallPage(call_lines(session, statuses, office_slug, today, colleague), total, page, size, hidden)


def _counted(session: Session, found: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(found.subquery())) or 0


def _page(
    session: Session, found: Select[Any], put: Select[Any], page: int, size: int
) -> tuple[int, dict[int, CallStatus]]:
    """How many there are, and the calls of one page with their status."""
    counted = put.add_columns(func.count().over().label("total"))
    rows = session.execute(counted.limit(size).offset((page - 1) * size)).all()
    if not rows and page > 1:  # beyond the last page, where no line tells how many there are
        return _counted(session, found), {}
    return rows[0].total if rows else 0, {row.id: CallStatus(row.status) for row in rows}


def _named(places: CTE) -> ColumnElement[Any]:
    """What is called what was searched for stands above all else, closed or not."""
    return case((places.c.place <= MARK, places.c.place), else_=TEXT)


def _put(
    found: Select[Any], order: Order, best: Subquery, dates: Subquery, places: CTE | None = None
) -> Select[Any]:
    score, following = best.c.score.desc().nulls_last(), dates.c.next.asc().nulls_last()
    if order == Order.NEWEST:
        news = last_news()
        came = func.coalesce(best.c.since, Call.first_seen_at)
        newest = case((news.c.at > came, news.c.at), else_=came)
        return found.outerjoin(news, news.c.call_id == Call.id).order_by(newest.desc(), following)
    if order == Order.DEADLINE:
        return found.order_by(following, score)
    return found.order_by(*([] if places is None else [places.c.place]), score, following)


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
    matches = tuple(office_matches(session, [call_id], office_slug)[call_id])
    change = next((one for one in reversed(found.changes) if one.significance != Significance.COSMETIC), None)
    return CallLine(found, found.status_on(today), found.next_deadline(today), matches, change)
