# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""How well a call fits each theme, in a band staff can read, with the words that made it so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from math import fsum
from typing import Final, Literal

from grants.scoring.evidence import Evidence, Reason, evidence
from grants.scoring.lexicon import Lexicon
from grants.scoring.model import Band, Likeness, band_of, features, parts, probability, stored

_REASONS_SHOWN: Final = 12
_UNKNOWN: Final = Likeness(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Because:
    """A call the office judged that is like this one, and what it adds to this one's log-odds."""

    call: int
    title: str
    language: str
    relevant: bool
    log_odds: float
    field: Literal["judged"] = "judged"


@dataclass(frozen=True, slots=True)
class ThemeScore:
    """How well a call fits one theme, from 0 to 1, and why.

    Args:
        slug: the theme.
        score: the probability that the call belongs to it.
        band: the same for people.
        reasons: the words found, the title's first; empty when only the meaning says so.
        parts: the log-odds in parts that add up; `judged` is what the office's own verdicts add.
        unlearned: the score without that part; None where no verdict teaches.
        judged: the judged calls that are most like this one and moved it.
    """

    slug: str
    score: Decimal
    band: Band
    reasons: tuple[Reason, ...]
    parts: Mapping[str, float] = field(default_factory=dict, compare=False)
    unlearned: Decimal | None = None
    judged: tuple[Because, ...] = ()

    @property
    def probability(self) -> float:
        """The score before it is rounded: what ranks."""
        return probability(fsum(self.parts.values()))


def match(  # noqa: PLR0913 - a call is three things, each by name
    lexicon: Lexicon,
    *,
    title: str,
    text: str,
    language: str,
    likeness: Mapping[str, Likeness] | None = None,
    rivals: Iterable[str] | None = None,
) -> list[ThemeScore]:
    """Every theme that a call has words for or is like, the best first.

    `language` is the call's; one we have no vocabulary for is read as English. Reasons come title first, then
    the weightiest; their spans count in `title` or `text` as given. `likeness` by theme (semantic.py) makes
    meaning count. `rivals` are the themes a call is divided among: all of the lexicon's when nothing is said.
    """
    scores = match_every(lexicon, title=title, text=text, language=language, likeness=likeness, rivals=rivals)
    told = [score for score in scores if score.reasons or score.band != Band.NONE]
    return sorted(told, key=lambda score: (-score.score, score.slug))


def match_every(  # noqa: PLR0913 - as `match`
    lexicon: Lexicon,
    *,
    title: str,
    text: str,
    language: str,
    likeness: Mapping[str, Likeness] | None = None,
    rivals: Iterable[str] | None = None,
) -> list[ThemeScore]:
    """As `match`, with every theme of the lexicon in its own order, also those that nothing speaks for."""
    found = evidence(lexicon, title=title, text=text, language=language)
    return scored(lexicon.slugs, found, length=len(text), likeness=likeness, rivals=rivals)


def scored(
    slugs: Iterable[str],
    found: Mapping[str, Evidence],
    *,
    length: int,
    likeness: Mapping[str, Likeness] | None = None,
    rivals: Iterable[str] | None = None,
) -> list[ThemeScore]:
    """These themes' scores in a text so long, from what was found for all themes; the rest as `match`."""
    strength = {slug: found[slug].strength for slug in (found if rivals is None else rivals) if slug in found}
    total = fsum(strength.values())
    silent = None if likeness is not None else _scored("", features(None, others=total, length=length), None)
    return [
        ThemeScore(slug, silent.score, silent.band, (), silent.parts)
        if silent and slug not in found
        else _scored(
            slug,
            features(found.get(slug), others=max(0.0, total - strength.get(slug, 0.0)), length=length),
            None if likeness is None else likeness.get(slug, _UNKNOWN),
            found.get(slug),
        )
        for slug in slugs
    ]


def with_verdicts(one: ThemeScore, shift: float, judged: Iterable[Because]) -> ThemeScore:
    """The score with what the office's verdicts add to its log-odds."""
    told = {**one.parts, "judged": shift}
    score = stored(probability(fsum(told.values())))
    return replace(
        one, score=score, band=band_of(score), parts=told, unlearned=one.score, judged=tuple(judged)
    )


def _scored(
    slug: str, seen: Mapping[str, float], likeness: Likeness | None, found: Evidence | None = None
) -> ThemeScore:
    told = parts(seen, likeness)
    score = stored(probability(fsum(told.values())))
    reasons = tuple(one.shown for one in found.ranked()[:_REASONS_SHOWN]) if found else ()
    return ThemeScore(slug, score, band_of(score), reasons, told)
