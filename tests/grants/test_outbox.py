# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import threading
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy import select

from grants.errors import PijplijnError
from grants.mailers import alert
from grants.outbox import Delivery, OutboxError, deliver, exists, post, release
from grants.smtp import Outcome, Sent, relay_of
from models.audit import AuditEntry
from models.message import Attempt, Message, MessageState
from models.session import Begin
from tests.builders import NOW
from tests.smtp_sink import Sink, mailer, smtp_sink

SENDER = "Pijplijn <pijplijn@enschede.example>"


@pytest.fixture
def sink() -> Iterator[Sink]:
    with smtp_sink() as server:
        yield server


def queue(begin: Begin, *keys: str, kind: str = "reminder", subject: str = "Onderwerp") -> None:
    with begin() as session:
        for key in keys:
            post(
                session, key=key, kind=kind, recipient="noor@enschede.example", subject=subject, text="Tekst\n.punt\n",
                html="<p>Tekst</p>", now=NOW, sender=SENDER, public_url="http://localhost:8000",
            )  # fmt: skip


def send(begin: Begin, sink: Sink, *, after: timedelta = timedelta(0)) -> Delivery:
    return deliver(begin, mailer=mailer(sink.url), sender=SENDER, now=NOW + after)


def states(begin: Begin) -> list[str]:
    with begin() as session:
        return [str(state) for state in session.scalars(select(Message.state).order_by(Message.id))]


def test_a_letter_arrives_as_it_was_frozen_once(begin: Begin, sink: Sink) -> None:
    queue(begin, "a")
    assert send(begin, sink) == Delivery(sent=1)
    assert send(begin, sink) == Delivery()
    ((recipient, content),) = sink.taken
    letter = message_from_bytes(content, policy=default)
    assert recipient == "noor@enschede.example"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_body(("plain",)).get_content().split() == ["Tekst", ".punt"]  # type: ignore[union-attr]
    with begin() as session:
        row = session.scalars(select(Message)).one()
        assert row.mime.rstrip() == content.rstrip()
    assert states(begin) == ["sent"]


def test_a_key_is_posted_once_whatever_runs_twice(begin: Begin) -> None:
    queue(begin, "a", "a", "b")
    assert states(begin) == ["queued", "queued"]
    with begin() as session:
        assert exists(session, "a")
        assert not exists(session, "c")


@pytest.mark.parametrize("subject", ["a\r\nBcc: x@evil.example", "a\x00b\u2028c", "x" * 100_000])
def test_a_subject_from_outside_never_becomes_a_header(begin: Begin, sink: Sink, subject: str) -> None:
    queue(begin, "a", subject=subject)
    send(begin, sink)
    assert [recipient for recipient, _ in sink.taken] == ["noor@enschede.example"]
    assert message_from_bytes(sink.taken[0][1], policy=default)["Bcc"] is None


def test_a_letter_put_off_goes_later_with_the_same_bytes(begin: Begin, sink: Sink) -> None:
    sink.at_rcpt, sink.at_dot = ["451 later"], ["452 full"]
    queue(begin, "a")
    assert send(begin, sink) == Delivery(deferred=1)
    assert send(begin, sink, after=timedelta(seconds=30)) == Delivery()
    assert send(begin, sink, after=timedelta(minutes=1)) == Delivery(deferred=1)
    assert send(begin, sink, after=timedelta(minutes=3)) == Delivery(sent=1)
    with begin() as session:
        tries = session.scalars(select(Attempt).order_by(Attempt.id)).all()
        assert [one.outcome for one in tries] == ["deferred", "deferred", "accepted"]


def test_a_letter_refused_for_good_is_dead_and_the_next_goes(begin: Begin, sink: Sink) -> None:
    sink.at_rcpt = ["550 no such person"]
    queue(begin, "a", "b")
    assert send(begin, sink) == Delivery(sent=1, dead=1)
    assert states(begin) == ["dead", "sent"]


@pytest.mark.parametrize(("kind", "state", "taken"), [("digest", "held", 1), ("reminder", "sent", 2)])
def test_a_letter_nobody_answered_for_is_held_or_goes_again(
    begin: Begin, sink: Sink, kind: str, state: str, taken: int
) -> None:
    sink.at_dot = ["drop"]
    queue(begin, "a", kind=kind)
    send(begin, sink)
    send(begin, sink, after=timedelta(hours=1))
    assert states(begin) == [state]
    assert len(sink.taken) == taken
    assert len({content for _, content in sink.taken}) == 1


@pytest.mark.parametrize(("kind", "state"), [("digest", "held"), ("reminder", "sent")])
def test_a_deliverer_killed_with_a_letter_in_hand_loses_nothing(
    begin: Begin, sink: Sink, kind: str, state: str
) -> None:
    def killed(_mime: bytes, _sender: str, _recipient: str) -> Sent:
        raise KeyboardInterrupt

    queue(begin, "a", kind=kind)
    with pytest.raises(KeyboardInterrupt):
        deliver(begin, mailer=killed, sender=SENDER, now=NOW)
    assert states(begin) == [str(MessageState.SENDING)]
    send(begin, sink, after=timedelta(minutes=1))
    assert states(begin) == [str(MessageState.SENDING)]
    send(begin, sink, after=timedelta(minutes=6))
    send(begin, sink, after=timedelta(hours=2))
    assert states(begin) == [state]


def test_two_deliverers_at_once_send_each_letter_once(begin: Begin, sink: Sink) -> None:
    queue(begin, *(f"k{number}" for number in range(20)))
    both = [threading.Thread(target=send, args=(begin, sink)) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(sink.taken) == 20
    assert states(begin) == ["sent"] * 20


def test_a_late_deliverer_does_not_overrule_its_successor(begin: Begin, sink: Sink) -> None:
    def slow(_mime: bytes, _sender: str, _recipient: str) -> Sent:
        send(begin, sink, after=timedelta(minutes=6))
        send(begin, sink, after=timedelta(hours=1))
        return Sent(Outcome.REFUSED, "550 late")

    queue(begin, "a")
    deliver(begin, mailer=slow, sender=SENDER, now=NOW)
    assert states(begin) == ["sent"]


def test_a_server_that_is_not_there_defers(begin: Begin) -> None:
    queue(begin, "a")
    gone = deliver(begin, mailer=mailer("smtp://127.0.0.1:9"), sender=SENDER, now=NOW)
    assert gone == Delivery(deferred=1)


@pytest.mark.parametrize("option", ["?starttls=yes", ""])
def test_a_relay_that_refuses_our_sign_in_defers(sink: Sink, option: str) -> None:
    address = sink.url.replace("smtp://", "smtp://noor:secret@") + option
    sent = mailer(address)(b"Subject: x\n\nx", SENDER, "noor@enschede.example")
    assert sent.outcome == Outcome.DEFERRED
    assert "secret" not in sent.reply


def test_a_relay_with_tls_that_does_not_speak_it_defers(sink: Sink) -> None:
    sent = mailer(sink.url.replace("smtp://", "smtps://"))(b"x", SENDER, "noor@enschede.example")
    assert sent.outcome == Outcome.DEFERRED


@pytest.mark.parametrize("url", ["http://x", "smtp://", "smtp://u:secret@host:port"])
def test_an_address_that_is_no_relay_is_a_sentence_without_the_password(url: str) -> None:
    with pytest.raises(PijplijnError, match="PIJPLIJN_SMTP_URL") as told:
        relay_of(url)
    assert "secret" not in str(told.value)


def test_an_alert_without_any_address_says_that_nobody_heard() -> None:
    assert alert([], title="x", body="y") is False
    assert alert(["json://127.0.0.1:9/"], title="x", body="y") is False


def test_a_held_letter_goes_again_when_a_colleague_releases_it(begin: Begin) -> None:
    queue(begin, "a")
    with begin() as session:
        letter = session.scalars(select(Message)).one()
        letter.state, letter.attempts = MessageState.HELD, 3
        release(session, letter.id, actor="noor", now=NOW)
        assert (letter.state, letter.attempts, letter.next_attempt_at) == (MessageState.QUEUED, 0, NOW)
        kept = session.scalars(select(AuditEntry)).one()
    assert (kept.actor, kept.action, kept.subject_id, kept.facts["state"]) == ("noor", "released", 1, "held")


def test_a_letter_that_was_sent_or_never_was_is_not_released(begin: Begin) -> None:
    queue(begin, "a")
    with begin() as session:
        letter = session.scalars(select(Message)).one()
        letter.state = MessageState.SENT
        with pytest.raises(OutboxError, match="Message 1 is sent; only"):
            release(session, letter.id, actor="noor", now=NOW)
        with pytest.raises(OutboxError, match="There is no message 7"):
            release(session, 7, actor="noor", now=NOW)
