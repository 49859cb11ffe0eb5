# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The days on which reminders were planned: what should have gone on a day without one goes late."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Row


class ReminderDay(Row):
    """One local day on which reminders were planned, once or more often."""

    __tablename__ = "reminder_day"

    day: Mapped[date] = mapped_column(unique=True)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
