# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What the database says at the end of a soak, as JSON: `python -m tests.soak.judge ORDERS`."""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from grants import auditing, backups, journal
from grants.clock import iso_week
from grants.reminders import check
from models.call import Call, CallChange, ChangeKind
from models.colleague import Colleague, Rhythm
from models.message import Message
from models.session import connect, transactions
from models.source import HarvestRun, Source
from tests.conftest import PROGRAMS
from tests.soak.orders import Orders


def judged(orders: Orders) -> dict[str, Any]:
    """Everything that the report and the verdict need."""
    with transactions(connect(orders.url))() as session:
        messages = session.scalars(select(Message)).all()
        of_portal = select(Call.key).join(Call.source).where(Source.slug == "eu-portal")
        changes = select(Call.key, CallChange.kind).join(CallChange).join(Call.source)
        told = session.execute(changes.where(Source.slug == "eu-portal")).all()
        readers = select(Colleague.id).where(Colleague.digest_rhythm == Rhythm.WEEKLY, Colleague.active)
        return {
            "calls": [*session.scalars(of_portal)],
            "new": Counter(key for key, kind in told if kind == ChangeKind.NEW),
            "moved": Counter(key for key, kind in told if kind == ChangeKind.DEADLINE_MOVED),
            "changes": Counter(str(kind) for _, kind in told),
            "readings": Counter(map(str, session.scalars(select(HarvestRun.outcome)))),
            "sent": {one.message_id: str(one.state) for one in messages},
            "kinds": Counter(one.kind for one in messages),
            "digests": sorted(one.key for one in messages if one.key.startswith("digest:")),
            "readers": session.scalar(select(func.count()).select_from(readers.subquery())),
            "gaps": [str(gap) for gap in check(session, now=orders.end).gaps],
            "audit": auditing.verify(session).sentence,
            "broken": bool(auditing.verify(session).why),
            "journal": len(journal.read(Path(orders.room) / "journal" / "accepted")),
            "backups": _proved(orders),
            "weeks": sorted({iso_week(orders.first.fromordinal(day)) for day in _days(orders)}),
        }


def _days(orders: Orders) -> range:
    return range(orders.first.toordinal(), orders.first.toordinal() + orders.days)


def _proved(orders: Orders) -> int:
    """How many backups there are, each opened and looked through; raises BackupError."""
    there = backups.kept(Path(orders.room) / "backups")
    for one in there:
        backups.prove(one, url=orders.url, programs=PROGRAMS)
    return len(there)


if __name__ == "__main__":
    print(json.dumps(judged(Orders.read(sys.argv[1]))))
