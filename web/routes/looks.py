# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The looks: watched pages that changed, and a form to say that one was looked at."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.responses import Response

from grants.errors import PijplijnError
from grants.looks import difference, done_looks, mark_looked, open_looks
from web.deps import actor, desk, see_other, shown
from web.forms import Fields
from web.threads import Route

router = APIRouter(route_class=Route)

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
MOST, LAST, LONGEST = 50, 20, 2000


@router.get("/looks")
def list_looks(request: Request) -> Response:
    """What waits for a look, each with its difference; then what was looked at last."""
    with desk(request).look() as session:
        waiting = [(one, difference(one.before, one.after)) for one in open_looks(session, limit=MOST)]
        done = done_looks(session, limit=LAST)
    return shown(request, "looks.html", waiting=waiting, done=done, longest=LONGEST)


@router.post("/looks/{look_id}")
def mark(request: Request, look_id: Number, fields: Fields) -> Response:
    """Someone looked."""
    here = desk(request)
    note = fields.get("note", "")[:LONGEST]
    try:
        with here.begin() as session:
            mark_looked(session, look_id, by=actor(request), now=here.now(), note=note)
    except PijplijnError as error:
        raise HTTPException(404) from error
    return see_other("/looks")
