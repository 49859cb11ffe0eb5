# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What a comparison found, and the few statements that write it down."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from operator import attrgetter

from sqlalchemy import bindparam, func, inspect, select, update
from sqlalchemy.orm import Session

from grants.calls import FACTS, Change, compare, completed, dues_agree
from grants.clock import local_day
from grants.known import DUE, batches, facts_of
from grants.rows import add_rows
from grants.sources.reading import Entry
from models.call import Call, CallChange, ChangeKind, Deadline, Significance

CHANGE = tuple(one.name for one in fields(Change))
change_of, due_of = attrgetter(*CHANGE), attrgetter(*DUE)
matched = attrgetter("title", "body", "language")  # what the match reads: when one changes, match again
call = inspect(Call).columns
LAST = select(func.max(call.id))
ADDED = (
    select(call.id)
    .where(call.source_id == bindparam("source"), call.id > bindparam("last"))
    .order_by(call.id)
)
CALLS = Call.id.in_(bindparam("calls", expanding=True))
SUPERSEDED = (
    update(Deadline)
    .where(Deadline.call_id.in_(bindparam("calls", expanding=True)), Deadline.superseded_at.is_(None))
    .values(superseded_at=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where findings are written: whose calls they are, of which run, and when."""

    session: Session
    source_id: int
    run_id: int | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Findings:
    """What is to be written: new calls, and known ones told otherwise, each with the version of its text."""

    new: list[Entry] = field(default_factory=list)
    otherwise: list[tuple[Entry, int]] = field(default_factory=list)
    moved: list[Entry] = field(default_factory=list)
    changes: list[tuple[int, Change]] = field(default_factory=list)  # by number of the call


def note_return(found: Findings, number: int, since: datetime | None) -> None:
    """A known call that was missing for a while, if it was."""
    if since is not None:
        change = Change(ChangeKind.RETURNED, Significance.COSMETIC, before=since.isoformat())
        found.changes.append((number, change))


def note_changes(found: Findings, call: Call, entry: Entry, now: datetime) -> None:
    """A known call of which the entry says something else."""
    entry = completed(call, entry)
    found.changes.extend((call.id, change) for change in compare(call, entry, today=local_day(now)))
    found.otherwise.append((entry, call.text_version + (matched(call) != matched(entry))))
    if not dues_agree([one.due for one in call.deadlines], entry.deadlines):
        found.moved.append(entry)


def write(place: Place, found: Findings, known: Mapping[str, int]) -> None:
    """All that was found, and that the known calls, here with their numbers by key, were seen."""
    _update(place, known.values(), last_seen_at=place.now, not_seen_since=None)
    known = {**known, **_write_calls(place, found)}
    _supersede(place, [known[entry.key] for entry in found.moved])
    dues = [
        (known[entry.key], *due_of(due)) for entry in (*found.new, *found.moved) for due in entry.deadlines
    ]
    same = {"since": place.now, "superseded_at": None}
    add_rows(place.session, Deadline, ("call_id", *DUE), dues, same=same)
    new = (ChangeKind.NEW, Significance.MAJOR, "")
    news = [(known[entry.key], *new, entry.title) for entry in found.new]
    _add_changes(place, [*news, *((number, *change_of(change)) for number, change in found.changes)])


def write_unseen(place: Place, numbers: Sequence[int]) -> None:
    """Absence closes nothing: pages get lost and calls come back."""
    _update(place, numbers, not_seen_since=place.now)
    _add_changes(place, [(number, ChangeKind.UNSEEN, Significance.COSMETIC, "", "") for number in numbers])


def _update(place: Place, numbers: Iterable[int], **facts: datetime | None) -> None:
    for some in batches([*numbers]):
        place.session.connection().execute(update(Call).where(CALLS).values(facts), {"calls": some})


def _write_calls(place: Place, found: Findings) -> dict[str, int]:
    """Returns the numbers of the new ones by key."""
    if not (found.new or found.otherwise):
        return {}
    session, now = place.session, place.now
    last = session.connection().scalar(LAST) or 0
    names = ("key", *FACTS, "extra", "text", "text_version")
    unread = {"facts": [], "barred": False, "facts_read": 0}  # until they are read again (grants.marking)
    same = {"source_id": place.source_id, "first_seen_at": now, "last_seen_at": now, "not_seen_since": None}
    same |= unread
    known_by, once = ("source_id", "key"), ("first_seen_at", "facts", "barred")
    for some in batches([*((entry, 1) for entry in found.new), *found.otherwise]):
        rows = [
            (entry.key, *facts_of(entry), dict(entry.extra), entry.text, version) for entry, version in some
        ]
        add_rows(session, Call, names, rows, same=same, known_by=known_by, once=once)
    # Numbers only rise, and nobody else adds to this source meanwhile: the new ones, in their order.
    added = session.connection().scalars(ADDED, {"source": place.source_id, "last": last}).all()
    return dict(zip([entry.key for entry in found.new], added, strict=True))


def _supersede(place: Place, numbers: Sequence[int]) -> None:
    for some in batches(numbers):
        place.session.connection().execute(SUPERSEDED, {"calls": some, "now": place.now})


def _add_changes(place: Place, rows: Sequence[tuple[int, ChangeKind, Significance, str, str]]) -> None:
    same = {"run_id": place.run_id, "at": place.now}
    add_rows(place.session, CallChange, ("call_id", *CHANGE), rows, same=same)
