# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from collections.abc import Collection, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from grants import journal
from grants.archive import Archive, ArchiveError, archive
from grants.outbox import Delivery, deliver, post
from grants.reconciling import WORDS
from grants.smtp import Outcome, Sent
from grants.upkeep import DEADLINES, troubles
from models.message import Attempt, Message
from models.session import Begin
from tests.builders import NOW
from tests.imap_box import imap_box
from tests.smtp_sink import Sink, mailer, smtp_sink

SENDER = "Pijplijn <pijplijn@enschede.example>"
ARCHIVE = "archive@enschede.example"


@pytest.fixture
def sink() -> Iterator[Sink]:
    with smtp_sink() as server:
        yield server


def queue(begin: Begin, kind: str, key: str = "a") -> None:
    with begin() as session:
        post(
            session, key=key, kind=kind, recipient="noor@enschede.example", subject="a", text="x",
            html="<p>x</p>", now=NOW, sender=SENDER,
        )  # fmt: skip


def send(
    begin: Begin, sink: Sink, asked: Archive | None, minutes: int = 0, *, journal: Path | None = None
) -> Delivery:
    by, now = mailer(sink.url, copy_to=ARCHIVE), NOW + timedelta(minutes=minutes)
    return deliver(begin, mailer=by, sender=SENDER, now=now, archive=asked, journal=journal)


def state(begin: Begin) -> str:
    with begin() as session:
        return str(session.scalars(select(Message.state)).one())


def unreachable(_numbers: Collection[str]) -> set[str]:
    sentence = "The archive mailbox cannot be asked."
    raise ArchiveError(sentence)


@pytest.mark.parametrize("kind", ["digest", "reminder"])
def test_what_arrived_without_an_answer_is_sent_by_the_archives_word(
    begin: Begin, sink: Sink, kind: str
) -> None:
    sink.at_dot = ["drop"]
    queue(begin, kind)
    with imap_box(lambda: [content for _, content in sink.taken]) as box:
        asked = archive(box.url)
        assert send(begin, sink, asked) == Delivery(in_doubt=1)
        assert state(begin) == "in_doubt"
        assert send(begin, sink, asked, minutes=1) == Delivery(sent=1)
        assert send(begin, sink, asked, minutes=90) == Delivery()
    assert state(begin) == "sent"
    assert len(sink.taken) == 1
    assert sink.envelopes == [["noor@enschede.example", ARCHIVE]]
    with begin() as session:
        tries = [one.reply for one in session.scalars(select(Attempt).order_by(Attempt.id))]
    assert tries[1:] == ["it went: whom we asked has it"]


@pytest.mark.parametrize("kind", ["digest", "reminder"])
def test_what_did_not_arrive_goes_again_but_only_after_its_grace(begin: Begin, sink: Sink, kind: str) -> None:
    sink.at_dot = ["lose"]
    queue(begin, kind)
    with imap_box(lambda: [content for _, content in sink.taken]) as box:
        asked = archive(box.url)
        assert send(begin, sink, asked) == Delivery(in_doubt=1)
        assert send(begin, sink, asked, minutes=9) == Delivery()
        assert send(begin, sink, asked, minutes=11) == Delivery(deferred=1)
        assert send(begin, sink, asked, minutes=13) == Delivery(sent=1)
    assert len(sink.taken) == 1


@pytest.mark.parametrize(("kind", "settled"), [("digest", "held"), ("reminder", "queued")])
def test_an_archive_out_of_reach_for_an_hour_is_as_good_as_none(
    begin: Begin, sink: Sink, kind: str, settled: str
) -> None:
    sink.at_dot = ["drop"]
    queue(begin, kind)
    assert send(begin, sink, unreachable) == Delivery(in_doubt=1)
    assert send(begin, sink, unreachable, minutes=60) == Delivery()
    assert state(begin) == "in_doubt"
    send(begin, sink, unreachable, minutes=71)
    assert state(begin) == settled


def test_a_doubt_left_when_the_archive_was_taken_away_is_settled_without(begin: Begin, sink: Sink) -> None:
    sink.at_dot = ["drop"]
    queue(begin, "digest")
    send(begin, sink, unreachable)
    assert send(begin, sink, None, minutes=1) == Delivery(in_doubt=1)
    assert state(begin) == "held"


def test_a_stale_answer_of_the_archive_overrules_nobody(begin: Begin, sink: Sink) -> None:
    sink.at_dot = ["lose"]
    queue(begin, "reminder")
    send(begin, sink, unreachable)

    def slow(_numbers: Collection[str]) -> set[str]:
        send(begin, sink, lambda _: set(), minutes=20)
        send(begin, sink, lambda _: set(), minutes=30)
        assert state(begin) == "sent"
        return set()

    assert send(begin, sink, slow, minutes=15) == Delivery()
    assert state(begin) == "sent"
    assert len(sink.taken) == 1


@pytest.mark.parametrize("answer", ["550 no archive here", "451 later"])
def test_an_archive_that_takes_no_mail_puts_letters_off_and_kills_none(sink: Sink, answer: str) -> None:
    sink.at_rcpt = ["250 OK", answer]
    sent = mailer(sink.url, copy_to=ARCHIVE)(b"Subject: x\n\nx", SENDER, "noor@enschede.example")
    assert sent == Sent(Outcome.DEFERRED, f"the archive: {answer}", no_archive=answer.startswith("5"))
    assert sink.taken == []


@pytest.mark.parametrize(("kind", "came"), [("reminder", Delivery(sent=1)), ("digest", Delivery(deferred=1))])
def test_when_the_archive_is_refused_reminders_go_without_it_digests_wait_and_it_is_told(
    begin: Begin, sink: Sink, kind: str, came: Delivery
) -> None:
    sink.at_rcpt = ["250 OK", "550 no archive here"]
    queue(begin, kind)
    by, bare = mailer(sink.url, copy_to=ARCHIVE), mailer(sink.url)
    told = {"sender": SENDER, "archive": unreachable, "uncopied": bare}
    assert deliver(begin, mailer=by, now=NOW, **told) == came  # type: ignore[arg-type]
    with begin() as session:
        sentence = troubles(session, now=NOW, watches=DEADLINES)["archive:"]
    assert sentence.endswith("digests wait. It said: 550 no archive here")
    queue(begin, kind, key="b")
    assert deliver(begin, mailer=by, now=NOW + timedelta(minutes=5), **told).sent >= 1  # type: ignore[arg-type]
    with begin() as session:
        assert troubles(session, now=NOW, watches=DEADLINES) == {}


@pytest.mark.parametrize("asked", [lambda _numbers: set(), unreachable], ids=["it forgot", "unreachable"])
def test_a_deliverer_killed_while_it_settled_a_doubt_left_a_letter_that_went(
    begin: Begin, sink: Sink, tmp_path: Path, asked: Archive
) -> None:
    """Between the journal and the commit: that is no old backup, and nobody needs to look."""
    kept = tmp_path / "journal"
    sink.at_dot = ["drop"]
    queue(begin, "digest")
    assert send(begin, sink, unreachable, journal=kept) == Delivery(in_doubt=1)
    with begin() as session:
        number = session.scalars(select(Message.message_id)).one()
    journal.write(kept, number, at=NOW)
    assert send(begin, sink, asked, 1, journal=kept) == Delivery(sent=1)
    assert state(begin) == "sent"
    with begin() as session:
        assert session.scalars(select(Attempt.reply).order_by(Attempt.id.desc())).first() == WORDS
    assert send(begin, sink, asked, 90, journal=kept) == Delivery()
    assert len(sink.taken) == 1
