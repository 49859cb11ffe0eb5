# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The audit log: the one way to write in it, and whether it still holds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import RowMapping, select
from sqlalchemy.orm import Session

from grants.nameless import numbered
from models.audit import LAST, SEALED, AuditEntry, fingerprint

BATCH: Final = 1000  # entries read at once
CHANGED: Final = "what it says does not give its hash: it was changed afterwards"
LOOSE: Final = "it does not follow the entry before it: one was changed, taken out or put in"
CUT: Final = "the head that was noted is not there: the end was cut off, or all of it written anew"
GONE: Final = (
    "the entry at which the last walk ended is not what it was: it was changed, or the end was cut off"
)
WHOLE: Final = select(*(AuditEntry.__table__.c[name] for name in ("id", *SEALED, "previous_hash", "hash")))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a look along the chain gave.

    Args:
        entries: how many hold, from the first on.
        head: the hash of the last of them; noted elsewhere, it proves later that all before it is as it was.
        broken_at: the number of the first entry that does not hold; None when all do or the end is missing.
        why: why not, for a colleague; empty when all is well.
        last_id: the number of the last entry that holds; 0 when there is none.
    """

    entries: int
    head: str
    broken_at: int | None = None
    why: str = ""
    last_id: int = 0

    @property
    def sentence(self) -> str:
        """The verdict in words."""
        if not self.why:
            return f"The audit log holds: {self.entries} entries, head {self.head or '(none)'}."
        place = f"at entry {self.broken_at}" if self.broken_at else "at its end"
        return f"The audit log does not hold {place}: {self.why}. Compare it with a backup."


START: Final = Verdict(0, "")


def note(  # noqa: PLR0913 - the parts of a deed, each by name
    session: Session,
    *,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    subject_id: int,
    office_id: int | None = None,
    application_id: int | None = None,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Write down a deed; last in a transaction where that can be, for the next writer waits until its end.

    `facts` is kept as JSON. Addresses are left out of the log: a colleague stands in it by number.
     `office_id` is the office whose administrators read it; None for what all share.
    """
    session.flush()  # rows are locked before the head of the chain, so that two writers never wait crosswise
    who, told = numbered(session, actor, facts or {}, office_id)
    session.add(
        AuditEntry(
            at=at, actor=who[:200], action=action, subject=subject, subject_id=subject_id,
            office_id=office_id, application_id=application_id, facts=told,
        )
    )  # fmt: skip


def verify(session: Session, *, noted: str = "", start: Verdict = START) -> Verdict:
    """Walk along the whole chain to the first entry that does not hold.

    Args:
        session: the database.
        noted: a head that the chain must contain.
        start: what an earlier walk found; this one goes on from there.
    """
    count, head, last, met = start.entries, start.head, start.last_id, not noted
    for entry in _entries(session, after=last):
        if entry["previous_hash"] != head:
            return Verdict(count, head, entry["id"], LOOSE, last)
        if entry["hash"] != fingerprint(head, entry):
            return Verdict(count, head, entry["id"], CHANGED, last)
        count, head, last = count + 1, entry["hash"], entry["id"]
        met = met or head == noted
    return Verdict(count, head, why="" if met else CUT, last_id=last)


def _entries(session: Session, *, after: int) -> Iterator[RowMapping]:
    last = after
    while batch := session.execute(
        WHOLE.where(AuditEntry.id > last).order_by(AuditEntry.id).limit(BATCH)
    ).mappings().all():  # fmt: skip
        yield from batch
        last = batch[-1]["id"]


def head(session: Session) -> str:
    """The hash of the last entry; empty when there is none."""
    return session.scalar(LAST) or ""
