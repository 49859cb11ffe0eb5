# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Which threads answer: one a process for pages, which want Python to themselves; others for whatever waits.

A page is all Python: two at once in a process take an eighth longer each, twenty half as long again
(`python -m bench web`). What changes something waits for the writer before it, and some routes wait for
another machine or write for minutes: those have threads that no page waits for.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial, wraps
from inspect import iscoroutinefunction
from typing import Any, Final, ParamSpec

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI
from fastapi.responses import Response
from fastapi.routing import APIRoute

Asked = ParamSpec("Asked")
WAITING: Final = CapacityLimiter(20)


@asynccontextmanager
async def one_page_at_a_time(_app: FastAPI) -> AsyncIterator[None]:
    """While the application is up."""
    to_thread.current_default_thread_limiter().total_tokens = 1
    yield


def waits(answer: Callable[Asked, Response]) -> Callable[Asked, Awaitable[Response]]:
    """A route that waits for something else, in a thread that no page waits for."""

    @wraps(answer)
    async def route(*args: Asked.args, **words: Asked.kwargs) -> Response:
        return await to_thread.run_sync(partial(answer, *args, **words), limiter=WAITING)

    return route


class Route(APIRoute):
    """A route of ours: one that changes something waits for the writer before it, as `waits` does."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **told: Any) -> None:
        """As APIRoute."""
        if "POST" in (told.get("methods") or ()) and not iscoroutinefunction(endpoint):
            endpoint = waits(endpoint)
        super().__init__(path, endpoint, **told)
