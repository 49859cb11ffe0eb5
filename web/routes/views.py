# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Lists kept under a name: saved, opened by their link, renamed, shared and taken away."""

import re
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.responses import Response

from grants import views
from grants.views import LONGEST, NAME, PAGES, NameTakenError
from web.auth import Reader
from web.deps import desk, known, see_other, shown
from web.forms import Fields, words
from web.threads import Route

router = APIRouter(route_class=Route)

KEY: Final = re.compile(r"[0-9a-f]{12}")
Slug = Annotated[str, Path(pattern=r"^[0-9a-f]{12}$")]


@router.post("/views")
def save(request: Request, me: Reader, fields: Fields) -> Response:
    """Keep a list under a name."""
    page, query, key = fields.get("page", ""), fields.get("query", ""), fields.get("key", "")
    if page not in PAGES or len(views.tidy(query)) > LONGEST or not KEY.fullmatch(key):
        raise HTTPException(HTTPStatus.BAD_REQUEST)
    name, shared, wrong = _typed(fields)
    try:
        with known(desk(request).begin) as session:
            if not wrong:
                now = desk(request).now()
                views.save_view(session, page, query, name=name, shared=shared, by=me, now=now, key=key)
    except NameTakenError:
        wrong = "taken"
    if wrong:
        return _form(request, fields, wrong, f"/{page}?{views.tidy(query)}", "/views")
    return see_other(f"/{page}?{views.tidy(query)}")


@router.get("/views/{slug}")
def open_view(request: Request, slug: Slug, me: Reader) -> Response:
    """The list of that link, as long as it is the colleague's own or shared with their office."""
    with known(desk(request).look) as session:
        found = views.view(session, me, slug)
    return see_other(f"/{found.page}?{found.query}")


@router.post("/views/{slug}")
def change(request: Request, slug: Slug, me: Reader, fields: Fields) -> Response:
    """Another name, shared or no longer."""
    name, shared, wrong = _typed(fields)
    try:
        with known(desk(request).begin) as session:
            found = views.view(session, me, slug)
            if not wrong:
                views.change_view(session, slug, name=name, shared=shared, by=me, now=desk(request).now())
    except NameTakenError:
        wrong = "taken"
    there = f"/{found.page}?{found.query}"
    return _form(request, fields, wrong, there, f"/views/{slug}") if wrong else see_other(there)


@router.post("/views/{slug}/remove")
def remove(request: Request, slug: Slug, me: Reader, _fields: Fields) -> Response:
    """Take a view away."""
    with known(desk(request).begin) as session:
        found = views.remove_view(session, slug, by=me, now=desk(request).now())
    return see_other(f"/{found.page}")


def _typed(fields: dict[str, str]) -> tuple[str, bool, str]:
    """The name, whether it is shared, and what is wrong with the name."""
    name = " ".join(words(fields, "name").split())
    wrong = "long" if len(name) > NAME else "" if name else "required"
    return name, bool(fields.get("shared")), wrong


def _form(request: Request, fields: dict[str, str], wrong: str, there: str, action: str) -> Response:
    """The form once more, with what is wrong with it."""
    facts = {"fields_typed": fields, "wrong": wrong, "there": there, "action": action, "most": NAME}
    return shown(request, "view_form.html", code=HTTPStatus.UNPROCESSABLE_ENTITY, **facts)
