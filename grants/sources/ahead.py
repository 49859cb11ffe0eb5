# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Ask many sources whether they changed, all from one thread, before anyone reads them.

Most did not change since the last hour. To learn that with a thread each costs ten times what the question
does: they wait for one another's turn in Python.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from threading import Semaphore

from grants.errors import SourceError
from grants.sources.conditional import with_validator
from grants.sources.fetch import Web, fetched
from grants.sources.reading import Fetch, Request, Response, SourceConfig, Validator
from grants.sources.transfer import Hop, ask_many

OPEN_WITH_THEIR_ADDRESS = {"html_watch", "json_feed", "rss"}


def opening(web: Web, source: SourceConfig, known: Mapping[str, Validator]) -> Hop | None:
    """What the source's adapter asks first; None when that cannot be foreseen, or may not be asked."""
    if source.kind not in OPEN_WITH_THEIR_ADDRESS:
        return None
    try:
        return web.hop(web.dressed(with_validator(Request(source.url), known.get(source.url))))
    except SourceError:
        return None  # which its adapter tells


def asked_ahead(
    web: Web, openings: Mapping[str, Hop], *, places: Semaphore, stopped: Callable[[], bool]
) -> Iterator[tuple[str, Fetch, bool]]:
    """Each opening in the order of its answer, as a Fetch that has it already.

    Args:
        web: how to ask.
        openings: by slug.
        places: one is taken for each; whoever reads the answer gives it back, so that few lie unread.
        stopped: whether nobody listens any more.

    Yields:
        The slug, the Fetch, and whether the source said that nothing changed.
    """
    waiting, asked = deque(openings.items()), dict[Hop, str]()

    def ready() -> Hop | None:
        for _ in range(len(waiting)):
            slug, hop = waiting.popleft()
            if not web.turn(hop).acquire(blocking=False):
                waiting.append((slug, hop))
            elif stopped() or not places.acquire(blocking=False):
                web.turn(hop).release()
                waiting.appendleft((slug, hop))
                return None
            else:
                asked[hop] = slug
                return hop
        return None

    try:
        for hop, answer in ask_many(web.idle, ready, lambda: bool(waiting) and not stopped()):
            web.turn(hop).release()
            quiet = isinstance(answer, Response) and answer.status == HTTPStatus.NOT_MODIFIED
            yield asked.pop(hop), _with(web, hop, answer), quiet
    finally:
        for hop in asked:  # others may wait for their turn
            web.turn(hop).release()


def _with(web: Web, hop: Hop, answer: Response | SourceError) -> Fetch:
    left = [answer]

    def fetch(request: Request) -> Response:
        first = left.pop() if left and web.dressed(request) == hop.request else None
        return fetched(web, request, first)

    return fetch
