# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import sqlite3
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text

from grants import journal
from grants.journal import JournalError
from grants.mailers import Mailer
from grants.outbox import Delivery, deliver, post
from grants.reconciling import message_id, notice, reconcile
from grants.smtp import Outcome, Sent
from models.audit import AuditEntry
from models.message import Acceptance, Attempt, Message, MessageState
from models.session import Begin, connect, transactions
from tests.builders import NOW
from tests.smtp_sink import Sink, mailer, smtp_sink

SENDER = "Pijplijn <pijplijn@enschede.example>"


@pytest.fixture
def sink() -> Iterator[Sink]:
    with smtp_sink() as server:
        yield server


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "journal" / "accepted"


def queue(begin: Begin, *keys: str) -> None:
    with begin() as session:
        for key in keys:
            post(
                session, key=key, kind="reminder", recipient="noor@enschede.example", subject=key, text="x",
                html="<p>x</p>", now=NOW, sender=SENDER,
            )  # fmt: skip


def send(begin: Begin, by: Mailer, kept: Path, *, after: timedelta = timedelta(0)) -> Delivery:
    return deliver(begin, mailer=by, sender=SENDER, now=NOW + after, journal=kept)


def states(begin: Begin) -> dict[str, str]:
    with begin() as session:
        return {row.key: str(row.state) for row in session.scalars(select(Message))}


def believe(begin: Begin, kept: Path) -> tuple[int, int]:
    with begin() as session:
        notice(session, journal.read(kept), now=NOW)
        return reconcile(session, actor="noor", now=NOW)


def test_an_old_sqlite_backup_put_back_sends_nothing_until_someone_looked(
    tmp_path: Path, sink: Sink, kept: Path
) -> None:
    file, backup = tmp_path / "office.db", tmp_path / "backup.db"
    engine = connect(f"sqlite:///{file}")
    Message.metadata.create_all(engine)
    queue(transactions(engine), "before", "waiting")
    with sqlite3.connect(file) as source, sqlite3.connect(backup) as target:
        source.backup(target)
    source.close()
    target.close()
    queue(transactions(engine), "since")
    assert send(transactions(engine), mailer(sink.url), kept) == Delivery(sent=3)
    engine.dispose()
    for left in tmp_path.glob("office.db*"):
        left.unlink()
    backup.rename(file)
    engine = connect(f"sqlite:///{file}")
    begin = transactions(engine)
    both = [
        threading.Thread(target=send, args=(begin, mailer(sink.url), kept), kwargs={"after": after})
        for after in (timedelta(days=1), timedelta(days=2))
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert send(begin, mailer(sink.url), kept, after=timedelta(days=3)) == Delivery(paused=3)
    assert len(sink.taken) == 3
    assert believe(begin, kept) == (2, 1)
    queue(begin, "since", "new")  # what was lost is planned again, as every plan is
    assert states(begin) == {"before": "sent", "waiting": "sent", "since": "sent", "new": "queued"}
    assert send(begin, mailer(sink.url), kept, after=timedelta(days=3)) == Delivery(sent=1)
    assert len(sink.taken) == 4
    engine.dispose()


def test_rows_turned_back_in_either_database_pause_and_are_believed_once(
    engine: Engine, begin: Begin, sink: Sink, kept: Path
) -> None:
    queue(begin, "a", "b")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE old AS SELECT id, state, sent_at, fence FROM message"))
    send(begin, mailer(sink.url), kept)
    with engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE message SET state = (SELECT state FROM old WHERE old.id = message.id), sent_at = NULL"
            )
        )
        connection.execute(text("DELETE FROM attempt"))
        connection.execute(text("DROP TABLE old"))
    assert send(begin, mailer(sink.url), kept) == Delivery(paused=2)
    assert send(begin, mailer(sink.url), kept) == Delivery(paused=2)
    assert believe(begin, kept) == (2, 0)
    assert believe(begin, kept) == (0, 0)
    assert states(begin) == {"a": "sent", "b": "sent"}
    assert send(begin, mailer(sink.url), kept) == Delivery()
    assert len(sink.taken) == 2
    with begin() as session:
        (deed,) = session.scalars(select(AuditEntry))
        assert (deed.actor, deed.action, deed.facts) == ("noor", "reconciled", {"sent": 2, "not_here": 0})
        assert {one.reply for one in session.scalars(select(Attempt))} == {"the send journal has it"}
        assert [row.sent_at for row in session.scalars(select(Message))] == [NOW, NOW]


def test_a_deliverer_killed_between_journal_and_commit_left_a_letter_that_went(
    begin: Begin, sink: Sink, kept: Path
) -> None:
    def killed(mime: bytes, sender: str, recipient: str) -> Sent:
        mailer(sink.url)(mime, sender, recipient)
        with begin() as session:
            journal.write(kept, session.scalars(select(Message.message_id)).one(), at=NOW)
        raise KeyboardInterrupt

    queue(begin, "a")
    with pytest.raises(KeyboardInterrupt):
        send(begin, killed, kept)
    assert send(begin, mailer(sink.url), kept, after=timedelta(minutes=1)) == Delivery()
    assert send(begin, mailer(sink.url), kept, after=timedelta(minutes=6)) == Delivery(sent=1)
    assert states(begin) == {"a": "sent"}
    assert len(sink.taken) == 1


def test_a_late_record_of_the_same_letter_ends_the_pause_by_itself(begin: Begin, kept: Path) -> None:
    def slow(_mime: bytes, _sender: str, _recipient: str) -> Sent:
        with begin() as session:
            letter = session.scalars(select(Message)).one()
            journal.ready(kept)
            journal.write(kept, letter.message_id, at=NOW)
            letter.state = MessageState.QUEUED  # another took it for lost
        assert send(begin, slow, kept) == Delivery(paused=1)
        return Sent(Outcome.ACCEPTED)

    queue(begin, "a")
    assert send(begin, slow, kept) == Delivery(sent=1)
    assert send(begin, slow, kept) == Delivery()


def test_nothing_is_sent_without_a_journal_and_what_went_is_recorded_when_it_breaks(
    begin: Begin, sink: Sink, kept: Path
) -> None:
    def breaking(mime: bytes, sender: str, recipient: str) -> Sent:
        kept.unlink()
        kept.mkdir()
        return mailer(sink.url)(mime, sender, recipient)

    queue(begin, "a", "b")
    with pytest.raises(JournalError, match="sending stops"):
        send(begin, breaking, kept)
    assert states(begin) == {"a": "sent", "b": "queued"}
    with pytest.raises(JournalError, match="nothing is sent"):
        send(begin, mailer(sink.url), kept)
    assert len(sink.taken) == 1


def test_many_acceptances_are_compared_in_few_questions(begin: Begin) -> None:
    accepted = {f"<{number}@x.example>": NOW for number in range(1201)}
    with begin() as session:
        assert notice(session, accepted, now=NOW) == 1201
        assert notice(session, accepted, now=NOW) == 1201
        assert len(session.scalars(select(Acceptance)).all()) == 1201


def went(kept: Path, key: str) -> None:
    """The lost database sent the letter with this key."""
    journal.ready(kept)
    journal.write(kept, message_id(key, "enschede.example"), at=NOW)


def test_of_a_letter_and_those_written_anew_for_it_the_journal_knows_one_and_none_other_goes(
    begin: Begin, sink: Sink, kept: Path
) -> None:
    """While nothing was sent after a restore a day passed, and letters that waited were written anew."""
    queue(begin, "a", "a#2", "b", "c", "other")
    for key in ("a", "b#2", "c#3"):
        went(kept, key)
    assert send(begin, mailer(sink.url), kept) == Delivery(paused=3)
    assert believe(begin, kept) == (3, 0)
    assert states(begin) == {"a": "sent", "a#2": "superseded", "b": "sent", "c": "sent", "other": "queued"}
    queue(begin, "c#2")
    assert states(begin)["c#2"] == "sent", "the journal knows its kin"
    assert send(begin, mailer(sink.url), kept) == Delivery(sent=1)


def test_letters_written_anew_have_numbers_of_their_own_that_tell_whose_kin_they_are() -> None:
    first, second, other = (message_id(key, "x.example") for key in ("a", "a#2", "b"))
    assert len({first, second, other}) == 3
    assert second == first.replace("@", ".2@")
