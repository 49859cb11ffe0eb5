# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A theme's vocabulary as written down by staff, and the patterns read from it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType

from grants.errors import PijplijnError
from grants.scoring.text import LANGUAGES, fold, tokens

PhrasesByLanguage = Mapping[str, tuple[str, ...]]


class VocabularyError(PijplijnError):
    """A term cannot be searched for as it is written."""


class Weight(Enum):
    """How much one find of a term says about the theme; the values are the b1 system of the measurements."""

    CORE = 3.0
    TERM = 1.0
    WEAK = 0.3


@dataclass(frozen=True, slots=True)
class Words:
    """The vocabulary of one theme, each list by language: nl, de or en.

    A term is a word or a phrase; a word may end in "*" (any ending) or begin with "*" (may end a compound).
    A find of an `excluded` term hides the words it covers from this theme. `about` is what the theme says of
    itself, name and description by language: its meaning, for who has the semantic extra.
    """

    slug: str
    core: PhrasesByLanguage = field(default_factory=dict)
    terms: PhrasesByLanguage = field(default_factory=dict)
    weak: PhrasesByLanguage = field(default_factory=dict)
    excluded: PhrasesByLanguage = field(default_factory=dict)
    about: PhrasesByLanguage = field(default_factory=dict)

    def weighted(self, language: str) -> Iterator[tuple[Weight, str]]:
        """Every term in one language with its weight, the heaviest first."""
        for weight, phrases in (
            (Weight.CORE, self.core),
            (Weight.TERM, self.terms),
            (Weight.WEAK, self.weak),
        ):
            for phrase in phrases.get(language, ()):
                yield weight, phrase


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


@dataclass(frozen=True, slots=True)
class Pattern:
    """One word to look for, in the language whose stems it follows."""

    text: str
    language: str
    open_start: bool = False
    open_end: bool = False


def read_phrase(phrase: str, language: str) -> tuple[Pattern, ...]:
    """The patterns of a term, one a word; raises VocabularyError when it cannot be searched for."""
    found = tokens(phrase)
    if not found:
        raise VocabularyError(f"the term {phrase!r} has no letter or digit in it")
    if phrase.count("*") != sum(_star_at(phrase, t.end()) + _star_at(phrase, t.start() - 1) for t in found):
        raise VocabularyError(f"the term {phrase!r} has a * that is not at the start or the end of a word")
    return tuple(
        Pattern(
            text=fold(token[0]),
            language=language,
            open_start=_star_at(phrase, token.start() - 1),
            open_end=_star_at(phrase, token.end()),
        )
        for token in found
    )


def _star_at(phrase: str, place: int) -> bool:
    return phrase[place : place + 1] == "*" if place >= 0 else False
