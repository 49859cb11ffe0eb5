# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The web application: pages on loopback; the two that have a script work without."""

import gc
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config.settings import HOME, Settings
from config.settings import settings as environment
from grants import clock, logs
from grants.openid import Provider
from models.session import Begin, connect, reading, transactions
from ops.prefect_runs import asker
from ops.runs import starters
from web.auth import entitled, to_the_door
from web.deps import Desk, shown
from web.origin import SameOrigin
from web.routes import (
    accessibility,
    application_parts,
    application_rows,
    application_stages,
    application_times,
    applications,
    audit,
    calendar,
    calls,
    digest,
    door,
    following,
    home,
    inbox,
    judging,
    looks,
    messages,
    operations,
    people,
    plan_template,
    planning,
    reminders,
    rounds,
    search,
    security,
    source,
    sources,
    status,
    theme_files,
    theme_lines,
    theme_suggestions,
    themes,
    views,
)
from web.security_log import tell
from web.threads import one_page_at_a_time
from web.watched import Watched

POLICY: Final = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; form-action 'self'; frame-src 'self'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors 'none'"
)
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


HTTPS_ONLY: Final = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
PUBLIC: Final = ("/static/", "/theme.css")  # what a browser may keep


def headers_of(here: Desk) -> dict[str, str]:
    """The headers of every answer."""
    return HEADERS | (HTTPS_ONLY if here.secure else {})


class Sealed:
    """Puts the security headers on every answer."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self.app, self.headers = app, headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""

        async def seal(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                kept = scope.get("path", "").startswith(PUBLIC)
                for name, value in self.headers.items():
                    if kept and name == "Cache-Control":
                        continue
                    headers.setdefault(name, value)  # a download has a stricter policy of its own
            await send(message)

        await self.app(scope, receive, seal)


class Legible:
    """Leaves the NUL out of an address, as forms do: no text has one, and PostgreSQL takes none."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if b"%00" in scope.get("query_string", b""):
            scope["query_string"] = scope["query_string"].replace(b"%00", b"")
        await self.app(scope, receive, send)


def create_app(
    settings: Settings, look: Begin, begin: Begin, now: Callable[[], datetime] = clock.now
) -> FastAPI:
    """The pages over one database; `look` opens a reading of it, `begin` a transaction."""
    app = FastAPI(title="Pijplijn", openapi_url=None, lifespan=one_page_at_a_time)
    start_reading, start_matching = starters(settings)
    app.state.desk = Desk(
        look,
        begin,
        now,
        start_reading,
        start_matching,
        settings.public_url.rstrip("/"),
        settings.secret_key.get_secret_value(),
        _provider(settings),
        settings.theme_file,
        settings,
        asker(settings),
    )
    # These say route by route who may come in.
    for routes in (
        accessibility,
        audit,
        calendar,
        digest,
        door,
        following,
        messages,
        operations,
        people,
        plan_template,
        reminders,
        security,
        status,
        views,
    ):
        app.include_router(routes.router)
    for routes in (
        home,
        application_times,
        applications,
        application_rows,
        application_stages,
        planning,  # before the parts, which take any word for a kind of part
        application_parts,
        calls,
        inbox,
        judging,
        rounds,
        looks,
        sources,
        source,
        theme_files,
        theme_suggestions,
        theme_lines,  # before the themes, which can be switched by any word
        themes,
        search,
    ):
        app.include_router(routes.router, dependencies=[Depends(entitled)])
    app.mount("/static", StaticFiles(directory=HOME / "web" / "static"), name="static")
    hosts = ["localhost", "127.0.0.1", urlsplit(settings.public_url).hostname or "localhost"]
    app.add_middleware(Legible)
    app.add_middleware(SameOrigin)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=hosts)
    app.add_middleware(Sealed, headers=headers_of(app.state.desk))
    app.add_middleware(Watched)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _misread)
    app.add_exception_handler(Exception, _broken)
    return app


def _provider(settings: Settings) -> Provider | None:
    if not settings.oidc_issuer:
        return None
    return Provider(
        settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret.get_secret_value()
    )


def app() -> FastAPI:
    """The application of this machine: `uvicorn --factory web.app:app`."""
    chosen = environment()
    logs.set_up()
    engine = connect(chosen.database_url)
    made = create_app(chosen, reading(engine), transactions(engine))
    gc.collect()
    gc.freeze()  # what was loaded stays: looking through it again for garbage takes a tenth of a page
    return made


def _refused(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException) and error.status_code == HTTPStatus.UNAUTHORIZED:
        return to_the_door(request, error.detail)
    if isinstance(error, HTTPException) and error.status_code != HTTPStatus.NOT_FOUND:
        tell("refused", request, code=error.status_code)
    status_code = error.status_code if isinstance(error, HTTPException) else 400
    answer = shown(request, "error.html", code=status_code)
    answer.headers.update(getattr(error, "headers", None) or {})
    return answer


def _misread(request: Request, _error: Exception) -> Response:
    tell("refused", request, code=int(HTTPStatus.BAD_REQUEST))
    return shown(request, "error.html", code=HTTPStatus.BAD_REQUEST)


def _broken(request: Request, error: Exception) -> Response:
    # Starlette answers this one outside the middleware, and then raises the error on for the log.
    answer = shown(request, "error.html", code=HTTPStatus.INTERNAL_SERVER_ERROR)
    answer.headers.update(headers_of(request.app.state.desk))
    tell("broken", request, error=type(error).__name__)
    return answer
