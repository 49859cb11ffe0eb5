# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What a theme's page tells of what was learned: from how many verdicts, since when, and what it changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, contains_eager, defer

from grants.lessons.judgements import counted
from grants.queries.criteria import LINE
from grants.scoring.feedback import FEWEST
from models.call import Call
from models.lesson import Lesson
from models.match import Match
from models.theme import Theme

SHOWN: Final = 8  # words up, and as many down
CALLS: Final = 5  # of those a lesson brings in, and of those it takes out
TAKEN_DOWN: Final = case(((Match.score < LINE) & (Match.unlearned >= LINE), 1), else_=0)
"""1 where a theme, which must be joined, would show a call, had verdicts taught nothing."""
BROUGHT_UP: Final = case(((Match.score >= LINE) & (Match.unlearned < LINE), 1), else_=0)


@dataclass(frozen=True, slots=True)
class Moved:
    """The calls that a lesson took over the line one way, and some of them, the farthest moved first."""

    count: int
    some: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class LessonPage:
    """What was learned of a theme.

    Args:
        lesson: what is in force; None where nothing is.
        up: words that speak for a call, the strongest first.
        down: words that speak against one.
        raised: calls that are shown by it.
        lowered: calls that are hidden by it.
        versions: all there ever were, the latest first.
        relevant: verdicts that could teach now, of calls that are relevant.
        others: and of calls that are not our theme.
    """

    lesson: Lesson | None
    up: tuple[str, ...]
    down: tuple[str, ...]
    raised: Moved
    lowered: Moved
    versions: tuple[Lesson, ...]
    relevant: int
    others: int

    @property
    def undone(self) -> bool:
        """Whether a colleague undid what was learned, so that nothing is learned until one puts it back."""
        return bool(self.versions) and self.versions[0].undone

    @property
    def lacking(self) -> int:
        """How many verdicts lack before anything can be learned."""
        kinds = (not self.relevant) + (not self.others)
        return max(FEWEST - self.relevant - self.others, kinds)


def page(session: Session, theme: Theme) -> LessonPage:
    """What was learned of a theme, in a fixed number of statements."""
    versions = session.scalars(
        select(Lesson).where(Lesson.theme_id == theme.id).order_by(Lesson.number.desc())
        .options(defer(Lesson.meaning))
    ).all()  # fmt: skip
    lesson = next((one for one in versions if one.ended_at is None), None)
    weights = lesson.weights if lesson else []
    return LessonPage(
        lesson,
        _words(one for one in weights if one["weight"] > 0),
        _words(one for one in weights if one["weight"] < 0),
        _moved(session, theme, BROUGHT_UP),
        _moved(session, theme, TAKEN_DOWN),
        tuple(versions),
        *counted(session, theme),
    )


def hidden(session: Session, office_id: int, call_id: int) -> list[Match]:
    """The themes that a call would be shown for, had verdicts taught nothing."""
    ours = (Theme.office_id == office_id, Theme.enabled, Match.call_id == call_id, TAKEN_DOWN == 1)
    wanted = select(Match).join(Match.theme).where(*ours).options(contains_eager(Match.theme))
    return list(session.scalars(wanted.order_by(Match.unlearned.desc(), Match.id)))


def _words(weights: Iterable[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one["word"] for one in weights))[:SHOWN]


def _moved(session: Session, theme: Theme, way: ColumnElement[int]) -> Moved:
    those = (
        select(Match)
        .join(Match.theme)
        .join(Match.call)
        .where(Match.theme_id == theme.id, way == 1, Call.folded_into_id.is_(None))
    )
    some = those.options(contains_eager(Match.call).load_only(Call.title, Call.language))
    order = some.order_by(func.abs(Match.score - Match.unlearned).desc(), Match.call_id).limit(CALLS)
    count = session.scalar(select(func.count()).select_from(those.with_only_columns(Match.id).subquery()))
    return Moved(count or 0, tuple(session.scalars(order)))
