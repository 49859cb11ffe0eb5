# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""All themes' vocabularies compiled together, and the hits they have in a text.

Every distinct word is read once and remembered, so the cost of a text is a look-up per word.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Final

from grants.scoring.patterns import PatternIndex
from grants.scoring.text import LANGUAGES, fold, joined, spelled, starts, stem, supported
from grants.scoring.words import Pattern, Weight, Words, read_phrase

_LONGEST_WORD: Final = 80  # longer is an identifier or an attachment pasted into the text
_REMEMBERED: Final = 100_000  # distinct words a language: some 20 MB
_ENGLISH: Final = "en"

_SHORTEST_INSIDE: Final = 6
_LETTERS_BEFORE: Final = 3
_AT_THE_TAIL: Final = 0.8
_IN_THE_MIDDLE: Final = 0.6


@dataclass(frozen=True, slots=True)
class Claim:
    """What a word or phrase says about one theme; `term` None says that it must not count."""

    theme: str
    term: str | None
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Hit:
    """One place in a text that speaks for a theme; `form` is equal for hits that say the same thing.

    A phrase's form has a space in it, a word's form is its stem.
    """

    theme: str
    term: str
    weight: float
    form: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Phrase:
    patterns: tuple[Pattern, ...]
    claim: Claim


@dataclass(frozen=True, slots=True)
class _Reading:
    """All there is to know about one word, wherever it stands."""

    form: str
    claims: tuple[Claim, ...]
    barred: tuple[str, ...]
    patterns: frozenset[Pattern]
    opens: tuple[_Phrase, ...]


class _Compounds:
    """Core words inside the long words of Dutch and German: "waterbeheer" in "Waddenzeewaterbeheer"."""

    def __init__(self, cores: Iterable[tuple[str, Claim]], language: str) -> None:
        self._language = language
        self._by_head: dict[str, list[tuple[str, Claim]]] = defaultdict(list)
        for text, claim in cores:
            if len(text) >= _SHORTEST_INSIDE:
                self._by_head[text[:_SHORTEST_INSIDE]].append((text, claim))

    def inside(self, word: str) -> Iterator[Claim]:
        for place in range(_LETTERS_BEFORE, len(word) - _SHORTEST_INSIDE + 1):
            for text, claim in self._by_head.get(word[place : place + _SHORTEST_INSIDE], ()):
                if word.startswith(text, place):
                    rest = word[place:]
                    at_the_tail = rest == text or stem(rest, self._language) == stem(text, self._language)
                    share = _AT_THE_TAIL if at_the_tail else _IN_THE_MIDDLE
                    yield Claim(claim.theme, claim.term, claim.weight * share)


class _Dictionary(dict[str, "_Reading | None"]):
    """Everything looked for in the texts of one language: a dict that reads a word when first asked for."""

    def __init__(self, themes: Sequence[Words], language: str) -> None:
        super().__init__()
        phrases = set(_phrases(themes, language))
        self._index = PatternIndex({pattern for phrase in phrases for pattern in phrase.patterns})
        self._alone: dict[Pattern, list[Claim]] = defaultdict(list)
        self._first: dict[Pattern, list[_Phrase]] = defaultdict(list)
        for phrase in phrases:
            if len(phrase.patterns) == 1:
                self._alone[phrase.patterns[0]].append(phrase.claim)
            else:
                self._first[phrase.patterns[0]].append(phrase)
        self._compounds = _Compounds([] if language == _ENGLISH else _core_words(phrases, language), language)
        self._language = language

    def __missing__(self, word: str) -> _Reading | None:
        if len(word) > _LONGEST_WORD:
            return None
        if len(self) >= _REMEMBERED:
            self.clear()
        self[word] = reading = self._read(word)
        return reading

    def _read(self, word: str) -> _Reading | None:
        folded = fold(word)
        patterns = frozenset(self._index.answering(folded))
        claims = [claim for pattern in patterns for claim in self._alone.get(pattern, ())]
        claims.extend(self._compounds.inside(folded))
        if not patterns and not claims:
            return None
        return _Reading(
            form=stem(folded, self._language),
            claims=_best_of_each_theme(claim for claim in claims if claim.term is not None),
            barred=tuple({claim.theme for claim in claims if claim.term is None}),
            patterns=patterns,
            opens=tuple(phrase for pattern in patterns for phrase in self._first.get(pattern, ())),
        )


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What compile_lexicon made; give it to `hits`."""

    slugs: tuple[str, ...]
    dictionaries: Mapping[str, _Dictionary] = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A text as words; where they start is told up to the last that is known."""

    text: str
    words: Sequence[str]
    starts: Sequence[int]
    readings: Sequence[_Reading | None]


@dataclass(frozen=True, slots=True)
class _Place:
    """A claim and the words, first to last, that it stands on."""

    claim: Claim
    form: str
    first: int
    last: int


def compile_lexicon(themes: Iterable[Words]) -> Lexicon:
    """Make vocabularies searchable; the order of themes and terms makes no difference.

    Raises VocabularyError on a term that cannot be searched for.
    """
    listed = tuple(themes)
    slugs = tuple(theme.slug for theme in listed)
    return Lexicon(slugs, {language: _Dictionary(listed, language) for language in LANGUAGES})


def hits(lexicon: Lexicon, text: str, language: str) -> list[Hit]:
    """The places in a text that speak for a theme, in time linear in the text.

    Raises nothing on any text; an unsupported language is read as English.
    """
    words = spelled(text)
    readings = list(map(lexicon.dictionaries[supported(language)].__getitem__, words))
    known = [(at, reading) for at, reading in enumerate(readings) if reading is not None]
    if not known:
        return []
    begin = starts(text, words[: known[-1][0] + 1])
    places = list(_places(_Spoken(text, words, begin, readings), known))
    hidden = {
        (place.claim.theme, at)
        for place in places
        if place.claim.term is None
        for at in range(place.first, place.last + 1)
    }
    return [
        Hit(
            claim.theme,
            claim.term,
            claim.weight,
            place.form,
            begin[place.first],
            begin[place.last] + len(words[place.last]),
        )
        for place in places
        if (claim := place.claim).term is not None
        and not (hidden and any((claim.theme, at) in hidden for at in range(place.first, place.last + 1)))
    ]


def _phrases(themes: Sequence[Words], language: str) -> Iterator[_Phrase]:
    """A language's own terms, and in Dutch and German texts the English core terms and exclusions."""
    for theme in themes:
        for weight, term in theme.weighted(language):
            yield _Phrase(read_phrase(term, language), Claim(theme.slug, term, weight.value))
        if language != _ENGLISH:
            for term in theme.core.get(_ENGLISH, ()):
                yield _Phrase(read_phrase(term, _ENGLISH), Claim(theme.slug, term, Weight.CORE.value))
        for spoken in {language, _ENGLISH}:
            for term in theme.excluded.get(spoken, ()):
                yield _Phrase(read_phrase(term, spoken), Claim(theme.slug, None))


def _core_words(phrases: Iterable[_Phrase], language: str) -> Iterator[tuple[str, Claim]]:
    for phrase in phrases:
        first, *others = phrase.patterns
        if not others and first.language == language and phrase.claim.weight == Weight.CORE.value:
            yield first.text, phrase.claim


def _best_of_each_theme(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """The heaviest claim of each theme, the longest term among equals: no word counts twice for a theme."""
    ranked = sorted(claims, key=lambda claim: (claim.weight, len(claim.term or ""), claim.term or ""))
    best = {claim.theme: claim for claim in ranked}
    return tuple(sorted(best.values(), key=attrgetter("theme")))


def _places(read: _Spoken, known: Sequence[tuple[int, _Reading]]) -> Iterator[_Place]:
    for at, reading in known:
        for claim in reading.claims:
            yield _Place(claim, reading.form, at, at)
        for theme in reading.barred:
            yield _Place(Claim(theme, None), reading.form, at, at)
        for phrase in reading.opens:
            last = at + len(phrase.patterns) - 1
            if _follows(phrase.patterns, at, read):
                form = " ".join(pattern.text for pattern in phrase.patterns)
                yield _Place(phrase.claim, form, at, last)


def _follows(patterns: Sequence[Pattern], first: int, read: _Spoken) -> bool:
    """Whether the phrase whose first word stands at `first` goes on to its end."""
    for at, pattern in enumerate(patterns[1:], first + 1):
        reading = read.readings[at] if at < len(read.readings) else None
        if reading is None or pattern not in reading.patterns:
            return False
        if not joined(read.text, read.starts[at - 1] + len(read.words[at - 1]), read.starts[at]):
            return False
    return True
