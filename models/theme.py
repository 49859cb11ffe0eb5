# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A theme (thema): what an office looks for, and the words it goes by."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Row
from models.office import Office, Task


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
    version: Mapped[int] = mapped_column(default=1)  # rises with name, description and words: match again
    enabled: Mapped[bool] = mapped_column(default=True)
    edited_at: Mapped[datetime | None]
    edited_by: Mapped[str] = mapped_column(String(200), default="")

    office: Mapped[Office] = relationship()
    task: Mapped[Task | None] = relationship()
