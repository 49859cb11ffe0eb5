# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""How well matching finds what people labelled, beside the keyword alert that offices use today.

Run as `python -m bench.matching [folder]`; --fit also prints the coefficients of the squashing and the bands.
"""

import json
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import exp, log1p, log2
from operator import itemgetter
from pathlib import Path
from statistics import fmean

from rich.console import Console
from rich.table import Table
from ruamel.yaml import YAML

from grants.scoring import score
from grants.scoring.lexicon import Lexicon, compile_lexicon
from grants.scoring.words import Words

ROOT = Path(__file__).resolve().parent.parent
CORPORA = ROOT.parent / "shared" / "corpora"
FEWEST_POSITIVES = 5
ALERT_WORDS = 6
LANGUAGES = ("nl", "de", "en")
TITLES_ONLY = "horizon_topics_2021_2024"  # shown, but no part of the mean nor of the fit

Scorer = Callable[["Labelled"], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and the themes that people gave it; `undecided` themes count neither way."""

    title: str
    text: str
    language: str
    themes: frozenset[str]
    undecided: frozenset[str]


@dataclass(frozen=True, slots=True)
class Quality:
    """One system on one corpus."""

    precision: float
    ndcg: float
    per_second: float


def factory_themes(path: Path = ROOT / "config" / "themes.yaml") -> tuple[Words, ...]:
    """The starter vocabulary as shipped."""
    return tuple(
        Words(
            slug=theme["slug"],
            **{
                name: {language: tuple(terms) for language, terms in theme.get(key, {}).items()}
                for name, key in (("core", "core"), ("terms", "terms"), ("weak", "weak"), ("excluded", "not"))
            },
        )
        for theme in YAML(typ="safe").load(path)
    )


def read_corpus(path: Path) -> list[Labelled]:
    """The labelled texts of one file."""
    with path.open(encoding="utf-8") as lines:
        return [
            Labelled(
                row["title"], row["text"], row["lang"], frozenset(row["labels"]), frozenset(row["ignore"])
            )
            for row in map(json.loads, lines)
        ]


def keyword_alert(themes: Iterable[Words], languages: Sequence[str]) -> Scorer:
    """What an alert service does: six words a theme and language, found anywhere, counted."""
    chosen = {
        theme.slug: [
            term.strip("*").lower()
            for language in languages
            for term in theme.core.get(language, ())[:ALERT_WORDS]
        ]
        for theme in themes
    }

    def scores(labelled: Labelled) -> dict[str, float]:
        text = f"{labelled.title} {labelled.text}".lower()
        return {slug: sum(word in text for word in words) for slug, words in chosen.items()}

    return scores


def matcher(lexicon: Lexicon) -> Scorer:
    """The matcher under test."""

    def scores(labelled: Labelled) -> dict[str, float]:
        matched = score.match(lexicon, title=labelled.title, text=labelled.text, language=labelled.language)
        return {theme.slug: float(theme.score) for theme in matched}

    return scores


def average_precision(ranked: Sequence[tuple[float, bool]]) -> float:
    """The mean precision at the relevant texts, where equal scores are read together."""
    found, read, total = 0, 0, 0.0
    for _, tied in groupby(ranked, key=itemgetter(0)):
        group = [relevant for _, relevant in tied]
        read += len(group)
        found += sum(group)
        total += sum(group) * found / read
    return total / found


def ndcg(ranked: Sequence[tuple[float, bool]], depth: int = 20) -> float:
    """The gain expected of the first texts, equal scores shuffled, as a share of the best possible."""
    gain, place = 0.0, 0
    for _, tied in groupby(ranked, key=itemgetter(0)):
        group = [relevant for _, relevant in tied]
        gain += fmean(group) * sum(1 / log2(n + 2) for n in range(place, min(place + len(group), depth)))
        place += len(group)
    best = min(depth, sum(relevant for _, relevant in ranked))
    return gain / sum(1 / log2(n + 2) for n in range(best))


def measure(scorer: Scorer, corpus: Sequence[Labelled], slugs: Iterable[str]) -> Quality:
    """Macro means over the themes with enough positives."""
    started = time.perf_counter()
    scored = [(labelled, scorer(labelled)) for labelled in corpus]
    seconds = time.perf_counter() - started
    rankings = []
    for slug in slugs:
        judged = [
            (scores.get(slug, 0.0), slug in labelled.themes)
            for labelled, scores in scored
            if slug not in labelled.undecided
        ]
        if sum(relevant for _, relevant in judged) >= FEWEST_POSITIVES:
            rankings.append(sorted(judged, key=itemgetter(0), reverse=True))
    return Quality(fmean(map(average_precision, rankings)), fmean(map(ndcg, rankings)), len(corpus) / seconds)


def fit(lexicon: Lexicon, corpora: Mapping[str, Sequence[Labelled]], slugs: Sequence[str]) -> None:
    """Print the squashing that turns evidence into a probability, each corpus weighing the same."""
    points = []
    for name, corpus in corpora.items():
        if name == TITLES_ONLY:
            continue
        for labelled in corpus:
            evidence = score.evidence(
                lexicon, title=labelled.title, text=labelled.text, language=labelled.language
            )
            points.extend(
                (log1p(evidence.get(slug, 0.0)), slug in labelled.themes, 1 / len(corpus))
                for slug in slugs
                if slug not in labelled.undecided
            )
    intercept, slope = logistic(points)
    print(f"intercept {intercept:.3f}  slope {slope:.3f}")
    print("floor  precision  recall    F1")
    relevant = sum(weight for _, positive, weight in points if positive)
    for percent in range(5, 95, 5):
        above = [
            (positive, weight)
            for strength, positive, weight in points
            if strength > 0 and 1 / (1 + exp(-intercept - slope * strength)) >= percent / 100
        ]
        hit = sum(weight for positive, weight in above if positive)
        precision, recall = hit / sum(weight for _, weight in above), hit / relevant
        print(
            f"{percent / 100:.2f}   {precision:9.3f}  {recall:6.3f}"
            f" {2 * precision * recall / (precision + recall):6.3f}"
        )


def logistic(points: Sequence[tuple[float, bool, float]], rounds: int = 12) -> tuple[float, float]:
    """Intercept and slope of a weighted logistic regression on one feature, by Newton's method."""
    intercept, slope = 0.0, 0.0
    for _ in range(rounds):
        g0 = g1 = h00 = h01 = h11 = 0.0
        for x, positive, weight in points:
            p = 1 / (1 + exp(-intercept - slope * x))
            error, curve = weight * (positive - p), weight * p * (1 - p)
            g0, g1 = g0 + error, g1 + error * x
            h00, h01, h11 = h00 + curve, h01 + curve * x, h11 + curve * x * x
        scale = h00 * h11 - h01 * h01
        intercept += (h11 * g0 - h01 * g1) / scale
        slope += (h00 * g1 - h01 * g0) / scale
    return intercept, slope


def report(
    systems: Mapping[str, Scorer], corpora: Mapping[str, Sequence[Labelled]], slugs: Sequence[str]
) -> Table:
    """One row a system, one column a corpus: macro AP / nDCG@20."""
    names = [name for name in corpora if name != TITLES_ONLY] + [n for n in corpora if n == TITLES_ONLY]
    table = Table("system", *names, "mean", "texts/s", title="macro AP / nDCG@20")
    for system, scorer in systems.items():
        qualities = {name: measure(scorer, corpora[name], slugs) for name in names}
        counted = [quality for name, quality in qualities.items() if name != TITLES_ONLY]
        texts = sum(len(corpora[name]) for name in names)
        seconds = sum(len(corpora[name]) / quality.per_second for name, quality in qualities.items())
        table.add_row(
            system,
            *(f"{qualities[name].precision:.3f}/{qualities[name].ndcg:.3f}" for name in names),
            f"{fmean(quality.precision for quality in counted):.3f}",
            f"{texts / seconds:,.0f}",
        )
    return table


def main() -> int:
    """Print the table; 0 also when there is nothing to measure with."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument(
        "corpora", nargs="?", type=Path, default=CORPORA, help="folder of labelled texts, JSONL"
    )
    parser.add_argument("--fit", action="store_true", help="also fit the squashing and show the bands")
    asked = parser.parse_args()
    corpora = {path.stem: read_corpus(path) for path in sorted(asked.corpora.glob("*.jsonl"))}
    if not corpora:
        print(f"There are no labelled texts in {asked.corpora}, so there is nothing to measure with.")
        return 0
    themes = factory_themes()
    slugs = [theme.slug for theme in themes]
    lexicon = compile_lexicon(themes)
    systems = {
        "alert, 6 words nl": keyword_alert(themes, ("nl",)),
        "alert, 6 words nl+de+en": keyword_alert(themes, LANGUAGES),
        "matcher": matcher(lexicon),
    }
    Console(width=170).print(report(systems, corpora, slugs))
    if asked.fit:
        fit(lexicon, corpora, slugs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
