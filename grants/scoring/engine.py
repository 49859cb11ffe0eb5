# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The one way in which a text is read for the themes of an office, whether a call or a line of a file.

So both get the same probabilities and the same reasons.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from math import log
from typing import Final

from grants.scoring.evidence import EVERYDAY
from grants.scoring.language import language_of
from grants.scoring.lexicon import Lexicon, compile_lexicon
from grants.scoring.model import COEFFICIENTS, Band, Likeness
from grants.scoring.score import ThemeScore, match_every
from grants.scoring.semantic import CONSTANTS, Encoder, Meanings, Vector, likenesses, meanings
from grants.scoring.sentences import Sentence, nearest_sentences
from grants.scoring.words import Words

_READING: Final = 1  # raise it when the code finds or weighs otherwise: every call is matched again
_TELLING: Final = log(2)  # log-odds: a meaning that makes a match twice as likely is one of its reasons


@dataclass(frozen=True, slots=True)
class Engine:
    """The themes of one office made ready; `about` is what they mean, for who has an encoder."""

    lexicon: Lexicon
    about: Meanings | None = None


def engine(themes: Sequence[Words], encoder: Encoder | None = None) -> Engine:
    """Make themes ready to read texts for."""
    return Engine(compile_lexicon(themes), meanings(themes, encoder) if encoder and themes else None)


@cache
def edition(encoder: str) -> str:
    """What marks the coefficients and the encoder of this name ("" for none): another mark, another score."""
    files = [COEFFICIENTS, EVERYDAY, *([CONSTANTS] if encoder else [])]
    told = sha256(f"{_READING} {encoder}".encode())
    for file in files:
        told.update(file.read_bytes())
    return told.hexdigest()[:16]


def read(
    engine: Engine, *, title: str, text: str, declared: str, vector: Vector | None = None
) -> tuple[str, list[ThemeScore]]:
    """The language of a text, and the score of every theme in the order of the lexicon.

    `vector` is that of its passage (semantic.py); with it what the text is about counts too.
    """
    language = language_of(title, text, declared)
    alike = likeness_of(engine, vector, language)
    return language, match_every(engine.lexicon, title=title, text=text, language=language, likeness=alike)


def likeness_of(engine: Engine, vector: Vector | None, language: str) -> dict[str, Likeness] | None:
    """By theme, how much a text with this vector is like it; None where either has no meaning."""
    return likenesses(engine.about, vector, language) if engine.about and vector is not None else None


def resembling(scores: Sequence[ThemeScore]) -> list[str]:
    """The themes of which a text is a match because, among other things, it resembles their description."""
    return [one.slug for one in scores if one.band != Band.NONE and one.parts.get("meaning", 0.0) >= _TELLING]


def resemblances(
    engine: Engine, slugs: Collection[str], *, title: str, text: str, encoder: Encoder
) -> dict[str, Sentence]:
    """By theme of these, the sentence that is most like what it says of itself."""
    if engine.about is None or not slugs:
        return {}
    return nearest_sentences(engine.about, slugs, title=title, text=text, encoder=encoder)
