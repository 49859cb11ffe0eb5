# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Why a call is shown for a theme, or why not: what was found, what lacks, and how far the line is."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from math import fsum, log
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.lessons import taught
from grants.matching import words
from grants.scoring.engine import Engine, engine, likeness_of
from grants.scoring.explain import Explanation, explain
from grants.scoring.language import language_of
from grants.scoring.semantic import Vector, encoder, passage
from grants.scoring.text import LANGUAGES, supported
from grants.scoring.thresholds import LINES
from grants.scoring.words import Words
from grants.vectors import KnownVectors
from models.call import Call
from models.colleague import Colleague
from models.theme import Theme

NEAR: Final = 1.0  # log-odds: a word or two
FAR: Final = 3.0


@dataclass(frozen=True, slots=True)
class Why:
    """One call and one theme of an office.

    Args:
        theme: the theme.
        explanation: the model's own sum.
        total: the sum, in log-odds.
        line: the sum from which the theme shows a call.
        rivals: other themes that have more words in the call, the strongest first.
        example: a core word of the theme, in the call's language where it has one; empty when it has none.
        example_language: the language of that word.
        helps: where one such word more would have the call shown: "text", "title", or "" where it would not.
    """

    theme: Theme
    explanation: Explanation
    total: float
    line: float
    rivals: tuple[Theme, ...]
    example: str
    example_language: str
    helps: str

    @property
    def shown(self) -> bool:
        """Whether the theme shows the call."""
        return self.explanation.score.score >= LINES[self.theme.threshold]

    @property
    def missing(self) -> float:
        """How far below the line it is, in log-odds."""
        return max(0.0, self.line - self.total)

    @property
    def distance(self) -> str:
        """The same as a word."""
        return "near" if self.missing < NEAR else "below" if self.missing < FAR else "far"


def why(session: Session, me: Colleague, call: Call, slug: str) -> Why | None:
    """Why this call is shown for this theme of the office, or why not; None when it has no such theme."""
    ours = select(Theme).where(Theme.office_id == me.office_id)
    themes = {
        one.slug: one for one in session.scalars(ours.order_by(Theme.id)) if one.enabled or one.slug == slug
    }
    theme = themes.get(slug)
    if theme is None:
        return None
    language = language_of(call.title, call.text, call.language)
    rivals = [one.slug for one in themes.values() if one.enabled]
    ready, vector = _engine(session, call, words(themes.values()))
    lexicon, likeness = ready.lexicon, likeness_of(ready, vector, language)
    told = partial(explain, lexicon, slug, language=language, rivals=rivals, likeness=likeness)
    here = told(title=call.title, text=call.text)
    lessons = taught(session, [theme], encoder=encoder())
    (score,) = lessons.moved([theme], call, [here.score], language=language, lexicon=lexicon, vector=vector)
    here = replace(here, score=score)
    example, spoken = _core_word(theme.words, language)
    line = float(LINES[theme.threshold])
    return Why(
        theme=theme,
        explanation=here,
        total=fsum(here.score.parts.values()),
        line=log(line / (1 - line)),
        rivals=tuple(themes[one] for one in here.rivals),
        example=example,
        example_language=spoken,
        helps=_helps(told, call, example, theme) if example else "",
    )


def _engine(session: Session, call: Call, themes: Sequence[Words]) -> tuple[Engine, Vector | None]:
    """The engine that matched the call, and its vector, by what matching kept; None where it kept none."""
    by = encoder()
    if by is not None:
        known = KnownVectors(session, by.name)
        with suppress(LookupError):  # not matched yet as it is now
            (vector,) = known.encode([passage(call.title, call.text)])
            return engine(themes, known), vector
    return engine(themes), None


def _helps(told: Callable[..., Explanation], call: Call, word: str, theme: Theme) -> str:
    """Where one core word more would do: what lacks, tried by the model itself."""
    tried = {
        "text": {"title": call.title, "text": f"{call.text}\n{word}"},
        "title": {"title": f"{call.title}\n{word}", "text": call.text},
    }
    line = LINES[theme.threshold]
    return next((place for place, texts in tried.items() if told(**texts).score.score >= line), "")


def _core_word(lists: Mapping[str, Any], language: str) -> tuple[str, str]:
    """A core word that is sought in a text of this language, and its language."""
    spoken, core = supported(language), lists.get("core", {})
    for one in dict.fromkeys((spoken, "en", *LANGUAGES)):
        if terms := core.get(one):
            return min(terms, key=lambda term: ("*" in term, len(term.split()))).replace("*", ""), one
    return "", spoken
