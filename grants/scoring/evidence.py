# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What in a call speaks for each theme: BM25F over the words found, and what the model looks at beside it.

Whatever is counted here for a theme only grows when the theme gets one more word: a word more lowers no call.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import fsum
from pathlib import Path
from typing import Final, Literal

from grants.scoring.lexicon import Hit, Lexicon, hits
from grants.scoring.text import supported

Field = Literal["title", "text"]

_TITLE_WEIGHT: Final = 3.0
_MOST_IN_TEXT: Final = 2.0  # however short the text, its words weigh less than the title's
_SATURATION: Final = 1.2  # k1
_LENGTH_SHARE: Final = 0.9  # b
USUAL_LENGTH: Final = 800.0  # characters of the body of a call
_LEAD: Final = 300  # characters in which a text says what it is about
EVERYDAY: Final = Path(__file__).with_name("everyday_words.json")


@dataclass(frozen=True, slots=True)
class Reason:
    """A literal piece of the title or the text, and the term of the theme that it answers to."""

    field: Field
    start: int
    end: int
    phrase: str
    term: str


@dataclass(slots=True)
class Found:
    """One form of words found: where it stood first, how much it says, how often each field has it."""

    shown: Reason
    weight: float = 0.0
    in_title: int = 0
    in_text: int = 0
    in_lead: bool = False
    last: tuple[Field, int] | None = None
    strength: float = 0.0  # by BM25F


@dataclass(slots=True)
class Evidence:
    """All that was found for one theme, by form, and its sums."""

    forms: dict[str, Found] = field(default_factory=dict)
    strength: float = 0.0
    title: float = 0.0
    lead: float = 0.0

    def ranked(self) -> list[Found]:
        """The title's first, then the strongest."""
        return sorted(
            self.forms.values(),
            key=lambda one: (one.shown.field != "title", -one.strength, one.shown.start, one.shown.term),
        )


def evidence(lexicon: Lexicon, *, title: str, text: str, language: str) -> dict[str, Evidence]:
    """By theme, what in a call speaks for it; themes without words are not there."""
    found: dict[str, Evidence] = {}
    spoken = supported(language)
    _gather(found, hits(lexicon, title, spoken), "title", title)
    _gather(found, hits(lexicon, text, spoken), "text", text)
    each = min(_MOST_IN_TEXT, 1 / (1 - _LENGTH_SHARE + _LENGTH_SHARE * len(text) / USUAL_LENGTH))
    common = everyday_words()[spoken]
    for one in found.values():
        _sum_up(one, each, common)
    return found


@cache
def everyday_words() -> Mapping[str, Mapping[str, float]]:
    """By language, what is left of the weight of stems that many calls have, whatever the municipality."""
    words: Mapping[str, Mapping[str, float]] = json.loads(EVERYDAY.read_text(encoding="utf-8"))
    return words


def _gather(found: dict[str, Evidence], places: Sequence[Hit], where: Field, source: str) -> None:
    for hit in places:
        theme = found.get(hit.theme)
        if theme is None:
            theme = found[hit.theme] = Evidence()
        one = theme.forms.get(hit.form)
        if one is None:
            reason = Reason(where, hit.start, hit.end, source[hit.start : hit.end], hit.term)
            one = theme.forms[hit.form] = Found(reason)
        one.weight = max(one.weight, hit.weight)
        if one.last == (where, hit.start):
            continue  # two terms of the theme, spelled alike, found the same words
        one.last = (where, hit.start)
        if where == "title":
            one.in_title += 1
        else:
            one.in_text += 1
            one.in_lead |= hit.start < _LEAD


def _sum_up(theme: Evidence, each: float, common: Mapping[str, float]) -> None:
    weighed = [(one, one.weight * common.get(form, 1.0)) for form, one in theme.forms.items()]
    for one, weight in weighed:
        often = _TITLE_WEIGHT * one.in_title + each * one.in_text
        one.strength = weight * often / (_SATURATION + often)
    # fsum is exact: the same words give the same sums in whatever order they were found.
    theme.strength = fsum(one.strength for one, _ in weighed)
    theme.title = fsum(weight for one, weight in weighed if one.in_title)
    theme.lead = fsum(weight for one, weight in weighed if one.in_lead)
