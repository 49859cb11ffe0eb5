# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Match calls to an office's themes, and keep the words that say why.

Only what is new or reworded is matched again: a match remembers the version of the text and of the theme.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from grants.marking import mark_all
from grants.scoring.language import language_of
from grants.scoring.lexicon import compile_lexicon
from grants.scoring.model import Band
from grants.scoring.score import ThemeScore, match
from grants.scoring.text import LANGUAGES
from grants.scoring.thresholds import LINES
from grants.scoring.words import Words
from models.call import Call
from models.match import Match
from models.session import Begin
from models.theme import Theme

BATCH = 500

Known = dict[tuple[int, int], Match]
"""Matches by call and theme."""


def match_calls(session: Session, *, now: datetime, limit: int = BATCH) -> int:
    """Match up to `limit` calls that have no match of their present text with the present themes.

    Returns:
        How many calls were matched; 0 when everything is up to date.
    """
    themes = list(session.scalars(select(Theme).where(Theme.enabled).order_by(Theme.id)))
    calls = list(session.scalars(_unmatched().order_by(Call.id).limit(limit))) if themes else []
    lexica = [(shared, compile_lexicon(words(shared))) for shared in _by_office(themes)]
    known = _matches(session, [call.id for call in calls])
    for call in calls:
        language = language_of(call.title, call.text, call.language)
        for office_themes, lexicon in lexica:
            found = match(lexicon, title=call.title, text=call.text, language=language)
            scores = {score.slug: score for score in found}
            for theme, row in zip(
                office_themes, _rows(session, call, office_themes, known, now), strict=True
            ):
                _write(row, scores.get(theme.slug), now, line=LINES[theme.threshold])
                row.text_version, row.theme_version, row.matched_at = call.text_version, theme.version, now
    return len(calls)


def words(themes: Iterable[Theme]) -> list[Words]:
    """The vocabularies of these themes, as the engine reads them."""
    return [as_words(one.slug, one.words, name=one.name, description=one.description) for one in themes]


def as_words(
    slug: str,
    lists: Mapping[str, Mapping[str, Iterable[str]]],
    *,
    name: Mapping[str, str] = MappingProxyType({}),
    description: Mapping[str, str] = MappingProxyType({}),
) -> Words:
    """The vocabulary that a theme keeps by kind and language, and what it says of itself."""
    kinds = {"core": "core", "terms": "terms", "weak": "weak", "excluded": "not"}
    read = {
        field: {language: tuple(terms) for language, terms in lists.get(kind, {}).items()}
        for field, kind in kinds.items()
    }
    about = {spoken: (name.get(spoken, ""), description.get(spoken, "")) for spoken in LANGUAGES}
    return Words(slug=slug, about=about, **read)


def _unmatched() -> Select[Call]:
    """Calls for which some enabled theme has no match of this text and these words."""
    current = (
        select(Match.id)
        .where(Match.call_id == Call.id, Match.theme_id == Theme.id)
        .where(Match.text_version == Call.text_version, Match.theme_version == Theme.version)
        .correlate(Call, Theme)
        .exists()
    )
    wanting = select(Theme.id).where(Theme.enabled, ~current).correlate(Call).exists()
    return select(Call).where(wanting)


def _by_office(themes: list[Theme]) -> list[list[Theme]]:
    offices: dict[int, list[Theme]] = {}
    for theme in themes:
        offices.setdefault(theme.office_id, []).append(theme)
    return list(offices.values())


def _matches(session: Session, call_ids: list[int]) -> Known:
    rows = session.scalars(select(Match).where(Match.call_id.in_(call_ids)))
    return {(row.call_id, row.theme_id): row for row in rows}


def _rows(session: Session, call: Call, themes: list[Theme], known: Known, now: datetime) -> list[Match]:
    """This call's row for each theme, made where there is none."""
    missing = [theme for theme in themes if (call.id, theme.id) not in known]
    for theme in missing:
        known[call.id, theme.id] = Match(call_id=call.id, theme_id=theme.id, first_matched_at=now)
        session.add(known[call.id, theme.id])
    return [known[call.id, theme.id] for theme in themes]


def _write(row: Match, score: ThemeScore | None, now: datetime, *, line: Decimal) -> None:
    """A theme that says nothing is kept too, as a match of nothing: it need not be asked again."""
    if row.score is None or row.score < line:
        row.first_matched_at = now  # until it is shown
    row.band = score.band if score else Band.NONE
    row.score = score.score if score else Decimal(0)
    row.reasons = [asdict(reason) for reason in score.reasons] if score else []


def match_all(begin: Begin, *, now: datetime, told: Callable[[int], object] = bool) -> int:
    """Match everything that waits, a batch a transaction; `told` hears how many each batch had."""
    mark_all(begin)
    total = 0
    while True:
        with begin() as session:
            count = match_calls(session, now=now)
        if count == 0:
            return total
        total += count
        told(count)
