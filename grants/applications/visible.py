# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What a colleague may know of: the one criterion for every list, count and page of applications."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, literal, or_, select
from sqlalchemy.orm import Session

from grants.applications.deeds import LOOKED, SUBJECT, note
from grants.clock import local_day
from grants.nameless import number_of
from models.application import Application, TeamMember
from models.audit import AuditEntry
from models.colleague import Colleague


def visible(colleague: Colleague) -> ColumnElement[bool]:
    """Application.seen_by in SQL: the own office's, confidential ones only for who works on them.

    An administrator of the office may know of all. The tests hold the two to each other.
    """
    ours = Application.office_id == colleague.office_id
    if colleague.administrator:
        return ours
    return and_(ours, or_(Application.confidential == literal(False), works_on(colleague)))


def works_on(colleague: Colleague) -> ColumnElement[bool]:
    """Whether a colleague owns it, backs the owner up or is in its team."""
    team = select(TeamMember.application_id).where(TeamMember.colleague_id == colleague.id)
    return or_(
        Application.owner_id == colleague.id,
        Application.backup_id == colleague.id,
        Application.id.in_(team),
    )


def find(
    session: Session, colleague: Colleague, application_id: int, *, to_change: bool = False
) -> Application | None:
    """The application, locked when it is to be changed; None for whoever may not know that it exists."""
    wanted = select(Application).where(Application.id == application_id, visible(colleague))
    if to_change:
        wanted = wanted.with_for_update(of=Application)
    return session.scalars(wanted).one_or_none()


def note_look(session: Session, application: Application, colleague: Colleague, *, now: datetime) -> None:
    """Keep who looked at a confidential application, once per colleague and day."""
    looks = (
        select(AuditEntry.at)
        .where(
            AuditEntry.subject == SUBJECT,
            AuditEntry.subject_id == application.id,
            AuditEntry.action == LOOKED,
            AuditEntry.actor == number_of(colleague.id),
            AuditEntry.at > now - timedelta(days=1),
        )
        .order_by(AuditEntry.at.desc())
        .limit(1)
    )
    last = session.scalar(looks)
    if application.confidential and (last is None or local_day(last) != local_day(now)):
        note(session, application, LOOKED, by=colleague.email, now=now)
