# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A logistic regression from given log-odds on, with a ridge: a number a text, whatever words it has."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

_STEPS: Final = 30
_ENOUGH: Final = 1e-2  # of the loss of all texts together
_FLAT: Final = 1e-6
_SMALLEST: Final = 1e-4  # part of a step


def fit(alike: Numbers, given: Numbers, said: Numbers, stiffness: float) -> tuple[Numbers, Numbers]:
    """Newton's method, halving a step that overshoots.

    Args:
        alike: how alike each two texts are: their inner products.
        given: log-odds to start from.
        said: 1 or 0.
        stiffness: of the ridge.

    Returns:
        How hard each text pulls, so that `alike @ pulls` is what is added to the log-odds; and what would be
        added to each if it had not been there (Rad and Maleki 2020: leave one out, without fitting anew).
    """
    pulls = added = np.zeros(len(said))
    cost = _cost(pulls, added, given, said, stiffness)
    for _ in range(_STEPS):
        slope, target = _bent(added, given, said)
        wanted = np.linalg.solve(alike + np.diag(stiffness / slope), target) - pulls
        size, before = 1.0, cost
        while True:
            tried = pulls + size * wanted
            new = alike @ tried
            cost = _cost(tried, new, given, said, stiffness)
            if cost <= before or size < _SMALLEST:
                break
            size /= 2
        pulls, added = tried, new
        if before - cost < _ENOUGH:
            break
    slope, target = _bent(added, given, said)
    inverse = np.linalg.inv(alike + np.diag(stiffness / slope))
    return pulls, target - (inverse @ target) / np.diag(inverse)


def loss(odds: Numbers, said: Numbers) -> Numbers:
    """The log-loss of each."""
    found: Numbers = np.logaddexp(0, odds) - said * odds
    return found


def _cost(pulls: Numbers, added: Numbers, given: Numbers, said: Numbers, stiffness: float) -> float:
    return float(loss(given + added, said).sum() + stiffness / 2 * pulls @ added)


def _bent(added: Numbers, given: Numbers, said: Numbers) -> tuple[Numbers, Numbers]:
    likely = 1 / (1 + np.exp(-(given + added)))
    slope = np.maximum(likely * (1 - likely), _FLAT)
    return slope, added + (said - likely) / slope
