# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The office's themes with what they find, in a fixed number of statements."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from grants.queries.criteria import LINE
from models.call import Call
from models.match import Match
from models.theme import Theme


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """A theme, how many words it has and how many calls it found."""

    theme: Theme
    words: int
    calls: int


def theme_lines(session: Session, office_id: int) -> list[ThemeLine]:
    """Every theme of the office, those that are off last."""
    found = session.scalars(
        select(Theme).where(Theme.office_id == office_id).options(joinedload(Theme.task))
    ).all()
    counts = session.execute(
        select(Match.theme_id, func.count().label("calls"))
        .join(Match.call)
        .join(Match.theme)
        .where(Theme.office_id == office_id, Match.score >= LINE, Call.folded_into_id.is_(None))
        .group_by(Match.theme_id)
    )
    calls = {row.theme_id: row.calls for row in counts}
    lines = [ThemeLine(one, _words(one), calls.get(one.id, 0)) for one in found]
    return sorted(lines, key=lambda line: (not line.theme.enabled, str(line.theme.name.get("nl")).casefold()))


def others(session: Session, office_id: int, *, but: Theme | None) -> list[Theme]:
    """The office's other themes that calls are matched to."""
    there = select(Theme).where(Theme.office_id == office_id, Theme.enabled).order_by(Theme.id)
    return [one for one in session.scalars(there) if but is None or one.id != but.id]


def compared(session: Session, theme: Theme) -> tuple[int, int]:
    """How many calls were matched with the theme as it is, of how many there are."""
    matched = select(func.count()).where(Match.theme_id == theme.id, Match.theme_version == theme.version)
    there = select(func.count()).select_from(Call)
    return session.scalar(matched) or 0, session.scalar(there) or 0


def _words(theme: Theme) -> int:
    return sum(len(terms) for lists in theme.words.values() for terms in lists.values())
