# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A call (openstelling), its deadlines, and every change we noticed."""

import hashlib
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Row, Words
from models.source import Source
from models.values import Basis, CallStatus, Due


class Call(Row):
    """One call as one source tells it; shared by all offices."""

    __tablename__ = "call"
    __table_args__ = (UniqueConstraint("source_id", "key"), Index(None, "identifier"))

    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    key: Mapped[str] = mapped_column(String(300))  # the source's own stable id
    identifier: Mapped[str] = mapped_column(String(300), default="")
    title: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(String(2000))
    body: Mapped[str] = mapped_column(Text, default="")  # cleaned HTML
    text: Mapped[str] = mapped_column(Text, default="")  # the same without mark-up: what reasons point into
    language: Mapped[str] = mapped_column(String(2), default="en")
    organisation: Mapped[str] = mapped_column(String(300), default="")
    programme: Mapped[str] = mapped_column(String(300), default="")
    kind: Mapped[str] = mapped_column(String(60), default="")
    parent: Mapped[str] = mapped_column(String(300), default="")
    stated_status: Mapped[CallStatus | None] = mapped_column(Words(CallStatus))
    opens_on: Mapped[date | None]
    published_at: Mapped[datetime | None]
    rolling: Mapped[bool] = mapped_column(default=False)
    budget: Mapped[Decimal | None]
    budget_shared_by: Mapped[int] = mapped_column(default=1)
    minimum: Mapped[Decimal | None]
    maximum: Mapped[Decimal | None]
    expected_grants: Mapped[int | None]
    extra: Mapped[dict[str, Any]] = mapped_column(default=dict)
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    not_seen_since: Mapped[datetime | None]
    text_version: Mapped[int] = mapped_column(default=1)  # rises when title or text changes: match again
    folded_into_id: Mapped[int | None] = mapped_column(ForeignKey("call.id"), index=True)
    # the linked call that lists show for this one; grants.linking alone writes it

    source: Mapped[Source] = relationship()
    all_deadlines: Mapped[list["Deadline"]] = relationship(back_populates="call", order_by="Deadline.id")
    all_key_dates: Mapped[list["KeyDate"]] = relationship(back_populates="call", order_by="KeyDate.on")
    changes: Mapped[list["CallChange"]] = relationship(back_populates="call", order_by="CallChange.id")

    @property
    def deadlines(self) -> list["Deadline"]:
        """The deadlines in force, in the source's order."""
        return [one for one in self.all_deadlines if one.superseded_at is None]

    @property
    def key_dates(self) -> list["KeyDate"]:
        """The key dates in force, in order of day."""
        return [one for one in self.all_key_dates if one.superseded_at is None]

    @property
    def chain(self) -> list["KeyDate"]:
        """The key dates in force, in the order a colleague put them."""
        return sorted(self.key_dates, key=lambda one: one.id)

    @property
    def provisional(self) -> bool:
        """Whether its dates are a colleague's guess, still to be confirmed."""
        return any(one.basis == Basis.PROVISIONAL for one in self.deadlines)

    def next_deadline(self, today: date) -> "Deadline | None":
        """The first deadline in force that has not passed."""
        ahead = [one for one in self.deadlines if one.on is not None and one.on >= today]
        return min(ahead, key=lambda one: one.on or date.max, default=None)

    def status_on(self, today: date) -> CallStatus:
        """The status that follows from dates; what the source says decides only where dates are silent."""
        dated = [one.on for one in self.deadlines if one.on is not None]
        if dated and max(dated) < today:
            return CallStatus.CLOSED
        if self.opens_on is not None and self.opens_on > today:
            return CallStatus.FORTHCOMING
        if not dated and self.stated_status is not None:
            return self.stated_status
        if self.opens_on is None and self.stated_status is not None:
            return self.stated_status
        return CallStatus.OPEN

    @property
    def mark(self) -> str:
        """What tells it from a call that had its number in a database that was lost: its source's own key."""
        return hashlib.sha256(f"{self.source_id}/{self.key}".encode()).hexdigest()[:16]


class Deadline(Row):
    """One version of one deadline (sluitingsdatum); a moved deadline is a new row, the old one stays."""

    __tablename__ = "deadline"

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    on: Mapped[date | None] = mapped_column("on_date")
    at: Mapped[time | None] = mapped_column("at_time")
    zone: Mapped[str] = mapped_column(String(40))
    basis: Mapped[Basis] = mapped_column(Words(Basis))
    stage: Mapped[str] = mapped_column(String(60), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    since: Mapped[datetime]
    superseded_at: Mapped[datetime | None]

    call: Mapped[Call] = relationship(back_populates="all_deadlines")

    @property
    def due(self) -> Due:
        """The deadline as a value."""
        return Due(on=self.on, at=self.at, zone=self.zone, basis=self.basis, stage=self.stage, text=self.text)

    def instant(self) -> datetime | None:
        """The moment itself; None unless the source gives date and time."""
        if self.on is None or self.at is None:
            return None
        return datetime.combine(self.on, self.at, tzinfo=ZoneInfo(self.zone))


class KeyDate(Row):
    """A date of a call or round that is no deadline for us: papers, a meeting, a committee's decision."""

    __tablename__ = "key_date"

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    label: Mapped[str] = mapped_column(String(200))
    on: Mapped[date] = mapped_column("on_date")
    at: Mapped[time | None] = mapped_column("at_time")
    zone: Mapped[str] = mapped_column(String(40), default="Europe/Amsterdam")
    place: Mapped[str] = mapped_column(String(200), default="")
    superseded_at: Mapped[datetime | None]  # changed or taken out by a colleague; the row stays

    call: Mapped[Call] = relationship(back_populates="all_key_dates")


class ChangeKind(StrEnum):
    """What changed in a call."""

    NEW = "new"
    DEADLINE_MOVED = "deadline_moved"
    OPENED = "opened"
    REOPENED = "reopened"
    CLOSED = "closed"
    IDENTIFIER = "identifier"
    TITLE = "title"
    TEXT = "text"
    BUDGET = "budget"
    KEY_DATE = "key_date"
    OTHER = "other"
    UNSEEN = "unseen"
    RETURNED = "returned"


class Significance(StrEnum):
    """Whether a colleague must hear of it."""

    MAJOR = "major"
    MINOR = "minor"
    COSMETIC = "cosmetic"


class CallChange(Row):
    """One change (wijziging), as noticed; never altered afterwards."""

    __tablename__ = "call_change"
    __table_args__ = (Index(None, "at"),)

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("harvest_run.id"))
    at: Mapped[datetime]
    kind: Mapped[ChangeKind] = mapped_column(Words(ChangeKind))
    significance: Mapped[Significance] = mapped_column(Words(Significance))
    before: Mapped[str] = mapped_column(Text, default="")
    after: Mapped[str] = mapped_column(Text, default="")

    call: Mapped[Call] = relationship(back_populates="changes")
