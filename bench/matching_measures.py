# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""How good a ranking and a probability are: what is asked of matching, each in a few lines."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

FEWEST_POSITIVES = 5
DEPTH = 20


@dataclass(frozen=True, slots=True)
class Quality:
    """One system on one corpus: macro means over the themes with enough positives."""

    precision: float  # average precision
    ndcg: float
    f1: float
    effort: float


def quality(scores: np.ndarray, relevant: np.ndarray, decided: np.ndarray, floor: float) -> Quality:
    """Measure one corpus: a row a text, a column a theme; what is undecided counts neither way."""
    found = []
    for theme in range(relevant.shape[1]):
        rows = decided[:, theme]
        truth, given = relevant[rows, theme], scores[rows, theme]
        if truth.sum() >= FEWEST_POSITIVES:
            found.append(
                (
                    average_precision(given, truth),
                    ndcg(given, truth),
                    f1(given >= floor, truth),
                    effort(given, truth),
                )
            )
    return Quality(*np.mean(found, axis=0))


def average_precision(scores: np.ndarray, relevant: np.ndarray) -> float:
    """The mean precision at the relevant texts, where equal scores are read together."""
    total = sum((found - before) * found / read for before, found, _, read in _ties(scores, relevant))
    return total / relevant.sum()


def ndcg(scores: np.ndarray, relevant: np.ndarray, depth: int = DEPTH) -> float:
    """The gain expected of the first texts, equal scores shuffled, as a share of the best possible."""
    worth = 1 / np.log2(np.arange(depth) + 2)
    gain = sum(
        (found - before) / (read - start) * worth[start:read].sum()
        for before, found, start, read in _ties(scores, relevant)
        if start < depth
    )
    return gain / worth[: min(depth, relevant.sum())].sum()


def f1(chosen: np.ndarray, relevant: np.ndarray) -> float:
    """Precision and recall in one."""
    return 2 * (chosen & relevant).sum() / (chosen.sum() + relevant.sum())


def effort(scores: np.ndarray, relevant: np.ndarray, recall: float = 0.95) -> float:
    """The share of the texts that must be read, best first and ties whole, to find 95 % of the right."""
    needed = np.ceil(recall * relevant.sum() - 1e-9)
    return next(read for _, found, _, read in _ties(scores, relevant) if found >= needed) / len(scores)


def calibration_error(scores: np.ndarray, relevant: np.ndarray, bins: int = 10) -> float:
    """How far the probabilities are from how often they come true, on average (ECE)."""
    at = np.minimum((scores * bins).astype(int), bins - 1)
    return sum(
        abs(scores[at == one].mean() - relevant[at == one].mean()) * (at == one).mean()
        for one in np.unique(at)
    )


def _ties(scores: np.ndarray, relevant: np.ndarray) -> list[tuple[int, int, int, int]]:
    """Groups of equal scores, best first: relevant before and after it, texts before and after it."""
    order = np.argsort(-scores, kind="stable")
    sorted_scores = scores[order]
    found = np.concatenate([[0], np.cumsum(relevant[order])])
    edges = np.flatnonzero(np.concatenate([[True], sorted_scores[1:] != sorted_scores[:-1], [True]]))
    return [(int(found[a]), int(found[b]), int(a), int(b)) for a, b in pairwise(edges)]
