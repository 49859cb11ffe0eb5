# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A row of the list is changed where it stands."""

from dataclasses import replace
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import Response

from grants import applications
from grants.applications import StaleError
from web.application_form import read
from web.application_row import as_it_stands, date_of
from web.application_views import View, list_page, number_of
from web.auth import Editor
from web.deps import desk
from web.forms import Fields
from web.routes.applications import Number, found, version_of
from web.threads import Route

router = APIRouter(prefix="/applications", route_class=Route)


@router.post("/{application_id}/row")
def change(request: Request, me: Editor, application_id: Number, asked: View, fields: Fields) -> Response:
    """Take the row over; of one that is wrong or stale show the list with what was typed."""
    here, kind, number = desk(request), fields.get("kind", ""), number_of(fields.get("date", ""))
    version, seen = version_of(fields), fields.get("seen", "")
    try:
        with here.begin() as session:
            one = found(session, me, application_id, to_change=True)
            date = date_of(session, one, kind, number, to_change=True)
            there = as_it_stands(session, me, one, date)
            filled = read(fields, there.fields_of, there.options)
            if not filled.wrong and filled.typed != there.filled.typed:  # the same form may come twice
                facts, on = dict(filled.facts), filled.facts.get("on")
                facts.pop("on", None)
                applications.edit(session, one, facts, by=me, now=here.now(), seen_version=version)
                if date:
                    facts = {"on": on}
                    applications.change_part(
                        session, one, date, facts, by=me.email, now=here.now(), seen=seen
                    )
    except StaleError:
        row = replace(there, filled=filled, theirs=there.filled.typed)
        return list_page(request, me, asked, code=HTTPStatus.CONFLICT, row=row)
    if filled.wrong:
        row = replace(there, filled=filled, version=str(version), seen=seen)
        return list_page(request, me, asked, code=HTTPStatus.UNPROCESSABLE_ENTITY, row=row)
    return asked.back(application_id, saved=application_id)
