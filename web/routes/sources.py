# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The sources: how each is doing, and what to do about it."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from grants import queries
from web.deps import desk, shown
from web.threads import Route

router = APIRouter(route_class=Route)


@router.get("/sources")
def list_sources(request: Request) -> Response:
    """Every source with what came of its last reading."""
    here = desk(request)
    with here.look() as session:
        found = queries.sources(session, here.now())
    trouble = [one for one in found if one.state not in queries.FINE]
    return shown(request, "sources.html", sources=found, trouble=trouble, now=here.now())
