# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The parts of one application: add, change, tick off or remove a date, a partner or another part."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Final, Literal

from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.responses import Response

from grants import applications
from grants.applications import Part, StaleError
from grants.wording import label
from models.application import Application
from models.colleague import Colleague
from models.session import Session
from web.application_form import ENUMS, NEW_PARTNER, PARTS, WORDS, Field, Filled, Options, read, written
from web.auth import Editor
from web.deps import desk, language, see_other, shown
from web.forms import Fields
from web.routes.applications import Number, found, note_look
from web.threads import Route

router = APIRouter(prefix="/applications/{application_id}", route_class=Route)

KINDS: Final = "^(milestones|obligations|partners|contributions|decisions|documents|checklist|comments)$"
PartKind = Annotated[str, Path(pattern=KINDS)]
# What was said stays as it was said.
Changeable = Annotated[str, Path(pattern=KINDS.replace("|comments", ""))]


@router.get("/{kind}/new")
def show_new(request: Request, me: Editor, application_id: Number, kind: PartKind) -> Response:
    """An empty form."""
    with desk(request).look() as session:
        one = found(session, me, application_id)
        options = _options(request, session, me, one, kind)
    note_look(request, me, one)
    fields = _fields(kind, new=True)
    return _form(request, one, kind, fields, Filled(dict.fromkeys((row.name for row in fields), "")), options)


@router.post("/{kind}")
def add(request: Request, me: Editor, application_id: Number, kind: PartKind, fields: Fields) -> Response:
    """A new part."""
    here, form = desk(request), _fields(kind, new=True)
    with here.begin() as session:
        one = found(session, me, application_id, to_change=True)
        options = _options(request, session, me, one, kind)
        filled = _read(fields, kind, form, options)
        if not filled.wrong and kind == "partners":
            _choose_partner(session, one, filled)
        if not filled.wrong:
            applications.add_part(session, one, kind, filled.facts, by=me, now=here.now())
    if filled.wrong:
        return _form(request, one, kind, form, filled, options, code=HTTPStatus.UNPROCESSABLE_ENTITY)
    return see_other(f"/applications/{application_id}")


def _choose_partner(session: Session, one: Application, filled: Filled) -> None:
    """Replace name and country by the partner's number; one that takes part already is refused."""
    name, country = filled.facts.pop("name"), filled.facts.pop("country")
    if name:
        filled.facts["partner_id"] = applications.partner(session, name, country).id
    row = next((row for row in one.participations if row.partner_id == filled.facts["partner_id"]), None)
    same = row and all(getattr(row, key) == value for key, value in filled.facts.items())
    if row and not same:
        filled.wrong["name" if name else "partner_id"] = "twice"


@router.get("/{kind}/{part_id}")
def show(request: Request, me: Editor, application_id: Number, kind: Changeable, part_id: Number) -> Response:
    """The form of a part."""
    with desk(request).look() as session:
        one = found(session, me, application_id)
        row = _part(session, one, kind, part_id)
        options = _options(request, session, me, one, kind)
        form = _fields(kind)
        filled, seen = Filled(written(row, form)), _seen(row, form)
    note_look(request, me, one)
    return _form(request, one, kind, form, filled, options, part_id=part_id, seen=seen)


@router.post("/{kind}/{part_id}")
def change(  # noqa: PLR0913, PLR0917 - where it is and what is asked
    request: Request, me: Editor, application_id: Number, kind: Changeable, part_id: Number, fields: Fields
) -> Response:
    """Change a part; of a stale form show both versions."""
    here, form, theirs, seen = desk(request), _fields(kind), None, fields.get("seen", "")
    with here.begin() as session:
        one = found(session, me, application_id, to_change=True)
        row = _part(session, one, kind, part_id, to_change=True)
        options = _options(request, session, me, one, kind)
        filled = _read(fields, kind, form, options)
        if not filled.wrong:
            try:
                applications.change_part(
                    session, one, row, filled.facts, by=me.email, now=here.now(), seen=seen
                )
            except StaleError:
                theirs, seen = written(row, form), _seen(row, form)
    if not filled.wrong and theirs is None:
        return see_other(f"/applications/{application_id}")
    code = HTTPStatus.CONFLICT if theirs else HTTPStatus.UNPROCESSABLE_ENTITY
    return _form(
        request, one, kind, form, filled, options, part_id=part_id, seen=seen, theirs=theirs, code=code
    )


@router.post("/{kind}/{part_id}/{deed}")
def end(  # noqa: PLR0913, PLR0917 - where it is and what is asked
    request: Request,
    me: Editor,
    application_id: Number,
    kind: PartKind,
    part_id: Number,
    deed: Literal["done", "reopen", "remove"],
    fields: Fields,
) -> Response:
    """Tick off, take that back, or take off the page."""
    here = desk(request)
    with here.begin() as session:
        one = found(session, me, application_id, to_change=True)
        row = _part(session, one, kind, part_id, to_change=True)
        if kind == "comments" and getattr(row, "colleague_id", None) != me.id:
            raise HTTPException(HTTPStatus.FORBIDDEN)
        if deed == "remove":
            applications.remove_part(session, one, row, by=me.email, now=here.now())
        else:
            applications.finish_part(session, one, row, by=me.email, now=here.now(), over=deed == "done")
    return see_other("/" if fields.get("from") == "home" else f"/applications/{application_id}")


def _fields(kind: str, *, new: bool = False) -> Sequence[Field]:
    return (*NEW_PARTNER, *PARTS[kind]) if kind == "partners" and new else PARTS[kind]


def _part(session: Session, one: Application, kind: str, part_id: int, *, to_change: bool = False) -> Part:
    row = applications.part(session, one, kind, part_id, to_change=to_change)
    if row is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return row


def _seen(row: Part, form: Sequence[Field]) -> str:
    return applications.fingerprint(row, [one.name for one in form])


def _read(fields: dict[str, str], kind: str, form: Sequence[Field], options: Options) -> Filled:
    filled = read(fields, form, options)
    for (of, name), words in ENUMS.items():
        if of == kind and name in filled.facts:
            filled.facts[name] = words(filled.facts[name])
    names = {"partners": ("partner_id", "name"), "contributions": ("partner_id", "party")}.get(kind, ())
    if names and names[0] in filled.typed:
        given = [bool(filled.typed[name]) for name in names]
        if given == [False, False]:
            filled.wrong[names[0]] = "one"
        elif given == [True, True]:
            filled.wrong[names[1]] = "one"
    return filled


def _options(request: Request, session: Session, me: Colleague, one: Application, kind: str) -> Options:
    """What can be chosen: for a new partner all there are, else those of this application."""
    tongue = language(request)
    words = {
        name: [(word, label(word, tongue)) for word in all_of]
        for (of, name), all_of in WORDS.items()
        if of == kind
    }
    if not any(each.name == "partner_id" for each in _fields(kind, new=True)):
        return words
    given = (
        applications.partners(session, me) if kind == "partners" else applications.taking_part(session, one)
    )
    return words | {"partner_id": [(str(row.id), row.name) for row in given]}


def _form(  # noqa: PLR0913, PLR0917 - what the page can tell, each by name
    request: Request, one: Application, kind: str, fields: Sequence[Field], filled: Filled, options: Options,
    *, part_id: int | None = None, seen: str = "", theirs: dict[str, str] | None = None, code: int = 200,
) -> Response:  # fmt: skip
    return shown(
        request, "application_part.html", code=code, one=one, kind=kind, fields_of=fields, form=filled.typed,
        wrong=filled.wrong, options=options, part_id=part_id, seen=seen, theirs=theirs,
    )  # fmt: skip
