# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""When a colleague's digest comes and what of; and the link in it that switches it off (RFC 8058)."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query, Request
from fastapi.responses import Response

from grants import digest
from grants.digest import ChoiceError
from models.colleague import Colleague, Rhythm
from web import digest_form
from web.auth import Reader
from web.deps import desk, known, see_other, shown
from web.forms import Fields
from web.threads import Route

router = APIRouter(route_class=Route)
Token = Annotated[str, Path(max_length=100)]


@router.get("/me/digest")
def show_choice(request: Request, me: Reader, saved: Annotated[str, Query(max_length=1)] = "") -> Response:
    """What I chose."""
    return _shown(request, me, digest_form.filled_in(me), told="saved" if saved else "")


@router.post("/me/digest")
def choose(request: Request, me: Reader, fields: Fields) -> Response:
    """Choose when my digest comes, and what of."""
    form = digest_form.posted(fields)
    choice = digest_form.choice(form)
    if choice is None:
        raise HTTPException(HTTPStatus.BAD_REQUEST)
    try:
        with desk(request).begin() as session:
            digest.choose(session, session.get_one(Colleague, me.id), choice, now=desk(request).now())
    except ChoiceError as error:
        if error.field != "programmes":
            raise HTTPException(HTTPStatus.BAD_REQUEST) from error
        return _shown(request, me, form, told=error.field, code=HTTPStatus.UNPROCESSABLE_ENTITY)
    return see_other("/me/digest", saved=1, lang=choice.language)


@router.get("/unsubscribe/{token}")
def ask(request: Request, token: Token) -> Response:
    """A page with a button: a scanner that follows the link changes nothing."""
    with known(desk(request).look) as session:
        found = digest.subscribed(session, _whose(request, token))
    return _asked(request, found, before=Rhythm.WEEKLY)


@router.post("/unsubscribe/{token}")
def unsubscribe(request: Request, token: Token) -> Response:
    """Switch the digest off, by the button or by a mail program's one click, whatever it sends along."""
    with known(desk(request).begin) as session:
        found = digest.subscribed(session, _whose(request, token))
        before = digest.switch(session, found, Rhythm.NEVER, now=desk(request).now())
    return _asked(request, found, before=Rhythm.WEEKLY if before == Rhythm.NEVER else before)


@router.post("/unsubscribe/{token}/undo")
def put_back(request: Request, token: Token, fields: Fields) -> Response:
    """Switch it on again."""
    rhythm = Rhythm.DAILY if fields.get("rhythm") == Rhythm.DAILY else Rhythm.WEEKLY
    with known(desk(request).begin) as session:
        found = digest.subscribed(session, _whose(request, token))
        digest.switch(session, found, rhythm, now=desk(request).now())
    return see_other(f"/unsubscribe/{token}")


def _whose(request: Request, token: str) -> tuple[int, str] | None:
    return digest.colleague_of(desk(request).secret, token)


def _asked(request: Request, found: Colleague, *, before: Rhythm) -> Response:
    return shown(
        request, "unsubscribe.html", here=request.url.path, address=found.email, before=before,
        rhythm=found.digest_rhythm, never=found.digest_rhythm == Rhythm.NEVER,
    )  # fmt: skip


def _shown(
    request: Request, me: Colleague, form: digest_form.Form, *, code: int = 200, told: str = ""
) -> Response:
    """The form, and "saved" or "programmes" where something came of it."""
    with desk(request).look() as session:
        ours = digest.choosable(session, me)
        counted = digest.known_programmes(session, me.digest_programmes)
    return shown(
        request, "digest.html", code=code, form=form, themes=ours, known=counted, told=told,
        rhythms=list(Rhythm), most=digest.MOST, longest=digest.LONGEST,
    )  # fmt: skip
