# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What a list of calls is put in order by, summed up by shown call: its matches, its dates, words found."""

from datetime import date
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Select,
    Subquery,
    and_,
    case,
    func,
    literal_column,
    null,
    select,
    union_all,
)

from grants.searching import MARK, TEXT
from models.call import Call, Deadline
from models.match import Match
from models.theme import Theme

NO_BAND = "none"  # scoring.score.Band.NONE: looked at, nothing found


def best(ours: Select[Theme], among: CTE | None) -> Subquery:
    """By call: the highest score of the themes that count; `among` what was searched for, if anything was."""
    counts = and_(Match.theme_id.in_(ours.with_only_columns(Theme.id)), Match.band != NO_BAND)
    score: ColumnElement[Any] = func.max(literal_column("score")).label("score")
    return _by_shown(Match, counts, among, Match.score, score).subquery("best")


def dates(today: date, among: CTE | None) -> Subquery:
    """By call: the last day in force, and the first that has not passed; `among` as with `best`."""
    on = literal_column("on_date", Date())
    sums = func.max(on).label("last"), func.min(case((on >= today, on), else_=null())).label("next")
    return _by_shown(Deadline, Deadline.superseded_at.is_(None), among, Deadline.on, *sums).subquery("dates")


def shown_places(found: Subquery) -> CTE:
    """By shown call: the best place where it, or a twin, has what was searched for."""
    hits = select(found).cte("hits")
    twins = select(Call.folded_into_id, hits.c.place).join(hits, hits.c.id == Call.id + 0)
    both = union_all(
        select(hits.c.id, hits.c.place), twins.where(Call.folded_into_id.is_not(None))
    ).subquery()
    place = func.min(both.c.place).label("place")
    return select(both.c.id.label("call_id"), place).group_by(both.c.id).cte("places")


def _by_shown(
    row: type[Match] | type[Deadline],
    counts: ColumnElement[bool],
    among: CTE | None,
    told: Any,
    *sums: ColumnElement[Any],
) -> Select[Any]:
    """What rows tell, summed up by the call that lists show: their call, or the one it is folded into.

    Twins are few: looked up apart, so that not every call is read with its long texts. The + 0 has SQLite
    begin at them instead of at all the rows.
    """
    own = select(row.call_id.label("call_id"), told).where(counts)
    twins = select(Call.folded_into_id, told).join(row, row.call_id == Call.id + 0)
    twins = twins.where(Call.folded_into_id.is_not(None), counts)
    if among is not None:
        own = own.where(row.call_id.in_(select(among.c.call_id)))
        twins = twins.where(Call.folded_into_id.in_(select(among.c.call_id)))
    both = union_all(own, twins).subquery()
    return select(both.c.call_id, *sums).select_from(both).group_by(both.c.call_id)


def ranks(
    closed: ColumnElement[int], best: Subquery, dates: Subquery, places: CTE | None, *, by_date: bool
) -> list[ColumnElement[Any]]:
    """What comes first: an identifier that was searched for, then what is not closed, then as was asked."""
    score, following = best.c.score.desc().nulls_last(), dates.c.next.asc().nulls_last()
    asked = [following, score] if by_date else [score, following]
    if places is None:
        return [closed, *asked]
    named = case((places.c.place <= MARK, places.c.place), else_=TEXT)
    return [named, closed, *([] if by_date else [places.c.place]), *asked]
