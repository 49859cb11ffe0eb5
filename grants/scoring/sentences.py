# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The sentence of a text that is most like what a theme says of itself."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from grants.scoring.evidence import Field
from grants.scoring.semantic import READ, Encoder, Meanings

_END: Final = re.compile(r"[.!?]+(?=\s|$)|\n|$")
_LETTER: Final = re.compile(r"[^\W_]")
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
    field: Field = "text"
    found, source = list(_sentences(text)), text
    if not found:
        found, field, source = list(_sentences(title)), "title", title
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


def _sentences(source: str) -> Iterator[tuple[int, int]]:
    start = 0
    for ending in _END.finditer(source):
        if start >= READ:
            return
        piece = source[start : ending.end()]
        if _LETTER.search(piece):
            yield start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
        start = ending.end()
