# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Letters that came back, out of a real IMAP mailbox: believed when they prove themselves, each read once ever."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from config.settings import Settings
from grants.bounces import latest, read_bounces, return_box, seal_of
from grants.errors import PijplijnError
from grants.mailboxes import AT_ONCE, MailboxError
from grants.outbox import OutboxError, post, release
from grants.reconciling import notice
from grants.sending import read_all_bounces
from grants.suppressing import in_force, lift
from models.message import Attempt, Bounce, Finding, Message, MessageState
from models.session import Begin
from models.trouble import Trouble
from tests import builders
from tests.builders import NOW
from tests.grants import bounce_letters as letters
from tests.imap_box import Box, imap_box


@pytest.fixture
def mails() -> list[bytes]:
    return []


@pytest.fixture
def box(mails: list[bytes]) -> Iterator[Box]:
    with imap_box(lambda: mails) as server:
        yield server


@pytest.fixture
def sent(begin: Begin) -> tuple[str, str]:
    """A reminder that went to weg@partner.example: its number and its seal."""
    with begin() as session:
        session.add(builders.office())
        session.flush()
        one = post(
            session, key="reminder:enschede:milestone-3:2026-12-01:14:p1", kind="reminder", recipient="Weg@partner.example",
            subject="Herinnering", text="x", html="x", now=NOW, sender=f"Pijplijn <{letters.SENDER}>", office_id=1,
        )  # fmt: skip
        assert one is not None
        one.state, one.sent_at = MessageState.SENT, NOW
        assert len(seal_of(one)) == 32
        return one.message_id, seal_of(one)


def read(begin: Begin, box: Box) -> dict[Finding, int]:
    asked = return_box(box.url)
    assert asked is not None
    return dict(read_bounces(begin, box=asked, now=NOW))


def state(begin: Begin) -> tuple[str, str, int]:
    """Where the letter stands, why, and how many addresses are suppressed."""
    with begin() as session:
        one = session.get_one(Message, 1)
        return str(one.state), one.last_error, len(in_force(session))


GONE: dict[str, Callable[[str, str], bytes]] = {
    "Postfix": letters.dsn,
    "Exchange": letters.exchange,
    "Exchange in prose that quotes our headers": partial(letters.exchange_prose, headers="yes"),
    "qmail": letters.qmail,
    "Exim": letters.exim,
    "a status that says nothing beside words that do": partial(letters.dsn, status="5.0.0"),
    "forwarded": lambda number, seal: letters.dsn(
        number, seal, to="new@elsewhere.example", more="Original-Recipient: rfc822;Weg@partner.example\n"
    ),
    "a charset nobody knows": lambda number, seal: letters.dsn(number, seal).replace(
        b"us-ascii", b"x-klingon"
    ),
    "bytes that are no text": lambda number, seal: letters.dsn(number, seal).replace(
        b"I'm sorry", b"\xff\xfe\x00\x81"
    ),
}


@pytest.mark.parametrize("shape", GONE)
def test_a_letter_that_came_back_for_good_is_marked_and_its_address_given_up(
    begin: Begin, box: Box, mails: list[bytes], sent: tuple[str, str], shape: str
) -> None:
    mails.append(GONE[shape](*sent))
    assert read(begin, box) == {Finding.BOUNCED: 1}
    stands, why, suppressed = state(begin)
    assert (stands, suppressed) == ("bounced", 1)
    assert "5.1.1" in why or "no such user" in why
    with begin() as session:
        (attempt,) = session.scalars(select(Attempt)).all()
        assert (attempt.outcome, attempt.reply) == ("bounced", why)
        with pytest.raises(OutboxError, match="bounced"):
            release(session, 1, actor="noor", now=NOW)


@pytest.mark.parametrize("said", ["550 5.7.1 policy", "552 5.2.2 mailbox full", "450 4.4.7 expired"])
def test_one_that_came_back_for_another_reason_is_marked_and_its_address_stays(
    begin: Begin, box: Box, mails: list[bytes], sent: tuple[str, str], said: str
) -> None:
    mails.append(letters.dsn(*sent, status=said.split()[1], said=f"smtp; {said}"))
    assert read(begin, box) == {Finding.BOUNCED: 1}
    assert state(begin)[::2] == ("bounced", 0)


HARMLESS: dict[str, tuple[Finding, Callable[[str, str], bytes]]] = {
    "delayed": (Finding.DELAYED, partial(letters.dsn, action="delayed", status="4.4.1", said="smtp; 451 later")),
    "delayed in prose": (Finding.DELAYED, lambda number, seal: letters.exim(number, seal, "451 try again later")),
    "delayed without a code": (
        Finding.DELAYED,
        lambda number, seal: letters.exim(number, seal, "wait").replace(b"Mail delivery failed", b"Warning: message delayed"),
    ),
    "without an action": (
        Finding.DELAYED,
        lambda number, seal: letters.dsn(number, seal, status="4.4.1", said="").replace(b"Action: failed\r\n", b""),
    ),
    "delivered": (Finding.DELIVERED, partial(letters.dsn, action="delivered", status="2.0.0")),
    "another address": (Finding.ELSEWHERE, partial(letters.dsn, to="archive@enschede.example")),
    "out of office": (Finding.NO_REPORT, lambda number, _seal: letters.absence(number)),
    "spam": (Finding.NO_REPORT, lambda _number, _seal: letters.spam()),
    "nothing": (Finding.NO_REPORT, lambda _number, _seal: b""),
    "a number we never sent": (Finding.STRANGER, lambda _number, seal: letters.dsn("<never@enschede.example>", seal)),
    "a guessed number without our seal": (Finding.UNPROVEN, lambda number, _seal: letters.dsn(number, "0" * 32)),
    "Exchange in prose that quotes nothing": (Finding.UNPROVEN, lambda number, _seal: letters.exchange_prose(number)),
    "megabytes": (Finding.NO_REPORT, lambda number, seal: b"X: " + b"a" * 3_000_000 + letters.dsn(number, seal)),
    "megabytes of <": (Finding.STRANGER, lambda _number, seal: letters.qmail("<x@y>", seal) + b"<" * 3_000_000),
    "megabytes of one word": (Finding.STRANGER, lambda _number, seal: letters.exim("<x@y>", seal) + b"a.1-" * 900_000),
    "nested": (
        Finding.UNREADABLE,
        lambda number, seal: b"".join(
            b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(2000)
        ) + letters.dsn(number, seal),
    ),
    "a charset that is no name": (
        Finding.UNREADABLE, lambda number, seal: letters.dsn(number, seal).replace(b"us-ascii", b'"a\0b"'),
    ),
    "a status of no recipient": (
        Finding.STRANGER,
        lambda _number, seal: letters.dsn("<x@y>", seal).replace(b"Final-Recipient", b"X-Nobody"),
    ),
    "a status that is no list": (
        Finding.NO_REPORT,
        lambda _number, _seal: b"From: a@b.c\r\nContent-Type: message/delivery-status\r\nContent-Transfer-Encoding: base64\r\n\r\n////",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", HARMLESS)
def test_anything_else_changes_nothing_and_is_said(
    begin: Begin, box: Box, mails: list[bytes], sent: tuple[str, str], what: str
) -> None:
    finding, made = HARMLESS[what]
    mails.append(made(*sent))
    started = time.monotonic()
    assert read(begin, box) == {finding: 1}
    assert time.monotonic() - started < 5
    assert state(begin) == ("sent", "", 0)
    with begin() as session:
        (row,) = latest(session)
        assert len(row.said) <= 500
        shown = {Finding.DELAYED, Finding.UNPROVEN}
        assert len(session.scalars(select(Attempt)).all()) == (finding in shown)


def test_each_is_read_once_ever_and_left_in_the_mailbox(
    begin: Begin, box: Box, mails: list[bytes], sent: tuple[str, str]
) -> None:
    mails += [letters.spam(), letters.dsn(*sent)]
    assert read(begin, box) == {Finding.NO_REPORT: 1, Finding.BOUNCED: 1}
    assert read(begin, box) == {}
    mails.append(letters.absence(sent[0]))
    assert read(begin, box) == {Finding.NO_REPORT: 1}
    assert box.fetched == [1, 2, 3]
    with begin() as session:
        lift(session, 1, actor="noor", now=NOW)
    box.validity += 1  # the mailbox was moved, and is counted anew
    assert read(begin, box) == {Finding.AGAIN: 3}
    assert read(begin, box) == {}
    assert len(mails) == 3
    assert state(begin)[2] == 0


def test_what_was_taken_out_meanwhile_is_passed_over_and_a_look_is_never_endless(
    begin: Begin, box: Box, mails: list[bytes], sent: tuple[str, str]
) -> None:
    mails += [b"From: a@b.c\r\n\r\n%d" % number for number in range(AT_ONCE + 1)]
    box.gone = {1}
    assert read(begin, box) == {Finding.NO_REPORT: AT_ONCE - 1}
    assert read(begin, box) == {Finding.NO_REPORT: 1}


def test_two_readers_at_once_read_each_letter_once(
    begin: Begin, box: Box, mails: list[bytes], sent: tuple[str, str]
) -> None:
    mails += [letters.dsn(*sent), *(b"From: a@b.c\r\n\r\n%d" % number for number in range(20))]
    found: list[Counter[Finding]] = []
    readers = [threading.Thread(target=lambda: found.append(Counter(read(begin, box)))) for _ in range(2)]
    for one in readers:
        one.start()
    for one in readers:
        one.join()
    assert sum(found, Counter()) == {Finding.BOUNCED: 1, Finding.NO_REPORT: 20}


@pytest.mark.parametrize("before", [MessageState.QUEUED, MessageState.SENDING, MessageState.SUPERSEDED])
def test_a_letter_that_is_not_out_is_not_marked(
    begin: Begin, box: Box, mails: list[bytes], sent: tuple[str, str], before: MessageState
) -> None:
    with begin() as session:
        session.get_one(Message, 1).state = before
    mails.append(letters.dsn(*sent))
    assert read(begin, box) == {Finding.BOUNCED: 1}
    assert state(begin)[0] != "bounced"


def test_one_that_came_back_pauses_nothing_and_is_written_anew_once_its_address_is_let_in(
    begin: Begin, box: Box, mails: list[bytes], sent: tuple[str, str]
) -> None:
    mails.append(letters.dsn(*sent))
    read(begin, box)
    with begin() as session:
        assert notice(session, {sent[0]: NOW}, now=NOW) == 0
        lift(session, 1, actor="noor", now=NOW)
    assert state(begin)[0] == "superseded"
    with begin() as session:
        assert notice(session, {sent[0]: NOW}, now=NOW) == 0


def test_a_mailbox_that_cannot_be_asked_is_a_trouble_until_it_can(
    begin: Begin, box: Box, mails: list[bytes], sent: tuple[str, str]
) -> None:
    told: list[str] = []

    def send(_title: str, text: str) -> bool:
        told.append(text)
        return True

    mails.append(letters.dsn(*sent))
    settings = Settings(bounce_url=box.url, return_path="terug@enschede.example")  # type: ignore[arg-type]
    assert settings.envelope_sender == "terug@enschede.example"
    box.shut = True
    assert read_all_bounces(begin, now=NOW, settings=settings, send=send) == {}
    box.shut = False
    later = NOW + timedelta(minutes=10)
    assert read_all_bounces(begin, now=later, settings=settings, send=send) == {Finding.BOUNCED: 1}
    assert [one.partition(" (")[0] for one in told] == [
        "What came back is not read. The mailbox at 127.0.0.1 cannot be asked",
        "No longer so: What came back is not read. The mailbox at 127.0.0.1 cannot be asked",
    ]
    with begin() as session:
        assert [one.key for one in session.scalars(select(Trouble))] == ["bounces:mailbox"]
        assert len(session.scalars(select(Bounce)).all()) == 1
    assert read_all_bounces(begin, now=NOW, settings=Settings(), send=send) == {}


def test_without_an_address_there_is_no_mailbox_and_a_wrong_one_is_a_sentence() -> None:
    assert return_box("") is None
    with pytest.raises(PijplijnError, match="PIJPLIJN_BOUNCE_URL") as told:
        return_box("imap://u:secret@mail.example/INBOX")
    assert "secret" not in str(told.value)
    assert issubclass(MailboxError, PijplijnError)
