# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The calls that colleagues keep by hand: a list, a form to enter and edit them, a button to copy one."""

import re
import secrets
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.responses import Response

from grants import queries
from grants.drafts import (
    LONGEST,
    LONGEST_IN_ROW,
    MOST,
    as_fields,
    differing,
    filled,
    read_draft,
)
from grants.errors import PijplijnError
from grants.rounds import OutdatedError, add_call, copy_to_next_year, edit_call
from grants.typed import Fault, Wrong
from web.auth import Editor
from web.deps import actor, desk, see_other, shown
from web.forms import Fields
from web.threads import Route

router = APIRouter(route_class=Route)

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
KEY: Final = re.compile(r"[0-9a-f]{16}")
START: Final = {"deadline": 2, "step": 6}  # rows of an empty form
SPARE: Final = {"deadline": 1, "step": 3}
ZONES: Final = ("Europe/Amsterdam", "Europe/Berlin", "Europe/Brussels")


@router.get("/rounds")
def list_rounds(request: Request) -> Response:
    """The rounds with dates ahead, next first; what is always open; what is over."""
    here = desk(request)
    with here.look() as session:
        found = queries.rounds(session, today=here.today())
    return shown(request, "rounds.html", found=found, today=here.today())


@router.get("/rounds/new")
def new_round(request: Request, _me: Editor) -> Response:
    """An empty form."""
    return _form(request, {"key": secrets.token_hex(8)})


@router.post("/rounds/new")
def enter(request: Request, fields: Fields) -> Response:
    """Keep a new call; the same form sent twice makes one."""
    here = desk(request)
    with here.look() as session:
        known = {source.slug for source in queries.kept_sources(session)}
    draft, faults = read_draft(fields)
    if fields.get("source") not in known:
        faults.append(Fault("source", Wrong.NO_CHOICE))
    if "more" in fields or draft is None or faults:
        return _again(request, fields, faults)
    key = fields.get("key", "")
    key = key if KEY.fullmatch(key) else secrets.token_hex(8)
    try:
        with here.begin() as session:
            call = add_call(
                session,
                fields["source"],
                key,
                draft,
                seen=fields.get("seen", ""),
                now=here.now(),
                actor=actor(request),
            )
    except OutdatedError as error:
        return _conflict(request, fields, error)
    return see_other(f"/calls/{call.id}")


@router.get("/calls/{call_id}/edit")
def edit_form(request: Request, _me: Editor, call_id: Number) -> Response:
    """The form of a call that is kept by hand."""
    kept = _kept(request, call_id)
    return _form(request, as_fields(kept.draft) | {"seen": kept.seen}, kept=kept)


@router.post("/calls/{call_id}/edit")
def edit(request: Request, call_id: Number, fields: Fields) -> Response:
    """Keep what was changed, unless someone else changed it meanwhile."""
    here, kept = desk(request), _kept(request, call_id)
    draft, faults = read_draft(fields)
    if "more" in fields or draft is None:
        return _again(request, fields, faults, kept=kept)
    try:
        with here.begin() as session:
            edit_call(
                session, call_id, draft, seen=fields.get("seen", ""), now=here.now(), actor=actor(request)
            )  # fmt: skip
    except OutdatedError as error:
        return _conflict(request, fields, error, kept=kept)
    return see_other(f"/calls/{call_id}")


@router.post("/calls/{call_id}/copy")
def copy(request: Request, call_id: Number) -> Response:
    """The same round a year later, opened to confirm its dates."""
    here = desk(request)
    _kept(request, call_id)
    try:
        with here.begin() as session:
            call = copy_to_next_year(session, call_id, now=here.now(), actor=actor(request))
    except PijplijnError as error:
        raise HTTPException(HTTPStatus.CONFLICT) from error
    return see_other(f"/calls/{call.id}/edit")


def _kept(request: Request, call_id: int) -> queries.Kept:
    with desk(request).look() as session:
        kept = queries.kept(session, call_id)
    if kept is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return kept


def _again(
    request: Request, fields: Mapping[str, str], faults: Iterable[Fault], *, kept: queries.Kept | None = None
) -> Response:
    """The form as typed: with more rows when asked for, else with what is wrong."""
    if "more" in fields:
        return _form(request, fields, kept=kept)
    return _form(request, fields, kept=kept, faults=faults, code=HTTPStatus.UNPROCESSABLE_ENTITY)


def _conflict(
    request: Request, fields: Mapping[str, str], error: OutdatedError, *, kept: queries.Kept | None = None
) -> Response:
    """The form as typed beside what stands now; kept again it goes over what stands now."""
    conflict = differing(fields, as_fields(error.draft))
    fields = {**fields, "seen": error.seen}
    return _form(request, fields, kept=kept, conflict=conflict, code=HTTPStatus.CONFLICT)


def _form(  # noqa: PLR0913 - what the page shows, each by name
    request: Request,
    fields: Mapping[str, str],
    *,
    kept: queries.Kept | None = None,
    faults: Iterable[Fault] = (),
    conflict: list[tuple[str, str, str]] | None = None,
    code: int = HTTPStatus.OK,
) -> Response:
    with desk(request).look() as session:
        sources = [(source.slug, source.name) for source in queries.kept_sources(session)]
    zones = {value for name, value in fields.items() if name.endswith("-zone") and value} - {*ZONES}
    return shown(
        request, "round_form.html", code=code, call=kept, fields=fields, sources=sources,
        faults={fault.field: fault for fault in faults}, conflict=conflict, seen=fields.get("seen", ""),
        key=fields.get("key", ""), rows={kind: _rows(fields, kind) for kind in MOST}, most=MOST,
        longest=LONGEST, longest_in_row=LONGEST_IN_ROW, other_zones=sorted(zones),
    )  # fmt: skip


def _rows(fields: Mapping[str, str], kind: str) -> int:
    """As many rows as were shown, and some more when asked for; never fewer than were filled in."""
    used = max(filled(fields, kind), default=-1) + 1
    before = fields.get(f"{kind}-rows", "")
    shown_before = (
        int(before) if re.fullmatch(r"[0-9]{1,3}", before) else max(START[kind], used + SPARE[kind])
    )
    more = START[kind] if fields.get("more") == kind else 0
    return min(MOST[kind], max(used, shown_before) + more)
