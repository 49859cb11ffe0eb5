# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The adapter for RSS and Atom."""

from collections.abc import Callable, Mapping

from grants.sources.feed import Feed, parse
from grants.sources.feed_entries import Understood, read_feed
from grants.sources.reading import Fetch, Reading, Response, SourceConfig, Validator


def read(source: SourceConfig, *, fetch: Fetch, known: Mapping[str, Validator]) -> Reading:
    """Read one feed; see reading.Adapter. Raises SourceError."""
    return read_feed(source, fetch=fetch, known=known, understand=_understand)


def _understand(answer: Response, entries: Callable[[Feed], Understood]) -> Understood:
    understood: Understood = parse(
        answer.body, content_type=answer.headers.get("content-type", ""), then=entries
    )
    return understood
