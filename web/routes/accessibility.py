# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""How accessible these pages are, and where to say that something is not."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from web.deps import shown
from web.threads import Route

router = APIRouter(route_class=Route)


@router.get("/accessibility")
def show_accessibility(request: Request) -> Response:
    """The statement in brief; docs/accessibility.md is the whole of it."""
    return shown(request, "accessibility.html")
