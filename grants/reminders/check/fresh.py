# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What changed since a round of planning: it comes with the next one, and is no gap yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.application import Application
from models.audit import AuditEntry
from models.call import Deadline
from models.link import CallLink

LOOKED: Final = "looked"  # changes nothing
OF_ALL: Final = {"office", "closure", "colleague", "follow", "assignment", "go_decision", "verdict"}
"""What is audited of these may change any reminder of the office."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """Offices, applications and calls (by the names in keys) of which something changed."""

    offices: frozenset[int | None]
    applications: frozenset[int | None]
    calls: frozenset[str]
    linked: bool

    def of(self, office_id: int, application_id: int | None, names: Iterable[str]) -> bool:
        """Whether anything changed that a letter hangs on."""
        names = set(names)
        of_call = any(name.startswith("call-") for name in names)
        return (
            office_id in self.offices
            or (application_id is not None and application_id in self.applications)
            or (of_call and (self.linked or not self.calls.isdisjoint(names)))
        )


def fresh_since(session: Session, at: datetime) -> Fresh:
    """What changed after a moment."""
    deeds = session.execute(
        select(AuditEntry.office_id, AuditEntry.application_id, AuditEntry.subject).where(
            AuditEntry.at > at, AuditEntry.action != LOOKED
        )
    ).all()
    applications = frozenset(number for _, number, _ in deeds if number is not None)
    moved = select(Deadline.call_id).where(or_(Deadline.since > at, Deadline.superseded_at > at))
    aimed = select(Application.call_id).where(
        Application.id.in_(applications), Application.call_id.is_not(None)
    )
    calls = {*session.scalars(moved.distinct()), *session.scalars(aimed)}
    linked = select(CallLink.id).where(or_(CallLink.at > at, CallLink.undone_at > at)).limit(1)
    return Fresh(
        frozenset(office for office, _, subject in deeds if subject in OF_ALL),
        applications,
        frozenset(f"call-{number}" for number in calls),
        session.scalar(linked) is not None,
    )
