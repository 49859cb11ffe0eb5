# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The calls: a list to choose from, and one call with the reasons why it is there."""

from dataclasses import replace
from typing import Annotated, Final, Literal

from fastapi import APIRouter, HTTPException, Path, Query, Request
from fastapi.responses import Response

from grants import applications, lessons, queries, themes
from grants.eligibility import facts_of
from grants.following import note_seen
from grants.hand_links import LinkError, find_call, link_by_hand, undo_link
from grants.timetable import disorder, moments, steps_of
from grants.typed import euros_in
from models.colleague import Colleague
from models.match import VerdictReason
from models.values import CallStatus
from web.auth import Reader
from web.deps import Search, actor, desk, see_other, shown
from web.forms import Fields
from web.interest import CHOICES, Asked
from web.saved import saved
from web.threads import Route

router = APIRouter(route_class=Route)

SIZE: Final = 25
Words = Annotated[str, Query(max_length=200)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
LONGEST: Final = 2000  # characters of an address


@router.get("/calls")
def list_calls(  # noqa: PLR0913 - the fields of the filter form
    request: Request,
    me: Reader,
    *,
    theme: Words = "",
    source: Words = "",
    status: Literal["", "forthcoming", "open", "closed"] = "",
    search: Search = "",
    order: queries.Order = queries.Order.BEST,
    everything: Literal["", "1"] = "",
    interest: Asked,
    programme: Words = "",
    written: Literal["", "nl", "de", "en"] = "",
    within: Literal["", "30", "60", "90", "180"] = "",
    budget: Words = "",
    able: Literal["", "1"] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """The calls that match an office's themes, or all there are."""
    here = desk(request)
    with here.look() as session:
        slug = me.office.slug
        ours = queries.themes(session, office_slug=slug)
        sources = queries.source_names(session)
        source_name = sources.get(source)
        days = int(within) if within else None
        narrowing = queries.Narrowing(programme, written, days, euros_in(budget), able=bool(able))
        only = theme if theme in {one.slug for one in ours} else None
        found = queries.calls(
            session,
            office_slug=slug,
            today=here.today(),
            theme=only,
            source=source if source_name else None,
            status=CallStatus(status) if status else None,
            search=search,
            page=page,
            order=order,
            matched=not everything,
            interest=interest,
            narrowing=narrowing,
            size=SIZE,
        )
        kept = saved(request, session, me, "calls")
    narrowed = bool(only or source_name or status or search.strip() or interest.narrowed)
    return shown(
        request, "calls.html", office=me.office, themes=ours, found=found,
        theme=only, status=status, search=search, order=order, everything=everything, today=here.today(),
        statuses=list(CallStatus), narrowed=narrowed or narrowing != queries.Narrowing(),
        narrowing=narrowing, budget=budget, sources=sources, source=source, source_name=source_name,
        asked=interest, choices=CHOICES, saved=kept,
    )  # fmt: skip


@router.get("/calls/{call_id}")
def show_call(request: Request, call_id: Number, me: Reader, *, why: Words = "") -> Response:
    """One call: its text with the reasons marked, its deadlines, its twins, and what changed.

    Asked `why`, it says why it is shown for the theme with that slug, or why not.
    """
    return call_page(request, call_id, me, look=True, why=why)


def call_page(  # noqa: PLR0913 - what the page can tell, each by name
    request: Request, call_id: int, me: Colleague, *, code: int = 200, look: bool = False, why: str = "",
    **facts: object,
) -> Response:  # fmt: skip
    """The page of a call, with what became of a form when something did; a colleague's look is marked."""
    here = desk(request)
    with here.look() as session:
        line = queries.call(session, call_id, office_slug=me.office.slug, today=here.today())
        if line is None:
            raise HTTPException(404)
        twins, undone, dates = queries.twins(session, call_id, today=here.today())
        calls = queries.members(session, call_id)
        seen_by = queries.call_desk(session, me, call_id)
        hidden = lessons.hidden(session, me.office_id, call_id)
        people = applications.staff(session, me.office_id)
        ours = applications.applications_for(session, me, calls)
        asked_of = queries.themes(session, office_slug=me.office.slug)
        told = themes.why(session, me, line.call, why) if why else None
    if look and replace(line, standing=seen_by.ours).unread:
        with here.begin() as session:
            note_seen(session, call_id, by=me, now=here.now())
    more = {"problem": None, "asked": "", "form": "", "typed": {}, "wrong": {}} | facts
    return shown(
        request, "call.html", code=code, office=me.office, line=line, today=here.today(), twins=twins,
        undone=undone, dates=dates, moments=moments(line.call), disorder=disorder(steps_of(line.call)),
        seen_by=seen_by, people=people, ours=ours, reasons=list(VerdictReason),
        said=facts_of(line.call), themes=asked_of, why=told, hidden=hidden, **more,
    )  # fmt: skip


@router.post("/calls/{call_id}/links")
def link(request: Request, call_id: Number, me: Reader, fields: Fields) -> Response:
    """A colleague says that another call is this one; what cannot be is said on the page."""
    here = desk(request)
    asked = fields.get("other", "")[:LONGEST]
    try:
        with here.begin() as session:
            other = find_call(session, asked, beside=call_id, host=request.url.netloc)
            link_by_hand(session, call_id, other, by=actor(request), now=here.now())
    except LinkError as error:
        return call_page(request, call_id, me, code=422, problem=error.why, asked=asked)
    return see_other(f"/calls/{call_id}")


@router.post("/links/{link_id}/undo")
def undo(request: Request, link_id: Number, fields: Fields) -> Response:
    """A colleague says that two calls are not one."""
    here = desk(request)
    try:
        with here.begin() as session:
            row = undo_link(session, link_id, by=actor(request), now=here.now())
    except LinkError as error:
        raise HTTPException(404) from error
    back = row.other_id if fields.get("call") == str(row.other_id) else row.call_id
    return see_other(f"/calls/{back}")
