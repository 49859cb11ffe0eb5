# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""How well a call fits each theme, in a band staff can read, with the words that made it so."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import exp, fsum, log1p
from typing import Final, Literal

from grants.scoring.lexicon import Hit, Lexicon, hits

Field = Literal["title", "text"]

# BM25F. The idf is 1 for every term until there is a pool of calls to count in.
_TITLE_WEIGHT: Final = 3.0
_MOST_IN_TEXT: Final = 2.0  # however short the text, its words weigh less than the title's
_SATURATION: Final = 1.2  # k1
_LENGTH_SHARE: Final = 0.9  # b
_USUAL_LENGTH: Final = 800.0  # characters of the body of a call

# P(relevant) = logistic(INTERCEPT + SLOPE * log(1 + evidence)), fitted by `python -m bench.matching --fit`.
_INTERCEPT: Final = -4.7
_SLOPE: Final = 4.0
_THOUSANDTH: Final = Decimal("0.001")

_REASONS_SHOWN: Final = 12


class Band(StrEnum):
    """What staff see in the place of a percentage."""

    STRONG = "strong"
    LIKELY = "likely"
    POSSIBLE = "possible"
    NONE = "none"


# The lowest score of each band. On the corpora 91 % of STRONG is right, LIKELY has the best F1 (.78)
# and POSSIBLE finds 84 %.
_FLOORS: Final = (
    (Decimal("0.650"), Band.STRONG),
    (Decimal("0.350"), Band.LIKELY),
    (Decimal("0.120"), Band.POSSIBLE),
)


@dataclass(frozen=True, slots=True)
class Reason:
    """A literal piece of the title or the text, and the term of the theme that it answers to."""

    field: Field
    start: int
    end: int
    phrase: str
    term: str


@dataclass(frozen=True, slots=True)
class ThemeScore:
    """How well a call fits one theme, from 0 to 1, and why."""

    slug: str
    score: Decimal
    band: Band
    reasons: tuple[Reason, ...]


@dataclass(slots=True)
class _Evidence:
    """One form of words found: where it stood first, how much it says, how often each field has it."""

    shown: Reason
    weight: float = 0.0
    in_title: int = 0
    in_text: int = 0
    last: tuple[Field, int] | None = None

    def strength(self, length_ratio: float) -> float:
        each = min(_MOST_IN_TEXT, 1 / (1 - _LENGTH_SHARE + _LENGTH_SHARE * length_ratio))
        often = _TITLE_WEIGHT * self.in_title + each * self.in_text
        return self.weight * often / (_SATURATION + often)


def match(lexicon: Lexicon, *, title: str, text: str, language: str) -> list[ThemeScore]:
    """Every theme that a call has words for, the best first.

    `language` is the call's, or its source's when the call does not say; one we have no vocabulary for is
    read as English. Reasons come title first, then the weightiest; their spans count in `title` or `text`
    as given.
    """
    ranked = _ranked(lexicon, title, text, language)
    scores = [_theme_score(slug, strengths) for slug, strengths in ranked.items()]
    return sorted(scores, key=lambda scored: (-scored.score, scored.slug))


def evidence(lexicon: Lexicon, *, title: str, text: str, language: str) -> dict[str, float]:
    """The evidence for each theme before squashing, from 0 without end: what the bench fits on."""
    ranked = _ranked(lexicon, title, text, language)
    return {slug: fsum(strength for strength, _ in strengths) for slug, strengths in ranked.items()}


def band_of(score: Decimal) -> Band:
    """The band that a score falls in."""
    return next((band for floor, band in _FLOORS if score >= floor), Band.NONE)


def _ranked(lexicon: Lexicon, title: str, text: str, language: str) -> dict[str, list[tuple[float, Reason]]]:
    """By theme, what was found and how strong it is: title first, then the strongest."""
    found: dict[str, dict[str, _Evidence]] = defaultdict(dict)
    _gather(found, hits(lexicon, title, language), field="title", source=title)
    _gather(found, hits(lexicon, text, language), field="text", source=text)
    ratio = len(text) / _USUAL_LENGTH
    return {
        slug: sorted(
            ((evidence.strength(ratio), evidence.shown) for evidence in forms.values()),
            key=lambda pair: (pair[1].field != "title", -pair[0], pair[1].start, pair[1].term),
        )
        for slug, forms in found.items()
    }


def _gather(
    found: dict[str, dict[str, _Evidence]], places: Sequence[Hit], *, field: Field, source: str
) -> None:
    for hit in places:
        forms = found[hit.theme]
        evidence = forms.get(hit.form)
        if evidence is None:
            reason = Reason(field, hit.start, hit.end, source[hit.start : hit.end], hit.term)
            evidence = forms[hit.form] = _Evidence(reason)
        evidence.weight = max(evidence.weight, hit.weight)
        if evidence.last == (field, hit.start):
            continue  # two terms of the theme, spelled alike, found the same words
        evidence.last = (field, hit.start)
        if field == "title":
            evidence.in_title += 1
        else:
            evidence.in_text += 1


def _theme_score(slug: str, ranked: Sequence[tuple[float, Reason]]) -> ThemeScore:
    # fsum is exact: the same words give the same score in whatever order they were found.
    score = _squash(fsum(strength for strength, _ in ranked))
    return ThemeScore(slug, score, band_of(score), tuple(reason for _, reason in ranked[:_REASONS_SHOWN]))


def _squash(evidence: float) -> Decimal:
    probability = 1 / (1 + exp(-_INTERCEPT - _SLOPE * log1p(evidence)))
    return max(_THOUSANDTH, Decimal(probability).quantize(_THOUSANDTH))
