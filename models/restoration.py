# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A restoration (terugzetting): this database is a backup that was put back."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Row


class Restoration(Row):
    """Who put which backup back. While one was not looked at, nothing is sent."""

    __tablename__ = "restoration"

    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(200))
    file: Mapped[str] = mapped_column(String(300))
    made_at: Mapped[datetime]  # the moment the backup is of
    looked_at: Mapped[datetime | None]
