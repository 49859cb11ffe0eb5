# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The sentence of a text that is most like what a theme says of itself."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from grants.scoring.evidence import Field
from grants.scoring.semantic import READ, Encoder, Meanings

_SENTENCE: Final = re.compile(r"[^.!?\n]*[^\s.!?][^.!?\n]*(?:[.!?]+|\n|$)")
_LONGEST: Final = 400  # characters of a sentence that are looked at


@dataclass(frozen=True, slots=True)
class Sentence:
    """A literal piece of the title or the text; `mark` is that of what the theme said of itself."""

    field: Field
    start: int
    end: int
    phrase: str
    mark: str


def nearest_sentences(
    about: Meanings, slugs: Iterable[str], *, title: str, text: str, encoder: Encoder
) -> dict[str, Sentence]:
    """By theme, the nearest of the sentences of which meaning was made; of the title where there is no text.

    A theme that says nothing of itself has none. Encoding the sentences takes as long as the passage.
    """
    field: Field = "text" if _SENTENCE.search(text[:READ]) else "title"
    source = text if field == "text" else title
    found = [_trimmed(one) for one in _SENTENCE.finditer(source) if one.start() < READ]
    rows = {slug: row for row, slug in enumerate(about.slugs) if about.vectors[row].any()}
    asked = [slug for slug in slugs if slug in rows]
    if not found or not asked:
        return {}
    pieces = [source[start : min(end, start + _LONGEST)] for start, end in found]
    alike = encoder.encode([one.encode("utf-8", "replace").decode() for one in pieces]) @ about.vectors.T
    told = {}
    for slug in asked:
        start, end = found[int(alike[:, rows[slug]].argmax())]
        told[slug] = Sentence(field, start, end, source[start:end], about.marks[rows[slug]])
    return told


def _trimmed(found: re.Match[str]) -> tuple[int, int]:
    sentence = found[0]
    return found.start() + len(sentence) - len(sentence.lstrip()), found.start() + len(sentence.rstrip())
