# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What became of calls since a colleague's last digest, and which of them close soon."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Select, or_, select, union_all
from sqlalchemy.orm import Session

from grants.clock import local_day
from grants.digest.lines import Line, Mark, line_of
from grants.queries import groups
from grants.queries.criteria import MATERIAL, shown
from models.call import Call, CallChange, ChangeKind, Significance
from models.colleague import Colleague
from models.interest import Assignment, Follow

STEPS: Final = (30, 14, 7, 2)  # days before a deadline at which a closing call is told


@dataclass(frozen=True, slots=True)
class Span:
    """What time a digest tells of.

    Args:
        since: it tells what came after this.
        told: when the reader was last told anything; None: never.
        now: and up to this.
        today: the day, for deadlines.
    """

    since: datetime
    told: datetime | None
    now: datetime
    today: date

    def holds(self, moment: datetime) -> bool:
        """Whether a moment is in it."""
        return self.since < moment <= self.now


@dataclass(frozen=True, slots=True)
class Changed:
    """A call with what changed in it, the oldest first.

    Args:
        line: the call.
        changes: of the shown call; of a twin when the shown call has none of its own.
        again: whether the office put it aside before it changed.
    """

    line: Line
    changes: tuple[CallChange, ...]
    again: bool = False

    @property
    def mark(self) -> Mark:
        """As a line's."""
        return *self.line.mark, self.again, *(one.id for one in self.changes)


def changed(session: Session, lines: Iterable[Line], span: Span) -> list[Changed]:
    """The lines that changed materially."""
    changes = select(CallChange).where(MATERIAL, CallChange.at > span.since, CallChange.at <= span.now)
    return _by_line(session, changes, lines)


def followed(session: Session, me: Colleague, lines: Mapping[int, Line], span: Span) -> list[Changed]:
    """What changed, but for looks, in the calls a colleague follows or looks into, theme or not.

    `lines` are the office's, by shown call.
    """
    bound = union_all(
        select(shown()).join(Follow, Follow.call_id == Call.id).where(
            Follow.colleague_id == me.id, Follow.until.is_(None)
        ),
        select(shown()).join(Assignment, Assignment.call_id == Call.id).where(
            Assignment.colleague_id == me.id, Assignment.ended_at.is_(None)
        ),
    )  # fmt: skip
    ours = select(Call.id).where(or_(Call.id.in_(bound), Call.folded_into_id.in_(bound)))
    changes = select(CallChange).where(
        CallChange.call_id.in_(ours), CallChange.kind != ChangeKind.NEW,
        CallChange.significance != Significance.COSMETIC,
        CallChange.at > span.since, CallChange.at <= span.now,
    )  # fmt: skip
    numbers = changes.with_only_columns(CallChange.call_id)
    found = {
        group.calls[0].id: group for group in groups(session, session.scalars(numbers), alone=True).values()
    }
    told = [lines.get(number) or line_of(group, (), span.today) for number, group in sorted(found.items())]
    return _by_line(session, changes, told)


def _by_line(session: Session, changes: Select[CallChange], lines: Iterable[Line]) -> list[Changed]:
    by_call = {call.id: line for line in lines for call in line.group.calls}
    found: dict[int, dict[int, list[CallChange]]] = defaultdict(lambda: defaultdict(list))
    for change in session.scalars(changes.order_by(CallChange.id)):
        if line := by_call.get(change.call_id):
            found[line.call.id][change.call_id].append(change)
    return [
        Changed(by_call[number], tuple(own.get(number) or next(iter(own.values()))))
        for number, own in found.items()
    ]


def closing_soon(lines: Iterable[Line], told_at: datetime | None, today: date) -> list[Line]:
    """What came nearer than 30, 14, 7 or 2 days since it was last told, soonest first.

    By reaching, never by equalling: a run that was skipped is made up for. Who was never told anything is
    told of all that close within thirty days.
    """
    before = local_day(told_at) if told_at else None
    soon = [(line.deadline.on, line) for line in lines if line.deadline and line.deadline.on]
    return [line for on, line in sorted(soon, key=lambda pair: pair[0]) if _reached(on, before, today)]


def _reached(on: date, before: date | None, today: date) -> bool:
    away = (on - today).days
    was = (on - before).days if before else STEPS[0] + 1
    return any(away <= step < was for step in STEPS)
