# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A snag (hapering): a letter that is due and could not be written, tried again with each round."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Row

OPEN = text("over_at IS NULL")


class Snag(Row):
    """One letter that fails, from the first try to the round in which it is written or due no more."""

    __tablename__ = "snag"
    __table_args__ = (
        Index("uq_snag_open_key", "key", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    )

    key: Mapped[str] = mapped_column(String(300))  # the letter's
    kind: Mapped[str] = mapped_column(String(40))  # … and its kind
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"), index=True)
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"))
    recipient: Mapped[str] = mapped_column(String(254))
    about: Mapped[str] = mapped_column(String(300))  # a title, where there is one
    error: Mapped[str] = mapped_column(Text)  # as it was the last time
    tries: Mapped[int] = mapped_column(default=1)
    since: Mapped[datetime]
    last_at: Mapped[datetime]
    due_at: Mapped[datetime | None]  # when the deadline strikes that it is about
    over_at: Mapped[datetime | None]
