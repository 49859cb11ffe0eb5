# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The lessons in force, applied to the scores of calls as they are matched."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import fsum, inf
from typing import Any, Final, Protocol

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.lessons.judgements import traits_of
from grants.scoring.feedback import Learned, Pulls, because, moved, pulls_of
from grants.scoring.lexicon import Lexicon, hits
from grants.scoring.model import Band, log_odds
from grants.scoring.score import Because, ThemeScore, with_verdicts
from grants.scoring.semantic import Encoder, Vector, beside_the_usual
from grants.scoring.thresholds import LINES
from grants.scoring.traits import Traits, traits, words_of
from grants.scoring.words import Weight
from models.lesson import Lesson
from models.theme import Theme

NAMED: Final = 2  # judged calls
LEAST: Final = 0.1  # log-odds worth a word


@dataclass(frozen=True, slots=True)
class _Course:
    """A lesson, ready to be applied."""

    learned: Learned
    pulls: Pulls
    judged: dict[int, Because]  # as yet adding nothing


class Asked(Protocol):
    """A call, or what was asked of one."""

    id: Any
    title: Any
    text: Any


class Taught:
    """What verdicts taught of some themes; themes without a lesson in force are left as they are."""

    def __init__(self, courses: dict[int, _Course]) -> None:
        self._courses = courses

    def moved(  # noqa: PLR0913 - a text, and how it was read
        self, themes: Sequence[Theme], call: Asked, scores: list[ThemeScore], *, language: str,
        lexicon: Lexicon, vector: Vector | None = None,
    ) -> list[ThemeScore]:  # fmt: skip
        """The scores of a call, a theme each, with what verdicts add; nothing where nothing speaks for it."""
        if not any(theme.id in self._courses for theme in themes):
            return scores
        words = words_of(call.title, call.text, language)
        meaning = None if vector is None else beside_the_usual(vector, language)
        return [
            _moved(
                course,
                call,
                score,
                traits(words, (one.term for one in score.reasons), meaning),
                lexicon,
                language,
            )
            if (course := self._courses.get(theme.id)) and (score.reasons or score.band != Band.NONE)
            else score
            for theme, score in zip(themes, scores, strict=True)
        ]


def taught(session: Session, themes: Iterable[Theme], *, encoder: Encoder | None = None) -> Taught:
    """The lessons in force of these themes; with an encoder the meaning of judged calls counts too."""
    ids = [theme.id for theme in themes]
    lessons = session.scalars(select(Lesson).where(Lesson.theme_id.in_(ids), Lesson.ended_at.is_(None)))
    name = encoder.name if encoder else ""
    return Taught({one.theme_id: _course(session, one, name) for one in lessons})


def _moved(  # noqa: PLR0913, PLR0917 - a lesson, a text, and how it was read
    course: _Course, call: Asked, score: ThemeScore, seen: Traits, lexicon: Lexicon, language: str
) -> ThemeScore:
    given = fsum(score.parts.values())
    line = max((line for line in map(log_odds, LINES.values()) if line <= given), default=-inf)
    shift = moved(course.learned, seen, given=given, line=line, core_in_title=False)
    if given + shift < line and _core_in_title(lexicon, score.slug, call.title, language):
        shift = moved(course.learned, seen, given=given, line=line, core_in_title=True)
    return with_verdicts(score, shift, _named(course, seen, shift, call.id))


def _course(session: Session, lesson: Lesson, encoder: str) -> _Course:
    """A vector of one encoder says nothing to another: of what was learned by that, the words are left."""
    meaning = lesson.meaning if encoder and lesson.encoder == encoder else None
    learned = Learned(
        {one["trait"]: one["weight"] for one in lesson.weights},
        None if meaning is None else np.array(meaning, np.float32),
        {one["call"]: one["pull"] for one in lesson.judged},
    )
    relevant = {one["call"]: one["relevant"] for one in lesson.judged}
    known = traits_of(session, lesson.theme_id, relevant, encoder="" if meaning is None else encoder)
    return _Course(
        learned,
        pulls_of(learned, {number: seen for number, (seen, _, _) in known.items()}),
        {
            number: Because(number, title, language, relevant[number], 0.0)
            for number, (_, title, language) in known.items()
        },
    )


def _named(course: _Course, seen: Traits, shift: float, but: int) -> Iterator[Because]:
    """The judged calls that moved it most, the way it went."""
    if abs(shift) < LEAST:
        return
    parts = because(course.pulls, seen)
    way = 1 if shift > 0 else -1
    order = sorted(parts, key=lambda number: (-way * parts[number], number))
    for number in [one for one in order if one != but][:NAMED]:
        if way * parts[number] >= LEAST:
            yield replace(course.judged[number], log_odds=round(parts[number], 3))


def _core_in_title(lexicon: Lexicon, slug: str, title: str, language: str) -> bool:
    """Whether a core term stands in the title, by itself or in a compound."""
    return any(hit.theme == slug and hit.weight > Weight.TERM.value for hit in hits(lexicon, title, language))
