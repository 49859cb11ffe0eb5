# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Words that a theme may lack: each is approved or refused with one click."""

from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from http import HTTPStatus

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from config.catalogue import load
from config.settings import HOME
from grants import themes
from grants.errors import PijplijnError
from grants.themes import Suggestion
from web.auth import Editor, Reader
from web.deps import desk, see_other, shown
from web.forms import Fields, words
from web.routes.themes import Number, own_theme
from web.threads import Route

router = APIRouter(prefix="/themes", route_class=Route)


@router.get("/{theme_id}/suggestions")
def show(request: Request, me: Reader, theme_id: Number) -> Response:
    """What the theme may lack."""
    with desk(request).look() as session:
        theme = own_theme(session, me, theme_id)
        found = themes.suggestions(session, theme, _shipped())
    return shown(request, "theme_suggestions.html", theme=theme, found=found)


@router.post("/{theme_id}/suggestions")
def answer(request: Request, me: Editor, theme_id: Number, fields: Fields) -> Response:
    """Take a word into the theme, or have it never suggested again."""
    here, deed = desk(request), fields.get("deed", "")
    one = Suggestion(fields.get("kind", ""), fields.get("language", ""), words(fields, "term"))
    do = {"approve": themes.approve, "refuse": themes.refuse}.get(deed)
    with here.begin() as session:
        theme = own_theme(session, me, theme_id, to_change=True)
        if do is None or not do(session, me, theme, one, now=here.now()):
            raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY)
    if deed == "approve":
        with suppress(PijplijnError):
            here.start_matching()
    return see_other(f"/themes/{theme_id}/suggestions")


@cache
def _shipped() -> Mapping[str, Mapping[str, Mapping[str, list[str]]]]:
    """The lists of the shipped themes by slug."""
    return {one.slug: one.model_dump(mode="json", by_alias=True) for one in load(HOME / "config").themes}
