# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What lists of calls are narrowed and put in order by, in SQL: twins count as the call shown for them."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import (
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
    true,
)
from sqlalchemy.orm import aliased

from models.call import Call, CallChange, ChangeKind, Deadline, Significance
from models.match import Match
from models.office import Office
from models.theme import Theme
from models.values import CallStatus

NO_BAND = "none"  # scoring.score.Band.NONE: looked at, nothing found
MATERIAL = and_(CallChange.significance == Significance.MAJOR, CallChange.kind != ChangeKind.NEW)
"""A change that can turn a judgement; that a twin was found is none."""


def shown() -> ColumnElement[int]:
    """The call that lists show for this one: itself, or the twin it is folded into.

    Without the cast SQLite takes it for no number, and joins by it without an index: minutes, not blinks.
    """
    return cast(func.coalesce(Call.folded_into_id, Call.id), Integer)


def office_themes(office_slug: str) -> Select[Theme]:
    """The themes of an office that are on."""
    return select(Theme).join(Theme.office).where(Office.slug == office_slug, Theme.enabled)


def best_matches(office_slug: str, theme: str | None) -> Subquery:
    """By call: the highest score of the themes that count, and since when one matches."""
    ours = office_themes(office_slug)
    ours = ours if theme is None else ours.where(Theme.slug == theme)
    score, since = func.max(Match.score), func.min(Match.first_matched_at)
    return (
        select(shown().label("call_id"), score.label("score"), since.label("since"))
        .join(Match.call)
        .where(Match.theme_id.in_(ours.with_only_columns(Theme.id)), Match.band != NO_BAND)
        .group_by(shown())
        .subquery("best")
    )


def first_and_last_dates(today: date) -> Subquery:
    """By call: the last day in force, and the first that has not passed."""
    ahead = case((Deadline.on >= today, Deadline.on), else_=null())
    return (
        select(shown().label("call_id"), func.max(Deadline.on).label("last"), func.min(ahead).label("next"))
        .join(Deadline.call)
        .where(Deadline.superseded_at.is_(None))
        .group_by(shown())
        .subquery("dates")
    )


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


def mentions(words: list[str]) -> ColumnElement[bool]:
    """That all the words stand in brief in the call or in one of its twins."""
    return of_any(lambda call: and_(true(), *(_in_brief(call, word) for word in words)))


def of_any(so: Callable[[type[Call]], ColumnElement[bool]]) -> ColumnElement[bool]:
    """That it is so of the call or of one of its twins."""
    twin = aliased(Call)
    return or_(so(Call), select(twin.id).where(twin.folded_into_id == Call.id, so(twin)).exists())


def _in_brief(call: type[Call], word: str) -> ColumnElement[bool]:
    fields = (call.title, call.identifier, call.programme)
    return or_(*(field.icontains(word, autoescape=True) for field in fields))
