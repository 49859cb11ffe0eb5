# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Who asks: every page but the door wants a signed-in colleague, and a change wants one who may change.

Routes name what they want as a parameter: `def show(request: Request, me: Reader)`.
"""

from datetime import timedelta
from http import HTTPStatus
from threading import Lock
from typing import Annotated, Final

from fastapi import Depends, HTTPException, Request
from fastapi.responses import Response

from grants import sign_ins
from grants.reminders import urgent
from models.colleague import Colleague
from web.deps import desk, see_other

DOOR: Final = "/sign-in"
NOTING: Final = Lock()  # of pages asked for at once, one keeps that they were; the others go on
FRESH: Final = timedelta(
    minutes=15
)  # since signing in: for what could keep the owner of an account out of it
AGAIN: Final = "again"
CODE: Final = "code"
WITHOUT_A_CODE: Final = {"/me", "/me/code"}  # what who must set one up may open
SAFE: Final = {"GET", "HEAD", "OPTIONS"}  # these change nothing


def cookie_name(request: Request) -> str:
    """Bound to this very host where the pages are served over HTTPS."""
    return "__Host-sid" if desk(request).secure else "sid"


def _colleague(request: Request) -> Colleague:
    """Who is signed in. Raises HTTPException 401, which the application turns into the way to the door."""
    here = desk(request)
    token = request.cookies.get(cookie_name(request), "")
    with here.look() as session:
        found = sign_ins.signed_in(session, token, now=here.now()) if token else None
        if found and request.method in SAFE:  # a page follows, which says so: one way to the database less
            request.state.urgent = urgent(session, found.colleague, now=here.now())
    if found is None:
        raise HTTPException(HTTPStatus.UNAUTHORIZED)
    if here.now() - found.last_used_at > sign_ins.NOTED and NOTING.acquire(blocking=False):
        try:
            with here.begin() as session:
                sign_ins.note_use(session, found.id, now=here.now())
        finally:
            NOTING.release()
    request.state.colleague, request.state.since = found.colleague, found.at
    bare = found.way != "oidc" and not found.colleague.totp
    if here.settings.asks_for_codes and bare and request.url.path not in WITHOUT_A_CODE:
        raise HTTPException(HTTPStatus.UNAUTHORIZED, CODE)
    return found.colleague


def _fresh(request: Request, me: Annotated[Colleague, Depends(_colleague)]) -> Colleague:
    """Who signed in a moment ago. Raises HTTPException 401: sign in again."""
    if desk(request).now() - request.state.since > FRESH:
        raise HTTPException(HTTPStatus.UNAUTHORIZED, AGAIN)
    return me


async def _editor(me: Annotated[Colleague, Depends(_colleague)]) -> Colleague:
    if not me.editor:
        raise HTTPException(HTTPStatus.FORBIDDEN)
    return me


async def _administrator(me: Annotated[Colleague, Depends(_colleague)]) -> Colleague:
    if not me.administrator:
        raise HTTPException(HTTPStatus.FORBIDDEN)
    return me


async def entitled(request: Request, me: Annotated[Colleague, Depends(_colleague)]) -> None:
    """Whoever is signed in may look; to change something takes an editor. For whole routers."""
    if request.method not in SAFE and not me.editor:
        raise HTTPException(HTTPStatus.FORBIDDEN)


Fresh = Annotated[Colleague, Depends(_fresh)]
Reader = Annotated[Colleague, Depends(_colleague)]
Editor = Annotated[Colleague, Depends(_editor)]
Administrator = Annotated[Colleague, Depends(_administrator)]


def to_the_door(request: Request, why: str = "") -> Response:
    """To the sign-in page, and from there back to what was asked for; or to where a code is set up."""
    if why == CODE:
        return see_other("/me", code="first", fragment="codes")
    if why == AGAIN:
        return see_other(DOOR, next="/me", again=1)
    wanted = request.url.path + ("?" + request.url.query if request.url.query else "")
    return see_other(DOOR, next="" if wanted == "/" or request.method != "GET" else wanted)


def local_path(text: str) -> str:
    """A path of our own to go on to after signing in; anything else leads to the start page."""
    bad = not text.startswith("/") or text.startswith(("//", "/\\")) or any(ord(one) < 33 for one in text)  # noqa: PLR2004 - space and control characters
    return "/" if bad else text


def admit(request: Request, answer: Response, token: str) -> None:
    """Give the browser its token."""
    answer.set_cookie(
        cookie_name(request), token, httponly=True, secure=desk(request).secure, samesite="lax", path="/",
        max_age=int(sign_ins.LONGEST.total_seconds()),
    )  # fmt: skip
