# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A message (bericht): decided first, frozen, sent later, kept for good."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Row, Words

IN_FORCE = text("lifted_at IS NULL")


class MessageState(StrEnum):
    """Where a message stands."""

    QUEUED = "queued"
    SENDING = "sending"  # claimed by a deliverer, under a lease
    SENT = "sent"
    IN_DOUBT = "in_doubt"  # the server took it or not: nobody answered
    HELD = "held"  # waits for a colleague
    DEAD = "dead"  # refused for good
    BOUNCED = "bounced"  # the server took it, and it came back
    SUPPRESSED = "suppressed"  # its address was refused for good: not sent until a colleague lifts that
    SUPERSEDED = "superseded"  # its ground was gone before it went; never sent, kept with the reason


class Finding(StrEnum):
    """What a letter in the sender's mailbox was."""

    BOUNCED = "bounced"  # a letter of ours came back for good
    DELAYED = "delayed"
    DELIVERED = "delivered"
    UNPROVEN = "unproven"  # it tells that of a letter of ours and does not quote its seal: perhaps forged
    ELSEWHERE = "elsewhere"  # about an address the letter was not written to
    STRANGER = "stranger"  # about no letter of ours
    NO_REPORT = "no_report"  # an answer, an absence, advertising
    UNREADABLE = "unreadable"
    AGAIN = "again"  # read before, in a mailbox that was counted anew


class Message(Row):
    """One letter to one person. `key` makes it exist once, whatever runs twice."""

    __tablename__ = "message"
    __table_args__ = (
        Index(None, "state", "next_attempt_at"),
        Index(None, "due_at"),
        Index(None, "kind", "office_id", "recipient", "created_at"),
    )

    key: Mapped[str] = mapped_column(String(300), unique=True)
    kind: Mapped[str] = mapped_column(String(40))  # digest, reminder, alert
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"))
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(998))
    message_id: Mapped[str] = mapped_column(String(300), unique=True)
    mime: Mapped[bytes] = mapped_column(LargeBinary)  # rendered once; the same on every try
    state: Mapped[MessageState] = mapped_column(Words(MessageState))
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None]  # when the deadline strikes that it is about: later it is of no use
    next_attempt_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(Text, default="")
    sent_at: Mapped[datetime | None]

    tries: Mapped[list["Attempt"]] = relationship(order_by="Attempt.id")


class Attempt(Row):
    """One try at sending; only ever added."""

    __tablename__ = "attempt"

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)
    at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(20))  # smtp.Outcome, or what came back later: Finding
    reply: Mapped[str] = mapped_column(Text, default="")


class Acceptance(Row):
    """A letter the send journal knows to be sent, and this database, put back from a backup, did not.

    While one was not looked at, nothing is sent.
    """

    __tablename__ = "acceptance"

    message_id: Mapped[str] = mapped_column(String(300), unique=True)
    accepted_at: Mapped[datetime]
    noticed_at: Mapped[datetime]
    looked_at: Mapped[datetime | None]


class Suppression(Row):
    """An address of an office that was refused for good, from then until a colleague lifts it."""

    __tablename__ = "suppression"
    __table_args__ = (
        Index(
            "uq_suppression_in_force", "office_id", "address",
            unique=True, sqlite_where=IN_FORCE, postgresql_where=IN_FORCE,
        ),
    )  # fmt: skip

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    address: Mapped[str] = mapped_column(String(254))  # in small letters
    since: Mapped[datetime]
    why: Mapped[str] = mapped_column(Text)  # the mail server's words
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))  # the letter that was refused
    told_at: Mapped[datetime | None]  # when the office's administrators were written to
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str] = mapped_column(String(200), default="")


class Bounce(Row):
    """A letter in the sender's mailbox that was read: once ever, and left there."""

    __tablename__ = "bounce"
    __table_args__ = (UniqueConstraint("mailbox", "number"),)

    mailbox: Mapped[str] = mapped_column(String(300))  # with UIDVALIDITY: another when it is counted anew
    number: Mapped[int] = mapped_column(BigInteger)  # UID
    fingerprint: Mapped[str] = mapped_column(String(64), index=True)  # SHA-256 of what was read of it
    at: Mapped[datetime]
    finding: Mapped[Finding] = mapped_column(Words(Finding))
    said: Mapped[str] = mapped_column(Text, default="")
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), index=True)
