# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The inbox: what came or changed, and waits for the office's verdict."""

from dataclasses import replace
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from grants import queries
from models.match import VerdictReason
from web.auth import Reader
from web.deps import desk, linker, shown
from web.interest import CHOICES, Asked
from web.saved import saved
from web.threads import Route

router = APIRouter(route_class=Route)

SIZE: Final = 20


@router.get("/inbox")
def show_inbox(  # noqa: PLR0913 - the fields of the filter form
    request: Request,
    me: Reader,
    asked: Asked,
    *,
    theme: Annotated[str, Query(max_length=200)] = "",
    able: Literal["", "1"] = "",
    order: Literal["newest", "deadline", "best"] = "newest",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
    judged: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
) -> Response:
    """What is still open, matches a theme and was not judged since it came or last changed."""
    here, slug = desk(request), me.office.slug
    with here.look() as session:
        themes = queries.themes(session, office_slug=slug)
        only = theme if theme in {one.slug for one in themes} else None
        found = queries.calls(
            session, office_slug=slug, today=here.today(), theme=only, page=page, size=SIZE,
            order=queries.Order(order), interest=replace(asked, waiting=True),
            narrowing=queries.Narrowing(able=bool(able)),
        )  # fmt: skip
        reasons = queries.reasons(session, found.lines)
        extended = queries.extended(session, me, today=here.today())
        told = queries.own_verdict(session, me, judged) if judged else None
        kept = saved(request, session, me, "inbox")
    if not found.lines and found.total:  # the last of the last page was judged
        return RedirectResponse("/inbox" + linker(request)(page=found.pages))
    return shown(
        request, "inbox.html", found=found, extended=extended, reasons=reasons, themes=themes, theme=only,
        order=order, able=able, asked=asked, choices=CHOICES, verdict_reasons=list(VerdictReason), told=told,
        saved=kept, today=here.today(), back=linker(request)(judged="")[1:],
    )  # fmt: skip
