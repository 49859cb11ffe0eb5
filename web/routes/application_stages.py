# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""An application goes to its next stage, and the last step is taken back."""

from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from grants import applications
from grants.applications import ReasonError, StaleError
from grants.errors import PijplijnError
from models.application import Stage
from models.colleague import Colleague
from web.application_views import Asked, View, list_page, number_of
from web.auth import Editor, Reader
from web.deps import desk, see_other, shown
from web.forms import Fields
from web.routes.applications import Number, found, note_look, page_of, version_of
from web.threads import Route

router = APIRouter(prefix="/applications", route_class=Route)

LONGEST_WHY: Final = 2000


@router.post("/{application_id}/stage")
def move(request: Request, me: Editor, application_id: Number, asked: View, fields: Fields) -> Response:
    """Go to the next stage; of a stale form or a way that is none show how it stands now."""
    here, chosen, why = desk(request), fields.get("stage", ""), fields.get("why", "").strip()
    if chosen not in list(Stage) or len(why) > LONGEST_WHY:
        raise HTTPException(HTTPStatus.BAD_REQUEST)
    try:
        with here.begin() as session:
            one = found(session, me, application_id, to_change=True)
            applications.move(
                session, one, Stage(chosen), by=me.email, why=why, now=here.now(),
                seen_version=version_of(fields),
            )  # fmt: skip
    except ReasonError:
        return _ask_why(request, me, application_id, chosen, version_of(fields))
    except PijplijnError as error:
        why_not = "stale" if isinstance(error, StaleError) else "way"
        return _refused(request, me, application_id, asked, why_not, chosen=chosen, why=why)
    if asked.view:
        return asked.back(application_id, moved=application_id)
    return see_other(f"/applications/{application_id}")


@router.post("/{application_id}/stage/undo")
def undo(request: Request, me: Editor, application_id: Number, asked: View, fields: Fields) -> Response:
    """Take the last step back."""
    here, step = desk(request), number_of(fields.get("step", ""))
    try:
        with here.begin() as session:
            one = found(session, me, application_id, to_change=True)
            applications.undo_move(session, one, step, by=me.email, now=here.now())
    except PijplijnError:
        return _refused(request, me, application_id, asked, "undo")
    if asked.view:
        return asked.back(application_id, undone=application_id)
    return see_other(f"/applications/{application_id}")


@router.get("/{application_id}/row")
@router.get("/{application_id}/stage")
@router.get("/{application_id}/stage/undo")
def show_instead(request: Request, me: Reader, application_id: Number) -> Response:
    """The application, for whoever comes to the address of a form, as by choosing another language there."""
    with desk(request).look() as session:
        found(session, me, application_id)
    return see_other(f"/applications/{application_id}", lang=request.query_params.get("lang", ""))


def _ask_why(request: Request, me: Colleague, application_id: int, chosen: str, version: int) -> Response:
    """This stage is kept with a reason: ask for it, and go on from there."""
    with desk(request).look() as session:
        one = found(session, me, application_id)
    note_look(request, me, one)
    code = HTTPStatus.UNPROCESSABLE_ENTITY
    return shown(request, "application_reason.html", code=code, one=one, chosen=chosen, version=version)


def _refused(
    request: Request, me: Colleague, application_id: int, asked: Asked, why_not: str, **facts: object
) -> Response:
    with desk(request).look() as session:
        page = applications.application_page(session, me, application_id)
    if page is None:  # made confidential this very moment
        raise HTTPException(HTTPStatus.NOT_FOUND)
    if asked.view:
        refused = {"what": why_not, "one": page.application, "chosen": ""} | facts
        return list_page(request, me, asked, code=HTTPStatus.CONFLICT, refused=refused)
    return page_of(request, page, code=HTTPStatus.CONFLICT, refused=why_not, **facts)
