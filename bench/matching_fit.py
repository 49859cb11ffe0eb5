# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Fit the coefficients of the engine, and say how well they do on texts they were not fitted on."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log

import numpy as np
from scipy.optimize import minimize

from bench.matching_corpora import TITLES_ONLY, Corpus, Seen, meaning_layers
from grants.scoring.evidence import EVERYDAY
from grants.scoring.language import language_of
from grants.scoring.model import COEFFICIENTS, FEATURES, MEANING, WORDS
from grants.scoring.semantic import CONSTANTS, MOST_LEARNED
from grants.scoring.text import LANGUAGES, fold, stem, tokens

RARE = 50  # a word in a fiftieth of the calls or fewer keeps its whole weight
FLOOR = 0.25
STIFFNESS = 30.0  # of what is learned of a shipped theme: the higher, the less it follows single corpora
SCALE = 4.0  # of vectors while learning


def fit_everyday_words(corpora: Mapping[str, Corpus]) -> None:
    """Write how much is left of the weight of common stems."""
    counts = {language: Counter() for language in LANGUAGES}
    texts = Counter()
    for name, corpus in corpora.items():
        for one in corpus.texts if name != TITLES_ONLY else ():
            language = language_of(one.title, one.text, one.language)
            texts[language] += 1
            counts[language].update(
                {stem(fold(word[0]), language) for word in tokens(f"{one.title} {one.text}")}
            )
    common = {
        language: {
            word: round(max(FLOOR, log(texts[language] / count) / log(RARE)), 3)
            for word, count in sorted(counts[language].items())
            if count * RARE > texts[language]
        }
        for language in LANGUAGES
    }
    EVERYDAY.write_text(json.dumps(common, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def usual(seen: Seen, rows: np.ndarray) -> dict[str, dict[str, np.ndarray | float]]:
    """By language the middle of the texts, and how far likeness to a theme spreads around it."""
    told = {}
    for language in LANGUAGES:
        mine = seen.vectors[rows & (seen.language == language)].astype(np.float64)
        spread = float((mine @ seen.about.T).std(axis=0).mean())
        told[language] = {"mean": mine.mean(axis=0), "spread": spread}
    return told


def logistic(
    layers: np.ndarray, relevant: np.ndarray, weight: np.ndarray, rising: Sequence[bool]
) -> np.ndarray:
    """Coefficients and, last, the intercept; where `rising`, none below zero."""
    scale = layers.std(axis=0) + 1e-9
    design = np.column_stack([layers / scale, np.ones(len(layers))])

    def loss(given: np.ndarray) -> tuple[float, np.ndarray]:
        odds = design @ given
        wrong = np.logaddexp(0, odds) - relevant * odds
        slope = design.T @ (weight * (1 / (1 + np.exp(-odds)) - relevant))
        slope[:-1] += 2e-3 * given[:-1]
        return float((weight * wrong).sum() + 1e-3 * (given[:-1] ** 2).sum()), slope

    bounds = [(0, None) if up else (None, None) for up in (*rising, False)]
    found = minimize(loss, np.zeros(design.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds).x
    found[:-1] /= scale
    return found


def learn(away: np.ndarray, relevant: np.ndarray, odds: np.ndarray) -> np.ndarray:
    """What labelled texts add to the log-odds of one theme: a direction and, last, a constant."""
    design = away.astype(np.float32) * SCALE

    def loss(given: np.ndarray) -> tuple[float, np.ndarray]:
        at = odds + design @ given[:-1].astype(np.float32) + given[-1]
        error = (1 / (1 + np.exp(-at)) - relevant).astype(np.float32)
        value = np.logaddexp(0, at) - relevant * at
        slope = np.append(design.T @ error + STIFFNESS * given[:-1], error.sum() + given[-1])
        return float(
            value.sum() + STIFFNESS / 2 * (given[:-1] ** 2).sum() + given[-1] ** 2 / 2
        ), slope.astype(float)

    found = minimize(
        loss, np.zeros(design.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 40}
    ).x
    found[:-1] *= SCALE
    return found


class Fitted:
    """A model fitted on some of the texts, and what it makes of all."""

    def __init__(self, seen: Seen, rows: np.ndarray, *, meaning: bool, learning: bool) -> None:
        rows = rows & (seen.corpus != TITLES_ONLY)
        names = [*FEATURES, *(MEANING if meaning else ())]
        layers, away = seen.features, None
        self.usual = usual(seen, rows) if meaning else None
        if self.usual:
            told, away = meaning_layers(seen, self.usual)
            layers = np.concatenate([layers, told], axis=-1)
        sizes = Counter(seen.corpus[rows].tolist())
        weight = np.array([1 / sizes[name] if sizes[name] else 0.0 for name in seen.corpus.tolist()])
        chosen = seen.decided & rows[:, None]
        found = logistic(
            layers[chosen],
            seen.themes[chosen],
            np.broadcast_to(weight[:, None], chosen.shape)[chosen],
            [name in WORDS or name in MEANING for name in names],
        )
        self.of = dict(zip(names, found.tolist(), strict=False))
        self.intercept = float(found[-1])
        odds = layers @ found[:-1] + found[-1]
        self.learned = np.zeros((seen.themes.shape[1], 0))
        if learning:
            self.learned = np.stack(
                [
                    learn(away[chosen[:, at]], seen.themes[chosen[:, at], at], odds[chosen[:, at], at])
                    for at in range(seen.themes.shape[1])
                ]
            )
            odds = odds + np.clip(
                away @ self.learned[:, :-1].T + self.learned[:, -1], -MOST_LEARNED, MOST_LEARNED
            )
        self.probability = 1 / (1 + np.exp(-odds))


def unseen(seen: Seen, folds: Iterable[np.ndarray], *, meaning: bool, learning: bool) -> np.ndarray:
    """The probability of each text by a model that was fitted without its fold."""
    given = np.zeros(seen.themes.shape)
    for fold_of in folds:
        given[fold_of] = Fitted(seen, ~fold_of, meaning=meaning, learning=learning).probability[fold_of]
    return given


def halves(seen: Seen) -> list[np.ndarray]:
    """Two halves of each corpus."""
    return [seen.half == 0, seen.half == 1]


def each_corpus(seen: Seen) -> list[np.ndarray]:
    """Each corpus by itself: fitted on the others, so on other kinds of text."""
    return [seen.corpus == name for name in dict.fromkeys(seen.corpus.tolist())]


def write(
    words: Fitted, both: Fitted | None, slugs: Sequence[str], floors: Mapping[str, float], told: object
) -> None:
    """Keep what was fitted as data."""
    before = json.loads(COEFFICIENTS.read_text(encoding="utf-8")) if COEFFICIENTS.exists() else {}
    kept = {"words": _rounded(words), "words_and_meaning": before.get("words_and_meaning")}
    if both:
        kept["words_and_meaning"] = _rounded(both)
        constants = {
            "usual": {
                language: {"mean": np.round(one["mean"], 5).tolist(), "spread": round(one["spread"], 5)}
                for language, one in both.usual.items()
            },
            "learned": dict(zip(slugs, np.round(both.learned, 3).tolist(), strict=True)),
        }
        CONSTANTS.write_text(json.dumps(constants) + "\n", encoding="utf-8")
    kept["floors"] = {band: f"{floor:.3f}" for band, floor in floors.items()}
    kept["measured"] = told
    COEFFICIENTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def _rounded(fitted: Fitted) -> dict[str, object]:
    return {
        "intercept": round(fitted.intercept, 4),
        "of": {name: round(value, 4) for name, value in fitted.of.items()},
    }
