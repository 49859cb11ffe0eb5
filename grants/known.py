# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What we know of the calls that a reading tells of, in two or three statements, without an object a row."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import Select, bindparam, inspect, select
from sqlalchemy.orm import Session, selectinload

from grants.calls import FACTS, dues_agree
from grants.sources.reading import Entry
from models.call import Call, Deadline
from models.values import Due

MOST = 1000  # keys or numbers in one statement
DUE = tuple(one.name for one in fields(Due))
facts_of = attrgetter(*FACTS)
call, due = inspect(Call).columns, inspect(Deadline).columns
HERE = (
    select(call.key, call.id, call.not_seen_since.is_(None))
    .where(call.source_id == bindparam("source"))
    .order_by(call.id)
)
KNOWN = (
    select(call.id, call.key, call.not_seen_since, *(call[name] for name in FACTS))
    .where(call.source_id == bindparam("source"), call.key.in_(bindparam("keys", expanding=True)))
)  # fmt: skip
IN_FORCE = (
    select(due.call_id, *(due[name] for name in DUE))
    .where(due.superseded_at.is_(None), due.call_id.in_(bindparam("calls", expanding=True)))
    .order_by(due.id)
)


@dataclass(frozen=True, slots=True)
class Known:
    """A call as far as a source can tell it."""

    id: int
    not_seen_since: datetime | None
    facts: tuple[Any, ...]
    dues: list[Due]

    def agrees(self, entry: Entry) -> bool:
        """Whether an entry says nothing but this: the short way to an empty comparison."""
        told = facts_of(entry)
        if entry.untold:
            told = tuple(
                before if name in entry.untold else now
                for name, before, now in zip(FACTS, self.facts, told, strict=True)
            )
        if self.facts != told:
            return False
        return "deadlines" in entry.untold or dues_agree(self.dues, entry.deadlines)


def batches(of: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """As many at a time as one statement takes."""
    return (of[start : start + MOST] for start in range(0, len(of), MOST))


def all_calls(session: Session, source_id: int) -> dict[str, tuple[int, bool]]:
    """Every call of a source by key: its number, and whether it was seen last time."""
    rows = session.connection().execute(HERE, {"source": source_id})
    return {key: (number, seen) for key, number, seen in rows}


def known_calls(session: Session, source_id: int, keys: Sequence[str]) -> dict[str, Known]:
    """The calls of a source with these keys, by key."""
    known: dict[str, Known] = {}
    for some in batches(keys):
        rows = session.connection().execute(KNOWN, {"source": source_id, "keys": some}).all()
        dues = _dues(session, [row.id for row in rows])
        for number, key, since, *facts in rows:
            known[key] = Known(number, since, tuple(facts), dues.get(number, []))
    return known


def _dues(session: Session, numbers: Sequence[int]) -> dict[int, list[Due]]:
    """The deadlines in force, by the number of their call."""
    dues: dict[int, list[Due]] = {}
    if numbers:
        for number, *said in session.connection().execute(IN_FORCE, {"calls": numbers}):
            dues.setdefault(number, []).append(Due(*said))
    return dues


def told_otherwise(session: Session, known: Mapping[str, Known], entries: Iterable[Entry]) -> dict[str, Call]:
    """The calls of which an entry says something else, by key: whole rows, to be compared."""
    numbers = [known[one.key].id for one in entries if one.key in known and not known[one.key].agrees(one)]
    found: dict[str, Call] = {}
    for some in batches(numbers):
        found |= {one.key: one for one in session.scalars(whole(select(Call).where(Call.id.in_(some))))}
    return found


def whole(calls: Select[Call]) -> Select[Call]:
    """With their deadlines, as the database has them now."""
    return calls.options(selectinload(Call.all_deadlines)).execution_options(populate_existing=True)
