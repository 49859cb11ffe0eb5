# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Which verdicts teach a theme: that a call is relevant, or not our theme; no other reason does."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Row, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from grants.queries.criteria import shown
from grants.scoring.feedback import Judged
from grants.scoring.language import language_of
from grants.scoring.model import Band, floors, log_odds
from grants.scoring.semantic import beside_the_usual, passage
from grants.scoring.thresholds import LINES
from grants.scoring.traits import Traits, traits, words_of
from grants.vectors import known_vectors
from models.call import Call
from models.match import Match, Verdict, VerdictReason
from models.theme import Theme

_SUREST: Final = (Decimal("0.001"), Decimal("0.999"))
UNLEARNED: Final = func.coalesce(Match.unlearned, Match.score)
"""The score of a match as the model gives it by itself: lessons never learn from lessons."""


def judgements(session: Session, theme: Theme, *, encoder: str = "") -> list[Judged]:
    """By call, what the office's verdicts in force say of a theme.

    A verdict is about a call, not about a theme. So a relevant call teaches the themes it likely belongs to
    and its best one; one that is not our theme teaches all that it was shown for. A call from below the
    line, as two in each digest are, teaches its nearest. `encoder` is the name of that whose vectors count.
    """
    columns = (Verdict.call_id, Verdict.relevant, UNLEARNED.label("score"), Match.reasons)
    rows = session.execute(_teaching(theme, *columns, Call.title, Call.text, Call.language)).all()
    seen = _traits(session, rows, encoder)
    return [Judged(row.call_id, seen[row.call_id], _log_odds(row.score), row.relevant) for row in rows]


def counted(session: Session, theme: Theme) -> tuple[int, int]:
    """How many verdicts could teach a theme: relevant ones, and the others."""
    said = [row.relevant for row in session.execute(_teaching(theme, Verdict.relevant))]
    return said.count(True), said.count(False)


def newer(session: Session, theme: Theme, than: datetime) -> int:
    """How many verdicts that could teach a theme are newer."""
    return len(session.execute(_teaching(theme, Verdict.id).where(Verdict.at > than)).all())


def _teaching(theme: Theme, *columns: Any) -> Select[Any]:
    floor = {band: score for score, band in floors()}
    shown_for = case((Verdict.relevant, floor[Band.LIKELY]), else_=LINES[theme.threshold])
    latest = (
        select(func.max(Verdict.id))
        .join(Call, Call.id == Verdict.call_id)
        .where(Verdict.office_id == theme.office_id, Verdict.undone_at.is_(None))
        .group_by(shown())
    )
    best = (
        select(Match.call_id, func.max(UNLEARNED).label("score"))
        .join(Theme, Theme.id == Match.theme_id)
        .where(Theme.office_id == theme.office_id, Theme.enabled)
        .group_by(Match.call_id)
        .subquery()
    )
    return (
        select(*columns)
        .select_from(Verdict)
        .join(Call, Call.id == Verdict.call_id)
        .join(Match, and_(Match.call_id == Verdict.call_id, Match.theme_id == theme.id))
        .join(best, best.c.call_id == Verdict.call_id)
        .where(Verdict.id.in_(latest), or_(Verdict.relevant, Verdict.reason == VerdictReason.NOT_OUR_THEME))
        .where(UNLEARNED > 0, or_(shown_for <= UNLEARNED, best.c.score == UNLEARNED))
        .order_by(Verdict.call_id)
    )


def traits_of(
    session: Session, theme_id: int, call_ids: Iterable[int], *, encoder: str
) -> dict[int, tuple[Traits, str, str]]:
    """By call its traits, its title and its language."""
    rows = session.execute(
        select(Match.call_id, Match.reasons, Call.title, Call.text, Call.language)
        .join(Call, Call.id == Match.call_id)
        .where(Match.theme_id == theme_id, Match.call_id.in_(list(call_ids)))
    ).all()
    seen = _traits(session, rows, encoder)
    return {row.call_id: (seen[row.call_id], row.title, row.language) for row in rows}


def terms_of(reasons: Iterable[Mapping[str, Any]]) -> list[str]:
    """The terms of the theme that a match has for reasons."""
    return [one["term"] for one in reasons if "term" in one]


def _traits(session: Session, rows: Sequence[Row[Any]], encoder: str) -> dict[int, Traits]:
    passages = {row.call_id: passage(row.title, row.text) for row in rows}
    vectors = known_vectors(session, passages.values(), encoder=encoder) if encoder else {}
    found = {}
    for row in rows:
        language = language_of(row.title, row.text, row.language)
        vector = vectors.get(passages[row.call_id])
        meaning = None if vector is None else beside_the_usual(vector, language)
        words = words_of(row.title, row.text, language)
        found[row.call_id] = traits(words, terms_of(row.reasons), meaning)
    return found


def _log_odds(score: Decimal) -> float:
    least, most = _SUREST
    return log_odds(min(most, max(least, score)))
