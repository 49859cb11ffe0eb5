# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Digests written and delivered: what the tests of the digest share."""

from datetime import datetime, timedelta
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import Settings
from grants.digest import DigestFacts, facts, write_all
from grants.digest.news import News
from grants.outbox import deliver
from grants.smtp import Outcome, Sent
from models.colleague import Colleague
from models.message import Message
from models.session import Begin
from tests import builders

NOW, DAY = builders.NOW, timedelta(days=1)  # a Tuesday, 09:00 in Enschede
SENDER = "Pijplijn <p@enschede.example>"
SETTINGS = Settings(mail_from=SENDER, data_dir=Path("/nowhere"), secret_key=SecretStr("hush"))


def told(session: Session, number: int = 1, now: datetime = NOW) -> DigestFacts:
    return facts(session, session.get_one(Colleague, number), now=now)


def news(session: Session, number: int = 1, now: datetime = NOW) -> News:
    return told(session, number, now).news


def run(begin: Begin, now: datetime, *, outcome: Outcome = Outcome.ACCEPTED) -> int:
    """Write what is due and try to send it; returns how many were written."""
    count = write_all(begin, now=now, settings=SETTINGS)
    deliver(begin, mailer=lambda *_: Sent(outcome), sender=SENDER, now=now)
    return count


def letters(begin: Begin, recipient: str = "noor@x.example") -> list[Message]:
    with begin() as session:
        mine = select(Message).where(Message.recipient == recipient).order_by(Message.id)
        return list(session.scalars(mine))
