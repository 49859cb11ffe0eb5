# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A text as learning sees it: its weightiest words, the terms of the theme found in it, and its meaning."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import fsum, log1p, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from grants.scoring.evidence import everyday_words
from grants.scoring.text import fold, stem, supported, tokens

Vector = NDArray[np.float32]

TERM: Final = "="  # begins the name of a trait that is a term of the theme; the others are stems

_TERMS: Final = 1.3  # how much the terms of the theme say, beside all other words of the text
_MEANING: Final = 1.0  # and its meaning
_TITLE: Final = 2.0
_READ: Final = 3000  # characters of a text
_WORDS: Final = 60  # of a text, the weightiest
_SHORTEST: Final = 3  # letters of a word


@dataclass(frozen=True, slots=True)
class Traits:
    """What a text has.

    Args:
        weights: by trait: a term of the theme, or a stem.
        meaning: its vector beside the usual one of its language; None without the semantic extra.
        spoken: by stem, the word as it stands in the text.
    """

    weights: Mapping[str, float]
    meaning: Vector | None = None
    spoken: Mapping[str, str] = field(default_factory=dict, compare=False)


def words_of(title: str, text: str, language: str) -> Traits:
    """The words of a text, as long together as those of any other; everyday words say little."""
    spoken = supported(language)
    counts: dict[str, float] = {}
    shown: dict[str, str] = {}
    for source, weight in ((title, _TITLE), (text[:_READ], 1.0)):
        for token in tokens(source):
            folded = fold(token[0])
            if len(folded) >= _SHORTEST and not folded.isdigit():
                form = stem(folded, spoken)
                counts[form] = counts.get(form, 0.0) + weight
                shown.setdefault(form, folded)
    common = everyday_words()[spoken]
    weighed = {form: common.get(form, 1.0) ** 2 * log1p(count) for form, count in counts.items()}
    best = sorted(weighed, key=lambda form: (-weighed[form], form))[:_WORDS]
    weights = _of_length(1.0, {form: weighed[form] for form in best})
    return Traits(weights, None, {form: shown[form] for form in best})


def traits(words: Traits, terms: Iterable[str], meaning: Vector | None = None) -> Traits:
    """The same text as one theme's learning sees it: with the terms of the theme that it has."""
    found = _of_length(_TERMS, {TERM + term: 1.0 for term in sorted(set(terms))})
    scaled = None if meaning is None else meaning * np.float32(_MEANING)
    return Traits({**words.weights, **found}, scaled, words.spoken)


def _of_length(length: float, weights: Mapping[str, float]) -> dict[str, float]:
    norm = sqrt(fsum(weight * weight for weight in weights.values()))
    return {name: length * weight / norm for name, weight in weights.items()}
