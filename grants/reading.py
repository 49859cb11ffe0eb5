# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Read many sources at once, a thread each: what one of them does leaves the others alone."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from queue import SimpleQueue
from threading import Event, Semaphore

from grants.errors import FaultKind, SourceError
from grants.sources.adapters import adapter
from grants.sources.ahead import asked_ahead, opening
from grants.sources.fetch import Web
from grants.sources.reading import Fetch, Reading, SourceConfig, Validator
from grants.sources.transfer import Hop

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
    come = _Come(len(questions))
    threads = ThreadPoolExecutor(at_once + 1, thread_name_prefix="reading")  # one asks ahead
    try:
        _start(questions, fetch, come, threads, Semaphore(2 * at_once))
        while come.left:
            yield come.gathered()
    finally:
        come.unheard.set()
        threads.shutdown(cancel_futures=True)


class _Come:
    """The answers as they come in, until nobody listens any more."""

    def __init__(self, expected: int) -> None:
        self.left = expected
        self.answers: SimpleQueue[tuple[str, Answer]] = SimpleQueue()
        self.number, self.all, self.unheard = count(expected - 1, -1), Event(), Event()

    def read(self, question: Question, fetch: Fetch) -> None:
        """Read one source."""
        self.answers.put((question.source.slug, _answer(question, fetch)))
        if next(self.number) == 0:
            self.all.set()

    def gathered(self) -> dict[str, Answer]:
        """The next answer and those right after it: a transaction for each would be mostly waiting."""
        some = dict([self.answers.get()])
        self.all.wait(GATHER)
        while not self.answers.empty():
            some.update([self.answers.get()])
        self.left -= len(some)
        return some


def _start(
    questions: Sequence[Question], fetch: Fetch, come: _Come, threads: ThreadPoolExecutor, places: Semaphore
) -> None:
    """Have each source read; those whose opening can be foreseen are asked it together."""
    foreseen: dict[str, tuple[Question, Hop]] = {}
    for question in questions:
        hop = opening(fetch, question.source, question.known) if isinstance(fetch, Web) else None
        if hop is None:
            threads.submit(come.read, question, fetch)
        else:
            foreseen[question.source.slug] = question, hop
    if isinstance(fetch, Web) and foreseen:
        threads.submit(_ahead, fetch, foreseen, come, threads, places)


def _ahead(
    web: Web,
    foreseen: dict[str, tuple[Question, Hop]],
    come: _Come,
    threads: ThreadPoolExecutor,
    places: Semaphore,
) -> None:
    """Ask the openings, and have each source read with what it answered: at once where that is nothing."""
    hops = {slug: hop for slug, (_, hop) in foreseen.items()}
    try:
        for slug, fetch, quiet in asked_ahead(web, hops, places=places, stopped=come.unheard.is_set):
            if come.unheard.is_set():
                return
            question, _ = foreseen.pop(slug)
            if quiet:
                come.read(question, fetch)
                places.release()
            else:
                threads.submit(come.read, question, fetch).add_done_callback(lambda _: places.release())
    except Exception:
        log.exception("Asking ahead failed; each source is asked by itself")
        for question, _ in foreseen.values():
            threads.submit(come.read, question, web)


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
