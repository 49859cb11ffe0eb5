# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Ours, and the four others use: each of those loses or doubles, and so proves the test."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Select, select

from grants.archive import any_of, archive
from grants.mailers import Mailer, connected
from grants.outbox import deliver
from grants.relay_log import relay_log
from grants.smtp import Outcome
from models.message import Message, MessageState
from models.session import Begin, connect, transactions
from tests.smtp_sink import mailer

SENDER = "Pijplijn <p@enschede.example>"
ARCHIVE = "archive@enschede.example"


def ours(orders: Any) -> None:
    """Frozen, claimed under a lease with a fence, journalled; who can be asked, is."""
    begin, journal = transactions(connect(orders.url)), Path(orders.folder, "journal")
    log = Path(orders.relay_log) if orders.relay_log else None
    asked = any_of(archive(orders.imap), relay_log(log))
    while True:
        with connected(orders.smtp, copy_to=ARCHIVE if orders.imap else "") as by:
            deliver(
                begin,
                mailer=by,
                sender=SENDER,
                now=datetime.now(UTC),
                journal=journal,
                archive=asked,
                limit=20,
            )
        time.sleep(0.02)


def waiting(count: int) -> Select[Any]:
    queued = select(Message).where(Message.state == MessageState.QUEUED).order_by(Message.id).limit(count)
    return queued.with_for_update(skip_locked=True)


def one_big_transaction(begin: Begin, by: Mailer) -> None:
    """Send a batch and write down all of it at the end."""
    with begin() as session:
        for letter in session.scalars(waiting(20)):
            if by(letter.mime, SENDER, letter.recipient).outcome == Outcome.ACCEPTED:
                letter.state = MessageState.SENT


def send_then_mark(begin: Begin, by: Mailer) -> None:
    """Send what waits, and then write down that it went."""
    with begin() as session:
        letter = session.scalars(waiting(1)).first()
    if letter and by(letter.mime, SENDER, letter.recipient).outcome == Outcome.ACCEPTED:
        with begin() as session:
            session.get_one(Message, letter.id).state = MessageState.SENT


def mark_then_send(begin: Begin, by: Mailer) -> None:
    """Write down that it went, and then send it; only a plain refusal undoes that."""
    with begin() as session:
        letter = session.scalars(waiting(1)).first()
        if letter:
            letter.state = MessageState.SENT
    if letter and by(letter.mime, SENDER, letter.recipient).outcome == Outcome.DEFERRED:
        with begin() as session:
            session.get_one(Message, letter.id).state = MessageState.QUEUED


def blind_resend(begin: Begin, by: Mailer) -> None:
    """A lease, and whatever nobody answered for goes again."""
    with begin() as session:
        session.query(Message).where(Message.state == MessageState.HELD).update(
            {Message.state: MessageState.QUEUED}, synchronize_session=False
        )
    deliver(begin, mailer=by, sender=SENDER, now=datetime.now(UTC), limit=20)


def over_and_over(step: Callable[[Begin, Mailer], None]) -> Callable[[Any], None]:
    def work(orders: Any) -> None:
        begin, by = transactions(connect(orders.url)), mailer(orders.smtp)
        while True:
            step(begin, by)
            time.sleep(0.005)

    return work


WRONG = {step.__name__: step for step in (one_big_transaction, send_then_mark, mark_then_send, blind_resend)}
STRATEGIES: dict[str, Callable[[Any], None]] = {
    "ours": ours, **{name: over_and_over(step) for name, step in WRONG.items()}
}  # fmt: skip
