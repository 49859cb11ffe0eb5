# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Every request is counted and logged by the template of its route: no address, no title, no question."""

import logging
from collections.abc import MutableMapping
from time import perf_counter
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.metrics import count

LOG: Final = logging.getLogger("pijplijn.web")
QUIET: Final = {"/health", "/ready", "/metrics"}  # asked by machines all day: logged when they are not well
METHODS: Final = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"}
FAILED: Final = 500


class Watched:
    """Outside all the rest, so that what is refused at the gate is seen too."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = FAILED  # what breaks is answered by who stands outside us
        started = perf_counter()

        async def heard(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, heard)
        finally:
            _tell(scope, status, perf_counter() - started)


def _tell(scope: MutableMapping[str, Any], status: int, seconds: float) -> None:
    method = scope["method"] if scope["method"] in METHODS else "other"  # anyone can make one up
    route = route_of(scope)
    count(method, route, status, seconds)
    if route in QUIET and status < FAILED:
        return
    me = scope.get("state", {}).get("colleague")
    facts = {"method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
    level = logging.ERROR if status >= FAILED else logging.INFO
    LOG.log(
        level, "%s %s %s in %.0f ms", method, route, status, seconds * 1000,
        extra=facts | {"office": me and me.office_id},
    )  # fmt: skip


def route_of(scope: MutableMapping[str, Any]) -> str:
    """The template of a route, such as /calls/{call_id}; one word for all addresses there are not."""
    if route := scope.get("route"):
        return str(route.path)
    return "/static" if str(scope["path"]).startswith("/static/") else "none"
