# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The letters of the outbox, the latest first."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.message import Message, MessageState

STUCK = frozenset({MessageState.HELD, MessageState.IN_DOUBT, MessageState.DEAD})
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
