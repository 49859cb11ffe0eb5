# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from grants import known
from grants.keeping import keep_entries, keep_entry
from grants.sources.reading import Entry, Reading
from models.audit import AuditEntry
from models.call import Call, CallChange
from models.session import Begin
from models.source import HarvestRun, Source
from models.values import Completeness, Due
from tests.builders import NOW, source

DAY = timedelta(days=1)
ROUND = Entry(
    key="call-7",
    title="Call 7",
    url="https://x.example/7",
    deadlines=(Due(date(2027, 2, 1), stage="stage 1"),),
)
MOVED = Entry(key="call-7", title="Call 7", url="https://x.example/7", deadlines=(Due(date(2027, 3, 1)),))


def kept(begin: Begin, *entries: Entry) -> None:
    with begin() as session:
        session.add(source(slug="rounds", kind="rounds"))
    for number, entry in enumerate(entries):
        with begin() as session:
            typed = session.scalars(select(Source)).one()
            call = keep_entry(session, typed, entry, now=NOW + number * DAY, actor="noor@enschede.example")
            assert [one.due for one in call.deadlines] == list(entry.deadlines)


def test_an_entry_typed_by_a_colleague_has_the_events_of_a_reading_and_no_run(begin: Begin) -> None:
    kept(begin, ROUND, MOVED)
    with begin() as session:
        changes = session.scalars(select(CallChange).order_by(CallChange.id)).all()
        assert [(str(one.kind), one.run_id) for one in changes] == [("new", None), ("deadline_moved", None)]
        call = session.scalars(select(Call)).one()
        assert [one.superseded_at for one in call.all_deadlines] == [NOW + DAY, None]
        assert session.scalars(select(Source.last_news_at)).one() == NOW + DAY


def test_who_typed_it_is_logged_when_something_changed(begin: Begin) -> None:
    kept(begin, ROUND, ROUND, MOVED)
    with begin() as session:
        logged = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [(one.actor, one.action, one.at) for one in logged] == [
            ("noor@enschede.example", "added", NOW),
            ("noor@enschede.example", "changed", NOW + 2 * DAY),
        ]


def read(begin: Begin, *entries: Entry, day: int = 0) -> HarvestRun:
    """A complete reading of these entries, kept."""
    with begin() as session:
        origin = session.scalars(select(Source)).one_or_none() or source(slug="rounds", kind="rounds")
        session.add(origin)
        session.flush()
        at = NOW + day * DAY
        run = HarvestRun(source_id=origin.id, started_at=at, finished_at=at, outcome="complete")
        session.add(run)
        keep_entries(session, run, Reading(Completeness.COMPLETE, entries))
    return run


def test_of_two_entries_with_one_key_the_first_is_kept(begin: Begin) -> None:
    run = read(begin, ROUND, replace(ROUND, title="Another"), replace(ROUND, key="call-8"))
    assert run.new == 2
    with begin() as session:
        assert session.scalars(select(Call.title).order_by(Call.key)).all() == ["Call 7", "Call 7"]


def test_what_an_entry_does_not_tell_stays_and_is_no_change(begin: Begin) -> None:
    read(begin, replace(ROUND, body="<p>Rivers</p>", budget=Decimal(5)))
    brief = replace(ROUND, budget=Decimal(5), deadlines=(), untold=frozenset({"body", "deadlines"}))
    assert read(begin, brief, day=1).changed == 0
    assert read(begin, replace(brief, budget=Decimal(6)), day=2).changed == 1
    with begin() as session:
        call = session.scalars(select(Call)).one()
        assert (call.body, call.text, call.budget) == ("<p>Rivers</p>", "Rivers", Decimal(6))
        assert ([one.due for one in call.deadlines], call.text_version) == ([*ROUND.deadlines], 1)
        assert call.first_seen_at == NOW


def test_a_call_that_returns_changed_has_both_events_and_is_seen_again(begin: Begin) -> None:
    for day, entries in enumerate([(ROUND,), (), (MOVED,)]):
        read(begin, *entries, day=day)
    with begin() as session:
        kinds = session.scalars(select(CallChange.kind).order_by(CallChange.id)).all()
        assert [str(kind) for kind in kinds] == ["new", "unseen", "returned", "deadline_moved"]
        call = session.scalars(select(Call)).one()
        assert (call.not_seen_since, call.last_seen_at) == (None, NOW + 2 * DAY)


def test_more_calls_than_fit_in_one_statement_are_all_kept(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known, "MOST", 2)
    many = [replace(ROUND, key=str(number), title=f"Call {number}") for number in range(7)]
    assert read(begin, *many).new == 7
    again = [replace(MOVED, key=one.key, title=one.title) for one in many[:5]]
    run = read(begin, *again, day=1)
    assert (run.new, run.changed, run.unseen) == (0, 5, 2)
    with begin() as session:
        calls = session.scalars(select(Call).order_by(Call.id)).all()
        assert [call.title for call in calls] == [f"Call {number}" for number in range(7)]
        assert [len(call.all_deadlines) for call in calls] == [2] * 5 + [1] * 2
        assert [len(call.changes) for call in calls] == [2] * 7
