# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Calendars that are subscribed to (agenda), and what was last given out of each date in them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Row, Words
from models.colleague import Colleague
from models.office import Office


class Scope(StrEnum):
    """How much of an office stands in a colleague's calendar."""

    MINE = "mine"
    WHOLE = "whole"


class CalendarFeed(Row):
    """A calendar at a secret address: a colleague's, or an office's; revoked, the row stays with its end."""

    __tablename__ = "calendar_feed"

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    colleague_id: Mapped[int | None] = mapped_column(ForeignKey("colleague.id"), index=True)  # None: office's
    scope: Mapped[Scope] = mapped_column(Words(Scope))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256 of the secret in its address
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str] = mapped_column(String(200), default="")

    office: Mapped[Office] = relationship()
    colleague: Mapped[Colleague | None] = relationship()


class CalendarEvent(Row):
    """The last form of one date that was given out: another form has a higher sequence."""

    __tablename__ = "calendar_event"

    key: Mapped[str] = mapped_column(String(100), unique=True)  # "milestone-3"
    uid: Mapped[str] = mapped_column(String(300))  # as first given out: it outlives a change of our address
    fingerprint: Mapped[str] = mapped_column(String(64))
    sequence: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
