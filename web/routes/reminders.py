# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The office's reminders, for administrators: whether any was missed, their steps, and who hears."""

from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from grants import reminders
from grants.reminders import Kind, OvertakenError
from grants.rendering import UNFIT
from models.colleague import Colleague
from models.office import Office
from web.auth import Administrator
from web.days import read_days, say_days
from web.deps import desk, see_other, shown
from web.forms import Fields
from web.threads import Route, waits

router = APIRouter(prefix="/reminders", route_class=Route)

FIELDS: Final = ("days", *(str(kind) for kind in Kind), "partners")


@router.get("")
@waits
def show(request: Request, me: Administrator) -> Response:
    """What the self-check says now, and the settings."""
    return _page(request, me)


@router.post("")
def change(request: Request, me: Administrator, fields: Fields) -> Response:
    """Change the settings; of a stale form show both versions."""
    here = desk(request)
    form = {name: " ".join(UNFIT.sub("", fields.get(name, "")).split()) for name in FIELDS}
    facts, wrong = _read(form)
    if wrong:
        return _page(request, me, form=form, wrong=wrong, code=HTTPStatus.UNPROCESSABLE_ENTITY)
    with here.begin() as session:
        theirs = _written(session.get_one(Office, me.office_id))
        try:
            reminders.choose(session, facts, by=me, now=here.now(), over=fields.get("seen", ""))
        except OvertakenError:
            return _page(request, me, form=form, theirs=theirs, code=HTTPStatus.CONFLICT)
    return see_other("/reminders", saved="1")


def _read(form: dict[str, str]) -> tuple[dict[str, Any], list[str]]:
    """What the form says, and the fields that are wrong; a kind left empty has the days of all."""
    days: dict[str, list[int]] = {}
    wrong = []
    for name in FIELDS[:-1]:
        if form[name] or name == "days":
            try:
                days[name] = read_days(form[name])
            except ValueError:
                wrong.append(name)
    general = days.pop("days", [])
    return {
        "reminder_days": general,
        "reminder_steps": days,
        "remind_partners": bool(form["partners"]),
    }, wrong


def _written(office: Office) -> dict[str, str]:
    kinds = {str(kind): say_days(office.reminder_steps.get(kind, ())) for kind in Kind}
    return {
        "days": say_days(office.reminder_days), "partners": "1" if office.remind_partners else "", **kinds,
    }  # fmt: skip


def _page(  # noqa: PLR0913 - what the page can tell, each by name
    request: Request, me: Colleague, *, form: dict[str, str] | None = None, wrong: list[str] | None = None,
    theirs: dict[str, str] | None = None, code: int = HTTPStatus.OK,
) -> Response:  # fmt: skip
    here = desk(request)
    with here.look() as session:
        office = session.get_one(Office, me.office_id)
        checked = reminders.check(session, now=here.now())
    gaps = [gap for gap in checked.gaps if gap.office_id in {None, me.office_id}]
    return shown(
        request, "reminders.html", code=code, checked=checked, gaps=gaps, counts=checked.counts[me.office_id],
        waiting=checked.waiting[me.office_id], form=form or _written(office), wrong=wrong or [],
        theirs=theirs, seen=reminders.seen(office), kinds=list(Kind),
        saved=bool(request.query_params.get("saved")),
    )  # fmt: skip
