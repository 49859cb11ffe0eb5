# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Calendars to subscribe to: read at a secret address without signing in, made by who is signed in."""

import hashlib
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.responses import Response

from grants import applications, calendars
from models.calendar import Scope
from models.colleague import Colleague
from models.office import Office
from web.auth import Administrator, Reader
from web.deps import desk, see_other
from web.forms import Fields
from web.routes.people import me_page
from web.threads import Route

router = APIRouter(route_class=Route)
KIND = "text/calendar; charset=utf-8"


@router.api_route("/calendar/{secret}.ics", methods=["GET", "HEAD"])
def read_calendar(request: Request, secret: Annotated[str, Path(max_length=100)]) -> Response:
    """The calendar, or that nothing in it changed. Whether an address is wrong or was revoked is not told."""
    here = desk(request)
    text = applications.subscribed(here.look, here.begin, secret, address=here.public_url, now=here.now())
    if text is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    mark = f'"{hashlib.sha256(text).hexdigest()[:32]}"'
    headers = {"ETag": mark, "Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}
    if _has(request.headers.get("if-none-match", ""), mark):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    headers["Content-Disposition"] = 'inline; filename="pijplijn.ics"'
    return Response(text, media_type=KIND, headers=headers)


def _has(header: str, mark: str) -> bool:
    """Whether a program has it already; proxies that compress make a mark weak (RFC 9110, 13.1.2)."""
    marks = {one.strip().removeprefix("W/") for one in header.split(",")}
    return mark in marks or "*" in marks


@router.post("/me/calendar")
def make_mine(request: Request, me: Reader, fields: Fields) -> Response:
    """A new address for my calendar; the one before it ends."""
    if fields.get("scope") not in list(Scope):
        raise HTTPException(HTTPStatus.BAD_REQUEST)
    return _made(request, me, me, Scope(fields["scope"]))


@router.post("/me/calendar/end")
def end_mine(request: Request, me: Reader) -> Response:
    """My calendar can be read no longer."""
    return _ended(request, me, me)


@router.post("/settings/calendar")
def make_office(request: Request, me: Administrator) -> Response:
    """A new address for the office's calendar; the one before it ends."""
    return _made(request, me, me.office, Scope.WHOLE)


@router.post("/settings/calendar/end")
def end_office(request: Request, me: Administrator) -> Response:
    """The office's calendar can be read no longer."""
    return _ended(request, me, me.office)


def _made(request: Request, me: Colleague, whose: Colleague | Office, scope: Scope) -> Response:
    here = desk(request)
    with here.begin() as session:
        secret = calendars.make(session, whose, scope, by=me, now=here.now())
    return me_page(request, me, made=f"{here.public_url}/calendar/{secret}.ics", made_for=whose.name)


def _ended(request: Request, me: Colleague, whose: Colleague | Office) -> Response:
    here = desk(request)
    with here.begin() as session:
        calendars.revoke(session, whose, by=me.email, now=here.now())
    return see_other("/me", fragment="calendar")
