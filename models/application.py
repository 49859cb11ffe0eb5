# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""An application (aanvraag): from idea to settled, with its partners, dates and decisions."""

from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, MarkedRow, Row, Words
from models.call import Call
from models.colleague import Colleague
from models.office import Office, Task
from models.partner import Partner
from models.theme import Theme


class Stage(StrEnum):
    """Where an application stands, after the practice of Interreg and Dutch grants."""

    IDEA = "idea"
    EXPLORING = "exploring"
    DECIDING = "deciding"  # go or no-go
    PREPARING = "preparing"
    SUBMITTED = "submitted"
    ADMISSIBLE = "admissible"
    RETURNED = "returned"
    AWARDED = "awarded"
    CONTRACTED = "contracted"
    RUNNING = "running"
    REPORTING = "reporting"
    SETTLEMENT_REQUESTED = "settlement_requested"
    SETTLED = "settled"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Role(StrEnum):
    """A partner's part in an application."""

    LEAD = "lead"  # penvoerder
    PARTNER = "partner"
    ASSOCIATED = "associated"


class Application(Row):
    """One thing an office applied for, or thinks of applying for."""

    __tablename__ = "application"
    __table_args__ = (UniqueConstraint("office_id", "slug"),)

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    slug: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text, default="")
    stage: Mapped[Stage] = mapped_column(Words(Stage))
    confidential: Mapped[bool] = mapped_column(default=False)
    programme: Mapped[str] = mapped_column(String(200), default="")
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    call_id: Mapped[int | None] = mapped_column(ForeignKey("call.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("colleague.id"))
    submitted_on: Mapped[date | None]
    total: Mapped[Decimal | None]
    requested: Mapped[Decimal | None]
    granted: Mapped[Decimal | None]
    funder: Mapped[str] = mapped_column(String(200), default="")
    reference: Mapped[str] = mapped_column(String(200), default="")  # the funder's own number
    runs_from: Mapped[date | None]
    runs_until: Mapped[date | None]
    reminder_days: Mapped[list[Any] | None]  # its own steps; None: the office's
    backup_id: Mapped[int | None] = mapped_column(ForeignKey("colleague.id"))  # reminded beside the owner
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    office: Mapped[Office] = relationship()
    task: Mapped[Task | None] = relationship()
    owner: Mapped[Colleague | None] = relationship(foreign_keys=[owner_id])
    backup: Mapped[Colleague | None] = relationship(foreign_keys=[backup_id])
    call: Mapped[Call | None] = relationship()
    themes: Mapped[list[Theme]] = relationship(secondary="application_theme", order_by="Theme.id")
    participations: Mapped[list["Participation"]] = relationship(
        back_populates="application", order_by="Participation.id"
    )
    milestones: Mapped[list["Milestone"]] = relationship(
        back_populates="application",
        order_by="Milestone.on",
        primaryjoin="and_(Milestone.application_id == Application.id, Milestone.removed_at.is_(None))",
    )
    team: Mapped[list["TeamMember"]] = relationship(back_populates="application", order_by="TeamMember.id")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it once, as it stands

    def seen_by(self, colleague: Colleague) -> bool:
        """Whether this colleague may know that it exists."""
        if colleague.office_id != self.office_id:
            return False
        if not self.confidential:
            return True
        members = {self.owner_id, self.backup_id} | {member.colleague_id for member in self.team}
        return colleague.administrator or colleague.id in members


class ApplicationTheme(Base):
    """Which themes an application serves."""

    __tablename__ = "application_theme"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"), primary_key=True, index=True)


class TeamMember(Row):
    """A colleague who works on an application."""

    __tablename__ = "team_member"
    __table_args__ = (UniqueConstraint("application_id", "colleague_id"),)

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    colleague_id: Mapped[int] = mapped_column(ForeignKey("colleague.id"))

    application: Mapped[Application] = relationship(back_populates="team")
    colleague: Mapped[Colleague] = relationship()


class Participation(MarkedRow):
    """One partner's part in one application."""

    __tablename__ = "participation"
    __table_args__ = (UniqueConstraint("application_id", "partner_id"),)

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"))
    role: Mapped[Role] = mapped_column(Words(Role))
    share: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))  # percent of the total
    contact: Mapped[str] = mapped_column(String(254), default="")  # an e-mail address; no account needed

    application: Mapped[Application] = relationship(back_populates="participations")
    partner: Mapped[Partner] = relationship()


class Milestone(MarkedRow):
    """A date (mijlpaal) an application must meet."""

    __tablename__ = "milestone"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    on: Mapped[date] = mapped_column("on_date")
    at: Mapped[time | None] = mapped_column("at_time")
    zone: Mapped[str] = mapped_column(String(40), default="Europe/Amsterdam")
    kind: Mapped[str] = mapped_column(String(40), default="")  # "submission", "internal", …
    done_on: Mapped[date | None]
    planned_by: Mapped[int | None] = mapped_column(ForeignKey("plan_step.id"))  # the step it was counted from
    planned_on: Mapped[date | None]  # the day that was counted; another than `on`: a colleague chose it
    removed_at: Mapped[datetime | None]

    application: Mapped[Application] = relationship(back_populates="milestones")


class Planning(Row):
    """One back-planning that was confirmed, with what it changed, so that it can be taken back."""

    __tablename__ = "planning"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    submission_on: Mapped[date]  # the day it was counted back from
    changes: Mapped[list[Any]]  # {milestone, before, after}: days; before is None for a new one
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str] = mapped_column(String(200), default="")


class Decision(Row):
    """What the funder decided (beschikking)."""

    __tablename__ = "decision"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    on: Mapped[date] = mapped_column("on_date")
    reference: Mapped[str] = mapped_column(String(200), default="")
    awarded: Mapped[bool]
    amount: Mapped[Decimal | None]
    conditions: Mapped[str] = mapped_column(Text, default="")
    url: Mapped[str] = mapped_column(String(2000), default="")  # the letter, where it is kept


class ContributionKind(StrEnum):
    """In what form a party contributes."""

    CASH = "cash"
    IN_KIND = "in_kind"


class Contribution(Row):
    """What one party brings to the budget beside the grant: own money, a partner's, a third party's."""

    __tablename__ = "contribution"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"))  # None: named by `party`
    party: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[ContributionKind] = mapped_column(Words(ContributionKind))
    amount: Mapped[Decimal]
    certain: Mapped[bool] = mapped_column(default=False)  # promised in writing

    partner: Mapped[Partner | None] = relationship()


class Document(Row):
    """A document as a link: the file itself stays in the municipality's own archive."""

    __tablename__ = "document"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    url: Mapped[str] = mapped_column(String(2000))
    kind: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))
    removed_at: Mapped[datetime | None]


class ChecklistItem(Row):
    """One thing to do or to have before a date."""

    __tablename__ = "checklist_item"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    position: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    done_by: Mapped[str] = mapped_column(String(200), default="")
    removed_at: Mapped[datetime | None]


class Comment(Row):
    """What a colleague said about an application; edited never, withdrawn at most."""

    __tablename__ = "comment"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    colleague_id: Mapped[int | None] = mapped_column(ForeignKey("colleague.id"))
    text: Mapped[str] = mapped_column(Text)
    mentions: Mapped[list[Any]] = mapped_column(default=list)  # ids of colleagues
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    colleague: Mapped[Colleague | None] = relationship()


class StageChange(Row):
    """One step of an application: who, when, why."""

    __tablename__ = "stage_change"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    before: Mapped[Stage | None] = mapped_column(Words(Stage))
    after: Mapped[Stage] = mapped_column(Words(Stage))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))
    why: Mapped[str] = mapped_column(Text, default="")
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("stage_change.id"))  # the step taken back
