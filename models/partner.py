# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A partner: an organisation we apply with."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Row


class Partner(Row):
    """One organisation; shared by all offices."""

    __tablename__ = "partner"

    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    country: Mapped[str] = mapped_column(String(2))  # ISO 3166-1
    kind: Mapped[str] = mapped_column(String(40), default="municipality")
