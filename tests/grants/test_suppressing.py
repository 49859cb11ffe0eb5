# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""An address refused for good: nothing goes there, nothing is lost silently, and a colleague lifts it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from grants.digest import write_digests
from grants.outbox import Delivery, OutboxError, deliver, post, release
from grants.reminders import check, urgent
from grants.suppressing import SuppressionError, in_force, lift, set_aside, suppress
from grants.undeliverable import write_undeliverable
from grants.upkeep import troubles
from models.application import Stage
from models.audit import AuditEntry
from models.colleague import Colleague
from models.message import Message, MessageState, Suppression
from models.session import Begin
from tests import builders
from tests.builders import NOW, letter
from tests.grants.reminders.desk import DUE, SETTINGS, moment, written
from tests.smtp_sink import Sink, mailer, smtp_sink

SENDER = "Pijplijn <p@enschede.example>"
UNKNOWN = "550 5.1.1 Weg: user unknown"


@pytest.fixture
def sink() -> Iterator[Sink]:
    with smtp_sink() as server:
        yield server


@pytest.fixture(autouse=True)
def offices(begin: Begin) -> None:
    with begin() as session:
        session.add_all([builders.office(), builders.office(slug="almelo", name="Gemeente Almelo")])


def queue(
    begin: Begin, key: str, to: str = "Weg@enschede.example", kind: str = "reminder", **facts: object
) -> None:
    with begin() as session:
        told = {"office_id": 1} | facts
        post(
            session, key=key, kind=kind, recipient=to, subject=key, text="x", html="x", now=NOW, sender=SENDER,
            **told,  # type: ignore[arg-type]
        )  # fmt: skip


def send(begin: Begin, sink: Sink, minutes: int = 0) -> Delivery:
    return deliver(begin, mailer=mailer(sink.url), sender=SENDER, now=NOW + timedelta(minutes=minutes))


def states(begin: Begin) -> list[str]:
    with begin() as session:
        return [str(state) for state in session.scalars(select(Message.state).order_by(Message.id))]


def test_an_address_that_does_not_exist_gets_no_later_letter_and_others_do(begin: Begin, sink: Sink) -> None:
    sink.at_rcpt = [UNKNOWN]
    queue(begin, "a")
    queue(begin, "b", "weg@enschede.example")
    queue(begin, "c", "noor@enschede.example")
    queue(begin, "d", office_id=2)  # another office learns it by itself
    assert send(begin, sink) == Delivery(sent=2, dead=1)
    queue(begin, "e")
    assert send(begin, sink) == Delivery()
    assert states(begin) == ["dead", "suppressed", "sent", "sent", "suppressed"]
    with begin() as session:
        (one,) = in_force(session, 1)
        assert (one.address, one.why, one.message_id, one.told_at) == (
            "weg@enschede.example",
            UNKNOWN,
            1,
            None,
        )
        assert session.get_one(Message, 5).last_error == "its address was refused for good"
        assert troubles(session, now=NOW)[f"suppressed:{one.id}"].startswith(
            "An address of office 1 was refused"
        )


@pytest.mark.parametrize("answer", ["550 5.7.1 policy", "552 5.2.2 mailbox full", "450 4.1.1 later"])
def test_any_other_refusal_stops_one_letter_and_no_address(begin: Begin, sink: Sink, answer: str) -> None:
    sink.at_rcpt = [answer]
    queue(begin, "a")
    send(begin, sink)
    with begin() as session:
        assert in_force(session) == []


def test_a_refusal_of_the_letter_itself_says_nothing_of_the_address(begin: Begin, sink: Sink) -> None:
    sink.at_dot = [UNKNOWN]
    queue(begin, "a")
    assert send(begin, sink) == Delivery(dead=1)
    with begin() as session:
        assert in_force(session) == []


def test_a_letter_of_no_office_and_a_second_refusal_change_nothing(begin: Begin) -> None:
    with begin() as session:
        session.add_all([letter(office_id=None), letter(), letter()])
        session.flush()
        for number in (1, 2, 3):
            suppress(session, session.get_one(Message, number), f"refused {number}", now=NOW)
        assert [one.why for one in in_force(session)] == ["refused 2"]


def test_what_is_lifted_goes_again_and_who_did_so_is_kept(begin: Begin, sink: Sink) -> None:
    sink.at_rcpt = [UNKNOWN]
    queue(begin, "a")
    queue(begin, "b")
    queue(begin, "week", kind="digest")
    queue(begin, "late", due_at=NOW)
    send(begin, sink)
    with begin() as session:
        with pytest.raises(OutboxError, match="let the address in again first"):
            release(session, 1, actor="noor", now=NOW)
        lifted = lift(session, 1, actor="noor", now=NOW)
        assert (lifted.lifted_by, lifted.lifted_at) == ("noor", NOW)
        with pytest.raises(SuppressionError, match="number 1"):
            lift(session, 1, actor="noor", now=NOW)
        deed = session.scalars(select(AuditEntry).where(AuditEntry.action == "readmitted")).one()
        assert (deed.actor, deed.office_id, deed.facts) == ("noor", 1, {"recipient": "…@enschede.example"})
    assert states(begin) == ["queued", "queued", "suppressed", "suppressed"]
    assert send(begin, sink, minutes=1) == Delivery(sent=2)
    with begin() as session:
        release(session, 3, actor="noor", now=NOW)
    assert send(begin, sink, minutes=2) == Delivery(sent=1)


def test_an_address_that_is_refused_again_after_it_was_lifted_is_suppressed_anew(
    begin: Begin, sink: Sink
) -> None:
    for number in (1, 2):
        sink.at_rcpt = [UNKNOWN]
        queue(begin, f"letter {number}")
        send(begin, sink)
        with begin() as session:
            lift(session, number, actor="noor", now=NOW)
    with begin() as session:
        assert len(session.scalars(select(Suppression)).all()) == 2


def test_administrators_are_written_to_once_of_each_address_and_not_to_the_refused_one(begin: Begin) -> None:
    with begin() as session:
        session.add(letter(recipient="adel@enschede.example"))
        people = {
            "Noor": {},
            "Adel": {"access": "administrator"},
            "Ria": {"access": "administrator", "language": "de"},
        }
        session.add_all(
            builders.colleague(name=name, email=f"{name.lower()}@enschede.example", **facts)
            for name, facts in people.items()
        )
        session.add(builders.colleague(name="Wim", email="w@a.example", office_id=2, access="administrator"))
        session.flush()
        suppress(session, session.get_one(Message, 1), UNKNOWN, now=NOW)
        (told,) = write_undeliverable(session, now=NOW, settings=SETTINGS)
        assert (told.recipient, told.office_id) == ("ria@enschede.example", 1)
        assert told.subject == "E-Mails an adel@enschede.example kommen nicht an"
        assert all(words in told.mime for words in (b"adel@enschede.example", b"user unknown", b"/messages"))
        assert write_undeliverable(session, now=NOW, settings=SETTINGS) == []


def test_an_address_nobody_could_be_told_of_is_told_when_somebody_can(begin: Begin) -> None:
    with begin() as session:
        session.add(letter())
        session.flush()
        suppress(session, session.get_one(Message, 1), UNKNOWN, now=NOW)
        assert write_undeliverable(session, now=NOW, settings=SETTINGS) == []
        session.add(builders.colleague(email="adel@enschede.example", access="administrator"))
        session.flush()
        assert len(write_undeliverable(session, now=NOW, settings=SETTINGS)) == 1


def test_a_suppressed_reader_gets_no_digest_until_the_address_is_mended(begin: Begin) -> None:
    with begin() as session:
        session.add_all([builders.colleague(), letter(kind="reminder")])
        session.flush()
        suppress(session, session.get_one(Message, 1), UNKNOWN, now=NOW)
        assert write_digests(session, now=NOW, settings=SETTINGS) == []
        session.get_one(Colleague, 1).email = "n.devries@enschede.example"
        session.flush()
        assert [one.recipient for one in write_digests(session, now=NOW, settings=SETTINGS)] == [
            "n.devries@enschede.example"
        ]


def reminded(begin: Begin, state: MessageState) -> None:
    """Noor's reminder of an application, for an address that was refused; it came to that state."""
    with begin() as session:
        session.add(builders.source())
        session.add(builders.colleague())
        session.flush()
        session.add(
            builders.application(owner_id=1, stage=Stage.PREPARING, milestones=[builders.milestone(DUE)])
        )
    written(begin, DUE - timedelta(days=2), sent=False)
    with begin() as session:
        one = session.scalars(select(Message)).one()
        suppress(session, one, UNKNOWN, now=NOW)
        one.state = state


def test_the_self_check_knows_a_suppressed_reminder_and_the_banner_shows_it_when_time_is_short(
    begin: Begin,
) -> None:
    reminded(begin, MessageState.SUPPRESSED)
    day = moment(DUE - timedelta(days=2), 10)
    with begin() as session:
        checked = check(session, now=day)
        assert (checked.gaps, checked.counts[1]) == ([], {"suppressed": 1})
        one = session.scalars(select(Message)).one()
        one.due_at = day + timedelta(hours=1)
        session.flush()
        assert len(urgent(session, session.get_one(Colleague, 1), now=day)) == 1


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (MessageState.SUPPRESSED, "is this person's no longer"),
        (MessageState.DEAD, "address this person has now"),
    ],
)
def test_a_reminder_that_was_refused_is_written_again_to_an_address_that_was_mended(
    begin: Begin, state: MessageState, why: str
) -> None:
    reminded(begin, state)
    written(begin, DUE - timedelta(days=2), hour=10, sent=False)
    with begin() as session:
        assert session.scalars(select(Message.state)).all() == [state]
        session.get_one(Colleague, 1).email = "n.devries@enschede.example"
    (anew,) = written(begin, DUE - timedelta(days=2), hour=11, sent=False)
    with begin() as session:
        first, second = session.scalars(select(Message).order_by(Message.id)).all()
        assert (first.state, why in first.last_error) == (MessageState.SUPERSEDED, True)
        assert (second.recipient, second.state) == ("n.devries@enschede.example", MessageState.QUEUED)
        assert anew.key.endswith("#2")
        assert set_aside(session) == 0
        assert check(session, now=moment(DUE - timedelta(days=2), 12)).gaps == []
