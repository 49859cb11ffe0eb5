# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""An office's administrators hear by letter of each address that was refused for good, once."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import Settings
from grants.outbox import post
from grants.rendering import letter
from grants.suppressing import IN_FORCE
from models.colleague import Access, Colleague
from models.message import Message, Suppression

KIND = "undeliverable"


def write_undeliverable(session: Session, *, now: datetime, settings: Settings) -> list[Message]:
    """Write of every address that nobody was told of; of one that has no reader yet, when there is one."""
    untold = select(Suppression).where(IN_FORCE, Suppression.told_at.is_(None)).order_by(Suppression.id)
    written = []
    for one in session.scalars(untold.with_for_update(skip_locked=True)):
        for reader in _readers(session, one):
            shown = letter(
                KIND,
                reader.language,
                colleague=reader,
                suppression=one,
                public_url=settings.public_url.rstrip("/"),
            )
            message = post(
                session, key=f"{KIND}:{one.id}:{reader.id}", kind=KIND, recipient=reader.email,
                subject=shown.subject, text=shown.text, html=shown.html, now=now, sender=settings.mail_from,
                public_url=settings.public_url, office_id=one.office_id,
            )  # fmt: skip
            one.told_at = now
            if message is not None:
                written.append(message)
    return written


def _readers(session: Session, one: Suppression) -> list[Colleague]:
    """The administrators who can be reached: not the one whose own address it is."""
    wanted = (
        Colleague.active,
        Colleague.access == Access.ADMINISTRATOR,
        Colleague.office_id == one.office_id,
    )
    people = session.scalars(select(Colleague).where(*wanted).order_by(Colleague.id))
    return [who for who in people if who.email.lower() != one.address]
