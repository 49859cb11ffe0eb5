# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What an office's verdicts teach of a theme: a few weights that move the model's log-odds, within bounds.

Relevance feedback as a logistic regression on top of the model, which stays as it is: the weights say only
what the model gets wrong. There is no weight for "any call", so that every move has words a colleague can be
shown; and each weight is a sum over the judged texts, so that it can be said which of them moved a call.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from math import fsum, tanh
from typing import Final

import numpy as np
from numpy.typing import NDArray

from grants.scoring.ridge import fit, loss
from grants.scoring.traits import Traits, Vector

FEWEST: Final = 10  # judgements, of which at least one of each kind
MOST: Final = 2.0  # log-odds, up or down

_STIFFNESS: Final = 0.1  # the higher, the less single judgements say
_COMMONEST: Final = 1500  # traits that are learned of
_STRONGEST: Final = 200  # weights that are kept
_NOTHING: Final = 5e-5


@dataclass(frozen=True, slots=True)
class Judged:
    """One judgement: a text, the log-odds the model gives it by itself, and whether it is of the theme."""

    id: int
    traits: Traits
    log_odds: float
    relevant: bool


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was learned.

    Args:
        weights: by trait, the strongest first.
        meaning: a weight for each part of a vector; None when no text had one.
        pulls: by judgement, how hard it pulls at texts like it: above 0 up, below 0 down.
        before: the log-loss of the model by itself, a judgement.
        after: the same with the lesson, each judgement by what the others teach.
    """

    weights: Mapping[str, float]
    meaning: Vector | None
    pulls: Mapping[int, float]
    before: float = 0.0
    after: float = 0.0


def learn(judged: Iterable[Judged]) -> Lesson | None:
    """What these judgements teach, in whatever order; None when that is nothing.

    It is nothing when there are fewer than ten of them, when all say the same, and when what they teach does
    not help with judgements it was not taught by (leave one out).
    """
    told = sorted(judged, key=lambda one: one.id)
    said = np.array([one.relevant for one in told], float)
    if len(told) < FEWEST or said.min() == said.max():
        return None
    names, words = _design(told)
    meaning = _meanings(told)
    alike = words @ words.T if meaning is None else words @ words.T + meaning @ meaning.T
    given = np.array([one.log_odds for one in told])
    pulls, unseen = fit(alike, given, said, _STIFFNESS)
    before = float(loss(given, said).mean())
    after = float(loss(given + MOST * np.tanh(unseen / MOST), said).mean())
    if after >= before:
        return None
    ids = [one.id for one in told]
    return Lesson(
        _strongest(names, words.T @ pulls),
        None if meaning is None else np.round(meaning.T @ pulls, 4).astype(np.float32),
        dict(zip(ids, np.round(pulls, 4).tolist(), strict=True)),
        before,
        after,
    )


def moved(lesson: Lesson, seen: Traits, *, given: float, line: float, core_in_title: bool) -> float:
    """By how much a text is moved from the log-odds that the model gives it.

    Never beyond the bounds; and one with a core term in its title that is not below the line stays there.
    """
    shift = MOST * tanh(_sum(lesson.weights, lesson.meaning, seen) / MOST)
    return max(shift, line - given) if core_in_title and given >= line else shift


def because(lesson: Lesson, seen: Traits, judged: Mapping[int, Traits]) -> dict[int, float]:
    """By judgement, its part in the sum that moves this text: together all of it, before the bounds."""
    return {
        number: lesson.pulls[number] * _sum(_kept(lesson, one), one.meaning, seen)
        for number, one in judged.items()
        if number in lesson.pulls
    }


def _kept(lesson: Lesson, one: Traits) -> dict[str, float]:
    return {name: weight for name, weight in one.weights.items() if name in lesson.weights}


def _sum(weights: Mapping[str, float], meaning: Vector | None, seen: Traits) -> float:
    words = fsum(weights[name] * weight for name, weight in seen.weights.items() if name in weights)
    return words if meaning is None or seen.meaning is None else words + float(meaning @ seen.meaning)


def _design(told: list[Judged]) -> tuple[list[str], NDArray[np.float64]]:
    """The traits that are learned of, and how much each judged text has of them, a row a text."""
    often = Counter(chain.from_iterable(one.traits.weights for one in told))
    names = [name for _, name in sorted((-count, name) for name, count in often.items())[:_COMMONEST]]
    places = {name: place for place, name in enumerate(names)}
    found = [
        (row, places[name], weight)
        for row, one in enumerate(told)
        for name, weight in one.traits.weights.items()
        if name in places
    ]
    words = np.zeros((len(told), len(names)))
    rows, columns, weights = zip(*found, strict=True) if found else ((), (), ())
    words[list(rows), list(columns)] = weights
    return names, words


def _meanings(told: list[Judged]) -> NDArray[np.float64] | None:
    known = [one.traits.meaning for one in told if one.traits.meaning is not None]
    if not known:
        return None
    none = np.zeros_like(known[0])
    return np.array([none if one.traits.meaning is None else one.traits.meaning for one in told], float)


def _strongest(names: list[str], weights: NDArray[np.float64]) -> dict[str, float]:
    told = {name: round(weight, 4) for name, weight in zip(names, weights.tolist(), strict=True)}
    order = sorted(told, key=lambda name: (-abs(told[name]), name))
    return {name: told[name] for name in order[:_STRONGEST] if abs(told[name]) > _NOTHING}
