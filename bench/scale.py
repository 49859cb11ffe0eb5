# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""5,000 calls for 342 municipalities of twelve themes each, on one core: python -m bench scale."""

import resource
import sys
import time

import numpy as np

from grants.scoring.matrix import Hits, Offices, scores
from grants.scoring.model import coefficients

CALLS, MUNICIPALITIES, THEMES = 5_000, 342, 12
CONCEPTS, WORDS, FOUND = 3_000, 70, 25  # there are, a theme has, a call has
BEST = 20  # kept of each theme
SECONDS, MEGABYTES = 3.0, 500


def _calls(dice: np.random.Generator) -> Hits:
    rows = CALLS * FOUND
    concepts = np.concatenate([dice.choice(CONCEPTS, FOUND, replace=False) for _ in range(CALLS)])
    often, title, lead = (dice.random(rows, np.float32) for _ in range(3))
    return Hits(
        np.arange(0, rows + 1, FOUND),
        concepts.astype(np.int32),
        often,
        (title > 0.9).astype(np.float32),  # noqa: PLR2004
        (lead > 0.7).astype(np.float32),  # noqa: PLR2004
        dice.random(CALLS, np.float32),
    )


def _municipalities(dice: np.random.Generator) -> Offices:
    weights = np.zeros((CONCEPTS, MUNICIPALITIES * THEMES), np.float32)
    for theme in range(weights.shape[1]):
        weights[dice.choice(CONCEPTS, WORDS, replace=False), theme] = dice.choice([3.0, 1.0, 0.3], WORDS)
    return Offices(weights, THEMES)


def main() -> int:
    """Print how long it takes and how much it holds; 1 when either is too much."""
    dice = np.random.default_rng(6)
    hits, offices = _calls(dice), _municipalities(dice)
    vectors = dice.standard_normal((CALLS, 512), np.float32)
    themes = dice.standard_normal((512, MUNICIPALITIES * THEMES), np.float32) / np.float32(22)
    started, core = time.perf_counter(), time.process_time()
    best = np.full((MUNICIPALITIES * THEMES, BEST), -np.inf, np.float32)
    for calls, odds in scores(hits, offices, coefficients()[1], likeness=lambda rows: vectors[rows] @ themes):
        both = np.concatenate([best, odds.T], axis=1)
        best = np.partition(both, both.shape[1] - BEST, axis=1)[:, -BEST:]
        done = calls.stop
    seconds, core = time.perf_counter() - started, time.process_time() - core
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    pairs = done * MUNICIPALITIES * THEMES
    print(f"{pairs:,} pairs in {seconds:.2f} s ({core:.2f} s of a core), {held:.0f} MB in all")
    return int(core > SECONDS or held > MEGABYTES)


if __name__ == "__main__":
    sys.exit(main())
