# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The door: in by password and code, by the municipality's own service or by an invitation; and out."""

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Path, Query, Request
from fastapi.responses import RedirectResponse, Response

from grants import credentials, openid, people
from grants.credentials import PasswordError, Proof, TooManyTriesError, Tried
from grants.openid import OpenIdError, Provider
from grants.sign_ins import end_sign_in, open_sign_in
from models.colleague import Colleague
from models.session import Session
from web import security_log
from web.auth import DOOR, admit, cookie_name, local_path
from web.deps import desk, see_other, shown
from web.forms import Fields
from web.security_log import tell
from web.threads import Route, waits

router = APIRouter(route_class=Route)
SERVICE = f"{DOOR}/service"
MINUTES = 10  # between going to the service and coming back
Next = Annotated[str, Query(max_length=2000)]
Token = Annotated[str, Path(max_length=100)]
Again = Literal["", "1"]


@router.get(DOOR)
def show_door(request: Request, next: Next = "", again: Again = "") -> Response:  # noqa: A002 - the word in the address
    """The ways in; `again` for who is in already and must prove it."""
    return _door(request, next, trouble="again" if again else "")


@router.post(DOOR)
def sign_in(request: Request, fields: Fields) -> Response:
    """By address, password and, where one is set, a code."""
    here, then = desk(request), fields.get("next", "")
    email = fields.get("email", "")
    tried = Tried(email, _address(request))
    with here.begin() as session:
        try:
            credentials.check_tries(session, tried, now=here.now())
        except TooManyTriesError:
            tell("too many tries", request, **security_log.tried(tried))
            return _door(request, then, email=email, trouble="tries", code=HTTPStatus.TOO_MANY_REQUESTS)
        colleague = people.by_password(session, email, fields.get("password", ""))
        if colleague is None or not _code_fits(request, colleague, fields.get("code", "")):
            credentials.note_failure(session, tried, now=here.now())
            tell("sign-in failed", request, **security_log.tried(tried), code_wanted=colleague is not None)
            return _door(request, then, email=email, trouble="wrong", code=HTTPStatus.UNPROCESSABLE_ENTITY)
        return _admitted(request, session, colleague, way="password", then=then)


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """End this browser's sign-in."""
    here = desk(request)
    with here.begin() as session:
        end_sign_in(session, request.cookies.get(cookie_name(request), ""), now=here.now())
    tell("signed out", request)
    answer = see_other(DOOR)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    answer.delete_cookie(cookie_name(request), secure=here.secure, httponly=True, samesite="lax")
    return answer


@router.get("/invitation/{token}")
def show_invitation(request: Request, token: Token) -> Response:
    """The form that sets a password; looking changes nothing, for mail scanners open every link."""
    here = desk(request)
    with here.look() as session:
        found = people.invited(session, token, now=here.now())
    if found is None:
        return shown(request, "invitation.html", invitation=None, code=HTTPStatus.GONE)
    return shown(request, "invitation.html", invitation=found, trouble=False)


@router.post("/invitation/{token}")
def accept_invitation(request: Request, token: Token, fields: Fields) -> Response:
    """Set the password, and in."""
    here = desk(request)
    with here.begin() as session:
        found = people.invited(session, token, now=here.now())
        if found is None:
            return shown(request, "invitation.html", invitation=None, code=HTTPStatus.GONE)
        try:
            people.accept(session, found, fields.get("password", ""), now=here.now())
        except PasswordError:
            code = HTTPStatus.UNPROCESSABLE_ENTITY
            return shown(request, "invitation.html", invitation=found, trouble=True, code=code)
        return _admitted(request, session, found.colleague, way="invitation", then="/")


@router.get(SERVICE)
@waits
def to_the_provider(request: Request, next: Next = "", again: Again = "") -> Response:  # noqa: A002 - as above
    """Off to the municipality's own sign-in service."""
    try:
        address, attempt = openid.begin(
            _provider(request), back=_back(request), then=local_path(next), again=bool(again)
        )
    except OpenIdError:
        return _door(request, next, trouble="service", code=HTTPStatus.BAD_GATEWAY)
    answer = RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)
    answer.set_cookie(
        _attempt_name(request), attempt.packed(), max_age=MINUTES * 60, httponly=True,
        secure=desk(request).secure, samesite="lax", path="/",
    )  # fmt: skip
    return answer


@router.get(f"{SERVICE}/back")
@waits
def back_from_the_provider(request: Request) -> Response:
    """Back with an answer: in, when the service vouches for somebody we know."""
    here = desk(request)
    try:
        attempt = openid.unpacked(request.cookies.get(_attempt_name(request), ""))
        answer = dict(request.query_params)
        person = openid.finish(_provider(request), back=_back(request), answer=answer, attempt=attempt)
    except OpenIdError:
        tell("sign-in failed", request, way="oidc")
        return _door(request, "", trouble="service", code=HTTPStatus.BAD_REQUEST)
    with here.begin() as session:
        colleague = people.by_openid(session, person, now=here.now())
        if colleague is None:
            tell("sign-in failed", request, way="oidc", unknown=True)
            return _door(request, "", trouble="unknown", code=HTTPStatus.FORBIDDEN)
        admitted = _admitted(request, session, colleague, way="oidc", then=attempt.next)
    admitted.delete_cookie(_attempt_name(request), secure=here.secure, httponly=True, samesite="lax")
    return admitted


def _door(request: Request, then: str, *, email: str = "", trouble: str = "", code: int = 200) -> Response:
    service = desk(request).provider is not None
    facts = {"next": then, "email": email, "trouble": trouble, "service": service}
    return shown(request, "door.html", code=code, **facts)


def _admitted(request: Request, session: Session, colleague: Colleague, *, way: str, then: str) -> Response:
    browser = request.headers.get("user-agent", "")
    end_sign_in(session, request.cookies.get(cookie_name(request), ""), now=desk(request).now())
    tell("signed in", request, way=way, colleague=colleague.id, code=bool(colleague.totp))
    token = open_sign_in(session, colleague, way=way, browser=browser, now=desk(request).now())
    answer = see_other(local_path(then))
    admit(request, answer, token)
    return answer


def _code_fits(request: Request, colleague: Colleague, code: str) -> bool:
    here = desk(request)
    return not colleague.totp or credentials.totp_fits(colleague, Proof(code, here.secret), now=here.now())


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _provider(request: Request) -> Provider:
    provider = desk(request).provider
    if provider is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return provider


def _back(request: Request) -> str:
    return f"{desk(request).public_url}{SERVICE}/back"


def _attempt_name(request: Request) -> str:
    return "__Host-attempt" if desk(request).secure else "attempt"
