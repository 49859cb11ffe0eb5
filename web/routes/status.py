# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Whether the office is open, for machines."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from grants import queries
from web.deps import desk

router = APIRouter()


@router.get("/health")
def health(request: Request) -> JSONResponse:
    """200 when pages can be shown, 503 when the database does not answer."""
    reachable = queries.reachable(desk(request).look)
    facts = {"ok": reachable, "database": "reachable" if reachable else "unreachable"}
    return JSONResponse(facts, status_code=200 if reachable else 503, headers={"Cache-Control": "no-store"})
