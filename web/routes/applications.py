# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The applications: a list, a board of stages, one application, a new one, and its main fields."""

import re
import secrets
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, HTTPException, Path, Query, Request
from fastapi.responses import Response

from grants import applications, queries
from grants.applications import StaleError
from grants.stages import ways
from models.application import Application
from models.call import Call
from models.colleague import Colleague
from models.session import Session
from web.application_form import MAIN, Filled, Options, read, written
from web.application_row import row_to_edit
from web.application_views import View, Words, list_page, number_of
from web.auth import Editor, Reader
from web.deps import desk, language, see_other, shown
from web.forms import Fields
from web.threads import Route

router = APIRouter(prefix="/applications", route_class=Route)

KEY: Final = re.compile(r"[0-9a-f]{12}")
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Chosen = Annotated[int, Query(ge=0, le=2**31 - 1)]


@router.get("")
def list_applications(  # noqa: PLR0913 - what was done last, and to which
    request: Request, me: Reader, asked: View, *, moved: Words = "", undone: Words = "", saved: Words = "",
    edit: Words = "",
) -> Response:  # fmt: skip
    """What the office applies for and a colleague may know of."""
    what = "moved" if moved else "undone" if undone else "saved"
    with desk(request).look() as session:
        said = _said(session, me, what, number_of(moved or undone or saved))
        row = row_to_edit(session, me, number_of(edit)) if me.editor else None
    return list_page(request, me, asked, said=said, row=row)


def _said(session: Session, me: Colleague, what: str, number: int) -> dict[str, object] | None:
    """What was just done to an application, and the step that can still be taken back."""
    one = applications.find(session, me, number) if number else None
    if one is None:
        return None
    step = applications.undoable(session, one) if what == "moved" else None
    return {"what": what, "one": one, "step": step} if step or what != "moved" else None


@router.get("/new")
def show_new(request: Request, me: Editor, *, call: Chosen = 0) -> Response:
    """An empty form, or one with what a call says."""
    here = desk(request)
    with here.look() as session:
        found = _call(session, call)
    typed = dict.fromkeys((one.name for one in MAIN), "") | {"owner_id": str(me.id)}
    return _form(request, me, Filled(typed | (applications.draft(found) if found else {})), call=found)


@router.post("")
def add(request: Request, me: Editor, fields: Fields) -> Response:
    """Start an application."""
    here = desk(request)
    with here.begin() as session:
        options = _options(request, session, me)
        filled = _read(fields, options)
        call = _call(session, number_of(fields.get("call", "")))
        key = fields.get("key", "")
        if not filled.wrong:
            key = key if KEY.fullmatch(key) else secrets.token_hex(6)
            new = applications.create(session, filled.facts, by=me, now=here.now(), key=key, call=call)
    if filled.wrong:
        return _form(request, me, filled, call=call, code=HTTPStatus.UNPROCESSABLE_ENTITY)
    return see_other(f"/applications/{new.id}")


def _call(session: Session, call_id: int) -> Call | None:
    found = applications.call_to_apply_for(session, call_id) if call_id else None
    if call_id and found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return found


@router.get("/{application_id}")
def show(request: Request, me: Reader, application_id: Number) -> Response:
    """Everything on one application; a look at a confidential one is kept."""
    here = desk(request)
    with here.look() as session:
        page = applications.application_page(session, me, application_id)
    if page is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    note_look(request, me, page.application)
    return page_of(request, page)


def note_look(request: Request, me: Colleague, one: Application) -> None:
    """Keep a look at a confidential application."""
    if one.confidential:
        with desk(request).begin() as session:
            applications.note_look(session, one, me, now=desk(request).now())


def page_of(request: Request, page: applications.Page, *, code: int = 200, **facts: object) -> Response:
    """The page of one application, with what became of a form when something did."""
    more = {"ways": ways, "today": desk(request).today(), "refused": "", "why": "", "chosen": ""} | facts
    return shown(request, "application.html", code=code, page=page, **more)


@router.get("/{application_id}/edit")
def show_edit(request: Request, me: Editor, application_id: Number) -> Response:
    """The main fields."""
    with desk(request).look() as session:
        one = found(session, me, application_id)
        filled = Filled(written(one, MAIN))
    note_look(request, me, one)
    return _form(request, me, filled, one=one)


@router.post("/{application_id}/edit")
def change(request: Request, me: Editor, application_id: Number, fields: Fields) -> Response:
    """Change the main fields; of a stale form show both versions."""
    here, stale = desk(request), False
    with here.begin() as session:
        one = found(session, me, application_id, to_change=True)
        filled = _read(fields, _options(request, session, me, one))
        now_there = written(one, MAIN)
        if not filled.wrong:
            try:
                applications.edit(
                    session, one, filled.facts, by=me, now=here.now(), seen_version=version_of(fields)
                )
            except StaleError:
                stale = True
    if filled.wrong:
        code = HTTPStatus.UNPROCESSABLE_ENTITY
        return _form(request, me, filled, one=one, seen=fields.get("version", ""), code=code)
    if stale:
        return _form(request, me, filled, one=one, theirs=now_there, code=HTTPStatus.CONFLICT)
    return see_other(f"/applications/{application_id}")


def found(session: Session, me: Colleague, application_id: int, *, to_change: bool = False) -> Application:
    """The application. Raises HTTPException 404 for whoever may not know that it exists."""
    one = applications.find(session, me, application_id, to_change=to_change)
    if one is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return one


def version_of(fields: dict[str, str]) -> int:
    """Which version a form was filled in over; none at all is older than any."""
    text = fields.get("version", "")
    return int(text) if re.fullmatch(r"\d{1,9}", text) else 0


def _read(fields: dict[str, str], options: Options) -> Filled:
    filled = read(fields, MAIN, options)
    first, last = filled.facts.get("runs_from"), filled.facts.get("runs_until")
    if first and last and last < first:
        filled.wrong["runs_until"] = "order"
    return filled


def _options(request: Request, session: Session, me: Colleague, one: Application | None = None) -> Options:
    """Whom and what a form can name; who left and is still named stays."""
    tongue = language(request)
    named = {one.owner_id, one.backup_id, *(row.colleague_id for row in one.team)} if one else set()
    everyone = queries.colleagues(session, me.office_id)
    people = [(str(row.id), row.name) for row in everyone if row.active or row.id in named]
    themes = {row.id: row for row in queries.themes(session, office_slug=me.office.slug)}
    themes |= {row.id: row for row in one.themes} if one else {}
    tasks = applications.tasks(session, me.office_id)
    return {
        "owner_id": people,
        "backup_id": people,
        "team": people,
        "themes": [(str(row.id), row.name[tongue]) for row in themes.values()],
        "task_id": [(str(row.id), row.name[tongue]) for row in tasks],
    }


def _form(  # noqa: PLR0913 - what the page can tell, each by name
    request: Request, me: Colleague, filled: Filled, *, one: Application | None = None,
    call: Call | None = None, theirs: dict[str, str] | None = None, seen: str = "", code: int = 200,
) -> Response:  # fmt: skip
    with desk(request).look() as session:
        current = found(session, me, one.id) if one else None
        options = _options(request, session, me, current)
        version = seen or (str(current.version) if current else "")
    return shown(
        request, "application_form.html", code=code, one=current, form=filled.typed, wrong=filled.wrong,
        options=options, theirs=theirs, call=call, version=version, fields_of=MAIN, key=secrets.token_hex(6),
    )  # fmt: skip
