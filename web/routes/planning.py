# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Back-planning of one application: the dates shown, confirmed, taken back."""

import re
from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from grants import applications
from grants.applications import StaleError
from grants.errors import PijplijnError
from models.colleague import Colleague
from web.auth import Editor
from web.deps import desk, see_other, shown
from web.forms import Fields
from web.routes.applications import Number, found, note_look, page_of
from web.threads import Route

router = APIRouter(prefix="/applications/{application_id}/plan", route_class=Route)


@router.get("")
def show(
    request: Request, me: Editor, application_id: Number, *, on: Annotated[str, Query(max_length=40)] = ""
) -> Response:
    """What planning back from a submission would do."""
    return _preview(request, me, application_id, on=_day(on))


@router.post("")
def confirm(request: Request, me: Editor, application_id: Number, fields: Fields) -> Response:
    """Write the dates as they were shown; of an outdated preview show how it is now."""
    here, on = desk(request), _day(fields.get("on", ""))
    try:
        with here.begin() as session:
            one = found(session, me, application_id, to_change=True)
            applications.confirm(
                session, one, on=on, seen=fields.get("seen", ""), by=me.email, now=here.now(),
                today=here.today(),
            )  # fmt: skip
    except StaleError:
        return _preview(request, me, application_id, on=on, code=HTTPStatus.CONFLICT)
    return see_other(f"/applications/{application_id}")


@router.post("/undo")
def undo(request: Request, me: Editor, application_id: Number, fields: Fields) -> Response:
    """Take the last planning back."""
    here, number = desk(request), fields.get("planning", "")
    try:
        with here.begin() as session:
            one = found(session, me, application_id, to_change=True)
            planning = int(number) if re.fullmatch(r"[1-9]\d{0,8}", number) else 0
            applications.undo_planning(session, one, planning, by=me.email, now=here.now())
    except PijplijnError:
        with here.look() as session:
            page = applications.application_page(session, me, application_id)
        if page is None:  # made confidential this very moment
            raise HTTPException(HTTPStatus.NOT_FOUND) from None
        return page_of(request, page, code=HTTPStatus.CONFLICT, refused="unplan")
    return see_other(f"/applications/{application_id}")


def _preview(
    request: Request, me: Colleague, application_id: int, *, on: date | None, code: int = HTTPStatus.OK
) -> Response:
    here = desk(request)
    with here.look() as session:
        one = found(session, me, application_id)
        preview = applications.preview(session, one, on=on, today=here.today())
    note_look(request, me, one)
    return shown(
        request, "planning.html", code=code, one=one, preview=preview, today=here.today(),
        stale=code == HTTPStatus.CONFLICT,
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
