# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The walk along the audit log: hourly over what is new, once a day over all of it.

That a walk goes on from an entry proves that the end was not cut off since: the entry would not be there.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.auditing import CUT, WHOLE, Verdict, verify
from grants.clock import local_day
from grants.rows import INSERTS
from models.audit import AuditEntry, fingerprint
from models.watch import AuditWalk

GONE: Final = "the last walk ended at it, and it is not what it was: it was changed, or the end was cut off"
ONLY: Final = 1  # the number of the one row


def walk(session: Session, *, now: datetime) -> Verdict:
    """Verify what was added since the last walk; the first time of a day, and after a fault, all of it."""
    last = _locked(session, now)
    if not last.entry_id or last.why or local_day(last.whole_at) != local_day(now):
        last.whole_at, verdict = now, verify(session, noted=last.head)
    else:
        verdict = _since(session, last)
    if verdict.why not in {CUT, GONE}:  # what is gone stays missed
        last.entries, last.entry_id, last.head = verdict.entries, verdict.last_id, verdict.head
    last.at, last.broken_at, last.why = now, verdict.broken_at, verdict.why
    session.flush()
    return verdict


def last_walk(session: Session) -> AuditWalk | None:
    """What the last walk found."""
    return session.get(AuditWalk, ONLY)


def _locked(session: Session, now: datetime) -> AuditWalk:
    """The one row; a second walk waits for the first."""
    blank = {"id": ONLY, "at": now, "whole_at": now, "entries": 0, "entry_id": 0, "head": "", "why": ""}
    insert = INSERTS[session.get_bind().dialect.name]
    session.execute(insert(AuditWalk).values(blank).on_conflict_do_nothing())
    return session.scalars(select(AuditWalk).with_for_update()).one()


def _since(session: Session, last: AuditWalk) -> Verdict:
    kept = Verdict(last.entries, last.head, last_id=last.entry_id)
    reached = session.execute(WHOLE.where(AuditEntry.id == last.entry_id)).mappings().one_or_none()
    if reached is None or fingerprint(reached["previous_hash"], reached) != last.head:
        return replace(kept, broken_at=last.entry_id, why=GONE)
    return verify(session, start=kept)
