# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A Fetch that asks a replayed source without a socket between: statuses are raised as the real one does."""

from collections.abc import Callable, Mapping
from io import BytesIO
from urllib.parse import urlsplit

from grants.sources.reading import Fetch, Request, Response
from grants.sources.refusal import refusal
from tests.builders import NOW

Said = tuple[int, Mapping[str, str], bytes]
Answer = Callable[[str, str, Mapping[str, str], bytes], Said]
"""(method, path with query, headers with lower-case names, body) -> (status, headers, body)."""


def direct(answer: Answer) -> Fetch:
    """Fetch from a replayed source; a `large` answer comes as a file, as reading.Response says."""

    def fetch(request: Request) -> Response:
        parts = urlsplit(request.url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        headers = {name.lower(): value for name, value in request.headers.items()}
        status, said, body = answer(request.method, path, headers, request.body or b"")
        said = {name.lower(): value for name, value in said.items()}
        if status not in {200, 304}:
            raise refusal(parts.hostname or "", status, said, body, now=NOW)
        if request.large and status == 200:
            return Response(request.url, status, said, b"", BytesIO(body))
        return Response(request.url, status, said, body)

    return fetch
