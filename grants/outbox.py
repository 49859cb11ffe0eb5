# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The outbox: a letter is decided and frozen first, and sent later, once.

docs/decisions/0004-outbox.md tells why, and what happens to a letter nobody answered for.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grants.archive import Archive
from grants.auditing import note
from grants.errors import PijplijnError
from grants.journal import read, ready
from grants.mailers import Mailer
from grants.mime import WIRE, attach, bodies, clean_subject, headers
from grants.reconciling import accepted_before, message_id, notice
from grants.rows import INSERTS
from grants.settling import HELD_WHEN_IN_DOUBT, Tour, record, settle_doubts, settle_lost
from grants.settling import Delivery as Delivery  # noqa: PLC0414 - deliver's answer
from grants.suppressing import is_suppressed, refused_before, set_aside
from models.message import Message, MessageState
from models.session import Begin

LEASE = timedelta(minutes=5)
RELEASABLE = {MessageState.HELD, MessageState.DEAD, MessageState.IN_DOUBT, MessageState.SUPPRESSED}


class OutboxError(PijplijnError):
    """A message cannot be sent again."""


def post(  # noqa: PLR0913 - a letter has these parts, each by name
    session: Session,
    *,
    key: str,
    kind: str,
    recipient: str,
    subject: str,
    text: str,
    html: str,
    now: datetime,
    sender: str,
    public_url: str = "",
    calendar: bytes = b"",
    unsubscribe: str = "",
    due_at: datetime | None = None,
    marks: str = "",
    **links: int | None,
) -> Message | None:
    """Freeze one letter and queue it.

    Args:
        session: the transaction it is decided in.
        key: makes it exist once, whatever runs twice.
        kind: digest, reminder or alert.
        recipient: one e-mail address.
        subject: one line; control characters are taken out.
        text: the plain part.
        html: the HTML part.
        now: its Date.
        sender: "Name <address>".
        public_url: where the office's pages are.
        calendar: a date as iCalendar, to go along as a file; none when empty.
        unsubscribe: where one POST switches letters of this kind off (RFC 8058); empty where none does.
        due_at: when the deadline strikes that it is about.
        marks: of the rows whose numbers stand in the key, so that its Message-ID is never another letter's.
        links: office_id and application_id, whose letter it is.

    Returns:
        The message; None when one with this key exists already.
    """
    subject = clean_subject(subject)
    number = message_id(key, parseaddr(sender)[1].rpartition("@")[2], marks)
    letter = bodies(recipient, subject, text, html)
    if calendar:
        attach(letter, calendar)
    for name, value in headers(sender, number, now, kind, public_url):
        letter[name] = value
    if unsubscribe:
        letter["List-Unsubscribe"] = f"<{unsubscribe}>"
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    facts = {
        "key": key, "kind": kind, "recipient": recipient, "subject": subject, "message_id": number,
        "mime": letter.as_bytes(policy=WIRE), "state": MessageState.QUEUED, "created_at": now,
        "next_attempt_at": now, "due_at": due_at, **links,
    }  # fmt: skip
    if before := accepted_before(session, number):  # by a database that was lost since
        facts |= {"state": MessageState.SENT, "sent_at": before}
    return _insert_once(session, facts)


def _insert_once(session: Session, facts: dict[str, Any]) -> Message | None:
    insert = INSERTS[session.get_bind().dialect.name]
    row = insert(Message).values(attempts=0, fence=0, last_error="", **facts)
    done = row.on_conflict_do_nothing(index_elements=["key"]).returning(Message.id)
    new = session.scalar(done)
    return None if new is None else session.get(Message, new)


def exists(session: Session, key: str) -> bool:
    """Whether a letter with this key was posted already."""
    return session.scalar(select(Message.id).where(Message.key == key)) is not None


def deliver(  # noqa: PLR0913 - what the outside is, each by name
    begin: Begin,
    *,
    mailer: Mailer,
    sender: str,
    now: datetime,
    journal: Path | None = None,
    archive: Archive | None = None,
    uncopied: Mailer | None = None,
    limit: int = 500,
) -> Delivery:
    """Send what waits, one letter at a time; a deliverer beside this one never takes the same letter.

    Args:
        begin: opens a transaction.
        mailer: hands a letter over.
        sender: "Name <address>".
        now: the moment it starts.
        journal: the file outside the database with what was accepted; without one nothing guards a restore.
        archive: can be asked whether a letter arrived; without one nobody knows.
        uncopied: hands a letter over without the archive's copy, for when that is refused and it cannot wait.
        limit: at most so many letters.

    Raises:
        JournalError: the journal cannot be written.
    """
    tour = Tour(begin, now, journal, archive)
    accepted = _accepted(journal)
    with begin() as session:
        tour.delivery.paused = notice(session, accepted, now=now)
        set_aside(session)
    if tour.delivery.paused:
        return tour.delivery
    settle_lost(tour, accepted)
    settle_doubts(tour, accepted)
    for _ in range(limit):
        with begin() as session:
            letter = _claim(session, tour.moment)
        if letter is None:
            break
        sent = mailer(letter.mime, sender, letter.recipient)
        if sent.no_archive and uncopied is not None and letter.kind not in HELD_WHEN_IN_DOUBT:
            bare = uncopied(letter.mime, sender, letter.recipient)
            sent = replace(bare, reply=f"{bare.reply}; {sent.reply}")
        record(tour, letter, sent)
    return tour.delivery


def release(session: Session, message_id: int, *, actor: str, now: datetime) -> Message:
    """Send a letter again that was held or refused; who said so is kept.

    Raises:
        OutboxError: there is no such letter, it does not wait for a colleague, or its address is suppressed.
    """
    letter = _waiting(session, message_id, RELEASABLE, "held or dead can be sent again")
    if not letter.mime:
        raise OutboxError(
            f"Message {message_id} has lost its text, for its time was over: it is not sent again."
        )
    if is_suppressed(session, letter):
        raise OutboxError(f"{letter.recipient} was refused for good: let the address in again first.")
    _note(session, letter, "released", actor, now)
    letter.state, letter.next_attempt_at, letter.attempts = MessageState.QUEUED, now, 0
    return letter


def hold(session: Session, message_id: int, *, actor: str, now: datetime) -> Message:
    """Keep a letter back that waits to be sent, until a colleague releases it; who said so is kept.

    Raises:
        OutboxError: there is no such letter, or it does not wait any more.
    """
    letter = _waiting(session, message_id, {MessageState.QUEUED}, "queued can be held")
    _note(session, letter, "held", actor, now)
    letter.state = MessageState.HELD
    return letter


def _waiting(session: Session, message_id: int, states: Collection[MessageState], only: str) -> Message:
    letter = session.get(Message, message_id, with_for_update=True)
    if letter is None:
        raise OutboxError(f"There is no message {message_id}.")
    if letter.state not in states:
        raise OutboxError(f"Message {message_id} is {letter.state}; only a message that is {only}.")
    return letter


def _note(session: Session, letter: Message, action: str, actor: str, now: datetime) -> None:
    facts = {"state": str(letter.state), "recipient": letter.recipient, "last_error": letter.last_error}
    note(
        session, at=now, actor=actor, action=action, subject="message", subject_id=letter.id,
        office_id=letter.office_id, application_id=letter.application_id, facts=facts,
    )  # fmt: skip


def _accepted(journal: Path | None) -> Mapping[str, datetime]:
    """Read before the database is asked: what it says was claimed there long before."""
    if journal is None:
        return {}
    ready(journal)
    return read(journal)


def _claim(session: Session, now: datetime) -> Message | None:
    """Take the next letter under a lease; the fence tells a late deliverer that it lost it."""
    due = (Message.state == MessageState.QUEUED, Message.next_attempt_at <= now, ~refused_before())
    following = select(Message.id).where(*due).order_by(Message.id).limit(1).with_for_update(skip_locked=True)
    taken = {
        "state": MessageState.SENDING, "lease_until": now + LEASE,
        "fence": Message.fence + 1, "attempts": Message.attempts + 1,
    }  # fmt: skip
    claim = update(Message).where(Message.id == following.scalar_subquery()).values(taken).returning(Message)
    return session.scalars(claim, execution_options={"synchronize_session": False}).one_or_none()
