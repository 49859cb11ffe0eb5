# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Which of many patterns a word answers to."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from grants.scoring.text import stem
from grants.scoring.words import Pattern

_NEVER: Final = "(?!)"


class PatternIndex:
    """Finds the patterns that a word answers to without trying them all."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._stems: dict[tuple[str, str], list[Pattern]] = defaultdict(list)
        self._starts: dict[str, list[Pattern]] = defaultdict(list)
        self._ends: dict[str, list[Pattern]] = defaultdict(list)
        self._inside: dict[str, list[Pattern]] = defaultdict(list)
        for pattern in patterns:
            if pattern.open_start and pattern.open_end:
                self._inside[pattern.text].append(pattern)
            elif pattern.open_start:
                self._ends[pattern.text].append(pattern)
            elif pattern.open_end:
                self._starts[pattern.text].append(pattern)
            else:
                self._stems[pattern.language, stem(pattern.text, pattern.language)].append(pattern)
        self._languages = sorted({language for language, _ in self._stems})
        self._anything_inside = re.compile("|".join(map(re.escape, self._inside)) or _NEVER)
        self._head, self._tail = _shortest(self._starts), _shortest(self._ends)
        self._lengths: dict[str, list[int]] = defaultdict(list)  # by head
        for start in sorted(self._starts, key=len):
            lengths = self._lengths[start[: self._head]]
            lengths += [len(start)] if len(start) not in lengths else []
        self._by_tail: dict[str, list[str]] = defaultdict(list)
        for end in self._ends:
            self._by_tail[end[-self._tail :]].append(end)

    def answering(self, word: str) -> Iterator[Pattern]:
        """The patterns that a folded word answers to."""
        for language in self._languages:
            yield from self._stems.get((language, stem(word, language)), ())
        for length in self._lengths.get(word[: self._head], ()):
            yield from self._starts.get(word[:length], ()) if length <= len(word) else ()
        for end in self._by_tail.get(word[-self._tail :], ()):
            if word.endswith(end):
                yield from self._ends[end]
        if self._anything_inside.search(word):
            for part, patterns in self._inside.items():
                if part in word:
                    yield from patterns


def _shortest(texts: Iterable[str]) -> int:
    return min(map(len, texts), default=1)
