# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Which threads answer: few for pages, which want Python to themselves; others for what waits for a machine.

Twenty threads that each make a page take half as long again as two that take turns (`python -m bench web`).
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial, wraps
from typing import Final, ParamSpec

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI
from fastapi.responses import Response

Asked = ParamSpec("Asked")
FEW: Final = 2
WAITING: Final = CapacityLimiter(20)


@asynccontextmanager
async def few_threads(_app: FastAPI) -> AsyncIterator[None]:
    """While the application is up."""
    to_thread.current_default_thread_limiter().total_tokens = FEW
    yield


def waits(answer: Callable[Asked, Response]) -> Callable[Asked, Awaitable[Response]]:
    """A route that asks another machine, in a thread that no page waits for."""

    @wraps(answer)
    async def route(*args: Asked.args, **words: Asked.kwargs) -> Response:
        return await to_thread.run_sync(partial(answer, *args, **words), limiter=WAITING)

    return route
