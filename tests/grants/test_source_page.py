# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""One source with its runs and what it sent, in a fixed number of statements."""

import hashlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from grants import queries
from grants.queries.source_page import PAYLOADS, RUNS
from models.audit import AuditEntry
from models.session import Begin
from models.source import PIECE, HarvestRun, Payload, RunPayload
from models.values import Completeness
from tests import builders
from tests.builders import NOW

HOUR = timedelta(hours=1)


@pytest.fixture
def session(begin: Begin) -> Iterator[Session]:
    """Two sources; the tests are about the first."""
    with begin() as session:
        session.add_all([builders.source(), builders.source(slug="rvo", name="RVO")])
        session.flush()
        yield session


def read(session: Session, at: datetime, *bodies: bytes, source_id: int = 1) -> HarvestRun:
    run = HarvestRun(
        source_id=source_id, started_at=at, finished_at=at, outcome=Completeness.COMPLETE, seen=7, warnings=[]
    )
    session.add(run)
    session.flush()
    for body in bodies:
        session.add(
            RunPayload(
                run_id=run.id, payload_id=sent(session, body).id, url=f"https://x.example/{body[:3]!r}"
            )
        )
    session.flush()
    return run


def sent(session: Session, body: bytes) -> Payload:
    digest = hashlib.sha256(body).hexdigest()
    payload = Payload(sha256=digest, size=len(body), body=zlib.compress(body), first_seen_at=NOW)
    session.add(payload)
    session.flush()
    return payload


def found(session: Session, now: datetime = NOW) -> queries.SourcePage:
    page = queries.source(session, "eu-portal", now)
    assert page is not None
    return page


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


def test_source_is_none_when_there_is_no_such_source(session: Session) -> None:
    assert queries.source(session, "nergens", NOW) is None


def test_source_gives_its_latest_runs_newest_first_and_no_other_s(session: Session) -> None:
    runs = [read(session, NOW - (RUNS + 5 - number) * HOUR) for number in range(RUNS + 5)]
    read(session, NOW, source_id=2)
    page = found(session)
    assert [run.id for run in page.runs] == [run.id for run in reversed(runs)][:RUNS]
    assert page.health.last_run_at == page.runs[0].started_at


def test_source_gives_what_the_last_run_that_brought_anything_brought(session: Session) -> None:
    read(session, NOW - 3 * HOUR, b"old")
    read(session, NOW - 2 * HOUR, b"one", b"two")
    read(session, NOW - HOUR)
    read(session, NOW, b"another source's", source_id=2)
    assert [(one.url, one.size) for one in found(session).payloads] == [
        ("https://x.example/b'one'", 3), ("https://x.example/b'two'", 3),
    ]  # fmt: skip


def test_source_shows_no_more_than_fifty_answers(session: Session) -> None:
    read(session, NOW, *(f"{number:03}".encode() for number in range(PAYLOADS + 1)))
    assert len(found(session).payloads) == PAYLOADS


def test_source_counts_its_calls(session: Session) -> None:
    session.add_all([builders.call(key="a"), builders.call(key="b"), builders.call(key="c", source_id=2)])
    session.flush()
    assert found(session).calls == 2


def test_payload_is_had_from_the_source_that_brought_it_alone(session: Session) -> None:
    read(session, NOW, b"ours")
    read(session, NOW, b"theirs", source_id=2)
    got = queries.payload(session, "eu-portal", 1)
    assert got is not None
    assert b"".join(got.pieces()) == b"ours"
    assert queries.payload(session, "eu-portal", 2) is None
    assert queries.payload(session, "eu-portal", 9) is None


def test_payload_comes_in_pieces_and_never_as_more_than_its_size(session: Session) -> None:
    bomb = Payload(size=PIECE + 10, body=zlib.compress(b"x" * (4 * PIECE)))
    assert [len(piece) for piece in bomb.pieces()] == [PIECE, 10]
    short = Payload(size=99, body=zlib.compress(b"short"))
    assert list(short.pieces()) == [b"short"]


def asked(session: Session, at: datetime, source_id: int = 1) -> None:
    session.add(
        AuditEntry(at=at, actor="office", action=queries.ASKED, subject="source", subject_id=source_id)
    )
    session.flush()


@pytest.mark.parametrize(
    ("asked_ago", "read_ago", "told"),
    [
        (timedelta(minutes=1), None, "waits"),
        (timedelta(minutes=15), None, "waits"),
        (timedelta(minutes=16), None, "late"),
        (timedelta(minutes=1), timedelta(minutes=2), "waits"),
        (timedelta(minutes=2), timedelta(minutes=1), "came"),
        (timedelta(hours=25), None, "forgotten"),
    ],
)
def test_source_tells_whether_a_reading_was_asked_for_and_has_not_come(
    session: Session, asked_ago: timedelta, read_ago: timedelta | None, told: str
) -> None:
    asked(session, NOW - asked_ago)
    asked(session, NOW, source_id=2)
    if read_ago is not None:
        read(session, NOW - read_ago)
    page = found(session)
    assert page.late == (told == "late")
    assert page.asked_at == (NOW - asked_ago if told in {"waits", "late"} else None)


def test_source_takes_as_many_statements_for_thirty_runs_as_for_one(session: Session, engine: Engine) -> None:
    read(session, NOW - 40 * HOUR, b"one")
    with counted(engine) as few:
        found(session)
    for number in range(30):
        read(session, NOW - number * HOUR, f"{number:03}".encode(), b"%d" % number)
    session.expunge_all()
    with counted(engine) as many:
        found(session)
    assert len(many) == len(few) == 8


def test_source_names_tell_what_each_source_is_called(session: Session) -> None:
    assert queries.source_names(session)["rvo"] == "RVO"
