# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What an office does with a call before there is an application: follow, assign, go or no-go."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Row, Words
from models.call import Call
from models.colleague import Colleague
from models.office import Office


class Follow(Row):
    """A colleague follows a call; unfollowed, the row stays with its end."""

    __tablename__ = "follow"
    __table_args__ = (Index(None, "colleague_id", "call_id"),)

    colleague_id: Mapped[int] = mapped_column(ForeignKey("colleague.id"))
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    since: Mapped[datetime]
    until: Mapped[datetime | None]

    colleague: Mapped[Colleague] = relationship()
    call: Mapped[Call] = relationship()


class Assignment(Row):
    """Who at an office looks into a call; the latest without an end counts."""

    __tablename__ = "assignment"

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    colleague_id: Mapped[int] = mapped_column(ForeignKey("colleague.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(String(200), default="")

    colleague: Mapped[Colleague] = relationship()
    call: Mapped[Call] = relationship()


class Choice(StrEnum):
    """Whether an office goes for a call."""

    GO = "go"
    NO_GO = "no_go"


class GoDecision(Row):
    """An office's go or no-go for a call: who, when and why; all stay, the latest not taken back counts."""

    __tablename__ = "go_decision"

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    choice: Mapped[Choice] = mapped_column(Words(Choice))
    leads: Mapped[bool] = mapped_column(default=False)  # this office would be lead partner
    why: Mapped[str] = mapped_column(Text, default="")
    colleague_id: Mapped[int | None] = mapped_column(ForeignKey("colleague.id"))
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str] = mapped_column(String(200), default="")

    office: Mapped[Office] = relationship()
    call: Mapped[Call] = relationship()
    colleague: Mapped[Colleague | None] = relationship()


class Seen(Row):
    """When a colleague last looked at a call: what changed since is new to them."""

    __tablename__ = "seen"
    __table_args__ = (UniqueConstraint("colleague_id", "call_id"),)

    colleague_id: Mapped[int] = mapped_column(ForeignKey("colleague.id"))
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    at: Mapped[datetime]
