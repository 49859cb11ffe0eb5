# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A link between two calls that are one and the same at two sources; linked, never merged."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Row, Words
from models.call import Call


class LinkReason(StrEnum):
    """Why two calls are held for one."""

    SAME_IDENTIFIER = "same_identifier"
    SAME_ADDRESS = "same_address"
    SAME_TITLE = "same_title"  # and the same deadline
    BY_HAND = "by_hand"


class CallLink(Row):
    """Two calls that are one; undone by a colleague, it stays as a row and is never proposed again."""

    __tablename__ = "call_link"
    __table_args__ = (UniqueConstraint("call_id", "other_id"), CheckConstraint("call_id < other_id", "order"))

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    reason: Mapped[LinkReason] = mapped_column(Words(LinkReason))
    confidence: Mapped[Decimal] = mapped_column(Numeric(3, 2))  # 0 to 1
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str] = mapped_column(String(200), default="")

    call: Mapped[Call] = relationship(foreign_keys=[call_id])
    other: Mapped[Call] = relationship(foreign_keys=[other_id])
