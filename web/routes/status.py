# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What needs no colleague: whether the office is open, its figures, and what it looks like."""

from dataclasses import asdict
from hmac import compare_digest
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse, JSONResponse, Response

from grants import watch
from web import metrics
from web.deps import desk
from web.threads import Route, waits

router = APIRouter(route_class=Route)

ANEW: Final = {"Cache-Control": "no-store"}


@router.get("/health")
async def health() -> JSONResponse:
    """200 as long as this process answers at all: one that does not is started anew."""
    return JSONResponse({"ok": True}, headers=ANEW)


@router.get("/ready")
@waits
def ready(request: Request) -> JSONResponse:
    """200 when pages can be shown; 503 with a sentence when a proxy had better ask another process."""
    here = desk(request)
    found = watch.readiness(here.look, here.settings)
    code = HTTPStatus.OK if found.ready else HTTPStatus.SERVICE_UNAVAILABLE
    return JSONResponse({"ready": found.ready, **asdict(found)}, status_code=code, headers=ANEW)


@router.get("/metrics")
@waits
def tell(request: Request) -> Response:
    """The figures for Prometheus; for who has no token there is no such page."""
    here = desk(request)
    token = here.settings.metrics_token.get_secret_value()
    shown = request.headers.get("authorization", "").encode()
    if not token or not compare_digest(shown, f"Bearer {token}".encode()):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    with here.look() as session:
        found = watch.figures(session, now=here.now(), settings=here.settings)
    return Response(metrics.exposition(found), media_type=metrics.CONTENT_TYPE, headers=ANEW)


@router.get("/theme.css")
def theme(request: Request) -> FileResponse:
    """The municipality's own theme (PIJPLIJN_THEME_FILE), which is never part of Pijplijn."""
    file = desk(request).theme
    if file is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return FileResponse(file, media_type="text/css")
