# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The office's template for back-planning and its closures: for administrators."""

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.responses import Response

from grants import applications
from grants.applications import StaleError
from models.colleague import Colleague
from models.office import PlanStep
from models.session import Session
from web.auth import Administrator
from web.deps import desk, see_other, shown
from web.forms import Fields
from web.plan_step_form import FIELDS, LONGEST, closure, facts, filled_in, posted, wrong
from web.threads import Route

router = APIRouter(prefix="/settings/planning", route_class=Route)

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
PAGE = "/settings/planning"


@router.get("")
def show(request: Request, me: Administrator) -> Response:
    """The steps, the days the office is shut, and what was removed."""
    return _page(request, me)


@router.post("/steps")
def add(request: Request, me: Administrator, fields: Fields) -> Response:
    """A new last step."""
    here, form = desk(request), posted(fields)
    if faults := wrong(form):
        return _page(request, me, code=HTTPStatus.UNPROCESSABLE_ENTITY, forms={0: form}, wrong={0: faults})
    with here.begin() as session:
        step = applications.add_step(session, me, facts(form), now=here.now())
    if step is None:
        return _page(request, me, code=HTTPStatus.CONFLICT, forms={0: form}, full=True)
    return see_other(PAGE)


@router.post("/steps/{step_id}")
def change(request: Request, me: Administrator, step_id: Number, fields: Fields) -> Response:
    """Change a step; of a stale form show both versions."""
    here, form = desk(request), posted(fields)
    faults = wrong(form)
    with here.begin() as session:
        step = _step(session, me, step_id)
        now_there = filled_in(step)
        stale = False
        if not faults:
            try:
                applications.change_step(
                    session, me, step, facts(form), seen=fields.get("seen", ""), now=here.now()
                )
            except StaleError:
                stale = True
    if faults:
        code = HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(request, me, code=code, forms={step_id: form}, wrong={step_id: faults})
    if stale:
        return _page(request, me, code=HTTPStatus.CONFLICT, forms={step_id: form}, theirs=now_there)
    return see_other(PAGE)


@router.post("/steps/{step_id}/{deed}")
def act(
    request: Request, me: Administrator, step_id: Number, deed: Literal["up", "down", "remove", "return"]
) -> Response:
    """Put a step elsewhere, take it out, or put it back."""
    here = desk(request)
    with here.begin() as session:
        step = _step(session, me, step_id)
        if deed in {"up", "down"}:
            applications.move_step(session, me, step, by=-1 if deed == "up" else 1, now=here.now())
        else:
            applications.end_step(session, me, step, over=deed == "remove", now=here.now())
    return see_other(PAGE)


@router.post("/closures")
def close(request: Request, me: Administrator, fields: Fields) -> Response:
    """A day on which the office is shut."""
    here = desk(request)
    form, faults, on = closure(fields)
    if on is None or faults:
        return _page(
            request, me, code=HTTPStatus.UNPROCESSABLE_ENTITY, closing=form, wrong={"closing": faults}
        )
    with here.begin() as session:
        applications.close(session, me, on, form["name"], now=here.now())
    return see_other(PAGE)


@router.post("/closures/{closure_id}/remove")
def open_again(request: Request, me: Administrator, closure_id: Number) -> Response:
    """The office is open on that day after all."""
    here = desk(request)
    with here.begin() as session:
        if not applications.open_again(session, me, closure_id, now=here.now()):
            raise HTTPException(HTTPStatus.NOT_FOUND)
    return see_other(PAGE)


def _step(session: Session, me: Colleague, step_id: int) -> PlanStep:
    step = applications.find_step(session, me, step_id)
    if step is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return step


def _page(request: Request, me: Colleague, *, code: int = HTTPStatus.OK, **told: object) -> Response:
    with desk(request).look() as session:
        steps = applications.plan_steps(session, me.office_id)
        removed = applications.plan_steps(session, me.office_id, removed=True)
        closures = applications.closures(session, me.office_id)
    blank: dict[str, object] = {
        "forms": {}, "wrong": {}, "theirs": None, "full": False, "closing": {"on": "", "name": ""},
        "most": applications.MOST_STEPS, "days": applications.MOST_WORKING_DAYS, "longest": LONGEST,
    }  # fmt: skip
    now_there = {step.id: filled_in(step) for step in steps} | {0: dict.fromkeys(FIELDS, "")}
    seen = {step.id: applications.step_seen(step) for step in steps}
    return shown(
        request, "plan_template.html", code=code, steps=steps, removed=removed, closures=closures,
        now_there=now_there, seen=seen, today=desk(request).today(), **blank | told,
    )  # fmt: skip
