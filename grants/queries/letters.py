# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The letters of the outbox, the latest first: those that wait, an office's, and one as it went."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.policy import default

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer, selectinload

from grants.paging import pages_of
from models.message import Message, MessageState

STUCK = frozenset({MessageState.HELD, MessageState.IN_DOUBT, MessageState.DEAD, MessageState.BOUNCED})
"""The states in which a letter waits for a colleague."""


@dataclass(frozen=True, slots=True)
class MessageLine:
    """A letter without its text."""

    id: int
    kind: str
    state: MessageState
    recipient: str
    subject: str
    created_at: datetime
    attempts: int
    last_error: str


def messages(
    session: Session, *, states: Collection[MessageState] = STUCK, limit: int = 100
) -> list[MessageLine]:
    """The letters in these states, the latest first."""
    columns = [getattr(Message, name) for name in MessageLine.__dataclass_fields__]
    rows = session.execute(
        select(*columns).where(Message.state.in_(states)).order_by(Message.id.desc()).limit(limit)
    )
    return [MessageLine(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class MessagePage:
    """One page of an office's letters, how many there are in all, and how many in each state."""

    lines: list[Message]
    total: int
    counts: dict[MessageState, int]
    page: int
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return pages_of(self.total, self.size)


def office_messages(
    session: Session, office_id: int, *, state: MessageState | None = None, page: int = 1, size: int = 50
) -> MessagePage:
    """The letters of one office, the latest first, without their texts; of one state when asked."""
    ours = Message.office_id == office_id
    counts = letter_counts(session, office_id)
    wanted = select(Message).where(ours).options(defer(Message.mime))
    if state is not None:
        wanted = wanted.where(Message.state == state)
    found = wanted.order_by(Message.id.desc()).limit(size).offset((page - 1) * size)
    total = sum(counts.values()) if state is None else counts.get(state, 0)
    return MessagePage(list(session.scalars(found)), total, counts, page, size)


def letter_counts(session: Session, office_id: int) -> dict[MessageState, int]:
    """How many letters of one office are in each state that has any, in order."""
    asked = select(Message.state, func.count()).where(Message.office_id == office_id).group_by(Message.state)
    counts = {one: number for one, number in session.execute(asked)}  # noqa: C416 - rows are no pairs to mypy
    return {one: counts[one] for one in MessageState if one in counts}


def message(session: Session, office_id: int, message_id: int) -> Message | None:
    """A letter of that office with the tries at sending it; None when it has no such letter."""
    asked = select(Message).where(Message.id == message_id, Message.office_id == office_id)
    return session.scalars(asked.options(selectinload(Message.tries))).one_or_none()


def words_of(letter: Message, part: str = "plain") -> str:
    """The plain part of a letter, or the one in HTML, as it goes or went; empty when it has none."""
    return plain_words(letter.mime, part)


def plain_words(mime: bytes, part: str = "plain") -> str:
    """The same of its MIME alone."""
    body = message_from_bytes(mime, policy=default).get_body((part,))
    return "" if body is None else str(body.get_content())


def language_of(letter: Message) -> str:
    """What the part in HTML says it is written in; empty when it does not."""
    said = re.search(r"<html[^>]*\slang=\"([a-z]{2})\"", words_of(letter, "html"))
    return said[1] if said else ""
