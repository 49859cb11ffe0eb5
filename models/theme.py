# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A theme (thema): what an office looks for, and the words it goes by."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Row, Words
from models.office import Office, Task


class Threshold(StrEnum):
    """How sure it must be that a call belongs to a theme before it is shown (grants.scoring.thresholds)."""

    NARROW = "narrow"
    NORMAL = "normal"
    WIDE = "wide"


class Theme(Row):
    """One theme of one office."""

    __tablename__ = "theme"
    __table_args__ = (UniqueConstraint("office_id", "slug"),)

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    slug: Mapped[str] = mapped_column(String(60))
    name: Mapped[dict[str, Any]]  # by language
    description: Mapped[dict[str, Any]]  # by language
    words: Mapped[dict[str, Any]]  # core, terms, weak, not: each by language
    threshold: Mapped[Threshold] = mapped_column(Words(Threshold), default=Threshold.NORMAL)
    tooi: Mapped[list[Any]] = mapped_column(default=list)  # addresses in the TOOI lists it stands for
    refused: Mapped[dict[str, Any]] = mapped_column(default=dict)  # suggested words, by language
    version: Mapped[int] = mapped_column(default=1)  # rises with name, description and words: match again
    enabled: Mapped[bool] = mapped_column(default=True)
    edited_at: Mapped[datetime | None]
    edited_by: Mapped[str] = mapped_column(String(200), default="")

    office: Mapped[Office] = relationship()
    task: Mapped[Task | None] = relationship()
