# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The audit log, for administrators: who did what at their office, and all of it as a file."""

from collections.abc import Iterator
from datetime import date
from http import HTTPStatus
from typing import Annotated, Final, Literal

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response, StreamingResponse

from grants import auditing, queries
from grants.audit_export import csv_lines, json_lines
from models.colleague import Colleague
from web.auth import Administrator
from web.deps import Desk, desk, shown
from web.forms import Fields
from web.threads import Route

router = APIRouter(route_class=Route)

Words = Annotated[str, Query(max_length=200)]
FIRST, LAST = date(2000, 1, 1), date(2100, 1, 1)
Day = Annotated[date, Query(ge=FIRST, le=LAST)]
FORMATS: Final = {"jsonl": (json_lines, "application/jsonl"), "csv": (csv_lines, "text/csv")}


@router.get("/audit")
def show_audit_log(  # noqa: PLR0913 - the fields of the filter form
    request: Request,
    me: Administrator,
    *,
    actor: Words = "",
    subject: Words = "",
    on: Literal[""] | Day = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Who did what, the latest first."""
    wanted = queries.DeedFilter(actor.strip(), subject, on or None)
    with desk(request).look() as session:
        found = queries.deeds(session, me.office_id, wanted, page=page)
        subjects = queries.deed_subjects(session, me.office_id)
        head = auditing.head(session)
    return shown(
        request, "audit.html", found=found, wanted=wanted, subjects=subjects, head=head,
        narrowed=bool(wanted.actor or subject or on),
    )  # fmt: skip


@router.post("/audit/export")
def export_audit_log(request: Request, me: Administrator, fields: Fields) -> Response:
    """All that the filter lets through as a file; that it was taken is a deed itself."""
    here, chosen = desk(request), fields.get("format", "")
    if chosen not in FORMATS:
        raise HTTPException(HTTPStatus.BAD_REQUEST)
    wanted = _wanted(fields)
    asked = {name: fields[name] for name in ("actor", "subject", "on") if fields.get(name)}
    with here.begin() as session:
        auditing.note(
            session, at=here.now(), actor=me.email, action="exported", subject="audit_entry",
            subject_id=me.office_id, office_id=me.office_id, facts={"format": chosen} | asked,
        )  # fmt: skip
    name = f"audit-{me.office.slug}-{here.today()}.{chosen}"
    return StreamingResponse(
        _lines(here, me, wanted, chosen),
        media_type=f"{FORMATS[chosen][1]}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _wanted(fields: dict[str, str]) -> queries.DeedFilter:
    on, actor = fields.get("on", ""), fields.get("actor", "").strip()[:200]
    try:
        day = date.fromisoformat(on) if on else None
    except ValueError as error:
        raise HTTPException(HTTPStatus.BAD_REQUEST) from error
    if day and not FIRST <= day <= LAST:
        raise HTTPException(HTTPStatus.BAD_REQUEST)
    return queries.DeedFilter(actor, fields.get("subject", "")[:200], day)


def _lines(here: Desk, me: Colleague, wanted: queries.DeedFilter, chosen: str) -> Iterator[str]:
    write, _ = FORMATS[chosen]
    with here.look() as session:
        people = queries.doers(session, me.office_id)
        yield from write(queries.every_deed(session, me.office_id, wanted), people)
