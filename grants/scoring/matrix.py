# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The same score for many municipalities at once: concepts sparse times themes dense, in blocks of calls.

A call is read once, by one lexicon of all distinct words (a concept each); a theme is a column of weights
over those concepts. Unlike in grants/scoring/score.py numbers are float32, and a form that two words
of a theme find counts for each of them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from grants.scoring.model import Coefficients

Array = NDArray[np.float32]

BLOCK: Final = 125  # calls; with 342 municipalities of 12 themes some 2 MB a layer


@dataclass(frozen=True, slots=True)
class Hits:
    """What calls say, by concept: a row of `concept` and of each strength for every concept that a call has.

    Args:
        starts: where each call's rows begin, and at last where they end.
        concept: which concept.
        strength: by BM25F at weight 1.
        title: 1 where it stands in the title.
        lead: 1 where it stands in the first lines.
        length: of each call, log(1 + characters / usual).
    """

    starts: NDArray[np.int64]
    concept: NDArray[np.int32]
    strength: Array
    title: Array
    lead: Array
    length: Array


@dataclass(frozen=True, slots=True)
class Offices:
    """Many municipalities' themes.

    Args:
        weights: a row a concept, a column a theme, municipality after municipality.
        each: how many themes a municipality has.
    """

    weights: Array
    each: int


def scores(
    hits: Hits,
    offices: Offices,
    model: Coefficients,
    *,
    likeness: Callable[[slice], Array] | None = None,
    block: int = BLOCK,
) -> Iterator[tuple[slice, Array]]:
    """The log-odds of every call for every theme, a block of calls at a time: which calls, and a row a call.

    `likeness` gives that of a block, a row a call and a column a theme: all at once would be half a gigabyte.
    With it the model must be the one that has meaning too.
    """
    spoken = (offices.weights > 0).astype(np.float32)
    for first in range(0, len(hits.starts) - 1, block):
        calls = slice(first, min(first + block, len(hits.starts) - 1))
        odds = _by_words(_summed(hits, offices.weights, spoken, calls), offices.each, model.of)
        odds += (np.float32(model.intercept) + np.float32(model.of["length"]) * hits.length[calls])[:, None]
        if likeness is not None:
            odds += _by_meaning(likeness(calls), offices.each, model.of)
        yield calls, odds


def _by_words(sums: Array, each: int, of: Mapping[str, float]) -> Array:
    strength, title, lead, forms = sums
    odds: Array = strength / (_shared(strength, each) + 1)
    odds *= np.float32(of["share"])
    for name, one in (("strength", strength), ("title", title), ("lead", lead), ("forms", forms)):
        logarithm = np.log(one + 1)  # numpy's log1p is five times slower
        logarithm *= np.float32(of[name])
        odds += logarithm
    return odds


def _by_meaning(likeness: Array, each: int, of: Mapping[str, float]) -> Array:
    odds = _ahead(likeness, each)
    odds *= np.float32(of["ahead"])
    odds += likeness * np.float32(of["likeness"])
    return odds


def _summed(hits: Hits, weights: Array, spoken: Array, calls: slice) -> Array:
    """Sparse times dense: by strength, title, lead and forms, what each call's concepts weigh for a theme."""
    sums = np.empty((4, calls.stop - calls.start, weights.shape[1]), np.float32)
    values = np.stack([hits.strength, hits.title, hits.lead])
    for at, call in enumerate(range(calls.start, calls.stop)):
        rows = slice(hits.starts[call], hits.starts[call + 1])
        concepts = hits.concept[rows]
        sums[:3, at] = values[:, rows] @ weights[concepts]
        sums[3, at] = spoken[concepts].sum(axis=0)
    return sums


def _shared(strength: Array, each: int) -> Array:
    """By theme, what all themes of its municipality find together."""
    whole = strength.reshape(len(strength), -1, each).sum(axis=2)
    return np.repeat(whole, each, axis=1)


def _ahead(likeness: Array, each: int) -> Array:
    """By theme, how far it is ahead of the best other theme of its municipality, or behind it."""
    grouped = likeness.reshape(len(likeness), -1, each)
    two = np.partition(grouped, each - 2, axis=2)[:, :, -2:]
    best, second = two[:, :, 1:], two[:, :, :1]
    return np.where(grouped == best, grouped - second, grouped - best).reshape(likeness.shape)
