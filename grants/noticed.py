# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What was noticed in calls, as events for others: new ones and moved deadlines, by number, not by title."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.call import Call, CallChange, ChangeKind
from models.source import Source

NAMES: Final = {
    ChangeKind.NEW: "pijplijn.call.new",
    ChangeKind.DEADLINE_MOVED: "pijplijn.call.deadline-moved",
}
MOST: Final = 500  # events of one run: a first reading brings thousands of calls, and nobody acts on each


def last(session: Session) -> int:
    """The number of the last change there is."""
    return session.scalar(select(func.max(CallChange.id))) or 0


def since(session: Session, mark: int) -> Iterator[dict[str, Any]]:
    """The event of each change after that number, in their order; the first five hundred."""
    asked = (
        select(
            CallChange.kind,
            CallChange.call_id,
            CallChange.at,
            CallChange.before,
            CallChange.after,
            Source.slug,
        )
        .join(Call, Call.id == CallChange.call_id)
        .join(Source, Source.id == Call.source_id)
        .where(CallChange.id > mark, CallChange.kind.in_(NAMES))
        .order_by(CallChange.id)
        .limit(MOST)
    )
    for row in session.execute(asked):
        moved = row.kind == ChangeKind.DEADLINE_MOVED
        yield {
            "event": NAMES[row.kind],
            "resource": {"prefect.resource.id": f"pijplijn.call.{row.call_id}", "pijplijn.source": row.slug},
            "occurred": row.at,
            "payload": {"before": row.before, "after": row.after} if moved else {},
        }
