# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The labelled texts that matching is measured with, and what the engine sees in them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import fsum
from pathlib import Path

import numpy as np

from grants.scoring.evidence import evidence
from grants.scoring.language import language_of
from grants.scoring.lexicon import compile_lexicon
from grants.scoring.model import FEATURES, features
from grants.scoring.semantic import SIZE, Encoder, ahead, meanings, passage
from grants.scoring.texts import Text
from grants.scoring.words import Words

ROOT = Path(__file__).resolve().parent.parent
CORPORA = ROOT.parent / "shared" / "corpora"
KEPT = ROOT / "data" / "bench" / "vectors.npz"  # a text is encoded once ever
TITLES_ONLY = "horizon_topics_2021_2024"  # shown, but no part of the mean nor of the fit


@dataclass(frozen=True, slots=True)
class Corpus:
    """One file; `themes` and `decided` have a row a text and a column a theme."""

    texts: tuple[Text, ...]
    themes: np.ndarray
    decided: np.ndarray


@dataclass(frozen=True, slots=True)
class Seen:
    """All corpora together as the model sees them: a row a text, a column a theme, a layer a feature."""

    corpus: np.ndarray
    language: np.ndarray
    half: np.ndarray
    features: np.ndarray
    vectors: np.ndarray | None
    about: np.ndarray | None
    themes: np.ndarray
    decided: np.ndarray


def read_corpora(folder: Path, slugs: Sequence[str]) -> dict[str, Corpus]:
    """The files of a folder by name."""
    return {path.stem: _read(path, slugs) for path in sorted(folder.glob("*.jsonl"))}


def _read(path: Path, slugs: Sequence[str]) -> Corpus:
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return Corpus(
        tuple(Text(row["id"], row["title"], row["text"], row["lang"]) for row in rows),
        np.array([[slug in row["labels"] for slug in slugs] for row in rows]),
        np.array([[slug not in row["ignore"] for slug in slugs] for row in rows]),
    )


class KeptVectors:
    """An encoder that remembers, in a file of its own."""

    def __init__(self, encoder: Encoder, file: Path = KEPT) -> None:
        self.encoder, self.file, self.name = encoder, file, encoder.name
        self.known: dict[str, np.ndarray] = {}
        if file.exists():
            with np.load(file) as kept:
                self.known = dict(zip(kept["keys"].tolist(), kept["vectors"], strict=True))

    def encode(self, texts: list[str]) -> np.ndarray:
        """A row a text."""
        keys = [sha256(text.encode()).hexdigest()[:32] for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self.known}
        if new:
            self.known.update(zip(new, self.encoder.encode(list(new.values())), strict=True))
        return np.stack([self.known[key] for key in keys]).astype(np.float32)

    def keep(self) -> None:
        """Write down what was encoded."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        np.savez(
            self.file,
            keys=np.array(list(self.known)),
            vectors=np.array(list(self.known.values()), np.float16),
        )


def look(corpora: Mapping[str, Corpus], themes: Sequence[Words], encoder: Encoder | None) -> Seen:
    """What the model sees in every text, without coefficients."""
    lexicon = compile_lexicon(themes)
    texts = [text for corpus in corpora.values() for text in corpus.texts]
    spoken = [language_of(one.title, one.text, one.language) for one in texts]
    layers = np.zeros((len(texts), len(themes), len(FEATURES)))
    for row, (one, language) in enumerate(zip(texts, spoken, strict=True)):
        found = evidence(lexicon, title=one.title, text=one.text, language=language)
        total = fsum(theme.strength for theme in found.values())
        for column, slug in enumerate(lexicon.slugs):
            mine = found.get(slug)
            others = max(0.0, total - mine.strength) if mine else total
            layers[row, column] = list(features(mine, others=others, length=len(one.text)).values())
    return Seen(
        np.repeat(list(corpora), [len(corpus.texts) for corpus in corpora.values()]),
        np.array(spoken),
        np.array([int(sha256(str(one.id).encode()).hexdigest(), 16) % 2 for one in texts]),
        layers,
        encoder.encode([passage(one.title, one.text) for one in texts]) if encoder else None,
        meanings(themes, encoder).vectors if encoder else None,
        np.concatenate([corpus.themes for corpus in corpora.values()]),
        np.concatenate([corpus.decided for corpus in corpora.values()]),
    )


def meaning_layers(
    seen: Seen, usual: Mapping[str, Mapping[str, np.ndarray]]
) -> tuple[np.ndarray, np.ndarray]:
    """Likeness and being ahead, a layer each; and how far each text is from the usual one of its language."""
    away = np.zeros((len(seen.language), SIZE))
    alike = np.zeros(seen.themes.shape)
    for language, one in usual.items():
        rows = seen.language == language
        away[rows] = seen.vectors[rows] - np.array(one["mean"])
        alike[rows] = away[rows] @ seen.about.T / one["spread"]
    slugs = [str(column) for column in range(alike.shape[1])]
    return np.stack([alike, np.array([ahead(row, slugs) for row in alike])], axis=-1), away
