# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What every page needs: a database to look and write in, the moment, the reader's language, a page."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Final, cast
from urllib.parse import urlencode

from fastapi import HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import AfterValidator

from config.settings import Settings
from config.settings import settings as environment
from grants import clock, watch
from grants.errors import MissingError
from grants.openid import Provider
from grants.reminders import Urgent, urgent
from grants.rendering import page
from grants.searching import LONGEST
from models.colleague import Colleague
from models.session import Begin, Session
from ops.prefect_runs import AskPrefect, PrefectSays
from ops.runs import StartMatching, StartReading

LANGUAGES: Final = {"nl": "Nederlands", "de": "Deutsch", "en": "English"}
Search = Annotated[str, AfterValidator(lambda typed: typed[:LONGEST])]
"""What is typed in a search box; more than is looked at is left out."""
YEAR: Final = 365 * 24 * 3600
FRESH: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Desk:
    """What the application was opened with.

    Args:
        look: opens a reading of the database, for pages that show.
        begin: opens a transaction, for forms that change something; leave it before you answer.
        now: the moment.
        start_reading: asks for the reading of one source.
        start_matching: asks for the matching of all calls that wait for it.
        public_url: where people reach the pages, without a slash at the end.
        secret: encrypts code secrets (PIJPLIJN_SECRET_KEY).
        provider: the municipality's own sign-in service, where there is one.
        theme: the municipality's own colours and letters, where there are any.
        settings: of this machine.
        ask_prefect: asks how its runs are doing.
        red: how much was red for an office, and when that was looked at.
    """

    look: Begin
    begin: Begin
    now: Callable[[], datetime]
    start_reading: StartReading
    start_matching: StartMatching
    public_url: str = ""
    secret: str = field(default="", repr=False)
    provider: Provider | None = field(default=None, repr=False)
    theme: Path | None = None
    settings: Settings = field(default_factory=environment, repr=False)
    ask_prefect: AskPrefect = field(default=lambda _now: PrefectSays(reachable=False), repr=False)
    red: dict[int, tuple[datetime, int]] = field(default_factory=dict, repr=False)

    @property
    def secure(self) -> bool:
        """Whether people reach the pages over HTTPS, so that cookies can be bound to it."""
        return self.public_url.startswith("https://")

    def today(self) -> date:
        """The day in Enschede."""
        return clock.local_day(self.now())


def desk(request: Request) -> Desk:
    """The desk this request is answered at."""
    return cast("Desk", request.app.state.desk)


@contextmanager
def known(begin: Begin) -> Iterator[Session]:
    """A session. Raises HTTPException 404 for what is not there, or is not for this colleague to know of."""
    try:
        with begin() as session:
            yield session
    except MissingError as error:
        raise HTTPException(HTTPStatus.NOT_FOUND) from error


def actor(request: Request) -> str:
    """Who does what this request asks, for the records: the address of the colleague that is signed in."""
    return str(request.state.colleague.email)


def see_other(path: str, *, fragment: str = "", **query: object) -> RedirectResponse:
    """To another of our pages after a POST: 303, so that going back or reloading sends nothing twice."""
    asked = urlencode({name: str(value) for name, value in query.items() if value not in ("", None)})
    address = path + ("?" + asked if asked else "") + ("#" + fragment if fragment else "")
    return RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)


def language(request: Request) -> str:
    """What the reader chose, else chose before, else their own, else what the browser prefers, else Dutch."""
    me = getattr(request.state, "colleague", None)
    own = me.language if me else ""
    chosen = (request.query_params.get("lang", ""), request.cookies.get(_language_name(request), ""), own)
    wanted = (*chosen, *_accepted(request.headers.get("accept-language", "")))
    return next((one for one in wanted if one in LANGUAGES), "nl")


def _language_name(request: Request) -> str:
    return "__Host-lang" if desk(request).secure else "lang"


def _accepted(header: str) -> list[str]:
    """The languages of an Accept-Language header, the most wanted first."""
    ranges = [part.strip().partition(";q=") for part in header.split(",")]
    return [name[:2].lower() for name, _, quality in sorted(ranges, key=_unwanted)]


def _unwanted(language_range: tuple[str, str, str]) -> float:
    try:
        return -float(language_range[2] or 1)
    except ValueError:
        return 0


def shown(request: Request, name: str, *, code: int = 200, **facts: object) -> HTMLResponse:
    """A page in the reader's language; a language asked for by ?lang= is remembered."""
    tongue = language(request)
    facts |= {"path": request.url.path, "languages": LANGUAGES, "link": linker(request), "code": int(code)}
    facts["zone"] = clock.AMSTERDAM
    facts["own_theme"] = desk(request).theme is not None
    facts["prefect_pages"] = desk(request).settings.prefect_pages
    facts["me"] = getattr(request.state, "colleague", None)  # set by web/auth.py
    facts["urgent"] = _urgent(request, facts["me"]) if code < HTTPStatus.INTERNAL_SERVER_ERROR else []
    facts["red"] = _red(request, facts["me"]) if code < HTTPStatus.INTERNAL_SERVER_ERROR else 0
    body = page(name, tongue, **facts)
    headers = {
        "Cache-Control": "no-store",
        "Content-Language": tongue,
        "Vary": "Accept-Language, Cookie",
    }
    response = HTMLResponse(body, status_code=code, headers=headers)
    if request.query_params.get("lang") == tongue:
        response.set_cookie(
            _language_name(request),
            tongue,
            max_age=YEAR,
            httponly=True,
            samesite="lax",
            secure=desk(request).secure,
        )
    return response


def _urgent(request: Request, me: object) -> list[Urgent]:
    """The letters that were not sent and whose deadline is near: every page says so."""
    if not isinstance(me, Colleague):
        return []
    if (known_by_now := getattr(request.state, "urgent", None)) is not None:  # web/auth.py looked already
        return list(known_by_now)
    here = desk(request)
    with here.look() as session:
        return urgent(session, me, now=here.now())


def _red(request: Request, me: object) -> int:
    """How much asks for a person, for the menu of administrators; at most a minute old."""
    if not isinstance(me, Colleague) or not me.administrator:
        return 0
    here = desk(request)
    at, count = here.red.get(me.office_id, (None, 0))
    if at is None or here.now() - at > FRESH:
        with here.look() as session:
            count = len(watch.red(session, now=here.now(), settings=here.settings, office_id=me.office_id))
        here.red[me.office_id] = (here.now(), count)
    return count


def linker(request: Request) -> Callable[..., str]:
    """Gives links to this very page with some of its questions asked differently; empty ones are left out."""

    def link(**changes: object) -> str:
        asked = {key: value for key, value in request.query_params.items() if key != "lang"} | changes
        return "?" + urlencode({key: str(value) for key, value in asked.items() if value not in ("", None)})

    return link
