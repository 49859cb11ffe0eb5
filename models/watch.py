# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What is remembered of the machinery: when each flow last ran, how far the audit log was walked."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Row


class LastRun(Row):
    """The last run of one flow, wherever it ran; Prefect keeps the others."""

    __tablename__ = "last_run"

    flow: Mapped[str] = mapped_column(String(80), unique=True)
    first_at: Mapped[datetime]  # the first run ever
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]  # none while it runs, and when it was killed
    succeeded_at: Mapped[datetime | None]  # the end of the last one that went well
    failure: Mapped[str] = mapped_column(String(80), default="")  # of which kind; Prefect has the words


class AuditWalk(Row):
    """The last walk along the audit log: one row, which the next walk goes on from."""

    __tablename__ = "audit_walk"

    at: Mapped[datetime]
    whole_at: Mapped[datetime]  # the last one from the first entry on
    entries: Mapped[int]
    entry_id: Mapped[int]  # the last that held; 0 of an empty log
    head: Mapped[str] = mapped_column(String(64))
    broken_at: Mapped[int | None]
    why: Mapped[str] = mapped_column(Text)
