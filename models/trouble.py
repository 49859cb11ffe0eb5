# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A trouble (storing): what an operator is told of once when it starts, and once when it is over."""

from datetime import datetime

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Row

OPEN = text("over_at IS NULL")


class Trouble(Row):
    """One trouble from its start to its end; the same trouble later is a new row."""

    __tablename__ = "trouble"
    __table_args__ = (
        Index("uq_trouble_open_key", "key", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    )

    key: Mapped[str] = mapped_column(String(200))  # "source:rvo:held"
    sentence: Mapped[str] = mapped_column(Text)  # as it was when it started
    since: Mapped[datetime]
    told_at: Mapped[datetime | None]
    over_at: Mapped[datetime | None]
    over_told_at: Mapped[datetime | None]
    claimed_until: Mapped[datetime | None]  # someone is telling it; later than this, they died over it
