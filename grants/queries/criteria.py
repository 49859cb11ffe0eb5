# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What lists of calls are narrowed and put in order by, in SQL: twins count as the call shown for them."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from grants.scoring.thresholds import LINES
from models.call import Call, CallChange, ChangeKind, Deadline, Significance
from models.match import Match, Verdict
from models.office import Office
from models.theme import Theme
from models.values import CallStatus

LINE = case(dict(LINES), value=Theme.threshold)
"""The score from which a theme shows a call, where it is joined."""
MATERIAL = and_(CallChange.significance == Significance.MAJOR, CallChange.kind != ChangeKind.NEW)
"""A change that can turn a judgement; that a twin was found is none."""


def latest_verdicts(office_id: int) -> Select[int]:
    """Of each call that an office judged, the verdict that counts."""
    ours = select(func.max(Verdict.id)).where(Verdict.office_id == office_id, Verdict.undone_at.is_(None))
    return ours.group_by(Verdict.call_id)


def shown() -> ColumnElement[int]:
    """The call that lists show for this one: itself, or the twin it is folded into.

    Without the cast SQLite takes it for no number, and joins by it without an index: minutes, not blinks.
    """
    return cast(func.coalesce(Call.folded_into_id, Call.id), Integer)


def office_themes(office_slug: str) -> Select[Theme]:
    """The themes of an office that are on."""
    return select(Theme).join(Theme.office).where(Office.slug == office_slug, Theme.enabled)


def above_the_line(themes: Select[Theme]) -> ColumnElement[bool]:
    """That a match is of one of these themes and scores high enough for it to be shown."""
    of = themes.with_only_columns(Theme.id)
    mine = {one: Match.theme_id.in_(of.where(Theme.threshold == one)) for one in LINES}
    return or_(*(and_(mine[one], Match.score >= line) for one, line in LINES.items()))


def best_matches(office_slug: str, theme: str | None, among: CTE | None = None) -> Subquery:
    """By call: the highest score of the themes that count, and since when one matches; only `among` those."""
    ours = office_themes(office_slug)
    ours = ours if theme is None else ours.where(Theme.slug == theme)
    rows = _with_twins(Match, above_the_line(ours), among, Match.score, Match.first_matched_at)
    score, since = func.max(rows.c.score), func.min(rows.c.first_matched_at)
    told = select(rows.c.call_id, score.label("score"), since.label("since"))
    return told.group_by(rows.c.call_id).subquery("best")


def first_and_last_dates(today: date, among: CTE | None = None) -> Subquery:
    """By call: the last day in force, and the first that has not passed; only `among` those."""
    rows = _with_twins(Deadline, Deadline.superseded_at.is_(None), among, Deadline.on)
    on = rows.c["on"]
    following = func.min(case((on >= today, on), else_=null()))
    told = select(rows.c.call_id, func.max(on).label("last"), following.label("next"))
    return told.group_by(rows.c.call_id).subquery("dates")


def best_places(found: Subquery) -> CTE:
    """By call: the best place where it, or a twin, has what was searched for (grants.searching)."""
    hits = select(found).cte("hits")
    twins = select(Call.folded_into_id, hits.c.place).join(hits, hits.c.id == Call.id + 0)
    both = union_all(
        select(hits.c.id, hits.c.place), twins.where(Call.folded_into_id.is_not(None))
    ).subquery()
    place = func.min(both.c.place).label("place")
    return select(both.c.id.label("call_id"), place).group_by(both.c.id).cte("places")


def _with_twins(
    row: type[Match | Deadline], counts: ColumnElement[bool], among: CTE | None, *told: Any
) -> Subquery:
    """What rows tell of their call, and of the one it is folded into.

    Twins are few: they are looked up apart, so that not every call is read with its long texts. The + 0 has
    SQLite begin at them instead of at all the rows.
    """
    own = select(row.call_id.label("call_id"), *told).where(counts)
    twins = select(Call.folded_into_id, *told).join(row, row.call_id == Call.id + 0)
    twins = twins.where(Call.folded_into_id.is_not(None), counts)
    if among is not None:
        own = own.where(row.call_id.in_(select(among.c.call_id)))
        twins = twins.where(Call.folded_into_id.in_(select(among.c.call_id)))
    return union_all(own, twins).subquery()


def last_news() -> Subquery:
    """By call: when it last changed materially."""
    return (
        select(shown().label("call_id"), func.max(CallChange.at).label("at"))
        .join(CallChange.call)
        .where(MATERIAL)
        .group_by(shown())
        .subquery("news")
    )


def status_in_sql(dates: Subquery, today: date) -> ColumnElement[Any]:
    """Call.status_on in SQL; the tests hold the two to each other."""
    silent = or_(dates.c.last.is_(None), Call.opens_on.is_(None))
    return case(
        (dates.c.last < today, literal(CallStatus.CLOSED.value)),
        (Call.opens_on > today, literal(CallStatus.FORTHCOMING.value)),
        (and_(silent, Call.stated_status.is_not(None)), Call.stated_status),
        else_=literal(CallStatus.OPEN.value),
    )


def of_any(so: Callable[[type[Call]], ColumnElement[bool]]) -> ColumnElement[bool]:
    """That it is so of the call or of one of its twins."""
    twin = aliased(Call)
    return or_(so(Call), select(twin.id).where(twin.folded_into_id == Call.id, so(twin)).exists())
