# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The chain of the audit log, on both databases: nobody forgets it, nobody breaks it unseen."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from grants import auditing
from grants.auditing import CHANGED, CUT, LOOSE, note, verify
from models.audit import AuditEntry
from models.office import Office
from models.session import Begin
from tests.builders import NOW, office

OPEN = {
    "sqlite": ["DROP TRIGGER audit_entry_not_changed", "DROP TRIGGER audit_entry_not_removed", "DROP TRIGGER audit_entry_follows"],
    "postgresql": ["ALTER TABLE audit_entry DISABLE TRIGGER USER"],
}  # fmt: skip
SHUT = {"sqlite": [], "postgresql": ["ALTER TABLE audit_entry ENABLE TRIGGER USER"]}


def deed(number: int = 1, **facts: Any) -> dict[str, Any]:
    return {
        "at": NOW,
        "actor": "noor",
        "action": "changed",
        "subject": "source",
        "subject_id": number,
    } | facts


def write(begin: Begin, *numbers: int, **facts: Any) -> None:
    with begin() as session:
        for number in numbers:
            note(session, **deed(number, **facts))


def tamper(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in (*OPEN[engine.dialect.name], *statements, *SHUT[engine.dialect.name]):
            connection.execute(text(statement))


def entries(begin: Begin) -> list[AuditEntry]:
    with begin() as session:
        return list(session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


def test_each_entry_names_the_hash_before_it_and_hashes_what_it_says(begin: Begin) -> None:
    write(begin, 1, 2)
    write(begin, 3, facts={"é": [1.5, None], "b": True})
    one, two, three = entries(begin)
    assert (one.previous_hash, two.previous_hash, three.previous_hash) == ("", one.hash, two.hash)
    said = (
        '{"action":"changed","actor":"noor","application_id":null,"at":"2026-11-24T08:00:00.000000+00:00",'
        '"facts":{"b":true,"\\u00e9":[1.5,null]},"office_id":null,'
        f'"previous_hash":"{two.hash}","subject":"source","subject_id":3}}'
    )
    assert three.hash == hashlib.sha256(said.encode()).hexdigest()
    assert json.loads(said)["facts"] == three.facts


def test_a_whole_chain_holds_over_several_batches_and_gives_its_head(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditing, "BATCH", 2)
    write(begin, *range(5))
    with begin() as session:
        found = verify(session)
        assert (found.entries, found.head, found.why) == (5, auditing.head(session), "")
        assert found.sentence == f"The audit log holds: 5 entries, head {found.head}."


def test_an_empty_log_holds(begin: Begin) -> None:
    with begin() as session:
        assert verify(session).sentence == "The audit log holds: 0 entries, head (none)."


def test_what_the_database_gives_back_in_another_form_has_the_same_hash(begin: Begin) -> None:
    summer = datetime(2026, 7, 1, 12, 30, 0, 5, tzinfo=timezone(timedelta(hours=2)))
    write(begin, 1, at=summer, facts={10: "a", 9: ("b", 2), "z": 1e300, "€": "\U0001f600"})
    with begin() as session:
        assert verify(session).why == ""


def test_several_entries_of_one_flush_follow_each_other_however_they_were_added(begin: Begin) -> None:
    with begin() as session:
        session.add_all([AuditEntry(**deed(3)), AuditEntry(**deed(1))])
        session.flush()
        session.add(AuditEntry(**deed(2)))
        session.add(office())
    assert [one.subject_id for one in entries(begin)] == [3, 1, 2]
    with begin() as session:
        assert verify(session).entries == 3


def test_an_entry_that_was_rolled_back_leaves_no_gap(begin: Begin) -> None:
    with begin() as session:
        session.add(AuditEntry(**deed(1)))
        session.flush()
        session.rollback()
        note(session, **deed(2))
    with begin() as session:
        assert (verify(session).entries, verify(session).why) == (1, "")


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET actor = 'x'", "DELETE FROM audit_entry"])
def test_the_database_refuses_to_change_or_remove_an_entry(
    begin: Begin, engine: Engine, statement: str
) -> None:
    write(begin, 1)
    with pytest.raises(DBAPIError, match="only ever added to"), engine.begin() as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize("facts", [{}, {"hash": "a" * 64, "previous_hash": "b" * 64}])
def test_the_database_refuses_an_entry_that_does_not_follow_the_last(
    begin: Begin, facts: dict[str, str]
) -> None:
    write(begin, 1)
    with pytest.raises(DBAPIError, match="follows the last one"), begin() as session:
        session.execute(insert(AuditEntry).values(deed(2) | facts))


@pytest.mark.parametrize(
    ("done", "broken_at", "why"),
    [
        (("UPDATE audit_entry SET actor = 'sam' WHERE id = 2",), 2, CHANGED),
        (("UPDATE audit_entry SET facts = '{\"a\": 1}' WHERE id = 1",), 1, CHANGED),
        (("UPDATE audit_entry SET hash = '' WHERE id = 1",), 1, CHANGED),
        (("DELETE FROM audit_entry WHERE id = 1",), 2, LOOSE),
        (("DELETE FROM audit_entry WHERE id = 2",), 3, LOOSE),
        (("UPDATE audit_entry SET id = 9 WHERE id = 2",), 3, LOOSE),
    ],
)
def test_the_first_entry_that_does_not_hold_is_found_with_the_reason(
    begin: Begin, engine: Engine, done: tuple[str, ...], broken_at: int, why: str
) -> None:
    write(begin, 1, 2, 3)
    tamper(engine, *done)
    with begin() as session:
        found = verify(session)
    assert (found.broken_at, found.why) == (broken_at, why)
    assert f"at entry {broken_at}: {why}." in found.sentence


def test_a_head_that_was_noted_elsewhere_shows_that_the_end_was_cut_off(begin: Begin, engine: Engine) -> None:
    write(begin, 1, 2)
    noted = entries(begin)[1].hash
    write(begin, 3)
    with begin() as session:
        assert verify(session, noted=noted).why == ""
    tamper(engine, "DELETE FROM audit_entry WHERE id > 1")
    with begin() as session:
        assert (verify(session).why, verify(session, noted=noted).why) == ("", CUT)
        assert "at its end" in verify(session, noted=noted).sentence


def crowd(deeds: Callable[[int], None], size: int) -> list[BaseException]:
    start, faults = Barrier(size), list[BaseException]()

    def run(number: int) -> None:
        start.wait()
        try:
            deeds(number)
        except DBAPIError as error:
            faults.append(error)

    threads = [Thread(target=run, args=(number,)) for number in range(size)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return faults


def test_two_writers_at_once_make_one_chain(begin: Begin) -> None:
    def many(number: int) -> None:
        for _ in range(10):
            write(begin, number, number)

    assert crowd(many, 4) == []
    with begin() as session:
        assert (verify(session).entries, verify(session).why) == (80, "")


def test_two_writers_who_change_the_same_row_do_not_wait_crosswise(begin: Begin, engine: Engine) -> None:
    waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    with begin() as session:
        session.add(office())

    def rename(session: Session, name: str) -> None:
        session.get_one(Office, 1).name = name

    def other() -> None:
        with begin() as session:
            rename(session, "second")
            note(session, **deed(2))

    with begin() as session:
        rename(session, "first")
        session.flush()
        later = Thread(target=other)
        later.start()
        while engine.dialect.name == "postgresql" and not session.scalar(waits):
            pass  # until the other one waits for the row
        note(session, **deed(1))
    later.join()
    assert [one.subject_id for one in entries(begin)] == [1, 2]
    with begin() as session:
        assert (verify(session).entries, session.get_one(Office, 1).name) == (2, "second")
