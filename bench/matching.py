# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""How well matching finds what people labelled, beside keyword alerts and a learner on words.

Run as `python -m bench matching [folder]`; `--fit` first fits the coefficients anew and measures them on
texts they were not fitted on: the other half of each corpus, and a corpus of another kind. Only that
changes them.
"""

import json
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from bench import matching_learning
from bench.matching_corpora import CORPORA, TITLES_ONLY, Corpus, KeptVectors, Seen, look, read_corpora
from bench.matching_fit import Fitted, each_corpus, fit_everyday_words, halves, unseen, write
from bench.matching_learner import learner
from bench.matching_measures import calibration_error, quality
from grants.scoring.evidence import everyday_words
from grants.scoring.model import COEFFICIENTS, Band, coefficients, floors
from grants.scoring.semantic import Encoder, constants, encoder
from grants.scoring.texts import Text, matched
from grants.scoring.words import Words
from ops.matching_commands import shipped_themes

ALERT_WORDS = 6
LANGUAGES = ("nl", "de", "en")
FLOORS = {Band.STRONG: 0.65, Band.LIKELY: 0.28, Band.POSSIBLE: 0.12}
"""LIKELY is the one threshold of F1: about the best of every fold, which is flat between .2 and .35."""

Scores = np.ndarray
"""A row a text, a column a theme."""


def keyword_alert(themes: Sequence[Words], languages: Sequence[str]) -> Callable[[Sequence[Text]], Scores]:
    """What an alert service does: six words a theme and language, found anywhere, counted."""
    chosen = [
        [term.strip("*").lower() for spoken in languages for term in theme.core.get(spoken, ())[:ALERT_WORDS]]
        for theme in themes
    ]

    def scores(texts: Sequence[Text]) -> Scores:
        low = [f"{one.title} {one.text}".lower() for one in texts]
        return np.array([[sum(word in text for word in words) for words in chosen] for text in low], float)

    return scores


def engine(themes: Sequence[Words], encoder: Encoder | None) -> Callable[[Sequence[Text]], Scores]:
    """The engine as `manage.py match --texts` runs it."""

    def scores(texts: Sequence[Text]) -> Scores:
        rows = matched(texts, themes, encoder)
        return np.array([[theme["probability"] for theme in row["themes"]] for row in rows])

    return scores


def measured(
    given: Mapping[str, Scores], corpora: Mapping[str, Corpus], floor: float
) -> dict[str, list[float]]:
    """AP, nDCG@20, F1 and effort by corpus and their mean without the titles, which has the ECE too."""
    told = {}
    for name, corpus in corpora.items():
        one = quality(given[name], corpus.themes, corpus.decided, floor)
        told[name] = [one.precision, one.ndcg, one.f1, one.effort]
    counted = [name for name in corpora if name != TITLES_ONLY]
    told["mean"] = np.mean([told[name] for name in counted], axis=0).tolist()
    pairs = [
        (given[name][corpora[name].decided], corpora[name].themes[corpora[name].decided]) for name in counted
    ]
    scores, relevant = (np.concatenate(part) for part in zip(*pairs, strict=True))
    told["mean"].append(calibration_error(np.minimum(scores, 1), relevant))
    return {name: [round(float(number), 4) for number in row] for name, row in told.items()}


def split(scores: Scores, corpora: Mapping[str, Corpus]) -> dict[str, Scores]:
    """The rows of each corpus."""
    ends = np.cumsum([len(corpus.texts) for corpus in corpora.values()])[:-1]
    return dict(zip(corpora, np.split(scores, ends), strict=True))


def table(title: str, names: Iterable[str]) -> Table:
    """Empty, a column a corpus."""
    return Table("system", *names, "mean", "ECE", "texts/s", title=title)


def add(shown: Table, system: str, told: Mapping[str, list[float]], speed: str = "") -> None:
    """One row: AP / nDCG@20 / F1 / effort."""
    cells = [
        " ".join(f"{number:.3f}"[1:] if number < 1 else "1" for number in row[:4]) for row in told.values()
    ]
    shown.add_row(system, *cells, f"{told['mean'][4]:.4f}", speed)


def fit(corpora: Mapping[str, Corpus], themes: Sequence[Words], encoder: Encoder | None) -> None:
    """Fit, write and say how the fits do on what they did not see."""
    slugs = [theme.slug for theme in themes]
    fit_everyday_words(corpora)
    everyday_words.cache_clear()
    seen = look(corpora, themes, encoder)
    shown = table("Fitted without the texts it is measured on: AP nDCG@20 F1 effort", corpora)
    kinds = {"words": (False, False)}
    if encoder:
        kinds |= {"words and meaning": (True, False), "… and learned": (True, True)}
    ways = {"other half": halves(seen), "other corpora": each_corpus(seen)}
    given = {
        (kind, way): unseen(seen, folds, meaning=meaning, learning=learning)
        for kind, (meaning, learning) in kinds.items()
        for way, folds in ways.items()
    }
    told = {}
    for (kind, way), scores in given.items():
        told[f"{kind}, {way}"] = measured(split(scores, corpora), corpora, FLOORS[Band.LIKELY])
        add(shown, f"{kind}, {way}", told[f"{kind}, {way}"])
    Console(width=190).print(shown)
    _keep(seen, slugs, told)


def _keep(seen: Seen, slugs: Sequence[str], told: object) -> None:
    everything = np.ones(len(seen.corpus), bool)
    words = Fitted(seen, everything, meaning=False, learning=False)
    both = Fitted(seen, everything, meaning=True, learning=True) if seen.vectors is not None else None
    for read in (coefficients, floors, constants):
        read.cache_clear()
    write(words, both, slugs, FLOORS, told)


def report(corpora: Mapping[str, Corpus], themes: Sequence[Words], vectors: Encoder | None) -> None:
    """The systems side by side, as shipped."""
    floor = float(next(floor for floor, band in floors() if band == Band.LIKELY))
    shown = table("As shipped (the engine was fitted on these texts): AP nDCG@20 F1 effort", corpora)
    systems = {
        "alert, 6 words nl": (keyword_alert(themes, ("nl",)), 1),
        "alert, 6 words nl+de+en": (keyword_alert(themes, LANGUAGES), 1),
        "engine, words": (engine(themes, None), floor),
    }
    if vectors:
        systems["engine, words and meaning"] = (engine(themes, vectors), floor)
    for name, (system, threshold) in systems.items():
        started = time.process_time()
        given = {one: system(corpus.texts) for one, corpus in corpora.items()}
        speed = sum(len(corpus.texts) for corpus in corpora.values()) / (time.process_time() - started)
        told = measured(given, corpora, threshold)
        add(shown, name, told, "(kept vectors)" if name.endswith("meaning") else f"{speed:,.0f}")
    add(shown, "learner: TF-IDF, other half", measured(learner(corpora), corpora, 0.5))
    Console(width=190).print(shown)


def learned(
    corpora: Mapping[str, Corpus], themes: Sequence[Words], vectors: KeptVectors | None, folder: Path
) -> int:
    """What verdicts teach, with and without the semantic extra; 1 when it is less than is asked."""
    print(f"500 verdicts are learned of in {matching_learning.speed(corpora, themes):.0f} ms.")
    ways = [None, vectors] if vectors else [None]
    enough = [matching_learning.report(corpora, themes, way, folder) for way in ways]
    if vectors:
        vectors.keep()
    return 0 if all(enough) else 1


def main() -> int:
    """Print the tables; 0 also when there is nothing to measure with."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument(
        "corpora", nargs="?", type=Path, default=CORPORA, help="folder of labelled texts, JSONL"
    )
    parser.add_argument("--fit", action="store_true", help="fit the coefficients anew and write them down")
    parser.add_argument("--learning", action="store_true", help="only what verdicts teach")
    asked = parser.parse_args()
    themes = shipped_themes()
    corpora = read_corpora(asked.corpora, [theme.slug for theme in themes])
    if not corpora:
        print(f"There are no labelled texts in {asked.corpora}, so there is nothing to measure with.")
        return 0
    real = encoder()
    vectors = KeptVectors(real) if real else None
    if asked.learning:
        return learned(corpora, themes, vectors, asked.corpora)
    if asked.fit:
        fit(corpora, themes, vectors)
    report(corpora, themes, vectors)
    told = json.loads(COEFFICIENTS.read_text(encoding="utf-8"))["measured"]
    for name, rows in told.items():
        print(f"Fitted without them — {name}: mean AP {rows['mean'][0]:.3f}, F1 {rows['mean'][2]:.3f}")
    if vectors:
        vectors.keep()
    return 0
