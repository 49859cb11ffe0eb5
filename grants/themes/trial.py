# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What other words would find: a theme tried on the latest calls by the engine that matches them.

The words as kept, the words as typed and each typed word by itself are read as so many themes of one lexicon,
so that every text is read once.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from grants.rendering import Passage, passages
from grants.scoring.language import language_of
from grants.scoring.lexicon import compile_lexicon
from grants.scoring.model import Band
from grants.scoring.score import ThemeScore, match
from grants.scoring.text import supported
from grants.scoring.words import Words, as_words
from grants.themes.vocabulary import KINDS, Lists
from models.call import Call
from models.theme import Theme

LATEST: Final = 500  # calls a trial reads
TOO_MUCH: Final = 0.2  # a word in more than this share of the calls of its language says little about a theme
ENOUGH: Final = 20  # calls of a language, before a share of them means anything
PASSAGES: Final = 2  # pieces of a text shown with a call
_BEFORE: Final = "before"
_AFTER: Final = "after"
_BESIDE: Final = "beside:"
_ENGLISH: Final = "en"


@dataclass(frozen=True, slots=True)
class Tried:
    """A call that would be gained or lost, with the words that say why or said why."""

    id: int
    title: str
    language: str
    band: Band
    title_spans: list[tuple[int, int]]
    passages: list[Passage]


@dataclass(frozen=True, slots=True)
class Term:
    """A word that finds nothing or too much: in how many of the calls where it is sought it stands."""

    kind: str
    language: str
    term: str
    found: int
    calls: int

    @property
    def percent(self) -> int:
        """The share of the calls."""
        return round(100 * self.found / self.calls)


@dataclass(slots=True)
class Trial:
    """What the typed words give.

    Args:
        calls: how many calls were read.
        kept: how many match as before.
        gained: those that would match and do not.
        lost: those that match and would not.
        silent: words that find nothing.
        loud: words that find too much.
        unread: languages without a call among them: nothing can be said of their words.
    """

    calls: int
    kept: int = 0
    gained: list[Tried] = field(default_factory=list)
    lost: list[Tried] = field(default_factory=list)
    silent: list[Term] = field(default_factory=list)
    loud: list[Term] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)


def try_words(session: Session, before: Lists | None, after: Lists, *, beside: Sequence[Theme] = ()) -> Trial:
    """Match the latest calls to the words as kept (None for a new theme) and as typed.

    `beside` are the office's other themes: a call is divided among them as it will be once kept.
    """
    calls = session.execute(
        select(Call.id, Call.title, Call.text, Call.language)
        .where(Call.folded_into_id.is_(None))
        .order_by(Call.first_seen_at.desc(), Call.id.desc())
        .limit(LATEST)
    ).all()
    terms = {str(number): term for number, term in enumerate(_terms(after))}
    probes = [_probe(slug, *term) for slug, term in terms.items()]
    others = [as_words(f"{_BESIDE}{one.id}", one.words) for one in beside]
    rivals = [one.slug for one in others]
    lexicon = compile_lexicon([as_words(_BEFORE, before or {}), as_words(_AFTER, after), *others, *probes])
    trial, found = Trial(len(calls)), Counter[str]()
    for call in calls:
        language = language_of(call.title, call.text, call.language)
        read = match(lexicon, title=call.title, text=call.text, language=language, rivals=rivals)
        scores = {score.slug: score for score in read}
        found.update(scores.keys() & terms.keys())
        _compare(trial, call, _matching(scores.get(_BEFORE)), _matching(scores.get(_AFTER)))
    languages = Counter(supported(call.language) for call in calls)
    for slug, (kind, language, term) in terms.items():
        sought = len(calls) if _in_every_language(kind, language) else languages[language]
        _weigh(trial, Term(kind, language, term, found[slug], sought))
    return trial


def _weigh(trial: Trial, one: Term) -> None:
    """Tell of a word that finds nothing or too much; one that must not count may find much."""
    if not one.calls:
        trial.unread |= {one.language}
    elif not one.found:
        trial.silent.append(one)
    elif one.kind != "not" and one.calls >= ENOUGH and one.found > TOO_MUCH * one.calls:
        trial.loud.append(one)


def _compare(
    trial: Trial, call: Row[int, str, str, str], old: ThemeScore | None, new: ThemeScore | None
) -> None:
    if old and new:
        trial.kept += 1
    elif new:
        trial.gained.append(_tried(call, new))
    elif old:
        trial.lost.append(_tried(call, old))


def _terms(words: Lists) -> Iterator[tuple[str, str, str]]:
    for kind in KINDS:
        for language, terms in words.get(kind, {}).items():
            yield from ((kind, language, term) for term in terms)


def _probe(slug: str, kind: str, language: str, term: str) -> Words:
    """One word by itself, sought wherever its list is; what is excluded is sought to count it."""
    alone = {language: (term,)}
    as_core = kind == "core" or _in_every_language(kind, language)
    return Words(slug, core=alone) if as_core else Words(slug, terms=alone)


def _in_every_language(kind: str, language: str) -> bool:
    """English core words and exclusions are sought in Dutch and German texts too."""
    return language == _ENGLISH and kind in {"core", "not"}


def _matching(score: ThemeScore | None) -> ThemeScore | None:
    return score if score is not None and score.band != Band.NONE else None


def _tried(call: Row[int, str, str, str], score: ThemeScore) -> Tried:
    spans = [(one.field, (one.start, one.end)) for one in score.reasons]
    title = [span for place, span in spans if place == "title"]
    text = passages(call.text, (span for place, span in spans if place == "text"), most=PASSAGES)
    return Tried(call.id, call.title, call.language, score.band, title, text)
