# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Why a call fits a theme, or why not: the model's own sum, part by part."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from grants.scoring.evidence import Reason, evidence
from grants.scoring.lexicon import Lexicon
from grants.scoring.model import Likeness, floors, log_odds
from grants.scoring.score import ThemeScore, scored


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words found, how often they stand in the call, and what they add to the log-odds."""

    reason: Reason
    times: int
    log_odds: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """One call and one theme.

    Args:
        score: the theme's score; its `parts` add up to the log-odds: `usual` for any text so long, `words`,
            and with the semantic extra `meaning` and `learned`.
        phrases: all that was found, the weightiest first; what they add is together the part `words`.
        rivals: other themes that the call has more words for, the strongest first: they take their share.
        missing: the log-odds that lack before the call is shown at all, 0 when it is.
    """

    score: ThemeScore
    phrases: tuple[Phrase, ...]
    rivals: tuple[str, ...]
    missing: float


def explain(  # noqa: PLR0913 - a call is three things, each by name
    lexicon: Lexicon,
    slug: str,
    *,
    title: str,
    text: str,
    language: str,
    likeness: Mapping[str, Likeness] | None = None,
    rivals: Collection[str] | None = None,
) -> Explanation:
    """Why this call fits this theme, or why not: the same sum that `match` makes, whatever its outcome.

    Give it what `match` got. It answers for any call and any theme of the lexicon. Where nothing was found
    there are no phrases, and `missing` says how far the call is from being shown.

    Raises:
        KeyError: when the lexicon has no such theme.
    """
    if slug not in lexicon.slugs:
        raise KeyError(slug)
    found = evidence(lexicon, title=title, text=text, language=language)
    (score,) = scored([slug], found, length=len(text), likeness=likeness, rivals=rivals)
    mine = found.pop(slug, None)
    strength = mine.strength if mine else 0.0
    others = {other: one.strength for other, one in found.items() if rivals is None or other in rivals}
    return Explanation(
        score,
        tuple(
            Phrase(one.shown, one.in_title + one.in_text, score.parts["words"] * one.strength / strength)
            for one in sorted(mine.forms.values(), key=lambda one: (-one.strength, one.shown.start))
        )
        if mine
        else (),
        tuple(sorted((other for other in others if others[other] > strength), key=lambda one: -others[one])),
        max(0.0, log_odds(floors()[-1][0]) - sum(score.parts.values())),
    )
