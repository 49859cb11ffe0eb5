# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""All that is kept of one colleague, for them to take along (GDPR articles 15 and 20)."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Table, or_, select
from sqlalchemy.orm import Session

from grants.auditing import note
from grants.nameless import number_of
from grants.privacy.places import SECRETS, own_tables, tied
from models.audit import AuditEntry
from models.base import Base
from models.colleague import Colleague

LOGGED: Final = ("id", "at", "action", "subject", "subject_id", "facts")
WHAT: Final = (
    "Everything Pijplijn keeps of you: you yourself, what you did, what you got, and the log of it. "
    "Left out are secrets (only that a password and a code are set), and the texts of letters you got."
)


def export(session: Session, colleague: Colleague, *, by: str, now: datetime) -> dict[str, Any]:
    """What is kept, by table, ready to be written as JSON; that it was taken is a deed itself.

    Args:
        session: an open transaction.
        colleague: whose data.
        by: who takes it: themselves, or the account at the machine.
        now: the moment.
    """
    note(
        session, at=now, actor=by, action="data exported", subject="colleague", subject_id=colleague.id,
        office_id=colleague.office_id,
    )  # fmt: skip
    tables = [*own_tables(), Base.metadata.tables["look"]]
    found = {table.name: _rows(session, table, colleague) for table in tables}
    return {
        "what": WHAT,
        "at": now.isoformat(),
        "password": bool(colleague.password),
        "code": bool(colleague.totp),
        **{name: rows for name, rows in found.items() if rows},
        "log": _log(session, colleague),
    }


def _rows(session: Session, table: Table, colleague: Colleague) -> list[dict[str, Any]]:
    theirs = tied(table, colleague)
    shown = [one for one in table.columns if one.name not in SECRETS]
    asked = select(*shown).where(or_(*theirs)).order_by(table.c.id) if theirs else None
    return [] if asked is None else [dict(row) for row in session.execute(asked).mappings()]


def _log(session: Session, colleague: Colleague) -> list[dict[str, Any]]:
    asked = select(*(getattr(AuditEntry, name) for name in LOGGED)).order_by(AuditEntry.id)
    whose = AuditEntry.actor.in_((number_of(colleague.id), colleague.email))
    about = (AuditEntry.subject == "colleague") & (AuditEntry.subject_id == colleague.id)
    return [dict(row) for row in session.execute(asked.where(or_(whose, about))).mappings()]
