# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""No other site may make a colleague's browser change something here: we take the browser's own word.

After Go 1.25's http.CrossOriginProtection: every browser since 2023 says Sec-Fetch-Site, an older one says
Origin with a POST, and what says neither is no browser.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from web.auth import SAFE
from web.deps import shown
from web.security_log import tell

OWN: Final = {"same-origin", "none"}  # none: typed, or from a bookmark


class SameOrigin:
    """Answers 403 to a request of another site that could change something."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or is_own(scope["method"], Request(scope).headers):
            await self.app(scope, receive, send)
            return
        tell("another site", Request(scope))
        answer = shown(Request(scope), "error.html", code=HTTPStatus.FORBIDDEN)
        await answer(scope, receive, send)


def is_own(method: str, headers: Mapping[str, str]) -> bool:
    """Whether a request is harmless, comes from our own pages, or from no browser at all.

    Args:
        method: in capitals, as sent.
        headers: looked up in lower case.
    """
    if method in SAFE:
        return True
    site = headers.get("sec-fetch-site", "")
    if site:
        return site in OWN
    origin = headers.get("origin", "")
    return not origin or _host(origin) == headers.get("host", "").lower()


def _host(origin: str) -> str:
    """The host and port of an origin; "null" and what is no address have none that could be ours."""
    try:
        return urlsplit(origin).netloc.lower() or "null"
    except ValueError:
        return "null"
