# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Texts of a file, a line each, and what the engine makes of them: for measuring, and for whoever has texts.

No database: the themes are those that are given.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from grants.errors import PijplijnError
from grants.scoring.language import language_of
from grants.scoring.lexicon import compile_lexicon
from grants.scoring.score import Band, match
from grants.scoring.words import Words

_SHOWN = ("field", "start", "end", "phrase")  # of a reason


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


def matched(texts: Iterable[Text], themes: Sequence[Words]) -> Iterator[dict[str, Any]]:
    """What is written for each text: every theme with its probability, its band and the words that say so."""
    lexicon = compile_lexicon(themes)
    for one in texts:
        language = language_of(one.title, one.text, one.language)
        found = match(lexicon, title=one.title, text=one.text, language=language)
        scores = {score.slug: score for score in found}
        rows = []
        for theme in themes:
            score = scores.get(theme.slug)
            rows.append(
                {
                    "id": theme.slug,
                    "probability": float(score.score) if score else 0.0,
                    "band": score.band if score else Band.NONE,
                    "reasons": [_shown(asdict(reason)) for reason in score.reasons] if score else [],
                }
            )
        yield {"id": one.id, "lang": language, "themes": rows}


def _shown(reason: dict[str, Any]) -> dict[str, Any]:
    return {name: reason[name] for name in _SHOWN}


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
