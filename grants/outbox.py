# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The outbox: a letter is decided and frozen first, and sent later, once.

docs/decisions/0004-outbox.md tells why, and what happens to a letter nobody answered for.
"""

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from grants.auditing import note
from grants.errors import PijplijnError
from grants.mailers import Mailer, Outcome, Sent
from models.message import Attempt, Message, MessageState
from models.session import Begin

LEASE = timedelta(minutes=5)
BACKOFF = [timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 60)]
RELEASABLE = {MessageState.HELD, MessageState.DEAD, MessageState.IN_DOUBT}
HELD_WHEN_IN_DOUBT = {"digest"}  # every other kind goes again: better twice than never


class OutboxError(PijplijnError):
    """A message cannot be sent again."""


class Wire(EmailPolicy):
    """How a letter goes over the wire: an address in a header stays in one piece.

    Python folds one longer than a line into encoded words, which no mail program takes for an address.
    """

    def fold_binary(self, name: str, value: Any) -> bytes:
        """One header, as bytes."""
        if name.lower().startswith("list-") and value.isascii():
            return f"{name}: {value}{self.linesep}".encode()
        return bytes(super().fold_binary(name, value))


WIRE = Wire(linesep="\r\n")


@dataclass
class Delivery:
    """How many letters went, wait, were refused or are in doubt."""

    sent: int = 0
    deferred: int = 0
    dead: int = 0
    in_doubt: int = 0


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
        links: office_id and application_id, whose letter it is.

    Returns:
        The message; None when one with this key exists already.
    """
    subject = clean_subject(subject)
    number = f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    letter = _letter(recipient, subject, text, html)
    if calendar:
        _attach(letter, calendar)
    for name, value in _headers(sender, number, now, kind, public_url):
        letter[name] = value
    if unsubscribe:
        letter["List-Unsubscribe"] = f"<{unsubscribe}>"
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    facts = {
        "key": key, "kind": kind, "recipient": recipient, "subject": subject, "message_id": number,
        "mime": letter.as_bytes(policy=WIRE), "state": MessageState.QUEUED, "created_at": now,
        "next_attempt_at": now, "due_at": due_at, **links,
    }  # fmt: skip
    return _insert_once(session, facts)


def clean_subject(text: str) -> str:
    """One line without control characters: a title from a feed must not become a header."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text).split())[:300]


def _letter(recipient: str, subject: str, text: str, html: str) -> EmailMessage:
    letter = EmailMessage()
    letter["To"] = recipient
    letter["Subject"] = subject
    letter.set_content(text)
    letter.add_alternative(html, subtype="html")
    return letter


def _attach(letter: EmailMessage, calendar: bytes) -> None:
    told = {"method": "PUBLISH", "charset": "utf-8"}
    letter.add_attachment(calendar, maintype="text", subtype="calendar", filename="deadline.ics", params=told)


def _headers(sender: str, number: str, now: datetime, kind: str, public_url: str) -> list[tuple[str, str]]:
    domain = parseaddr(sender)[1].rpartition("@")[2]
    headers = [
        ("From", sender),
        ("Message-ID", number),
        ("Date", format_datetime(now)),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        ("List-Id", f"<{kind}.pijplijn.{domain}>"),
    ]
    return [*headers, ("List-Archive", f"<{public_url}>")] if public_url else headers


def _insert_once(session: Session, facts: dict[str, Any]) -> Message | None:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(Message).values(attempts=0, fence=0, last_error="", **facts)
    done = row.on_conflict_do_nothing(index_elements=["key"]).returning(Message.id)
    new = session.scalar(done)
    return None if new is None else session.get(Message, new)


def exists(session: Session, key: str) -> bool:
    """Whether a letter with this key was posted already."""
    return session.scalar(select(Message.id).where(Message.key == key)) is not None


def deliver(begin: Begin, *, mailer: Mailer, sender: str, now: datetime, limit: int = 500) -> Delivery:
    """Send what waits, one letter at a time; a deliverer beside this one never takes the same letter."""
    delivery = Delivery()
    with begin() as session:
        for lost in session.scalars(_lost(now)):
            _settle(session, lost, Sent(Outcome.UNANSWERED, "its deliverer was lost"), now, delivery)
    for _ in range(limit):
        with begin() as session:
            letter = _claim(session, now)
        if letter is None:
            break
        sent = mailer(letter.mime, sender, letter.recipient)
        with begin() as session:
            _record(session, letter, sent, now, delivery)
    return delivery


def release(session: Session, message_id: int, *, actor: str, now: datetime) -> Message:
    """Send a letter again that was held or refused; who said so is kept.

    Raises:
        OutboxError: there is no such letter, or it does not wait for a colleague.
    """
    letter = _waiting(session, message_id, RELEASABLE, "held or dead can be sent again")
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


def _lost(now: datetime) -> Select[Message]:
    """Letters whose deliverer died under its lease: it may have handed them over, or not."""
    expired = (Message.state == MessageState.SENDING, Message.lease_until < now)
    return select(Message).where(*expired).with_for_update(skip_locked=True)


def _claim(session: Session, now: datetime) -> Message | None:
    """Take the next letter under a lease; the fence tells a late deliverer that it lost it."""
    due = (Message.state == MessageState.QUEUED, Message.next_attempt_at <= now)
    following = select(Message.id).where(*due).order_by(Message.id).limit(1).with_for_update(skip_locked=True)
    taken = {
        "state": MessageState.SENDING, "lease_until": now + LEASE,
        "fence": Message.fence + 1, "attempts": Message.attempts + 1,
    }  # fmt: skip
    claim = update(Message).where(Message.id == following.scalar_subquery()).values(taken).returning(Message)
    return session.scalars(claim, execution_options={"synchronize_session": False}).one_or_none()


def _record(session: Session, claimed: Message, sent: Sent, now: datetime, delivery: Delivery) -> None:
    letter = session.get(Message, claimed.id, with_for_update=True)
    if letter is not None and letter.fence == claimed.fence:
        _settle(session, letter, sent, now, delivery)


def _settle(session: Session, letter: Message, sent: Sent, now: datetime, delivery: Delivery) -> None:
    """Write down what became of one try, and what follows from it."""
    session.add(Attempt(message_id=letter.id, at=now, outcome=str(sent.outcome), reply=sent.reply))
    letter.lease_until = None
    letter.last_error = "" if sent.outcome == Outcome.ACCEPTED else sent.reply
    if sent.outcome == Outcome.ACCEPTED:
        letter.state, letter.sent_at = MessageState.SENT, now
        delivery.sent += 1
    elif sent.outcome == Outcome.REFUSED:
        letter.state = MessageState.DEAD
        delivery.dead += 1
    elif sent.outcome == Outcome.UNANSWERED and letter.kind in HELD_WHEN_IN_DOUBT:
        letter.state = MessageState.HELD
        delivery.in_doubt += 1
    else:
        letter.state = MessageState.QUEUED
        letter.next_attempt_at = now + BACKOFF[min(letter.attempts, len(BACKOFF)) - 1]
        delivery.deferred += 1
