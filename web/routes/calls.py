# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The calls: a list to choose from, and one call with the reasons why it is there."""

from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Path, Query, Request
from fastapi.responses import RedirectResponse, Response

from grants import queries
from grants.timetable import disorder, moments, steps_of
from models.values import CallStatus
from web.deps import desk, shown

router = APIRouter()

Words = Annotated[str, Query(max_length=200)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("/")
def start() -> Response:
    """The calls are where the day begins."""
    return RedirectResponse("/calls")


@router.get("/calls")
def list_calls(  # noqa: PLR0913 - the fields of the filter form
    request: Request,
    *,
    office: Words = "",
    theme: Words = "",
    status: Literal["", "forthcoming", "open", "closed"] = "",
    search: Words = "",
    order: queries.Order = queries.Order.BEST,
    everything: Literal["", "1"] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """The calls that match an office's themes, or all there are."""
    here = desk(request)
    with here.look() as session:
        offices = queries.offices(session)
        chosen = next((one for one in offices if one.slug == office), offices[0] if offices else None)
        slug = chosen.slug if chosen else ""
        themes = queries.themes(session, office_slug=slug)
        only = theme if theme in {one.slug for one in themes} else None
        found = queries.calls(
            session,
            office_slug=slug,
            today=here.today(),
            theme=only,
            status=CallStatus(status) if status else None,
            search=search,
            page=page,
            order=order,
            matched=not everything,
        )
    return shown(
        request, "calls.html", office=chosen, offices=offices, themes=themes, found=found,
        theme=only, status=status, search=search, order=order, everything=everything, today=here.today(),
        statuses=list(CallStatus), narrowed=bool(only or status or search.strip()),
    )  # fmt: skip


@router.get("/calls/{call_id}")
def show_call(request: Request, call_id: Number, *, office: Words = "") -> Response:
    """One call: its text with the reasons marked, its deadlines, and what changed."""
    here = desk(request)
    with here.look() as session:
        offices = queries.offices(session)
        chosen = next((one for one in offices if one.slug == office), offices[0] if offices else None)
        slug = chosen.slug if chosen else ""
        line = queries.call(session, call_id, office_slug=slug, today=here.today())
    if line is None:
        raise HTTPException(404)
    return shown(
        request, "call.html", office=chosen, line=line, today=here.today(),
        moments=moments(line.call), disorder=disorder(steps_of(line.call)),
    )  # fmt: skip
