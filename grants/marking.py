# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Keep with each call what it says of who can apply, so that lists show it and can be narrowed by it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.eligibility import BARRING, RULES, facts_of
from models.call import Call
from models.session import Begin

BATCH = 500


def mark_calls(session: Session, *, limit: int = BATCH) -> int:
    """Read up to `limit` calls that changed, or that were read by older rules; returns how many."""
    unread = select(Call).where(Call.facts_read != RULES).order_by(Call.id).limit(limit)
    calls = session.scalars(unread.with_for_update()).all()
    for call in calls:
        found = [one.fact for one in facts_of(call)]
        call.facts, call.facts_read = [fact.value for fact in found], RULES
        call.barred = not BARRING.isdisjoint(found)
    return len(calls)


def mark_all(begin: Begin) -> None:
    """Read all that wait, a batch a transaction."""
    while True:
        with begin() as session:
            if not mark_calls(session):
                return
