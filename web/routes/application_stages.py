# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""An application goes to its next stage, and the last step is taken back."""

import re
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from grants import applications
from grants.applications import StaleError
from grants.errors import PijplijnError
from models.application import Stage
from models.colleague import Colleague
from web.auth import Editor
from web.deps import desk, see_other
from web.forms import Fields
from web.routes.applications import Number, found, page_of, version_of

router = APIRouter(prefix="/applications")

LONGEST_WHY: Final = 2000


@router.post("/{application_id}/stage")
def move(request: Request, me: Editor, application_id: Number, fields: Fields) -> Response:
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
    except PijplijnError as error:
        return _refused(request, me, application_id, "stale" if isinstance(error, StaleError) else "way",
                        chosen=chosen, why=why)  # fmt: skip
    if fields.get("from") == "board":
        return see_other("/applications", view="board", moved=application_id)
    return see_other(f"/applications/{application_id}")


@router.post("/{application_id}/stage/undo")
def undo(request: Request, me: Editor, application_id: Number, fields: Fields) -> Response:
    """Take the last step back."""
    here, step = desk(request), fields.get("step", "")
    try:
        with here.begin() as session:
            one = found(session, me, application_id, to_change=True)
            number = int(step) if re.fullmatch(r"[1-9]\d{0,8}", step) else 0
            applications.undo_move(session, one, number, by=me.email, now=here.now())
    except PijplijnError:
        return _refused(request, me, application_id, "undo")
    if fields.get("from") == "board":
        return see_other("/applications", view="board")
    return see_other(f"/applications/{application_id}")


def _refused(request: Request, me: Colleague, application_id: int, why_not: str, **facts: object) -> Response:
    with desk(request).look() as session:
        page = applications.application_page(session, me, application_id)
    if page is None:  # made confidential this very moment
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return page_of(request, page, code=HTTPStatus.CONFLICT, refused=why_not, **facts)
