# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""How sure a theme must be before it shows a call."""

from http import HTTPStatus

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from grants import themes
from grants.themes import StaleError
from models.theme import Threshold
from web.auth import Editor
from web.deps import desk, see_other
from web.forms import Fields
from web.routes.themes import Number, own_theme, theme_page
from web.theme_form import filled_in
from web.threads import Route

router = APIRouter(prefix="/themes", route_class=Route)


@router.post("/{theme_id}/threshold")
def draw_line(request: Request, me: Editor, theme_id: Number, fields: Fields) -> Response:
    """Another threshold; when somebody else moved it meanwhile, both are shown."""
    here, chosen = desk(request), fields.get("threshold", "")
    if chosen not in list(Threshold):
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        with here.begin() as session:
            theme = own_theme(session, me, theme_id, to_change=True)
            seen_as, now = fields.get("seen", ""), here.now()
            themes.draw_line(session, me, theme, Threshold(chosen), seen_as=seen_as, now=now)
    except StaleError:
        with here.look() as session:
            theme = own_theme(session, me, theme_id)
        form, code = filled_in(theme), HTTPStatus.CONFLICT
        return theme_page(request, me, theme, form, chosen=Threshold(chosen), code=code)
    return see_other(f"/themes/{theme_id}", done="line")
