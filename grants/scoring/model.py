# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""From evidence to a probability: one small logistic for all themes and languages, new themes included.

Its coefficients are data (model.json), fitted by `python -m bench matching --fit` and by nothing else. What
rises with a theme's own words has no coefficient below zero: a word more never makes a call less likely.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from math import exp, log, log1p
from pathlib import Path
from typing import Final

from grants.scoring.evidence import USUAL_LENGTH, Evidence

COEFFICIENTS: Final = Path(__file__).with_name("model.json")
_THOUSANDTH: Final = Decimal("0.001")
_FARTHEST: Final = 30.0  # log-odds; beyond it a probability is 0 or 1 anyway

WORDS: Final = ("strength", "title", "lead", "forms", "share")
MEANING: Final = ("likeness", "ahead")
FEATURES: Final = (*WORDS, "length")
_NOTHING: Final = dict.fromkeys(WORDS, 0.0)


class Band(StrEnum):
    """What staff see in the place of a percentage."""

    STRONG = "strong"
    LIKELY = "likely"
    POSSIBLE = "possible"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much a text is like a theme's description.

    Args:
        likeness: standard deviations above the usual text of its language.
        ahead: how much of them it is ahead of the office's other themes, or behind the best.
        learned: log-odds that labelled texts of a shipped theme add; 0 for any other.
    """

    likeness: float
    ahead: float
    learned: float = 0.0


@dataclass(frozen=True, slots=True)
class Coefficients:
    """One fitted model."""

    intercept: float
    of: Mapping[str, float]


@cache
def coefficients() -> tuple[Coefficients, Coefficients]:
    """The model that has words only, and the one that has meaning too."""
    fitted = json.loads(COEFFICIENTS.read_text(encoding="utf-8"))
    words, meaning = (
        Coefficients(fitted[name]["intercept"], fitted[name]["of"]) for name in ("words", "words_and_meaning")
    )
    return words, meaning


@cache
def floors() -> tuple[tuple[Decimal, Band], ...]:
    """The lowest score of each band, the highest first."""
    fitted = json.loads(COEFFICIENTS.read_text(encoding="utf-8"))["floors"]
    return tuple((Decimal(fitted[band]), band) for band in (Band.STRONG, Band.LIKELY, Band.POSSIBLE))


def features(one: Evidence | None, *, others: float, length: int) -> dict[str, float]:
    """What the model sees of a theme in a text; `others` is the strength of the other themes together."""
    usual = log1p(length / USUAL_LENGTH)
    if one is None:
        return {**_NOTHING, "length": usual}
    return {
        "strength": log1p(one.strength),
        "title": log1p(one.title),
        "lead": log1p(one.lead),
        "forms": log1p(len(one.forms)),
        "share": one.strength / (one.strength + others + 1),
        "length": usual,
    }


def parts(seen: Mapping[str, float], likeness: Likeness | None) -> dict[str, float]:
    """The log-odds in parts that add up: `usual` for any text so long, `words`, `meaning`, `learned`."""
    model = coefficients()[likeness is not None]
    of = model.of
    told = {
        "usual": model.intercept + of["length"] * seen["length"],
        "words": sum(of[name] * seen[name] for name in WORDS),
    }
    if likeness is not None:
        told["meaning"] = of["likeness"] * likeness.likeness + of["ahead"] * likeness.ahead
        told["learned"] = likeness.learned
    return told


def probability(log_odds: float) -> float:
    """What log-odds come to."""
    return 1 / (1 + exp(-max(-_FARTHEST, min(_FARTHEST, log_odds))))


def log_odds(likely: Decimal) -> float:
    """The log-odds of a probability between 0 and 1."""
    return log(float(likely / (1 - likely)))


def stored(likely: float) -> Decimal:
    """A probability as it is stored: three places, never quite 0."""
    return max(_THOUSANDTH, Decimal(likely).quantize(_THOUSANDTH))


def band_of(score: Decimal) -> Band:
    """The band that a score falls in."""
    return next((band for floor, band in floors() if score >= floor), Band.NONE)
