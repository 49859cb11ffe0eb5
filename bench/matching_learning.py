# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What verdicts teach: average precision before, and after 10, 30 and 100 clicks, on texts never judged.

A simulated colleague gets digests: of each hundred new texts the best of the theme and two from below the
line, judged by the labels. Half of the texts come by so; the other half, never shown, is what is measured,
and the halves change places. What was learned is fitted anew after each digest, as the daily flow does.

A theme narrowed: staff want rail only, yet the theme is all of mobility; so what is relevant are the texts of
mobility that the documentalists gave a word for rail too, over the Dutch and German texts together.
"""

import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.matching_corpora import TITLES_ONLY, Corpus
from bench.matching_measures import average_precision
from grants.scoring.feedback import Judged, Lesson, learn, moved
from grants.scoring.language import language_of
from grants.scoring.lexicon import Lexicon, compile_lexicon, hits
from grants.scoring.model import floors, log_odds
from grants.scoring.score import match_every
from grants.scoring.semantic import Encoder, constants, likenesses, meanings, passage
from grants.scoring.traits import Traits, traits, words_of
from grants.scoring.words import Weight, Words

CLICKS = (10, 30, 100)
WEEK = 100  # texts of which one digest is made
LETTER = 25
BELOW = 2
FEWEST_RELEVANT = 10
SEEDS = (0, 1)
NARROWED = {
    "rail only": ("mobiliteit", r"spoor|nmbs|infrabel|rollend materieel|bahn|schiene"),
    "education only": (
        "arbeid_onderwijs",
        r"onderwijs|school|student|universiteit|opleiding|bildung|schul|studi",
    ),
    "extremism only": ("veiligheid", r"extremis|terror|radikal|radicali|antisemit|rassis"),
}
LINE = log_odds(floors()[-1][0])
ASKED_LOSS, ASKED_NARROWED = 0.02, 0.70


@dataclass(frozen=True, slots=True)
class One:
    """One theme in one text: what the model gives it, what learning sees of it, and what its label says."""

    key: str
    traits: Traits
    given: float
    core: bool
    relevant: bool


Pool = list[One]


def look(corpus: Corpus, themes: Sequence[Words], encoder: Encoder | None) -> list[list[One | None]]:
    """A row a text, a column a theme; None where the label is undecided."""
    lexicon, about = compile_lexicon(themes), meanings(themes, encoder) if encoder else None
    rows = []
    for at, one in enumerate(corpus.texts):
        language = language_of(one.title, one.text, one.language)
        vector = encoder.encode([passage(one.title, one.text)])[0] if encoder else None
        likeness = likenesses(about, vector, language) if about else None
        scores = match_every(lexicon, title=one.title, text=one.text, language=language, likeness=likeness)
        words, cores = words_of(one.title, one.text, language), _cores(lexicon, one.title, language)
        away = None if vector is None else vector - constants()["usual"][language]["mean"]
        rows.append(
            [
                One(
                    str(one.id),
                    traits(words, [reason.term for reason in score.reasons], away),
                    sum(score.parts.values()),
                    score.slug in cores,
                    bool(corpus.themes[at, column]),
                )
                if corpus.decided[at, column]
                else None
                for column, score in enumerate(scores)
            ]
        )
    return rows


def _cores(lexicon: Lexicon, title: str, language: str) -> set[str]:
    return {hit.theme for hit in hits(lexicon, title, language) if hit.weight > Weight.TERM.value}


def taught(pool: Pool) -> Lesson | None:
    """What judging these teaches."""
    return learn(Judged(at, one.traits, one.given, one.relevant) for at, one in enumerate(pool))


def odds(pool: Pool, lesson: Lesson | None) -> np.ndarray:
    """The log-odds, with what was learned."""
    return np.array([one.given + (_moved(one, lesson) if lesson else 0.0) for one in pool])


def _moved(one: One, lesson: Lesson) -> float:
    return moved(lesson, one.traits, given=one.given, line=LINE, core_in_title=one.core)


def clicks(pool: Pool, seed: int) -> Iterator[Pool]:
    """What was judged, after each click: digest after digest, the best first."""
    order = np.random.default_rng(seed).permutation(len(pool))
    judged: Pool = []
    for first in range(0, len(order), WEEK):
        came = [pool[at] for at in order[first : first + WEEK]]
        scores = odds(came, taught(judged))
        best = np.argsort(-scores, kind="stable")
        above = [at for at in best if scores[at] >= LINE][: LETTER - BELOW]
        for at in [*above, *[at for at in best if scores[at] < LINE][:BELOW]]:
            judged.append(came[at])
            yield judged


def measured(pool: Pool, seed: int) -> list[float] | None:
    """AP before and after each number of clicks, the mean of both halves; None with too few to measure."""
    half = np.array([int(sha256(f"{one.key}{seed}".encode()).hexdigest(), 16) % 2 for one in pool])
    found = []
    for side in (0, 1):
        shown = [one for one, at in zip(pool, half, strict=True) if at == side]
        rest = [one for one, at in zip(pool, half, strict=True) if at != side]
        truth = np.array([one.relevant for one in rest])
        if truth.sum() * 2 < FEWEST_RELEVANT:
            return None
        told, judged = [average_precision(odds(rest, None), truth)], []
        for judged in clicks(shown, seed):
            if len(judged) in CLICKS:
                told.append(average_precision(odds(rest, taught(judged)), truth))
            if len(judged) == max(CLICKS):
                break
        last = average_precision(odds(rest, taught(judged)), truth)  # fewer texts than clicks asked
        found.append(told + [last] * (1 + len(CLICKS) - len(told)))
    return np.mean(found, axis=0).tolist()


def rows(
    corpora: Mapping[str, Corpus], themes: Sequence[Words], encoder: Encoder | None, folder: Path
) -> Iterator[tuple[str, str, list[float]]]:
    """Every theme of every corpus, then the narrowed ones."""
    seen = {name: look(one, themes, encoder) for name, one in corpora.items() if name != TITLES_ONLY}
    slugs = [theme.slug for theme in themes]
    for name, table in seen.items():
        for column, slug in enumerate(slugs):
            told = _mean([row[column] for row in table if row[column]])
            if told:
                yield slug, name, told
    for shift, (slug, pattern) in NARROWED.items():
        pool: Pool = []
        for name in (one for one in seen if one.startswith(("nl_dekamer", "de_dip"))):
            pool += _narrowed(
                seen[name], slugs.index(slug), folder / f"{name}.jsonl", re.compile(pattern, re.IGNORECASE)
            )
        told = _mean(pool)
        if told:
            yield f"{slug}: {shift}", "nl + de", told


def _mean(pool: Pool) -> list[float] | None:
    found = [measured(pool, seed) for seed in SEEDS]
    return None if None in found else np.mean(found, axis=0).tolist()


def _narrowed(table: list[list[One | None]], column: int, file: Path, words: re.Pattern[str]) -> Pool:
    with file.open(encoding="utf-8") as lines:
        wanted = [any(map(words.search, json.loads(line).get("raw_labels", []))) for line in lines]
    return [
        One(one.key, one.traits, one.given, one.core, one.relevant and want)
        for one, want in zip((row[column] for row in table), wanted, strict=True)
        if one
    ]


def report(
    corpora: Mapping[str, Corpus], themes: Sequence[Words], encoder: Encoder | None, folder: Path
) -> bool:
    """The table; whether it says what is asked."""
    seen = "words and meaning" if encoder else "words"
    heads = ("theme", "texts", "before", *(f"{count} clicks" for count in CLICKS), "change at 10")
    shown = Table(*heads, title=f"Learning, by {seen}: AP of the half never judged")
    found = list(rows(corpora, themes, encoder, folder))
    for theme, texts, told in found:
        shown.add_row(theme, texts, *(f"{number:.3f}" for number in told), f"{told[1] - told[0]:+.3f}")
    whole = np.array([told for theme, _, told in found if ":" not in theme])
    narrowed = {theme: told for theme, _, told in found if ":" in theme}
    change = whole[:, 1:] - whole[:, :1]
    shown.add_row(
        "mean of themes",
        "",
        *(f"{number:.3f}" for number in whole.mean(axis=0)),
        f"{change[:, 0].mean():+.3f}",
    )
    shown.add_row("worst change", "", "", *(f"{number:+.3f}" for number in change.min(axis=0)))
    Console(width=130).print(shown)
    rail = narrowed["mobiliteit: rail only"][-1]
    print(
        f"Ten clicks lose at most {-min(0.0, change[:, 0].min()):.3f} on any theme ({ASKED_LOSS} is asked)."
    )
    print(f"Rail only reaches {rail:.3f} after {CLICKS[-1]} clicks ({ASKED_NARROWED} is asked).")
    return change[:, 0].min() >= -ASKED_LOSS and rail >= ASKED_NARROWED


def speed(corpora: Mapping[str, Corpus], themes: Sequence[Words], texts: int = 500) -> float:
    """Milliseconds of processor time that learning of so many verdicts takes, the best of ten."""
    corpus = max(corpora.values(), key=lambda one: sum(len(text.text) for text in one.texts))
    column = int(corpus.themes.sum(axis=0).argmax())
    few = Corpus(corpus.texts[:texts], corpus.themes[:texts], corpus.decided[:texts])
    pool = [row[column] for row in look(few, themes, None) if row[column]]
    best = float("inf")
    for _ in range(10):
        started = time.process_time()
        taught(pool)
        best = min(best, time.process_time() - started)
    return 1000 * best
