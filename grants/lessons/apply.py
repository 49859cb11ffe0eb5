# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The lessons in force, applied to the scores of calls as they are matched."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import fsum
from typing import Final

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.lessons.judgements import traits_of
from grants.scoring.feedback import Learned, Pulls, because, moved, pulls_of
from grants.scoring.lexicon import Lexicon, hits
from grants.scoring.model import floors, log_odds
from grants.scoring.score import Because, ThemeScore, with_verdicts
from grants.scoring.traits import Traits, traits, words_of
from grants.scoring.words import Weight
from models.call import Call
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


class Taught:
    """What verdicts taught of some themes; themes without a lesson in force are left as they are."""

    def __init__(self, courses: dict[int, _Course]) -> None:
        self._courses = courses
        self._read: tuple[int, Traits] = (0, Traits({}))

    def moved(
        self, theme: Theme, call: Call, score: ThemeScore | None, *, language: str, lexicon: Lexicon
    ) -> ThemeScore | None:
        """A theme's score in a call with what verdicts add to it; one that nothing speaks for stays None."""
        course = self._courses.get(theme.id)
        if course is None or score is None:
            return score
        seen = traits(self._words(call, language), (one.term for one in score.reasons))
        given, line = fsum(score.parts.values()), log_odds(floors()[-1][0])
        shift = moved(course.learned, seen, given=given, line=line, core_in_title=False)
        if given >= line > given + shift and _core_in_title(lexicon, theme.slug, call.title, language):
            shift = moved(course.learned, seen, given=given, line=line, core_in_title=True)
        return with_verdicts(score, shift, _named(course, seen, shift, call.id))

    def _words(self, call: Call, language: str) -> Traits:
        if self._read[0] != call.id:
            self._read = (call.id, words_of(call.title, call.text, language))
        return self._read[1]


def taught(session: Session, themes: Iterable[Theme]) -> Taught:
    """The lessons in force of these themes."""
    ids = [theme.id for theme in themes]
    lessons = session.scalars(select(Lesson).where(Lesson.theme_id.in_(ids), Lesson.ended_at.is_(None)))
    return Taught({one.theme_id: _course(session, one) for one in lessons})


def _course(session: Session, lesson: Lesson) -> _Course:
    learned = Learned(
        {one["trait"]: one["weight"] for one in lesson.weights},
        None if lesson.meaning is None else np.array(lesson.meaning, np.float32),
        {one["call"]: one["pull"] for one in lesson.judged},
    )
    relevant = {one["call"]: one["relevant"] for one in lesson.judged}
    known = traits_of(session, lesson.theme_id, relevant)
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
