# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""One source: how it is doing, what it sent, what is expected of it, and a reading on request."""

from http import HTTPStatus
from typing import Annotated, Final, Literal

from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.responses import Response, StreamingResponse

from grants import queries
from grants.errors import PijplijnError
from grants.source_settings import OvertakenError, call_normal, change_source, note_asked, seen
from models.values import Completeness
from web.auth import Administrator
from web.deps import Desk, actor, desk, see_other, shown
from web.forms import Fields
from web.source_form import MOST, filled_in, posted, settings_of, wrong
from web.sparkline import HEIGHT, WIDTH, marks
from web.threads import Route

router = APIRouter(prefix="/sources/{slug}", route_class=Route)

SHOWN: Final = 50  # disagreements on a page
Slug = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
RAW: Final = {  # whatever a source sends is never a page of ours
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
}


@router.get("")
def show_source(request: Request, slug: Slug, *, done: Literal["", "saved", "normal"] = "") -> Response:
    """The page of one source."""
    return _page(request, _found(desk(request), slug), done=done)


@router.post("/read")
def read_now(request: Request, slug: Slug, fields: Fields) -> Response:
    """Start a reading; one that is under way is not started twice."""
    here, asked_at = desk(request), desk(request).now()
    found = _found(here, slug)
    accept_size = "accept_size" in fields and found.health.state == queries.SourceState.HELD
    if found.asked_at is None or found.late:
        try:
            here.start_reading(slug, accept_size)
        except PijplijnError as error:
            code = HTTPStatus.SERVICE_UNAVAILABLE
            return _page(request, found, code=code, refusal=str(error), accept_size=accept_size)
        with here.begin() as session:
            note_asked(session, slug, accept_size=accept_size, actor=actor(request), now=asked_at)
    return see_other(f"/sources/{slug}")


@router.post("/normal")
def take_as_normal(request: Request, me: Administrator, slug: Slug, _fields: Fields) -> Response:
    """What the source gives now is what it should give: all offices share it, so an administrator says so."""
    here = desk(request)
    _found(here, slug)
    with here.begin() as session:
        call_normal(session, slug, actor=me.email, now=here.now())
    return see_other(f"/sources/{slug}", done="normal")


@router.post("/settings")
def change_settings(request: Request, me: Administrator, slug: Slug, fields: Fields) -> Response:
    """Take over the settings, or show which of them cannot be; of a stale form show both versions."""
    here, form, over = desk(request), posted(fields), fields.get("seen", "")
    found = _found(here, slug)
    if faults := wrong(form):
        return _page(request, found, code=HTTPStatus.UNPROCESSABLE_ENTITY, form=form, wrong=faults, seen=over)
    try:
        with here.begin() as session:
            change_source(session, slug, settings_of(form), actor=me.email, now=here.now(), over=over)
    except OvertakenError:
        found = _found(here, slug)
        theirs = filled_in(found.source)
        return _page(request, found, code=HTTPStatus.CONFLICT, form=form, theirs=theirs)
    return see_other(f"/sources/{slug}", done="saved")


@router.get("/payload/{payload_id}")
def download_payload(request: Request, slug: Slug, payload_id: Number) -> Response:
    """What a source sent, as a file: bytes to look into, never a page."""
    with desk(request).look() as session:
        found = queries.payload(session, slug, payload_id)
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    name = f'attachment; filename="{slug}-{payload_id}.txt"'
    told = {"Content-Disposition": name, "Content-Length": str(found.size), **RAW}
    return StreamingResponse(found.pieces(), media_type="text/plain", headers=told)


def _found(here: Desk, slug: str) -> queries.SourcePage:
    with here.look() as session:
        found = queries.source(session, slug, here.now())
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return found


def _page(request: Request, found: queries.SourcePage, *, code: int = 200, **facts: object) -> Response:
    told = [run for run in reversed(found.runs) if run.outcome != Completeness.UNCHANGED]
    counts = [None if run.outcome == Completeness.FAILED else run.seen for run in told]
    drawn: dict[str, object] = {"marks": marks(counts), "width": WIDTH, "height": HEIGHT}
    empty: dict[str, object] = {"done": "", "refusal": "", "accept_size": False, "wrong": set(), "theirs": {}}
    form = {"form": filled_in(found.source), "most": MOST, "seen": seen(found.source)}
    here = desk(request)
    with here.look() as session:
        differing = queries.disagreements(session, found.source.slug, today=here.today())
    facts = {"differing": differing, "shown": SHOWN, "now": here.now()} | facts
    return shown(request, "source.html", code=code, page=found, **drawn | empty | form | facts)
