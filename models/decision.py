# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A decision (beschikking): what the funder decided, in which letter and on which conditions."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Row


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
    removed_at: Mapped[datetime | None]
