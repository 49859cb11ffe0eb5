# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The office's letters, for administrators: what went, what waits and why; held and released by hand."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Final, Literal

from fastapi import APIRouter, HTTPException, Path, Query, Request
from fastapi.responses import HTMLResponse, Response

from grants import applications, outbox, queries, reconciling, snags, suppressing
from models.colleague import Colleague
from models.message import Message, MessageState
from web.auth import Administrator
from web.deps import desk, language, see_other, shown
from web.routes.applications import note_look
from web.threads import Route

router = APIRouter(prefix="/messages", route_class=Route)

LETTER: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox"
)
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("")
def list_messages(
    request: Request,
    me: Administrator,
    *,
    state: Literal[""] | MessageState = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Every letter of the office, the latest first."""
    return _list(request, me, state or None, page)


def _list(
    request: Request,
    me: Colleague,
    state: MessageState | None = None,
    page: int = 1,
    *,
    code: int = HTTPStatus.OK,
) -> Response:
    with desk(request).look() as session:
        found = queries.office_messages(session, me.office_id, state=state, page=page)
        paused, put_back = reconciling.waiting(session), reconciling.last_put_back(session)
        refused = suppressing.in_force(session, me.office_id)
        failing = snags.in_force(session, me.office_id)
    return shown(
        request, "messages.html", code=code, found=found, state=state or "", paused=paused, put_back=put_back,
        refused=refused, failing=failing,
    )  # fmt: skip


@router.post("/reconcile")
def reconcile(request: Request, me: Administrator) -> Response:
    """Believe the send journal after an old backup was put back, and let letters go again."""
    here = desk(request)
    with here.begin() as session:
        reconciling.reconcile(session, actor=me.email, now=here.now())
    return see_other("/messages")


@router.post("/suppressed/{suppression_id}/lift")
def lift(request: Request, me: Administrator, suppression_id: Number) -> Response:
    """Send to an address again that was refused for good; one that was let in meanwhile is told."""
    here = desk(request)
    with here.begin() as session:
        if not suppressing.belongs(session, suppression_id, me.office_id):
            raise HTTPException(HTTPStatus.NOT_FOUND)
        try:
            suppressing.lift(session, suppression_id, actor=me.email, now=here.now())
        except suppressing.SuppressionError:
            return _list(request, me, code=HTTPStatus.CONFLICT)
    return see_other("/messages")


@router.get("/{message_id}")
def show(request: Request, me: Administrator, message_id: Number) -> Response:
    """One letter as it went, with the mail server's words; a look at a confidential one is kept."""
    found = _looked_at(request, me, message_id)
    with desk(request).look() as session:
        refused = suppressing.is_suppressed(session, found)
    return _page(request, found, refused=refused)


@router.get("/{message_id}/letter")
def show_letter(request: Request, me: Administrator, message_id: Number) -> Response:
    """The letter as a mail program shows it, for the frame on its page: nothing in it runs or leads away."""
    found = _looked_at(request, me, message_id)
    headers = {"Content-Security-Policy": LETTER, "Cache-Control": "no-store"}
    return HTMLResponse(queries.words_of(found, "html"), headers=headers)


@router.post("/{message_id}/release")
def release(request: Request, me: Administrator, message_id: Number) -> Response:
    """Send one that is held, in doubt or refused."""
    return _done(request, me, message_id, outbox.release)


@router.post("/{message_id}/hold")
def hold(request: Request, me: Administrator, message_id: Number) -> Response:
    """Keep back one that waits."""
    return _done(request, me, message_id, outbox.hold)


def _looked_at(request: Request, me: Colleague, message_id: int) -> Message:
    """The letter; that somebody looked at a confidential one is kept. Raises HTTPException 404."""
    with desk(request).look() as session:
        found = _found(queries.message(session, me.office_id, message_id))
        about = applications.find(session, me, found.application_id) if found.application_id else None
    if about is not None:
        note_look(request, me, about)
    return found


def _done(request: Request, me: Colleague, message_id: int, deed: Callable[..., Message]) -> Response:
    """Do it, or show what the letter became meanwhile."""
    here = desk(request)
    with here.begin() as session:
        found = _found(queries.message(session, me.office_id, message_id))
        refused = suppressing.is_suppressed(session, found)
        try:
            deed(session, message_id, actor=me.email, now=here.now())
        except outbox.OutboxError:
            return _page(request, found, refused=refused, code=HTTPStatus.CONFLICT)
    return see_other(f"/messages/{message_id}")


def _page(request: Request, found: Message, *, refused: bool, code: int = HTTPStatus.OK) -> Response:
    return shown(
        request, "message.html", code=code, message=found, words=queries.words_of(found), refused=refused,
        tongue=queries.language_of(found) or language(request),
        releasable=found.state in outbox.RELEASABLE and bool(found.mime) and not refused,
        holdable=found.state == MessageState.QUEUED,
    )  # fmt: skip


def _found(letter: Message | None) -> Message:
    if letter is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return letter
