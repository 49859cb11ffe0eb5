# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The office's letters, for administrators: what went, what waits and why; held and released by hand."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Path, Query, Request
from fastapi.responses import Response

from grants import applications, outbox, queries, reconciling
from models.colleague import Colleague
from models.message import Message, MessageState
from web.auth import Administrator
from web.deps import desk, see_other, shown
from web.routes.applications import note_look

router = APIRouter(prefix="/messages")

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
    with desk(request).look() as session:
        found = queries.office_messages(session, me.office_id, state=state or None, page=page)
        paused, put_back = reconciling.waiting(session), reconciling.last_put_back(session)
    return shown(request, "messages.html", found=found, state=state, paused=paused, put_back=put_back)


@router.post("/reconcile")
def reconcile(request: Request, me: Administrator) -> Response:
    """Believe the send journal after an old backup was put back, and let letters go again."""
    here = desk(request)
    with here.begin() as session:
        reconciling.reconcile(session, actor=me.email, now=here.now())
    return see_other("/messages")


@router.get("/{message_id}")
def show(request: Request, me: Administrator, message_id: Number) -> Response:
    """One letter as it went, with the mail server's words; a look at a confidential one is kept."""
    here = desk(request)
    with here.look() as session:
        found = _found(queries.message(session, me.office_id, message_id))
        about = applications.find(session, me, found.application_id) if found.application_id else None
    if about is not None:
        note_look(request, me, about)
    return _page(request, found)


@router.post("/{message_id}/release")
def release(request: Request, me: Administrator, message_id: Number) -> Response:
    """Send one that is held, in doubt or refused."""
    return _done(request, me, message_id, outbox.release)


@router.post("/{message_id}/hold")
def hold(request: Request, me: Administrator, message_id: Number) -> Response:
    """Keep back one that waits."""
    return _done(request, me, message_id, outbox.hold)


def _done(request: Request, me: Colleague, message_id: int, deed: Callable[..., Message]) -> Response:
    """Do it, or show what the letter became meanwhile."""
    here = desk(request)
    with here.begin() as session:
        found = _found(queries.message(session, me.office_id, message_id))
        try:
            deed(session, message_id, actor=me.email, now=here.now())
        except outbox.OutboxError:
            return _page(request, found, code=HTTPStatus.CONFLICT)
    return see_other(f"/messages/{message_id}")


def _page(request: Request, found: Message, *, code: int = HTTPStatus.OK) -> Response:
    return shown(
        request, "message.html", code=code, message=found, words=queries.words_of(found),
        releasable=found.state in outbox.RELEASABLE, holdable=found.state == MessageState.QUEUED,
    )  # fmt: skip


def _found(letter: Message | None) -> Message:
    if letter is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return letter
