# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A colleague follows a call, or has somebody of the office look into it."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import Response

from grants import applications, following
from grants.judging import OvertakenError
from web.auth import Editor, Reader
from web.deps import desk, known, see_other
from web.forms import Fields
from web.routes.calls import Number
from web.routes.judging import again, number
from web.threads import Route

router = APIRouter(route_class=Route)


@router.post("/calls/{call_id}/follow")
def follow(request: Request, call_id: Number, me: Reader, _fields: Fields) -> Response:
    """Follow a call."""
    with known(desk(request).begin) as session:
        following.follow(session, call_id, by=me, now=desk(request).now())
    return see_other(f"/calls/{call_id}")


@router.post("/calls/{call_id}/unfollow")
def unfollow(request: Request, call_id: Number, me: Reader, _fields: Fields) -> Response:
    """Follow it no longer."""
    with known(desk(request).begin) as session:
        following.unfollow(session, call_id, by=me, now=desk(request).now())
    return see_other(f"/calls/{call_id}")


@router.post("/calls/{call_id}/assignment")
def assign(request: Request, call_id: Number, me: Editor, fields: Fields) -> Response:
    """Have a colleague look into it."""
    who, typed = number(fields, "colleague"), {"colleague": fields.get("colleague", "")}
    try:
        with known(desk(request).begin) as session:
            works_here = who in {one.id for one in applications.staff(session, me.office_id)}
            if works_here:
                following.assign(
                    session, call_id, who, by=me, now=desk(request).now(), over=number(fields, "over")
                )
    except OvertakenError:
        return again(request, call_id, me, "assignment", typed, code=HTTPStatus.CONFLICT)
    if not works_here:
        return again(request, call_id, me, "assignment", typed, wrong={"colleague": "number"})
    return see_other(f"/calls/{call_id}")


@router.post("/assignments/{row_id}/end")
def end_assignment(request: Request, row_id: Number, me: Editor, _fields: Fields) -> Response:
    """Nobody in particular looks into it any more."""
    with known(desk(request).begin) as session:
        row = following.end_assignment(session, row_id, by=me, now=desk(request).now())
    return see_other(f"/calls/{row.call_id}")
