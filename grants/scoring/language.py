# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The language that a text is to be read in."""

import re
from functools import cache
from typing import Final

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from grants.scoring.text import LANGUAGES, supported

_LOOKED_AT: Final = 400  # characters of the text after its title: enough to be right 900 times of 900
_TOO_SHORT: Final = 40  # characters; what is declared knows better than so few letters
_SURE: Final = 0.99
# Words that stand in almost any 400 characters of one of our languages and in hardly any of the others.
_EVERYDAY: Final = {
    "nl": re.compile(r"\b(?:het|een|van|voor|wordt|zijn|aan)\b", re.IGNORECASE),
    "de": re.compile(r"\b(?:der|die|das|und|von|für|zur|zum|mit|im)\b", re.IGNORECASE),
    "en": re.compile(r"\b(?:the|and|to|for|with|will)\b", re.IGNORECASE),
}
_TWICE: Final = 2


def language_of(title: str, text: str, declared: str = "") -> str:
    """One of nl, de and en.

    `declared` is what the call or its source says: it is believed when the words agree, when there are too
    few of them, and when the guess is not sure. Without it the likeliest is taken.
    """
    beginning = f"{title} {text[:_LOOKED_AT]}"
    said = supported(declared) if declared else ""
    if said and (len(beginning) < _TOO_SHORT or _agrees(beginning, said)):
        return said
    guess, probability = _identifier().classify(beginning)
    return said if said and probability < _SURE else str(guess)


def _agrees(beginning: str, language: str) -> bool:
    everyday = _EVERYDAY[language].finditer(beginning)
    return sum(1 for _, _ in zip(range(_TWICE), everyday, strict=False)) == _TWICE


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier
