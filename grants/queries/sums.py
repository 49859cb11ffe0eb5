# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What a list of calls is put in order by, summed up by shown call: its matches, its dates, words found."""

from datetime import date
from typing import Any

from sqlalchemy import (
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


def best(ours: Select[Theme]) -> Subquery:
    """By call: the highest score of the themes that count."""
    counts = and_(Match.theme_id.in_(ours.with_only_columns(Theme.id)), Match.band != NO_BAND)
    return _by_shown(Match, counts, Match.score, func.max(literal_column("score")).label("score")).subquery(
        "best"
    )


def dates(today: date) -> Subquery:
    """By call: the last day in force, and the first that has not passed."""
    on = literal_column("on_date", Date())
    ahead = case((on >= today, on), else_=null())
    inner = _by_shown(
        Deadline, Deadline.superseded_at.is_(None), Deadline.on,
        func.max(on).label("last"), func.min(ahead).label("next"),
    )  # fmt: skip
    return inner.subquery("dates")


def shown_places(found: Subquery) -> Subquery:
    """By shown call: the best place where it, or a twin, has what was searched for."""
    return (
        select(_shown().label("call_id"), func.min(found.c.place).label("place"))
        .join(Call, Call.id == found.c.id)
        .group_by(_shown())
        .subquery("places")
    )


def _by_shown(
    row: type[Match] | type[Deadline], counts: ColumnElement[bool], told: Any, *sums: ColumnElement[Any]
) -> Select[Any]:
    """What rows tell, summed up by the call that lists show: their call, or the one it is folded into.

    Twins are few: looked up apart, so that not every call is read with its long texts.
    """
    own = select(row.call_id.label("call_id"), told).where(counts)
    twins = select(Call.folded_into_id, told).join(
        row, row.call_id == Call.id + 0
    )  # + 0: by the few twins, not by all rows
    both = union_all(own, twins.where(Call.folded_into_id.is_not(None), counts)).subquery()
    return select(both.c.call_id, *sums).select_from(both).group_by(both.c.call_id)


def _shown() -> ColumnElement[int]:
    """The call that lists show for this one: itself, or the twin it is folded into."""
    return func.coalesce(Call.folded_into_id, Call.id)


def ranks(
    closed: ColumnElement[int], best: Subquery, dates: Subquery, places: Subquery | None, *, by_date: bool
) -> list[ColumnElement[Any]]:
    """What comes first: an identifier that was searched for, then what is not closed, then as was asked."""
    score, following = best.c.score.desc().nulls_last(), dates.c.next.asc().nulls_last()
    asked = [following, score] if by_date else [score, following]
    if places is None:
        return [closed, *asked]
    named = case((places.c.place <= MARK, places.c.place), else_=TEXT)
    return [named, closed, *([] if by_date else [places.c.place]), *asked]
