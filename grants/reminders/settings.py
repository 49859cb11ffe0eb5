# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What an office chose of its reminders: the steps of each kind, and whether partners hear too."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from grants import auditing
from grants.errors import PijplijnError
from models.colleague import Colleague
from models.office import Office

FACTS = ("reminder_days", "reminder_steps", "remind_partners")


class OvertakenError(PijplijnError):
    """Somebody else changed the settings since this colleague saw them."""


def chosen(office: Office) -> dict[str, Any]:
    """What counts now."""
    return {name: getattr(office, name) for name in FACTS}


def seen(office: Office) -> str:
    """A few letters that change when the settings do."""
    told = (office.reminder_days, sorted(office.reminder_steps.items()), office.remind_partners)
    return sha256(repr(told).encode()).hexdigest()[:16]


def choose(session: Session, facts: Mapping[str, Any], *, by: Colleague, now: datetime, over: str) -> None:
    """Change them for the colleague's office; twice is once.

    Args:
        session: an open transaction.
        facts: all of FACTS.
        by: an administrator.
        now: the moment.
        over: what `seen` gave for what the colleague saw.

    Raises:
        OvertakenError: they are not what the colleague saw.
    """
    office = session.get_one(Office, by.office_id, with_for_update=True)
    changed = {name: [value, facts[name]] for name, value in chosen(office).items() if value != facts[name]}
    if not changed:
        return
    if seen(office) != over:
        raise OvertakenError(f"Somebody changed the reminders of {office.name} meanwhile.")
    for name, (_, value) in changed.items():
        setattr(office, name, value)
    auditing.note(
        session, at=now, actor=by.email, action="changed", subject="office", subject_id=office.id,
        office_id=office.id, facts=changed,
    )  # fmt: skip
