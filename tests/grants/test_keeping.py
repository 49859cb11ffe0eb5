# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from datetime import date, timedelta

from sqlalchemy import select

from grants.keeping import keep_entry
from grants.sources.reading import Entry
from models.audit import AuditEntry
from models.call import Call, CallChange
from models.session import Begin
from models.source import Source
from models.values import Due
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
