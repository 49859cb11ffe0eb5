# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The audit log as administrators read it: their own office's deeds, and those all offices share."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from grants import clock
from grants.nameless import NUMBERED, doers
from grants.paging import pages_of
from models.audit import AuditEntry
from models.colleague import Colleague

BATCH = 500  # entries fetched at once for an export


@dataclass(frozen=True, slots=True)
class DeedFilter:
    """Which deeds; empty parts ask nothing.

    Args:
        actor: letters in who did it: in a colleague's name or address, or in the name of a flow.
        subject: the table of what it was done to.
        on: the day, as it was in Enschede.
    """

    actor: str = ""
    subject: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class DeedPage:
    """One page of deeds, the latest first, and how many there are in all."""

    lines: tuple[AuditEntry, ...]
    total: int
    page: int
    size: int
    people: dict[str, str]  # addresses by how they stand in the log

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return pages_of(self.total, self.size)


def deeds(session: Session, office_id: int, wanted: DeedFilter, *, page: int = 1, size: int = 50) -> DeedPage:
    """A page of an office's deeds; `page` counts from 1."""
    found = _deeds(office_id, wanted)
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    shown = found.order_by(AuditEntry.id.desc()).limit(size).offset((page - 1) * size)
    return DeedPage(tuple(session.scalars(shown)), total, page, size, doers(session, office_id))


def every_deed(session: Session, office_id: int, wanted: DeedFilter) -> Iterator[AuditEntry]:
    """All of an office's deeds, the oldest first, a batch at a time."""
    found = _deeds(office_id, wanted).order_by(AuditEntry.id)
    yield from session.scalars(found.execution_options(yield_per=BATCH))


def deed_subjects(session: Session, office_id: int) -> list[str]:
    """What an office's deeds were done to."""
    found = _deeds(office_id, DeedFilter()).with_only_columns(AuditEntry.subject)
    return sorted(session.scalars(found.distinct()))


def last_deeds(session: Session, most: int = 20) -> list[AuditEntry]:
    """The last deeds of all, for who sits at the machine; the latest first."""
    return list(session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(most)))


def deed_in_brief(entry: AuditEntry) -> dict[str, Any]:
    """A deed as a flat row for the command line."""
    return {
        "id": entry.id,
        "at": entry.at.isoformat(timespec="seconds"),
        "actor": entry.actor,
        "action": entry.action,
        "subject": f"{entry.subject} {entry.subject_id}",
        "hash": entry.hash[:12],
    }


def _deeds(office_id: int, wanted: DeedFilter) -> Select[AuditEntry]:
    """Administrators may know of every application of their office, so the office alone decides."""
    found = select(AuditEntry).where(or_(AuditEntry.office_id == office_id, AuditEntry.office_id.is_(None)))
    if wanted.actor:
        found = found.where(_done_by(wanted.actor.replace("\0", " ")))
    if wanted.subject:
        found = found.where(AuditEntry.subject == wanted.subject.replace("\0", " "))
    if wanted.on:
        begins, ends = (_midnight(wanted.on + timedelta(days=days)) for days in (0, 1))
        found = found.where(AuditEntry.at >= begins, AuditEntry.at < ends)
    return found


def _done_by(letters: str) -> ColumnElement[bool]:
    named = [one.icontains(letters, autoescape=True) for one in (Colleague.name, Colleague.email)]
    return or_(
        AuditEntry.actor.icontains(letters, autoescape=True),
        AuditEntry.actor.in_(select(NUMBERED).where(or_(*named))),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.AMSTERDAM)
