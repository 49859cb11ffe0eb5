# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Texts of a file, a line each, and what the engine makes of them: for measuring, and for whoever has texts.

No database: the themes are those that are given.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from grants.errors import PijplijnError
from grants.scoring.engine import Engine, engine, read, resemblances, resembling
from grants.scoring.score import ThemeScore
from grants.scoring.semantic import Encoder, Vector, passage
from grants.scoring.sentences import Sentence
from grants.scoring.words import Words

_FEW: Final = 16  # texts


class TextsError(PijplijnError):
    """A line that is no text; names it."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text; `language` as its line declares it, or empty."""

    id: str | int
    title: str
    text: str
    language: str = ""


def read_texts(lines: Iterable[bytes]) -> Iterator[Text]:
    """The texts of a file of JSON lines, each `{id, title, text, lang?}`; empty lines are passed over.

    Raises:
        TextsError: on the first line that is none, naming it.
    """
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _read(line, number)


def matched(
    texts: Iterable[Text], themes: Sequence[Words], encoder: Encoder | None = None
) -> Iterator[dict[str, Any]]:
    """What is written for each text: every theme with its probability, its band and the words that say so.

    With an encoder their meaning counts too, and texts are taken a few at a time: so it is quickest.
    """
    ready = engine(themes, encoder)
    for few in _batches(texts):
        passages = [passage(one.title, one.text) for one in few]
        vectors = encoder.encode(passages) if encoder and few else [None] * len(few)
        for one, vector in zip(few, vectors, strict=True):
            yield _told(ready, one, vector, encoder)


def _told(ready: Engine, one: Text, vector: Vector | None, encoder: Encoder | None) -> dict[str, Any]:
    language, scores = read(ready, title=one.title, text=one.text, declared=one.language, vector=vector)
    nearest = (
        resemblances(ready, resembling(scores), title=one.title, text=one.text, encoder=encoder)
        if encoder
        else {}
    )
    return {"id": one.id, "lang": language, "themes": [_row(one, nearest.get(one.slug)) for one in scores]}


def _batches(texts: Iterable[Text]) -> Iterator[list[Text]]:
    """A few at a time; what was read before a bad line is given before its error."""
    few: list[Text] = []
    try:
        for one in texts:
            few.append(one)
            if len(few) == _FEW:
                yield few
                few = []
    except TextsError:
        yield few
        raise
    yield few


def _row(score: ThemeScore, nearest: Sentence | None) -> dict[str, Any]:
    """The sentence that resembles the theme's description comes after the words and says what it is."""
    reasons: list[dict[str, Any]] = [
        {"field": one.field, "start": one.start, "end": one.end, "phrase": one.phrase}
        for one in score.reasons
    ]
    if nearest:
        place = {"field": nearest.field, "start": nearest.start, "end": nearest.end}
        reasons.append({**place, "phrase": nearest.phrase, "resembles": "description"})
    likely = round(score.probability, 6)
    return {"id": score.slug, "probability": likely, "band": score.band, "reasons": reasons}


def _read(line: bytes, number: int) -> Text:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise TextsError(f"Line {number} is no JSON: {error}.") from error
    if not isinstance(row, dict):
        raise TextsError(f"Line {number} is no object with id, title and text.")
    if not isinstance(row.get("id"), str | int):
        raise TextsError(f"Line {number} has no id, or one that is neither text nor a number.")
    for name in ("title", "text"):
        if not isinstance(row.get(name), str):
            raise TextsError(f"Line {number} has no {name}, or one that is no text.")
    if not isinstance(row.get("lang") or "", str):
        raise TextsError(f"Line {number} has a lang that is no text.")
    return Text(row["id"], row["title"], row["text"], row.get("lang") or "")
