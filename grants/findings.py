# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What a comparison found, and the few statements that write it down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from operator import attrgetter

from sqlalchemy import func, insert, literal, select, update

from grants.calls import FACTS, Change, compare, completed, dues_agree
from grants.clock import local_day
from grants.known import DUE, Keeping, batches, facts_of
from grants.rows import add_rows
from grants.sources.clean import plain_text
from grants.sources.reading import Entry
from models.call import Call, CallChange, ChangeKind, Deadline, Significance

CHANGE = tuple(one.name for one in fields(Change))
QUIETLY = {"synchronize_session": False}
change_of, due_of = attrgetter(*CHANGE), attrgetter(*DUE)
matched = attrgetter("title", "body", "language")  # what the match reads: when one changes, match again


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


def mark_seen(keeping: Keeping, numbers: Sequence[int]) -> None:
    """Known calls that are there today, whatever is said of them."""
    seen = update(Call).values(last_seen_at=keeping.now, not_seen_since=None)
    for some in batches(numbers):
        keeping.session.execute(seen.where(Call.id.in_(some)), execution_options=QUIETLY)


def mark_unseen(keeping: Keeping, numbers: Sequence[int]) -> None:
    """Absence closes nothing: pages get lost and calls come back."""
    unseen = update(Call).values(not_seen_since=keeping.now)
    for some in batches(numbers):
        keeping.session.execute(unseen.where(Call.id.in_(some)), execution_options=QUIETLY)
    change = Change(ChangeKind.UNSEEN, Significance.COSMETIC)
    _add_changes(keeping, [(number, change) for number in numbers])


def write(keeping: Keeping, found: Findings, known: Mapping[str, int]) -> None:
    """Calls, deadlines and changes, each in one statement; `known` are the numbers by key."""
    last = keeping.session.scalar(select(func.max(Call.id))) or 0
    _write_calls(keeping, [*((entry, 1) for entry in found.new), *found.otherwise])
    if found.new:
        numbers = _note_new(keeping, last)
        known = {**known, **{entry.key: number for entry, number in zip(found.new, numbers, strict=True)}}
    _supersede(keeping, [known[entry.key] for entry in found.moved])
    dues = [
        (known[entry.key], *due_of(due)) for entry in (*found.new, *found.moved) for due in entry.deadlines
    ]
    same = {"since": keeping.now, "superseded_at": None}
    add_rows(keeping.session, Deadline, ("call_id", *DUE), dues, same=same)
    _add_changes(keeping, found.changes)


def _write_calls(keeping: Keeping, entries: Sequence[tuple[Entry, int]]) -> None:
    names = ("key", *FACTS, "extra", "text", "text_version")
    now = keeping.now
    same = {"source_id": keeping.source_id, "first_seen_at": now, "last_seen_at": now, "not_seen_since": None}
    known_by, once = ("source_id", "key"), ("first_seen_at",)
    for some in batches(entries):  # their texts are long: not all at once
        rows = [
            (entry.key, *facts_of(entry), dict(entry.extra), plain_text(entry.body), version)
            for entry, version in some
        ]
        add_rows(keeping.session, Call, names, rows, same=same, known_by=known_by, once=once)


def _note_new(keeping: Keeping, last: int) -> Sequence[int]:
    """An event for each call past the last number there was, which are the new ones: numbers only rise."""
    new = select(Call).where(Call.source_id == keeping.source_id, Call.id > last).order_by(Call.id)
    facts: dict[str, object] = {"run_id": keeping.run_id, "at": keeping.now, "kind": ChangeKind.NEW}
    facts |= {"significance": Significance.MAJOR, "before": ""}
    literals = [literal(value, getattr(CallChange, name).type) for name, value in facts.items()]
    events = new.with_only_columns(Call.id, Call.title, *literals)
    keeping.session.execute(insert(CallChange).from_select(["call_id", "after", *facts], events))
    return keeping.session.scalars(new.with_only_columns(Call.id)).all()


def _supersede(keeping: Keeping, numbers: Sequence[int]) -> None:
    old = update(Deadline).where(Deadline.superseded_at.is_(None)).values(superseded_at=keeping.now)
    for some in batches(numbers):
        keeping.session.execute(old.where(Deadline.call_id.in_(some)), execution_options=QUIETLY)


def _add_changes(keeping: Keeping, changes: Sequence[tuple[int, Change]]) -> None:
    rows = [(number, *change_of(change)) for number, change in changes]
    same = {"run_id": keeping.run_id, "at": keeping.now}
    add_rows(keeping.session, CallChange, ("call_id", *CHANGE), rows, same=same)
