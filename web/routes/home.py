# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The page the day begins with: what must I do this week?"""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from grants.home import week
from web.auth import Reader
from web.deps import desk, shown
from web.threads import Route

router = APIRouter(route_class=Route)


@router.get("/")
def show_week(request: Request, me: Reader) -> Response:
    """Dates, decisions and questions that wait for this colleague."""
    here = desk(request)
    with here.look() as session:
        found = week(session, me, now=here.now())
    return shown(request, "home.html", week=found, today=here.today())
