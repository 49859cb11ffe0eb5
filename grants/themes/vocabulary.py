# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The words of a theme as colleagues type or paste them: one a line, cleaned, and told what is wrong."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from grants.rendering import UNFIT
from grants.scoring.text import LANGUAGES, fold
from grants.scoring.words import VocabularyError, read_phrase

KINDS: Final = ("core", "terms", "weak", "not")
MOST_TERMS: Final = 250  # of one list in one language; the factory's longest has 126
LONGEST_TERM: Final = 80  # characters; longer words are never looked for
TOLD: Final = 20  # flaws: who pasted the wrong thing needs no longer list

_UNSEEN: Final = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_AROUND: Final = re.compile(r"^[^\w*]+|[^\w*]+$")  # bullets, quotes, commas at the end

Lists = dict[str, dict[str, list[str]]]
"""By kind and language, as models/theme.py keeps them."""


class Flaw(StrEnum):
    """Why a list of words cannot be kept."""

    TOO_MANY = "too_many"
    TOO_LONG = "too_long"
    SEVERAL = "several"  # words with a comma between
    NO_LETTER = "no_letter"
    STAR = "star"  # a * inside a word
    TWO_LISTS = "two_lists"
    NO_WORDS = "no_words"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and where.

    Args:
        flaw: what.
        kind: which list; empty for the theme as a whole.
        language: in which language.
        term: the word as typed.
        other: the other list it stands in.
        count: how many words there are, when there are too many.
    """

    flaw: Flaw
    kind: str = ""
    language: str = ""
    term: str = ""
    other: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: the lists, what is wrong with them, how many words stood twice in one list."""

    words: Lists
    faults: tuple[Fault, ...]
    doubles: int


def every_list(words: Mapping[str, Any]) -> Lists:
    """A copy of a theme's lists, each there in every language."""
    return {kind: {code: list(words.get(kind, {}).get(code, ())) for code in LANGUAGES} for kind in KINDS}


def read_words(typed: Mapping[tuple[str, str], str]) -> Typed:
    """Read the lists, each the text of a field by kind and language."""
    words: Lists = {kind: {} for kind in KINDS}
    faults: list[Fault] = []
    doubles = 0
    for kind in KINDS:
        for language in LANGUAGES:
            lines = [term for line in typed.get((kind, language), "").split("\n") if (term := _clean(line))]
            terms: dict[str, str] = {}
            for line in lines:
                terms.setdefault(_same(line), line)
            doubles += len(lines) - len(terms)
            words[kind][language] = list(terms.values())
            faults += _flaws(kind, language, words[kind][language])
    faults += _crossed(words)
    if not any(words[kind][language] for kind in KINDS[:3] for language in LANGUAGES):
        faults.append(Fault(Flaw.NO_WORDS))
    return Typed(words, tuple(faults[:TOLD]), doubles)


def _clean(line: str) -> str:
    plain = UNFIT.sub("", _UNSEEN.sub("", unicodedata.normalize("NFC", line)))
    return _AROUND.sub("", " ".join(plain.split()))


def _same(term: str) -> str:
    return " ".join(fold(word) for word in term.split())


def _flaws(kind: str, language: str, terms: list[str]) -> list[Fault]:
    if len(terms) > MOST_TERMS:
        return [Fault(Flaw.TOO_MANY, kind, language, count=len(terms))]
    flaws = ((term, _flaw(term, language)) for term in terms)
    return [Fault(flaw, kind, language, term[:LONGEST_TERM]) for term, flaw in flaws if flaw]


def _flaw(term: str, language: str) -> Flaw | None:
    if len(term) > LONGEST_TERM:
        return Flaw.TOO_LONG
    if re.search("[,;|\t]", term):
        return Flaw.SEVERAL
    try:
        read_phrase(term, language)
    except VocabularyError:
        return Flaw.STAR if re.search(r"\w", term) else Flaw.NO_LETTER
    return None


def _crossed(words: Lists) -> list[Fault]:
    """Words that stand in two lists of one language: only one of them can be meant."""
    found = []
    for language in LANGUAGES:
        first: dict[str, str] = {}
        for kind in KINDS:
            for term in words[kind][language]:
                other = first.setdefault(_same(term), kind)
                if other != kind:
                    found.append(Fault(Flaw.TWO_LISTS, kind, language, term[:LONGEST_TERM], other))
    return found
