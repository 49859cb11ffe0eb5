# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from datetime import date, time
from typing import Any

from sqlalchemy import select

from grants.rows import add_rows
from models.call import Deadline
from models.session import Begin
from models.source import Payload
from models.values import Basis
from tests.builders import NOW, call, source

PAYLOAD = ("sha256", "content_type", "size", "body", "first_seen_at")


def payloads(begin: Begin, *rows: tuple[str, str, int], once: tuple[str, ...]) -> list[tuple[Any, ...]]:
    with begin() as session:
        facts = {"body": b"x", "first_seen_at": NOW}
        add_rows(session, Payload, PAYLOAD[:3], rows, same=facts, known_by=("sha256",), once=once)
    with begin() as session:
        found = session.execute(
            select(Payload.sha256, Payload.content_type, Payload.size).order_by(Payload.id)
        )
        return [tuple(row) for row in found]


def test_rows_come_back_as_they_went_in_whatever_their_type(begin: Begin) -> None:
    with begin() as session:
        session.add(source())
        session.flush()
        session.add(call(deadlines=[]))
    same = {"call_id": 1, "zone": "Europe/Brussels", "stage": "", "since": NOW, "superseded_at": None}
    rows = [(date(2026, 12, 1), time(17), Basis.STATED, "%(one)s"), (None, None, Basis.UNKNOWN, "?")]
    with begin() as session:
        add_rows(session, Deadline, ("on", "at", "basis", "text"), rows, same=same)
    with begin() as session:
        kept = session.scalars(select(Deadline).order_by(Deadline.id)).all()
        assert [(one.on, one.at, one.basis, one.text) for one in kept] == rows
        assert {(one.call_id, one.since, one.superseded_at) for one in kept} == {(1, NOW, None)}


def test_a_known_row_is_brought_up_to_date_except_for_what_it_keeps(begin: Begin) -> None:
    payloads(begin, ("a", "xml", 1), once=())
    assert payloads(begin, ("a", "json", 2), ("b", "xml", 3), once=("size",)) == [
        ("a", "json", 1),
        ("b", "xml", 3),
    ]


def test_a_known_row_that_keeps_everything_stays_as_it_is(begin: Begin) -> None:
    payloads(begin, ("a", "xml", 1), once=())
    assert payloads(begin, ("a", "json", 2), once=PAYLOAD) == [("a", "xml", 1)]


def test_no_rows_are_no_statement(begin: Begin) -> None:
    assert payloads(begin, once=()) == []
