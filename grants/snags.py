# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The edge "one letter": one that cannot be written stops no other, is told, and is tried with each round.

Each is written in a savepoint of its own; what fails stays due and unwritten.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from grants.rendering import UNFIT, RenderingError
from grants.rows import INSERTS
from models.message import Message
from models.snag import Snag

FAULTS: Final = (
    ArithmeticError, AttributeError, LookupError, TypeError, ValueError,
    MessageError, RenderingError, DataError, IntegrityError,
)  # fmt: skip
"""What one letter's facts can do to us. A database that is gone is no letter's fault, and stops the round."""
OPEN: Final = Snag.over_at.is_(None)
LONGEST: Final = 500  # characters of an error

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter that is due and not written.

    Args:
        key: the letter's.
        recipient: where it goes.
        write: renders it, freezes it and posts it; None when somebody else did.
        office_id: whose letter it is.
        application_id: what it belongs to.
        about: what it is about, as a title.
        due_at: when the deadline strikes that it is about.
    """

    key: str
    recipient: str
    write: Callable[[], Message | None]
    office_id: int | None = None
    application_id: int | None = None
    about: str = ""
    due_at: datetime | None = None


def write_each(
    session: Session, kind: str, drafts: Iterable[Draft], *, now: datetime, limit: int | None = None
) -> list[Message]:
    """Write all letters of a kind that are due, each on its own.

    Args:
        session: the transaction of this round, or of a batch of it.
        kind: digest, reminder, …
        drafts: every letter of the kind that is due.
        now: the moment of the round: what failed in it already is left alone.
        limit: at most so many; the rest comes with the next batch.
    """
    known = {one.key: one for one in in_force(session, kind=kind)}
    written: list[Message] = []
    for draft in drafts:
        if len(written) == limit:
            return written
        snag = known.get(draft.key)
        if snag is not None and snag.last_at == now:
            continue
        try:
            with session.begin_nested():
                letter = draft.write()
        except FAULTS as error:
            log.exception("A %s was not written: %s", kind, draft.key)
            if snag is None:
                _keep(session, kind, draft, {"error": _words(error), "since": now, "last_at": now})
            else:
                snag.error, snag.last_at, snag.tries = _words(error), now, snag.tries + 1
        else:
            written += [letter] if letter is not None else []
    for one in known.values():
        one.over_at = None if one.last_at == now else now
    return written


def _words(error: Exception) -> str:
    return UNFIT.sub("", " ".join(f"{type(error).__name__}: {error}".split()))[:LONGEST]


def _keep(session: Session, kind: str, draft: Draft, facts: dict[str, Any]) -> None:
    row = {
        "key": draft.key, "kind": kind, "office_id": draft.office_id, "application_id": draft.application_id,
        "recipient": draft.recipient, "about": draft.about[:300], "due_at": draft.due_at,
        "tries": 1, **facts,
    }  # fmt: skip
    # Another round beside this one may meet the same: the index lets one of them.
    session.execute(INSERTS[session.get_bind().dialect.name](Snag).values(row).on_conflict_do_nothing())


def in_force(session: Session, office_id: int | None = None, *, kind: str | None = None) -> list[Snag]:
    """The letters that cannot be written now, of one office or kind when asked; the first to fail first."""
    wanted = select(Snag).where(OPEN).order_by(Snag.id)
    if office_id is not None:
        wanted = wanted.where(Snag.office_id == office_id)
    if kind is not None:
        wanted = wanted.where(Snag.kind == kind)
    return list(session.scalars(wanted))


def watch(session: Session, _now: datetime) -> Iterator[tuple[str, str]]:
    """A watch of upkeep; it names nobody: a confidential application has no name outside its team."""
    for one in in_force(session):
        sentence = (
            f"A {one.kind} of office {one.office_id} cannot be written. It is tried again; see /messages."
        )
        yield f"letter:{one.key}"[:200], sentence
