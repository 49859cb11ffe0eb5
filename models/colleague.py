# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A colleague (medewerker): who reads, decides and is reminded."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Row
from models.office import Office


class Colleague(Row):
    """One person at one office."""

    __tablename__ = "colleague"
    __table_args__ = (UniqueConstraint("office_id", "email"),)

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(2), default="nl")
    administrator: Mapped[bool] = mapped_column(default=False)
    digest: Mapped[bool] = mapped_column(
        default=True
    )  # wants the weekly digest; said outright, never implied
    active: Mapped[bool] = mapped_column(default=True)

    office: Mapped[Office] = relationship()
