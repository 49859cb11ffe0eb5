# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A lesson (wat geleerd is): what an office's verdicts taught of one of its themes, version after version."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ForeignKey, Index, Numeric, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Row
from models.theme import Theme

LEARNING: Final = "learning"
"""Who makes and replaces lessons when no colleague does."""
IN_FORCE = text("ended_at IS NULL")


class Lesson(Row):
    """One version; it is ended, never changed and never deleted. Of a theme at most one is in force."""

    __tablename__ = "lesson"
    __table_args__ = (
        UniqueConstraint("theme_id", "number"),
        Index(
            "uq_lesson_in_force", "theme_id", unique=True, sqlite_where=IN_FORCE, postgresql_where=IN_FORCE
        ),
    )

    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"))
    number: Mapped[int]
    weights: Mapped[list[Any]]  # {trait, word, weight}, the strongest first
    meaning: Mapped[list[Any] | None]  # a weight for each part of a vector
    encoder: Mapped[str] = mapped_column(String(100), default="")  # whose vectors those are
    judged: Mapped[list[Any]]  # {call, relevant, pull}
    loss_before: Mapped[Decimal] = mapped_column(Numeric(8, 5))  # per judgement, by the model itself
    loss_after: Mapped[Decimal] = mapped_column(
        Numeric(8, 5)
    )  # and with the lesson, on judgements it was not taught by
    theme_version: Mapped[int]  # of the theme, once the lesson was in force
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(200))
    restores_id: Mapped[int | None] = mapped_column(ForeignKey("lesson.id"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(String(200), default="")

    theme: Mapped[Theme] = relationship()

    @property
    def relevant(self) -> int:
        """How many of its judgements were relevant calls."""
        return sum(1 for one in self.judged if one["relevant"])

    @property
    def better(self) -> int:
        """By how many percent it is less wrong on judgements it was not taught by."""
        return round(100 * (1 - self.loss_after / self.loss_before))

    @property
    def undone(self) -> bool:
        """Whether a colleague ended it."""
        return self.ended_at is not None and self.ended_by != LEARNING
