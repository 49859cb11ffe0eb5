# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Digests are written when they are due and not written yet: one a colleague and local date or ISO week."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from config.settings import Settings
from grants.clock import local_day
from grants.digest.facts import DigestFacts, facts
from grants.digest.pool import Pool, pool
from grants.digest.rhythm import Turn, is_due, last_turn
from grants.digest.tokens import unsubscribe_token
from grants.outbox import exists, post
from grants.rendering import Letter, letter
from grants.snags import Draft, write_each
from grants.suppressing import unreachable
from models.colleague import Colleague, Rhythm
from models.message import Message
from models.session import Begin

KIND: Final = "digest"
BATCH: Final = 20  # letters a transaction: a writer beside us need not wait for a thousand
Pools = dict[int, Pool]
"""By office."""


def write_all(begin: Begin, *, now: datetime, settings: Settings) -> int:
    """Write every digest that is due, a batch a transaction; returns how many that were."""
    total, pools = 0, Pools()
    while True:
        with begin() as session:
            written = len(write_digests(session, now=now, settings=settings, limit=BATCH, pools=pools))
        if not written:
            return total
        total += written


def write_digests(
    session: Session,
    *,
    now: datetime,
    settings: Settings,
    limit: int | None = None,
    pools: Pools | None = None,
) -> list[Message]:
    """Post the digest of everyone whose turn came and who has none for it; up to `limit` of them.

    Who cannot be reached gets none: the turn is made up for once the address is mended or let in again.

    `pools` keeps what the readers of an office have in common from one batch to the next.
    """
    pools = Pools() if pools is None else pools
    due = (
        Draft(
            key,
            colleague.email,
            partial(_post, session, key, colleague, pools, now=now, settings=settings),
            office_id=colleague.office_id,
        )
        for key, colleague in _unwritten(session, now)
    )
    return write_each(session, KIND, due, now=now, limit=limit)


def _unwritten(session: Session, now: datetime) -> Iterator[tuple[str, Colleague]]:
    """The digests that are due and not there; one that is, was written before its reader chose otherwise."""
    for colleague, turn in _due(session, now):
        key = f"{KIND}:{colleague.office.slug}:{colleague.id}:{turn.period}"
        if not exists(session, key):
            yield key, colleague


def _post(  # noqa: PLR0913 - a letter and what it is made of
    session: Session, key: str, colleague: Colleague, pools: Pools, *, now: datetime, settings: Settings
) -> Message | None:
    shown = _letter(session, colleague, pools, now=now, settings=settings)
    return post(
        session, key=key, kind=KIND, recipient=colleague.email, subject=shown.subject,
        text=shown.text, html=shown.html, now=now, sender=settings.mail_from,
        public_url=settings.public_url, unsubscribe=unsubscribe_address(settings, colleague),
        office_id=colleague.office_id, marks=colleague.mark,
    )  # fmt: skip


def preview(session: Session, *, now: datetime, settings: Settings) -> list[tuple[Colleague, Letter]]:
    """The letters that would be written now if everyone's turn had come; posts nothing."""
    pools = Pools()
    wanting = [one for one in _readers(session) if one.digest_rhythm != Rhythm.NEVER]
    return [(one, _letter(session, one, pools, now=now, settings=settings)) for one in wanting]


def render(
    told: DigestFacts, colleague: Colleague, shared: Pool, *, now: datetime, settings: Settings
) -> Letter:
    """The digest as a letter, in its reader's language; what others read too is put in words once."""
    return letter(
        "digest",
        colleague.language,
        colleague=colleague,
        facts=told,
        keep=shared.keeping(colleague.language),
        today=local_day(now),
        public_url=settings.public_url.rstrip("/"),
        unsubscribe=unsubscribe_address(settings, colleague),
    )


def unsubscribe_address(settings: Settings, colleague: Colleague) -> str:
    """Where this colleague's digest is switched off without signing in; empty without a key to sign with."""
    token = unsubscribe_token(settings.secret_key.get_secret_value(), colleague.id, colleague.mark)
    return f"{settings.public_url.rstrip('/')}/unsubscribe/{token}" if token else ""


def _readers(session: Session) -> list[Colleague]:
    """Everyone who works here."""
    people = select(Colleague).where(Colleague.active).order_by(Colleague.id)
    return list(session.scalars(people.options(selectinload(Colleague.office))))


def _due(session: Session, now: datetime) -> Iterator[tuple[Colleague, Turn]]:
    """Whose turn came since their last digest, with that turn."""
    last = select(Message.office_id, Message.recipient, func.max(Message.created_at).label("at"))
    rows = session.execute(last.where(Message.kind == KIND).group_by(Message.office_id, Message.recipient))
    written = {(row.office_id, row.recipient): row.at for row in rows}
    refused = unreachable(session)
    for colleague in _readers(session):
        turn = last_turn(colleague, now)
        if (colleague.office_id, colleague.email.lower()) in refused:
            continue
        if turn and is_due(turn, written.get((colleague.office_id, colleague.email))):
            yield colleague, turn


def _letter(
    session: Session, colleague: Colleague, pools: Pools, *, now: datetime, settings: Settings
) -> Letter:
    number = colleague.office_id
    if number not in pools:
        pools[number] = pool(session, number, now=now)
    told = facts(session, colleague, now=now, shared=pools[number])
    return render(told, colleague, pools[number], now=now, settings=settings)
