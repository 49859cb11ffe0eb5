# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Read many sources at once, a thread each: what one of them does leaves the others alone."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from grants.errors import FaultKind, SourceError
from grants.sources.adapters import adapter
from grants.sources.reading import Fetch, Reading, SourceConfig, Validator

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Question:
    """One source, and what it last said of itself."""

    source: SourceConfig
    known: Mapping[str, Validator]


def readings(
    questions: Sequence[Question], *, fetch: Fetch, at_once: int
) -> Iterator[tuple[str, Reading | SourceError]]:
    """What each source gave, by slug, in the order they answer; a source that failed gives its fault."""
    threads = ThreadPoolExecutor(at_once, thread_name_prefix="reading")
    try:
        waiting = {threads.submit(_read, one, fetch): one.source.slug for one in questions}
        for done in as_completed(waiting):
            yield waiting.pop(done), done.result()
    finally:
        threads.shutdown(cancel_futures=True)


def _read(question: Question, fetch: Fetch) -> Reading | SourceError:
    source = question.source
    try:
        return adapter(source.kind)(source, fetch=fetch, known=question.known)
    except SourceError as fault:
        return fault
    except Exception as error:  # noqa: BLE001 - an oddity in one source must not stop the others
        log.exception("Reading %s failed", source.slug)
        sentence = f"Reading it failed with {type(error).__name__}: a fault of Pijplijn, told in its log."
        return SourceError(sentence, kind=FaultKind.BROKEN)
