# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Keep with each call what it says of who can apply, so that lists show it and can be narrowed by it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grants.eligibility import BARRING, RULES, Fact, facts_of
from models.call import Call
from models.session import Begin

BATCH = 500


def mark_calls(session: Session, *, limit: int = BATCH) -> int:
    """Read up to `limit` calls that changed, or that were read by older rules; returns how many."""
    asked = select(Call.id, Call.title, Call.text, Call.extra).where(Call.facts_read != RULES)
    calls = session.execute(asked.order_by(Call.id).limit(limit).with_for_update()).all()
    rows = [_marks(call.id, [one.fact for one in facts_of(call)]) for call in calls]
    if rows:
        session.execute(update(Call), rows)
    return len(rows)


def _marks(number: int, found: Sequence[Fact]) -> dict[str, Any]:
    said, barred = [fact.value for fact in found], not BARRING.isdisjoint(found)
    return {"id": number, "facts": said, "barred": barred, "facts_read": RULES}


def mark_all(begin: Begin) -> None:
    """Read all that wait, a batch a transaction."""
    while True:
        with begin() as session:
            if not mark_calls(session):
                return
