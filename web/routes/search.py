# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""One search for calls and applications alike, with the words found marked."""

from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from grants import applications, queries
from grants.applications import Wanted
from grants.searching import phrases
from web.auth import Reader
from web.deps import Search, desk, shown
from web.threads import Route

router = APIRouter(route_class=Route)
SIZE: Final = 10  # of each kind; the lists have the rest, and filters


@router.get("/search")
def search(request: Request, me: Reader, *, q: Search = "") -> Response:
    """The first of each kind; nothing while there is no word to look for."""
    here, asked = desk(request), bool(phrases(q))
    calls: list[queries.Hit[queries.CallLine]] = []
    ours: list[queries.Hit[applications.Line]] = []
    total_calls = total = 0
    if asked:
        with here.look() as session:
            calls, total_calls = queries.found_calls(
                session, q, office_slug=me.office.slug, today=here.today(), size=SIZE
            )
            lines, total = applications.applications(session, me, Wanted(search=q), size=SIZE)
            ours = [
                queries.hit(
                    line, q, mark=line.application.reference, title=line.application.title,
                    text=line.application.summary,
                )
                for line in lines
            ]  # fmt: skip
    return shown(
        request, "search.html", seek=q, asked=asked, calls=calls, total_calls=total_calls, applications=ours,
        total=total, today=here.today(), rest="?" + urlencode({"search": q}),
    )  # fmt: skip
