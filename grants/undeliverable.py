# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""An office's administrators hear by letter of each address that was refused for good, once."""

from datetime import datetime
from functools import partial
from itertools import chain

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import Settings
from grants.outbox import exists, post
from grants.rendering import letter
from grants.snags import Draft, write_each
from grants.suppressing import IN_FORCE
from models.colleague import Access, Colleague
from models.message import Message, Suppression

KIND = "undeliverable"


def write_undeliverable(session: Session, *, now: datetime, settings: Settings) -> list[Message]:
    """Write of every address that nobody was told of; of one that has no reader yet, when there is one."""
    untold = select(Suppression).where(IN_FORCE, Suppression.told_at.is_(None)).order_by(Suppression.id)
    refused = {
        one: [_draft(session, one, reader, now=now, settings=settings) for reader in _readers(session, one)]
        for one in session.scalars(untold.with_for_update(skip_locked=True)).all()
    }
    written = write_each(session, KIND, chain.from_iterable(refused.values()), now=now)
    for one, drafts in refused.items():
        if drafts and all(exists(session, draft.key) for draft in drafts):
            one.told_at = now
    return written


def _draft(
    session: Session, one: Suppression, reader: Colleague, *, now: datetime, settings: Settings
) -> Draft:
    write = partial(_post, session, one, reader, now=now, settings=settings)
    return Draft(_key(one, reader), reader.email, write, office_id=one.office_id, about=one.address)


def _key(one: Suppression, reader: Colleague) -> str:
    return f"{KIND}:{one.id}:{reader.id}"


def _post(
    session: Session, one: Suppression, reader: Colleague, *, now: datetime, settings: Settings
) -> Message | None:
    shown = letter(
        KIND, reader.language, colleague=reader, suppression=one, public_url=settings.public_url.rstrip("/")
    )
    return post(
        session, key=_key(one, reader), kind=KIND, recipient=reader.email,
        subject=shown.subject, text=shown.text, html=shown.html, now=now, sender=settings.mail_from,
        public_url=settings.public_url, office_id=one.office_id,
        marks=f"{one.address} {one.since.isoformat()} {reader.mark}",
    )  # fmt: skip


def _readers(session: Session, one: Suppression) -> list[Colleague]:
    """The administrators who can be reached: not the one whose own address it is."""
    wanted = (
        Colleague.active,
        Colleague.access == Access.ADMINISTRATOR,
        Colleague.office_id == one.office_id,
    )
    people = session.scalars(select(Colleague).where(*wanted).order_by(Colleague.id))
    return [who for who in people if who.email.lower() != one.address]
