# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""An office (gemeente) and its city tasks (opgaven)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Row


class Office(Row):
    """A municipality's subsidy office."""

    __tablename__ = "office"

    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2), default="nl")
    zone: Mapped[str] = mapped_column(String(40), default="Europe/Amsterdam")
    digest_weekday: Mapped[int] = mapped_column(default=1)  # ISO: 1 is Monday
    reminder_days: Mapped[list[Any]] = mapped_column(default=lambda: [30, 14, 7, 2, 0])
    reminder_steps: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    # by kind (milestone, obligation, call): its own days; a kind that is not there has reminder_days
    remind_partners: Mapped[bool] = mapped_column(default=False, server_default=false())  # without an account

    tasks: Mapped[list["Task"]] = relationship(back_populates="office", order_by="Task.id")


class Task(Row):
    """A city task (opgave), as the council words it."""

    __tablename__ = "task"
    __table_args__ = (UniqueConstraint("office_id", "slug"),)

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    slug: Mapped[str] = mapped_column(String(60))
    name: Mapped[dict[str, Any]]  # by language

    office: Mapped[Office] = relationship(back_populates="tasks")


class Closure(Row):
    """A day on which an office is shut beside the public holidays."""

    __tablename__ = "closure"
    __table_args__ = (UniqueConstraint("office_id", "on_date"),)

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    on: Mapped[date] = mapped_column("on_date")
    name: Mapped[str] = mapped_column(String(200), default="")
    removed_at: Mapped[datetime | None]


class PlanStep(Row):
    """A step of an office's back-planning: so many working days before the submission."""

    __tablename__ = "plan_step"

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    name: Mapped[dict[str, Any]]  # by language
    working_days: Mapped[int]  # before the submission
    german_too: Mapped[bool] = mapped_column(default=False)  # days that are working days in Germany as well
    position: Mapped[int] = mapped_column(default=0)
    removed_at: Mapped[datetime | None]
