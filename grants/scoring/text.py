# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Words in a text, where they stand, and what remains of them when spelling and endings are set aside."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

import Stemmer

LANGUAGES: Final = ("nl", "de", "en")
_OTHERWISE: Final = "en"  # what funders write when they write none of ours

# Accents written apart, soft hyphens and joiners belong to the word: portals paste from PDF.
_INSIDE = "\u00ad\u0300-\u036f\u200b-\u200d\u2060"
_WORD: Final = re.compile(rf"[^\W_]+(?:[{_INSIDE}]+[^\W_]*)*")
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200d\u2060]")
# What may stand between two words of a phrase: "cross-border", "cross border", "4.0".
_JOIN: Final = re.compile(r"[\s\-\u2010-\u2015/'’&_*]{1,3}|\.")

# Without their own cache, which is not thread-safe; the lexicon remembers.
_STEMMERS: Final = {
    language: Stemmer.Stemmer(name, 0)
    for language, name in (("nl", "dutch"), ("de", "german"), ("en", "english"))
}


def supported(language: str) -> str:
    """The vocabulary to read a text with: "nl-NL" is nl, and one without vocabulary is read as English."""
    primary = language.casefold().replace("_", "-").partition("-")[0]
    return primary if primary in LANGUAGES else _OTHERWISE


def tokens(text: str) -> list[re.Match[str]]:
    """The words of a text in order; spans count in the text as given, before any folding."""
    return list(_WORD.finditer(text))


def spelled(text: str) -> list[str]:
    """The same words without their places: four times as quick."""
    return _WORD.findall(text)


def starts(text: str, words: Iterable[str]) -> list[int]:
    """Where the first words of a text, as `spelled`, stand in it."""
    places, place = [], 0
    for word in words:
        place = text.find(word, place)
        places.append(place)
        place += len(word)
    return places


def joined(text: str, start: int, end: int) -> bool:
    """Whether what stands between two words lets them be one phrase."""
    return _JOIN.fullmatch(text, start, end) is not None


def fold(word: str) -> str:
    """A word as compared: one spelling for one word, whatever its case, accents or hidden hyphens."""
    if word.isascii():
        return word.lower()
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", word)).casefold()


def stem(folded: str, language: str) -> str:
    """What the Snowball stemmer of a language leaves of a folded word."""
    return str(_STEMMERS[language].stemWord(folded))
