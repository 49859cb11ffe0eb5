# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The office judges a call, and goes for it or not; either is taken back by one press of a button."""

import re
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from grants import judging
from grants.judging import J, OvertakenError
from models.colleague import Colleague
from models.interest import Choice, GoDecision
from models.match import Verdict, VerdictReason
from web.auth import Editor
from web.deps import desk, known, see_other
from web.forms import Fields, words
from web.routes.calls import Number, call_page
from web.threads import Route

router = APIRouter(route_class=Route)

LONGEST: Final = 2000  # characters of a note, or of a question to go back to
RELEVANT, NOT_RELEVANT = "relevant", "not_relevant"


@router.post("/calls/{call_id}/verdict")
def judge(request: Request, call_id: Number, me: Editor, fields: Fields) -> Response:
    """Relevant or not, in one press of a button."""
    said, reason, note = fields.get("verdict", ""), fields.get("reason", ""), words(fields, "note")
    if said not in {RELEVANT, NOT_RELEVANT}:
        raise HTTPException(HTTPStatus.BAD_REQUEST)
    typed = {"verdict": said, "reason": reason, "note": note}
    wrong = {"note": "long"} if len(note) > LONGEST else {}
    if said == NOT_RELEVANT and reason not in list(VerdictReason):
        wrong["reason"] = "word"
    if wrong:
        return again(request, call_id, me, "verdict", typed, wrong=wrong)
    why_not = VerdictReason(reason) if said == NOT_RELEVANT else None
    try:
        with known(desk(request).begin) as session:
            row = judging.judge(
                session, call_id, relevant=said == RELEVANT, reason=why_not, note=note, by=me,
                now=desk(request).now(), over=number(fields, "over"),
            )  # fmt: skip
    except OvertakenError:
        return again(request, call_id, me, "verdict", typed, code=HTTPStatus.CONFLICT)
    return _back(fields, call_id, judged=row.id)


@router.post("/calls/{call_id}/decision")
def decide(request: Request, call_id: Number, me: Editor, fields: Fields) -> Response:
    """Go or no-go, and why."""
    said, why, leads = fields.get("choice", ""), words(fields, "why"), bool(fields.get("leads"))
    if said not in list(Choice):
        raise HTTPException(HTTPStatus.BAD_REQUEST)
    typed = {"choice": said, "why": why, "leads": "1" if leads else ""}
    if not why or len(why) > LONGEST:
        return again(request, call_id, me, "decision", typed, wrong={"why": "long" if why else "required"})
    try:
        with known(desk(request).begin) as session:
            judging.decide(
                session, call_id, choice=Choice(said), leads=leads, why=why, by=me, now=desk(request).now(),
                over=number(fields, "over"),
            )  # fmt: skip
    except OvertakenError:
        return again(request, call_id, me, "decision", typed, code=HTTPStatus.CONFLICT)
    return see_other(f"/calls/{call_id}")


@router.post("/verdicts/{row_id}/undo")
def undo_verdict(request: Request, row_id: Number, me: Editor, fields: Fields) -> Response:
    """Take a verdict back."""
    return _back(fields, _taken_back(request, row_id, me, Verdict))


@router.post("/decisions/{row_id}/undo")
def undo_decision(request: Request, row_id: Number, me: Editor, fields: Fields) -> Response:
    """Take a go or no-go back."""
    return _back(fields, _taken_back(request, row_id, me, GoDecision))


def _taken_back(request: Request, row_id: int, me: Colleague, row: type[J]) -> int:
    with known(desk(request).begin) as session:
        return judging.take_back(session, row, row_id, by=me, now=desk(request).now()).call_id


def again(  # noqa: PLR0913 - what became of the form
    request: Request, call_id: int, me: Colleague, form: str, typed: dict[str, str], *,
    wrong: dict[str, str] | None = None, code: int = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> Response:  # fmt: skip
    """The page of the call with the form as it was filled in, and why nothing was kept."""
    return call_page(request, call_id, me, code=code, form=form, typed=typed, wrong=wrong or {})


def number(fields: dict[str, str], name: str) -> int:
    """A number from a form; 0 for what is none."""
    text = fields.get(name, "")
    return int(text) if re.fullmatch(r"[1-9]\d{0,8}", text) else 0


def _back(fields: dict[str, str], call_id: int, judged: int = 0) -> Response:
    """To the inbox as it was asked for, or to the page of the call."""
    if fields.get("from") != "inbox":
        return see_other(f"/calls/{call_id}")
    asked = dict(parse_qsl(fields.get("back", "")[:LONGEST]))
    return see_other("/inbox?" + urlencode(asked | ({"judged": str(judged)} if judged else {})))
