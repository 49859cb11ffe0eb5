# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Read many sources at once, a thread each: what one of them does leaves the others alone."""

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from grants.errors import FaultKind, SourceError
from grants.sources.adapters import adapter
from grants.sources.reading import Fetch, Reading, SourceConfig, Validator

Answer = Reading | SourceError
"""What a source gave: a reading, or the fault that there was none."""

GATHER = 0.1  # seconds

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Question:
    """One source, and what it last said of itself."""

    source: SourceConfig
    known: Mapping[str, Validator]


def readings(questions: Sequence[Question], *, fetch: Fetch, at_once: int) -> Iterator[dict[str, Answer]]:
    """What the sources gave, by slug, as they answer: all that came since the last time."""
    answers: SimpleQueue[tuple[str, Answer]] = SimpleQueue()
    threads = ThreadPoolExecutor(at_once, thread_name_prefix="reading")
    try:
        for question in questions:
            threads.submit(_read, question, fetch, answers)
        left = len(questions)
        while left:
            come = _gathered(answers, left)
            left -= len(come)
            yield come
    finally:
        threads.shutdown(cancel_futures=True)


def _gathered(answers: "SimpleQueue[tuple[str, Answer]]", left: int) -> dict[str, Answer]:
    """The next answer, and those that come right after it: a transaction for each would be mostly waiting."""
    come = dict([answers.get()])
    until = time.monotonic() + GATHER
    while len(come) < left:
        try:
            come.update([answers.get(timeout=max(0.0, until - time.monotonic()))])
        except Empty:
            break
    return come


def _read(question: Question, fetch: Fetch, answers: "SimpleQueue[tuple[str, Answer]]") -> None:
    answers.put((question.source.slug, _answer(question, fetch)))


def _answer(question: Question, fetch: Fetch) -> Answer:
    source = question.source
    try:
        return adapter(source.kind)(source, fetch=fetch, known=question.known)
    except SourceError as fault:
        return fault
    except Exception as error:  # an oddity in one source must not stop the others
        log.exception("Reading %s failed", source.slug)
        sentence = f"Reading it failed with {type(error).__name__}: a fault of Pijplijn, told in its log."
        return SourceError(sentence, kind=FaultKind.BROKEN)
