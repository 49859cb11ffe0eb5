# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Where two sources of the same calls disagree, call by call: the portal's search and its bulk file."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, selectinload

from models.call import Call
from models.source import Source
from models.values import CallStatus

TOPIC = "topic"


class Differs(StrEnum):
    """In what two sources disagree about a call."""

    ONLY_HERE = "only_here"
    ONLY_THERE = "only_there"
    DEADLINE = "deadline"
    STATUS = "status"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One call about which a source and its check disagree; `here` and `there` are what each says."""

    call_id: int
    identifier: str
    title: str
    what: Differs
    here: str
    there: str


def disagreements(session: Session, slug: str, *, today: date) -> list[Disagreement]:
    """Every call about which a source and the one that checks it disagree, in order of identifier.

    Which two belong together is told by the rule `checks` of one of them; without such a rule there are none.
    Calls that are closed, or not seen of late, are nobody's business here.
    """
    sources = list(session.scalars(select(Source).order_by(Source.id)))
    here = next((one for one in sources if one.slug == slug), None)
    there = here and _partner(here, sources)
    if here is None or there is None or not (here.last_success_at and there.last_success_at):
        return []
    ours, theirs = _calls(session, here.id, today), _calls(session, there.id, today)
    found = [one for key in ours.keys() & theirs.keys() for one in _compared(ours[key], theirs[key], today)]
    found += [_alone(ours[key], Differs.ONLY_HERE) for key in ours.keys() - theirs.keys()]
    found += [_alone(theirs[key], Differs.ONLY_THERE) for key in theirs.keys() - ours.keys()]
    return sorted(found, key=lambda one: (one.identifier, one.what))


def _partner(here: Source, sources: list[Source]) -> Source | None:
    named = here.rules.get("checks")
    return next((one for one in sources if one.slug == named or one.rules.get("checks") == here.slug), None)


def _calls(session: Session, source_id: int, today: date) -> dict[str, Call]:
    rows = session.scalars(
        select(Call)
        .where(Call.source_id == source_id, Call.kind == TOPIC, Call.not_seen_since.is_(None))
        .options(selectinload(Call.all_deadlines))
        .options(*(defer(column, raiseload=True) for column in (Call.body, Call.text, Call.extra)))
    )
    return {row.key: row for row in rows if row.status_on(today) != CallStatus.CLOSED}


def _alone(call: Call, what: Differs) -> Disagreement:
    return Disagreement(call.id, call.identifier, call.title, what, "", "")


def _compared(here: Call, there: Call, today: date) -> list[Disagreement]:
    said = (
        (Differs.DEADLINE, _days(here), _days(there)),
        (Differs.STATUS, here.status_on(today).value, there.status_on(today).value),
        (Differs.TITLE, here.title, there.title),
    )
    return [
        Disagreement(here.id, here.identifier, here.title, what, one, other)
        for what, one, other in said
        if _letters(one) != _letters(other)
    ]


def _days(call: Call) -> str:
    """The days alone: the bulk file knows no hours."""
    return ", ".join(sorted({one.on.isoformat() for one in call.deadlines if one.on}))


def _letters(words: str) -> str:
    return re.sub(r"[\W_]+", "", words).casefold()
