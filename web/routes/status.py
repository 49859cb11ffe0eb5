# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What needs no colleague: whether the office is open, and what it looks like."""

from http import HTTPStatus

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse, JSONResponse

from grants import queries
from web.deps import desk
from web.threads import Route, waits

router = APIRouter(route_class=Route)


@router.get("/health")
@waits
def health(request: Request) -> JSONResponse:
    """200 when pages can be shown, 503 when the database does not answer."""
    reachable = queries.reachable(desk(request).look)
    facts = {"ok": reachable, "database": "reachable" if reachable else "unreachable"}
    return JSONResponse(facts, status_code=200 if reachable else 503, headers={"Cache-Control": "no-store"})


@router.get("/theme.css")
def theme(request: Request) -> FileResponse:
    """The municipality's own theme (PIJPLIJN_THEME_FILE), which is never part of Pijplijn."""
    file = desk(request).theme
    if file is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return FileResponse(file, media_type="text/css")
