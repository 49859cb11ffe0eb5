# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A colleague's own page, and the administrators' page of all colleagues."""

import json
from http import HTTPStatus
from typing import Annotated, Literal

import segno
from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.responses import Response
from markupsafe import Markup

from grants import calendars, credentials, people, privacy, queries
from grants.credentials import PasswordError, Proof
from grants.errors import PijplijnError
from grants.people import NewColleague
from grants.sign_ins import browsers, end_one, hashed
from models.calendar import Scope
from models.colleague import Access, Colleague
from models.session import Session
from web.auth import Administrator, Fresh, Reader, cookie_name
from web.deps import LANGUAGES, desk, see_other, shown
from web.forms import Fields
from web.threads import Route

router = APIRouter(route_class=Route)
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("/me")
def show_me(request: Request, me: Reader, code: Literal["", "first"] = "") -> Response:
    """My language, letters, password, code and browsers; `code` for who must set one up first."""
    return me_page(request, me, trouble=code)


@router.post("/me")
def change_me(request: Request, me: Reader, fields: Fields) -> Response:
    """Change my language."""
    language = fields.get("language", "")
    if language not in LANGUAGES:
        raise HTTPException(HTTPStatus.BAD_REQUEST)
    with desk(request).begin() as session:
        mine = session.get_one(Colleague, me.id)
        people.change(session, mine, by=mine, now=desk(request).now(), language=language)
    return see_other("/me", lang=language)


@router.post("/me/password")
def change_password(request: Request, me: Reader, fields: Fields) -> Response:
    """A new password, for who knows the old one."""
    here = desk(request)
    with here.begin() as session:
        mine = session.get_one(Colleague, me.id)
        if not credentials.password_fits(mine, fields.get("old", "")):
            return me_page(request, me, trouble="old", code=HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            people.change_password(
                session, mine, fields.get("password", ""), keep=_mine(request), now=here.now()
            )
        except PasswordError:
            return me_page(request, me, trouble="password", code=HTTPStatus.UNPROCESSABLE_ENTITY)
    return see_other("/me")


@router.post("/me/code")
def keep_code(request: Request, me: Fresh, fields: Fields) -> Response:
    """Switch codes on with a first one, or off with a last one."""
    here, secret = desk(request), fields.get("secret", "")
    proof = Proof(fields.get("code", ""), here.secret, secret)
    with here.begin() as session:
        mine = session.get_one(Colleague, me.id)
        switch = people.code_off if mine.totp else people.code_on
        if not switch(session, mine, proof, keep=_mine(request), now=here.now()):
            return me_page(request, me, trouble="code", secret=secret, code=HTTPStatus.UNPROCESSABLE_ENTITY)
    return see_other("/me")


@router.post("/me/data")
def take_my_data(request: Request, me: Fresh) -> Response:
    """All that is kept of me, as a file."""
    here = desk(request)
    with here.begin() as session:
        told = privacy.export(session, session.get_one(Colleague, me.id), by=me.email, now=here.now())
    headers = {
        "Content-Disposition": 'attachment; filename="mijn-gegevens.json"',
        "Cache-Control": "no-store",
    }
    return Response(
        json.dumps(told, ensure_ascii=False, default=str, indent=1),
        headers=headers,
        media_type="application/json",
    )


@router.post("/me/browsers/{sign_in_id}/end")
def end_browser(request: Request, me: Fresh, sign_in_id: Number) -> Response:
    """Sign one of my browsers out."""
    with desk(request).begin() as session:
        if not end_one(session, me.id, sign_in_id, now=desk(request).now()):
            raise HTTPException(HTTPStatus.NOT_FOUND)
    return see_other("/me")


@router.get("/people")
def list_people(request: Request, me: Administrator) -> Response:
    """All colleagues of the office."""
    return _people(request, me)


@router.post("/people")
def add_person(request: Request, me: Administrator, fields: Fields) -> Response:
    """A new colleague, with a link to pass on."""
    here = desk(request)
    new = NewColleague(*(fields.get(name, "") for name in NewColleague._fields))
    try:
        with here.begin() as session:
            one = people.add(session, new, by=me, now=here.now())
            token = people.invite(session, one, by=me.email, now=here.now())
    except PijplijnError:
        return _people(request, me, typed=fields, trouble="add", code=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _people(request, me, invited=one.name, link_to=f"{here.public_url}/invitation/{token}")


@router.post("/people/{colleague_id}")
def change_person(request: Request, me: Administrator, colleague_id: Number, fields: Fields) -> Response:
    """What a colleague may do, and whether they are still here."""
    here = desk(request)
    if fields.get("access") not in list(Access):
        raise HTTPException(HTTPStatus.BAD_REQUEST)
    facts = {"access": Access(fields["access"]), "active": "active" in fields}
    try:
        with here.begin() as session:
            people.change(session, _colleague(session, me, colleague_id), by=me, now=here.now(), **facts)
    except PijplijnError:
        return _people(request, me, trouble="last", code=HTTPStatus.CONFLICT)
    return see_other("/people")


@router.post("/people/{colleague_id}/invitation")
def invite_person(request: Request, me: Administrator, colleague_id: Number) -> Response:
    """A new link for a colleague who has none, or lost a password or phone."""
    here = desk(request)
    with here.begin() as session:
        one = _colleague(session, me, colleague_id)
        token = people.invite(session, one, by=me.email, now=here.now())
        name = one.name
    return _people(request, me, invited=name, link_to=f"{here.public_url}/invitation/{token}")


@router.post("/people/{colleague_id}/sign-out")
def sign_person_out(request: Request, me: Administrator, colleague_id: Number) -> Response:
    """End every sign-in of a colleague: a laptop was stolen."""
    here = desk(request)
    with here.begin() as session:
        people.sign_out_everywhere(session, _colleague(session, me, colleague_id), by=me, now=here.now())
    return see_other("/people")


def _colleague(session: Session, me: Colleague, colleague_id: int) -> Colleague:
    one = session.get(Colleague, colleague_id)
    if one is None or one.office_id != me.office_id:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return one


def me_page(
    request: Request, me: Colleague, *, trouble: str = "", secret: str = "", code: int = 200, **made: str
) -> Response:
    """My page; `made` is the address of a calendar (made) and whose it is (made_for), shown this once."""
    here = desk(request)
    with here.look() as session:
        signed_in = browsers(session, me.id, now=here.now())
        mine = calendars.live(session, me)
        office = calendars.live(session, me.office) if me.administrator else None
    secret = secret if credentials.SECRET.fullmatch(secret) else credentials.new_totp()
    qr = segno.make(credentials.totp_address(me, secret), micro=False)
    drawn = Markup(qr.svg_inline(scale=4, border=2, omitsize=True))  # noqa: S704 - drawn by segno, no text in it
    return shown(
        request, "me.html", code=code, trouble=trouble, browsers=signed_in, secret=secret, qr=drawn,
        current=_mine(request), calendar=mine, office_calendar=office, scopes=list(Scope),
        **{"made": "", "made_for": ""} | made,
    )  # fmt: skip


def _people(request: Request, me: Colleague, *, code: int = 200, **facts: object) -> Response:
    with desk(request).look() as session:
        everyone = queries.colleagues(session, me.office_id)
    blank = {"typed": {}, "trouble": "", "invited": "", "link_to": ""}
    return shown(request, "people.html", code=code, everyone=everyone, roles=list(Access), **blank | facts)


def _mine(request: Request) -> str:
    return hashed(request.cookies.get(cookie_name(request), ""))
